"""A course of one tiny lesson, without TensorFlow, to build, break and grade in seconds."""

import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest

from utils.course.build import build_lesson
from utils.course.lesson_source import HEADER, Course

LIBRARY = '''
"""A tiny library."""
import math

LIMITS = {
    "low": 0,  # nothing
    "high": 9,
}


def half(number):
    """Half of a number.

    Healthy: half of 4 is 2
    """
    # the trick is to divide
    return number / 2


def root(number):
    """The square root."""
    return math.sqrt(number)
'''

EXERCISES = '''
EXERCISES = {"7.1": "half", "7.2": "double"}


def check(exercise_id, attempt):
    """Say whether the attempt is right; give back what the notebook goes on with."""
    from toy.library import half

    good = half if exercise_id == "7.1" else (lambda number: 2 * number)
    try:
        answer = attempt(10)
    except Exception as error:
        answer = error
    if answer is ...:
        print(f"· {exercise_id} not attempted yet")
    elif answer == good(10):
        print(f"✓ {exercise_id} well done")
    else:
        print(f"✗ {exercise_id} wrong number: look at the factor")
    return attempt if answer == good(10) else good
'''

LESSON = """
# %% [markdown]
# # A tiny lesson
#
# With two lines.

# %% tags=["setup"]
import math

from toy.exercises import check

# %% tags=["listing"]
from toy.library import LIMITS, root

# %%
print(root(16), LIMITS["high"])

# %% tags=["exercise"]
from toy.library import half

# %% tags=["check"]
half = check("7.1", half)

# %%
print("half of ten is", half(10))
object()

# %% tags=["exercise"]
def double(number):
    # BEGIN SOLUTION
    twice = 2 * number
    return twice
    # END SOLUTION

# %% tags=["check"]
double = check("7.2", double)

# %% tags=["broken"]
# a draft that must fail
root(-1)

# %% [markdown] tags=["recall"]
# 7-1
"""


class TinyCourse(Course):
    """The course with the few steps that tests repeat."""

    @property
    def exercises(self):
        return self.root / "toy"

    def write_lesson(self, text=LESSON, name="07_tiny"):
        """Put a lesson source under the proper header."""
        path = self.solutions / f"{name}.py"
        path.write_text("\n".join(HEADER) + "\n" + text, encoding="utf-8")
        return path

    def read(self, folder, name="07_tiny"):
        """One of the two built notebooks."""
        return nbformat.read(self.root / folder / f"{name}.ipynb", as_version=4)

    def write(self, notebook, path="notebooks/07_tiny.ipynb"):
        """Save a notebook as an editor does."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, self.root / path)

    def solve(self, notebook):
        """Type the course's answers into the learner's cells."""
        answers = {cell.id: cell.source for cell in self.read("solutions").cells}
        for cell in notebook.cells:
            cell.source = answers[cell.id]
        return notebook

    def grade(self, *targets, cwd=None, further=()):
        """Run pytest --nbval as a learner does; returns a Grading."""
        plugin = [
            "-p",
            "utils.course.nbval_plugin",
            "--nbval",
            "-rA",
            "-p",
            "no:cacheprovider",
            "-W",
            "error",
        ]
        environment = {key: value for key, value in os.environ.items() if key != "PYTEST_CURRENT_TEST"}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *plugin, *further, *map(str, targets)],
            cwd=cwd or self.root,
            env=environment | {"PYTHONPATH": str(self.root)},
            capture_output=True,
            text=True,
            timeout=300,
        )
        return Grading(done.stdout + done.stderr, done.returncode)


class Grading:
    """What pytest said about some notebooks."""

    def __init__(self, report, code):
        self.report, self.code = report, code
        line = r"^(PASSED|FAILED|SKIPPED|XFAIL|XPASS|ERROR) (\S+?)::(.+?)(?: - .*)?$"
        self.found = re.findall(line, report, re.MULTILINE)

    def outcomes(self, folder=""):
        """Outcome by item name, of the notebooks in a folder."""
        return {
            name: outcome
            for outcome, path, name in self.found
            if folder in path.split("/")[:-1] or not folder
        }

    def failed(self, folder=""):
        """Names of the items that did not pass."""
        return {name for name, outcome in self.outcomes(folder).items() if outcome != "PASSED"}

    def text(self, folder, name):
        """What the learner reads about one item."""
        found = re.search(
            rf"^_+ \S*\b{folder}/\S+::{re.escape(name)} _+\n(.*?)(?=\n_{{5,}}|\n={{5,}})",
            self.report,
            re.M | re.S,
        )
        return found[1].strip() if found else ""


def make_course(root):
    """A course folder with the tiny library, its exercises and no lesson yet."""
    for folder in ("solutions", "notebooks", "toy"):
        (root / folder).mkdir()
    (root / "toy" / "__init__.py").write_text("")
    (root / "toy" / "library.py").write_text(LIBRARY, encoding="utf-8")
    (root / "toy" / "exercises.py").write_text(EXERCISES, encoding="utf-8")
    return TinyCourse(root)


@pytest.fixture(scope="session")
def built_once(tmp_path_factory):
    """The tiny course, built once for all tests; they get copies."""
    made = make_course(tmp_path_factory.mktemp("course"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(made.root))
        build_lesson(made.write_lesson(), made)
    return made


@pytest.fixture
def built(built_once, tmp_path, monkeypatch):
    """A copy of the built tiny course, to be changed."""
    shutil.copytree(built_once.root, tmp_path / "course")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "course"))
    return TinyCourse(tmp_path / "course")


@pytest.fixture
def course(tmp_path, monkeypatch):
    """The tiny course with its lesson, not built."""
    made = make_course(tmp_path)
    made.write_lesson()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return made
