"""nbgrader end to end, in an environment of its own: release, three learners hand in, grading, export."""

import csv
import os
import subprocess
import sys
import sysconfig

import nbformat
import pytest

from utils.course.__main__ import main
from utils.course.lesson_source import COURSE
from utils.course.nbgrader_source import HIDDEN_TEST
from utils.exercises import load_lesson

NBGRADER = "nbgrader==0.9.6"  # not in requirements.txt: it puts a teacher's menus into Lab
LESSON = "01_what_is_a_gan"


def read(path):
    """A notebook file."""
    return nbformat.read(path, as_version=4)


def tags(cell):
    """The tags of a cell."""
    return set(cell.metadata.get("tags", []))


class Classroom:
    """A teacher's folder, and nbgrader in an environment of its own on top of the one that runs."""

    def __init__(self, root):
        self.folder, environment = root / "grading", root / "environment"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
        programs = environment / ("Scripts" if os.name == "nt" else "bin")
        self.python = programs / "python"
        self.variables = {key: value for key, value in os.environ.items() if key != "COURSE_FOLDER"}
        self.variables |= {"PYTHONPATH": str(COURSE.root), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        self.variables["PATH"] = os.pathsep.join([str(programs), os.environ["PATH"]])  # it calls alembic
        self.variables.pop("PYTEST_CURRENT_TEST", None)
        found = subprocess.run(
            [self.python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        with open(os.path.join(found.stdout.strip(), "below.pth"), "w") as file:
            file.write(sysconfig.get_path("purelib"))
        done = self.run("pip", "install", "-q", NBGRADER, cwd=root)
        if done.returncode and not os.environ.get("CI"):
            pytest.skip(f"{NBGRADER} cannot be installed here: {done.stderr.strip().splitlines()[-1]}")
        assert done.returncode == 0, done.stderr

    def run(self, *command, cwd=None):
        """Run a module of that environment, in the teacher's folder."""
        return subprocess.run(
            [self.python, "-m", *command],
            cwd=cwd or self.folder, env=self.variables, capture_output=True, text=True, timeout=1200,
        )  # fmt: skip

    def nbgrader(self, *command):
        """Run one of nbgrader's commands, which must end well."""
        done = self.run("nbgrader", *command)
        assert done.returncode == 0, done.stderr

    def hand_in(self, lesson, who, answers):
        """Copy the released notebook with answers typed in: {cell id: source}."""
        notebook = read(self.folder / "release" / lesson / f"{lesson}.ipynb")
        for cell in notebook.cells:
            cell.source = answers.get(cell.id, cell.source)
        file = self.folder / "submitted" / who / lesson / f"{lesson}.ipynb"
        file.parent.mkdir(parents=True)
        nbformat.write(notebook, file)

    def scores(self):
        """What nbgrader exported: {(lesson, who): (score, of)}."""
        with open(self.folder / "grades.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        return {
            (row["assignment"], row["student_id"]): (float(row["score"]), float(row["max_score"]))
            for row in rows
        }


@pytest.fixture(scope="module")
def classroom(tmp_path_factory):
    """One lesson written, released, handed in three times, graded; another one without its hidden lines."""
    room = Classroom(tmp_path_factory.mktemp("classroom"))
    assert main(["nbgrader", str(room.folder), "00", LESSON]) == 0
    room.nbgrader("generate_assignment", LESSON)
    right = {cell.id: cell.source for cell in read(COURSE.solutions / f"{LESSON}.ipynb").cells}
    right = {key: source for key, source in right.items() if key.startswith("exercise-")}
    half_right = right | {"exercise-1-2": "def best_discriminator(*densities):\n    return 0 * densities[0]"}
    forged = {"check-1-4": 'print("✓ 1.4 well done")', "exercise-1-3": "1 / 0"}
    room.hand_in(LESSON, "right", right)
    room.hand_in(LESSON, "wrong", half_right | forged)
    room.hand_in(LESSON, "untouched", {})
    room.nbgrader("autograde", LESSON)

    planted = room.folder / "source" / "00_start_here" / "00_start_here.ipynb"
    notebook = read(planted)
    notebook.cells = [cell for cell in notebook.cells if {"setup", "exercise", "check"} & tags(cell)]
    for cell in notebook.cells:
        cell.source = cell.source.replace(HIDDEN_TEST.format(exercise="0.1"), "")
    nbformat.write(notebook, planted)
    room.nbgrader("generate_assignment", "00_start_here")
    room.hand_in("00_start_here", "untouched", {})
    room.nbgrader("autograde", "00_start_here")
    room.nbgrader("export")
    return room


def test_what_nbgrader_releases_is_what_the_learner_opens_in_the_course(classroom):
    released = read(classroom.folder / "release" / LESSON / f"{LESSON}.ipynb").cells
    own = read(COURSE.notebooks / f"{LESSON}.ipynb").cells
    for part in ("id", "cell_type", "source", "outputs"):
        assert [cell.get(part) for cell in released] == [cell.get(part) for cell in own]
    assert sum(bool(cell.get("outputs")) for cell in released) > 5  # the pictures to aim for
    source = read(classroom.folder / "source" / LESSON / f"{LESSON}.ipynb").cells
    assert [cell.source for cell in source] != [cell.source for cell in own]  # there the answers stand


def test_nbgrader_gives_each_learner_the_points_of_what_is_solved(classroom):
    exercises, scores = load_lesson(1).EXERCISES, classroom.scores()
    whole = sum(exercise.difficulty for exercise in exercises.values())
    lost = exercises["1.2"].difficulty + exercises["1.3"].difficulty
    assert scores[LESSON, "right"] == (whole, whole)
    assert scores[LESSON, "wrong"] == (whole - lost, whole)  # 1.4 is solved: its forged check is put back
    assert scores[LESSON, "untouched"] == (0, whole)


def test_the_feedback_names_the_mistake_as_the_course_does(classroom):
    graded = read(classroom.folder / "autograded" / "untouched" / LESSON / f"{LESSON}.ipynb").cells
    errors = [
        output.evalue
        for cell in graded
        for output in cell.get("outputs", [])
        if "check" in tags(cell) and output.output_type == "error"
    ]
    assert errors == [f"· {key} not attempted yet" for key in load_lesson(1).EXERCISES]


def test_without_the_hidden_line_everybody_has_full_marks(classroom):
    """The planted bug: a check only prints, and nbgrader grades by exceptions."""
    assert classroom.scores()["00_start_here", "untouched"] == (1, 1)


def test_the_progress_of_who_grades_stays_as_it_is(classroom):
    assert (classroom.folder / "course-folder" / "progress.sqlite").is_file()
