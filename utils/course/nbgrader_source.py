"""python -m utils.course nbgrader FOLDER [LESSON …]: the course in nbgrader's source format, for a teacher.

Then, in FOLDER, with an environment active that has both the course and nbgrader:
    nbgrader generate_assignment 02_code_a_gan    writes release/: what learners get
    nbgrader autograde 02_code_a_gan              grades submitted/NAME/02_code_a_gan/02_code_a_gan.ipynb
    nbgrader export                               writes all scores to grades.csv
"""

from pathlib import Path

import nbformat

from utils.course.build import keep_outputs, learner_notebook
from utils.course.cells import notebook_cells
from utils.course.execute import make_notebook
from utils.course.lesson_source import COURSE, LessonError, read_lesson
from utils.course.library import STUB
from utils.course.nbval_plugin import CELL_TIMEOUT

STUB_LINE = f"return {STUB}"

CONFIG = f'''\
"""nbgrader's settings for the course, written by python -m utils.course nbgrader; yours to change."""

import os
from pathlib import Path

from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import ClearOutput

# Grading trains no longer than it must: a check is the same in every budget.
os.environ.setdefault("COURSE_BUDGET", "smoke")
# Downloads and progress of what is graded lie here: the teacher's own progress stays as it is.
os.environ.setdefault("COURSE_FOLDER", str(Path(__file__).resolve().parent / "course-folder"))

c = get_config()
c.CourseDirectory.course_id = "product-image-course"
c.ClearSolutions.code_stub = {{"python": "{STUB_LINE}"}}
# The pictures to aim for stay in what learners get.
steps = GenerateAssignment.preprocessors.default()
c.GenerateAssignment.preprocessors = [step for step in steps if step is not ClearOutput]
c.Execute.timeout = {CELL_TIMEOUT}  # seconds for one cell; nbgrader's own 30 end a training
c.Execute.iopub_timeout = 60  # a crowded machine is slow to answer
'''

# Learners never see these lines: nbgrader takes them out of what it releases and puts them back to grade.
HIDDEN_TEST = """
### BEGIN HIDDEN TESTS
from utils.exercises.required import require_solved

require_solved("{exercise}")
### END HIDDEN TESTS"""


def write_source(folder, names=(), course=COURSE, say=print):
    """Write the named lessons, or all, below FOLDER/source; a nbgrader_config.py that is there is kept."""
    folder = Path(folder)
    written = []
    for path in [course.find(name) for name in names] or course.lessons():
        notebook, points = source_notebook(path, course)
        if not points:
            say(f"{path.stem}: left out, it has no exercise")
            continue
        file = folder / "source" / path.stem / f"{path.stem}.ipynb"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
        say(f"{path.stem}: {file}, {len(points)} exercise(s), {sum(points.values())} point(s)")
        written.append(path.stem)
    config = folder / "nbgrader_config.py"
    if config.exists():
        say(f"{config}: kept as it is")
    elif written:
        config.write_text(CONFIG, encoding="utf-8")
        say(f"Next, in {folder}: nbgrader generate_assignment {written[0]}")
    return written


def source_notebook(path, course=COURSE):
    """One lesson as nbgrader wants it, and its points: {exercise: points}, as many as it has stars."""
    from utils.training import quiet  # noqa: F401, I001  (first: no log lines)
    from utils.exercises import lesson_numbers, load_lesson

    lesson = read_lesson(path, course)
    cells = notebook_cells(lesson, course)
    solved = make_notebook(cells, "solved")
    keep_outputs(solved, path, course)
    notebook = learner_notebook(solved, cells)
    known = load_lesson(lesson.number).EXERCISES if lesson.number in lesson_numbers() else {}
    points, problems = {}, []
    for cell, target in zip(cells, notebook.cells, strict=True):
        if "exercise" in cell.tags:
            try:
                target.source = with_markers(cell.learner, cell.solved)
            except ValueError as error:
                problems.append((cell.line, f"exercise {cell.exercise}: {error}"))
            target.metadata["nbgrader"] = _nbgrader(cell, solution=True)
        elif "check" in cell.tags:
            points[cell.exercise] = known[cell.exercise].difficulty
            target.source = cell.solved + HIDDEN_TEST.format(exercise=cell.exercise)
            target.metadata["nbgrader"] = _nbgrader(
                cell, grade=True, locked=True, points=points[cell.exercise]
            )
    if problems:
        raise LessonError(course.shown(path), problems)
    return notebook, points


def with_markers(learner, solved):
    """The solved cell with nbgrader's marks around what the learner's three dots stand for."""
    mine, theirs = learner.splitlines(), solved.splitlines()
    stubs = [at for at, line in enumerate(mine) if line.strip() == STUB_LINE]
    before = stubs[0] if stubs else 0
    after = len(mine) - before - 1
    end = len(theirs) - after
    fits = len(stubs) == 1 and mine[:before] == theirs[:before] and mine[before + 1 :] == theirs[end:]
    if not fits:
        raise ValueError(
            f"nbgrader releases one line `{STUB_LINE}` for each answer. Received: {learner!r}. "
            "Most likely fix: write the answer as the body of one function"
        )
    indent = mine[before][: -len(mine[before].lstrip())]
    marked = [f"{indent}### BEGIN SOLUTION", *theirs[before:end], f"{indent}### END SOLUTION"]
    return "\n".join([*theirs[:before], *marked, *theirs[end:]])


def _nbgrader(cell, *, solution=False, grade=False, locked=False, points=None):
    """What nbgrader reads of a cell; its grade_id is the cell's id, which outlives changes of the lesson."""
    said = dict(schema_version=3, grade_id=cell.id, solution=solution, grade=grade, locked=locked, task=False)
    return said if points is None else said | {"points": points}
