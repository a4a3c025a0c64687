"""Submissions of lesson 00 that start no TensorFlow, to be graded in seconds."""

import nbformat
import pytest

from utils.course.lesson_source import COURSE

LESSON = "00_start_here"
RIGHT = "def scale_images(images):\n    return images.astype('float32') / 127.5 - 1"
WRONG = "def scale_images(images):\n    return images.astype('float32') / 255"
SAID = "✓ 0.1 solved"


def stored(text):
    """What a notebook file keeps of something printed."""
    return [nbformat.v4.new_output("stream", text=f"{text}\n")]


def handed_in(answer=None, *, before="", check=None, shows="", after=""):
    """A notebook of lesson 00 with an answer, the check cell as it is shown, and cells around the answer."""
    notebook = nbformat.read(COURSE.notebooks / f"{LESSON}.ipynb", as_version=4)
    cells = []
    for cell in notebook.cells:
        if "setup" in cell.metadata.get("tags", []):
            cell.source = "from utils.exercises import check"
        if cell.id == "exercise-0-1":
            cells += [nbformat.v4.new_code_cell(before)] if before else []
            cell.source = answer or cell.source
        if cell.id == "check-0-1":
            cell.source = check or cell.source
            cell.outputs = stored(shows) if shows else []
        cells.append(cell)
    notebook.cells = cells + ([nbformat.v4.new_code_cell(after)] if after else [])
    return notebook


@pytest.fixture(scope="session")
def solved():
    """The course's solved notebook of lesson 00."""
    return nbformat.read(COURSE.solutions / f"{LESSON}.ipynb", as_version=4)
