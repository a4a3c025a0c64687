"""The course's own notebooks under pytest --nbval: unsolved, solved, and saved with wrong answers."""

import re
import shutil
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest

from utils.course.check import check
from utils.course.execute import execute, kernel_environment
from utils.course.lesson_source import COURSE, Course
from utils.course.needed_cells import tags_of, what_checks_need
from utils.course.outputs import printed
from utils.exercises import lesson_numbers, load_lesson

LESSONS = [path for path in COURSE.lessons() if int(path.stem[:2]) in lesson_numbers()]
NO_NETWORK = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")  # nobody listens there


@dataclass(frozen=True)
class Item:
    """What pytest said about one cell."""

    outcome: str  # "passed" | "failure" | "error" | "skipped"
    text: str
    seconds: float


@dataclass(frozen=True)
class Graded:
    """One lesson's three notebooks after pytest: folder -> cell -> Item; planted names the wrong answers."""

    lesson: Path
    exercises: dict
    planted: dict[str, str]  # exercise -> mistake
    saved: nbformat.NotebookNode
    items: dict[str, dict[str, Item]]

    def failed(self, folder):
        """The cells of a notebook that did not pass."""
        return {name for name, item in self.items[folder].items() if item.outcome != "passed"}

    def text(self, folder, key):
        """What the learner reads when a check fails."""
        return self.items[folder][f"check {key}"].text

    def ran_every_cell(self, folder):
        """Whether each code cell of the notebook was run by pytest."""
        if folder == "saved":
            return len(self.items[folder]) == len(code_cells(self.saved))
        whole = read(COURSE.root / folder / f"{self.lesson.stem}.ipynb")
        return len(self.items[folder]) == len(code_cells(whole))


def read(path):
    """A notebook file."""
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    """The cells that hold code."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def dashed(key):
    """An exercise id as cell ids have it."""
    return key.replace(".", "-")


def written_answers():
    """The wrong answers in the file beside this one: exercise -> (mistake, source)."""
    text = Path(__file__).with_name("wrong_answers.py").read_text(encoding="utf-8")
    found = {}
    for part in re.split(r"^# %% ", text, flags=re.MULTILINE)[1:]:
        heading, _, source = part.partition("\n")
        key, _, mistake = heading.partition(" ")
        found[key] = mistake, source.strip()
    return found


def answers_to(notebook, exercises):
    """Wrong answers for one lesson; where nobody wrote one, the first that the exercises know."""
    written = {key: answer for key, answer in written_answers().items() if key in exercises}
    if written:
        return written
    key, mistake = next((key, name) for key in exercises for name in exercises[key].mistakes)
    name = next(cell.source for cell in notebook.cells if cell.id == f"check-{dashed(key)}").split()[0]
    source = f"from utils.exercises import find\n\n{name} = find('{key}').mistakes[{mistake!r}].wrong"
    return {key: (mistake, source)}


def fill_in(notebook, solved, wrong):
    """Type an answer into every exercise cell: a wrong one where there is one, else the course's."""
    right = {cell.id: cell.source for cell in solved.cells}
    wrong = {f"exercise-{dashed(key)}": source for key, (_, source) in wrong.items()}
    for cell in code_cells(notebook):
        if "exercise" in tags_of(cell):
            cell.source = wrong.get(cell.id) or right[cell.id]
    return notebook


def run_and_save(notebook, file, environment):
    """Save the cells that checks need with what they printed, as JupyterLab does."""
    notebook.cells = what_checks_need(code_cells(notebook))
    file.parent.mkdir()
    execute(notebook, file.parent, environment=environment)
    nbformat.write(notebook, file)


def run_pytest(files, report, environment):
    """Run `pytest --nbval` in the course's folder, as learners do; returns folder -> cell -> Item."""
    options = ["--nbval", "-q", "-p", "no:cacheprovider", "-o", "xfail_strict=true", f"--junitxml={report}"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *map(str, files)],
        cwd=COURSE.root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=1200,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    items = defaultdict(dict)
    for case in ElementTree.parse(report).iter("testcase"):
        where = case.get("classname").split(".")  # "notebooks.02_code_a_gan.ipynb", empty outside the course
        folder = where[-3] if len(where) > 2 else "saved"
        trouble = next((child for child in case if child.tag in ("failure", "error", "skipped")), None)
        outcome, text = ("passed", "") if trouble is None else (trouble.tag, trouble.text or "")
        items[folder][case.get("name")] = Item(outcome, text, float(case.get("time")))
    return items


@pytest.fixture(scope="module", params=LESSONS, ids=lambda path: path.stem)
def graded(request, tmp_path_factory):
    """The three notebooks of one lesson, graded in one go."""
    lesson, folder = request.param, tmp_path_factory.mktemp("class")
    file = f"{lesson.stem}.ipynb"
    exercises = load_lesson(int(lesson.stem[:2])).EXERCISES
    notebook, solved = read(COURSE.notebooks / file), read(COURSE.solutions / file)
    wrong = answers_to(notebook, exercises)
    with kernel_environment("smoke") as environment:
        environment |= NO_NETWORK | {"PYTHONPATH": str(COURSE.root)}
        run_and_save(fill_in(notebook, solved, wrong), folder / "saved" / file, environment)
        files = [f"notebooks/{file}", f"solutions/{file}", folder / "saved" / file]
        items = run_pytest(files, folder / "report.xml", environment)
    planted = {key: mistake for key, (mistake, _) in wrong.items()}
    return Graded(lesson, exercises, planted, read(folder / "saved" / file), items)


def test_unsolved_fails_exactly_at_its_checks(graded):
    assert graded.ran_every_cell("notebooks")
    assert graded.failed("notebooks") == {f"check {key}" for key in graded.exercises}
    for key, exercise in graded.exercises.items():
        said = f"· {key} not attempted yet\n  expected: ✓ {key} {exercise.why}"
        assert graded.text("notebooks", key) == said


def test_solved_passes(graded):
    assert graded.ran_every_cell("solutions")
    assert graded.failed("solutions") == set()
    assert graded.items["solutions"].keys() >= {f"check {key}" for key in graded.exercises}


def test_wrong_answers_that_were_run_and_saved_fail_by_name_and_the_right_ones_pass(graded):
    assert graded.ran_every_cell("saved")
    assert graded.failed("saved") == {f"check {key}" for key in graded.planted}
    for key, mistake in graded.planted.items():
        said = f"✗ {key} {mistake}: {graded.exercises[key].mistakes[mistake].look_at}"
        assert graded.text("saved", key).startswith(f"{said}\n  expected: ✓ {key} ")


def test_that_file_holds_the_learners_own_lines_so_it_agrees_with_itself(graded):
    lines = {cell.id: printed(cell.outputs) for cell in code_cells(graded.saved) if "check" in tags_of(cell)}
    for key, exercise in graded.exercises.items():
        line = lines[f"check-{dashed(key)}"]
        if key in graded.planted:
            assert graded.text("saved", key).startswith(line)
        else:
            assert line == f"✓ {key} {exercise.why}\n"


def test_it_is_told_how_many_seconds_each_notebook_took(graded, capsys):
    seconds = {folder: sum(item.seconds for item in cells.values()) for folder, cells in graded.items.items()}
    assert all(seconds.values())
    told = ", ".join(f"{folder} {value:.1f} s" for folder, value in seconds.items())
    with capsys.disabled():
        print(f"\n{graded.lesson.stem}, smoke: {told}")


def test_a_lesson_without_a_written_wrong_answer_gets_one_from_its_exercises():
    exercise = type("Exercise", (), {"mistakes": {"upside down": None}})
    cell = nbformat.v4.new_code_cell('turn = check("88.1", turn)', id="check-88-1")
    answers = answers_to(nbformat.v4.new_notebook(cells=[cell]), {"88.1": exercise})
    source = "from utils.exercises import find\n\nturn = find('88.1').mistakes['upside down'].wrong"
    assert answers == {"88.1": ("upside down", source)}


def test_every_written_wrong_answer_belongs_to_an_exercise_and_names_one_of_its_mistakes():
    exercises = {}
    for lesson in LESSONS:
        exercises |= load_lesson(int(lesson.stem[:2])).EXERCISES
    for key, (mistake, _) in written_answers().items():
        assert mistake in exercises[key].mistakes


def test_the_built_notebooks_are_fresh():
    said = []
    assert check(say=said.append) == 0, "\n".join(said)


def test_an_edited_lesson_is_found_stale(tmp_path):
    for name in ("utils", "solutions", "notebooks"):
        shutil.copytree(COURSE.root / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    lesson, said = tmp_path / "solutions" / LESSONS[-1].name, []
    lesson.write_text(lesson.read_text("utf-8").replace("\n# ## ", "\n# ## Edited: ", 1), encoding="utf-8")
    assert check((lesson.stem,), Course(tmp_path), said.append) == 2
    assert all(f"{lesson.stem}.ipynb: stale: " in line for line in said)
