"""Submissions of lesson 00 that start no TensorFlow, to be graded in seconds."""

import nbformat
import pytest

from utils.course.lesson_source import COURSE

LESSON = "00_start_here"


def make_notebook(answer=None, *, check=None, shows="", after=""):
    """A notebook of lesson 00 with an answer, a check cell and what it shows, and a cell of the learner."""
    notebook = nbformat.read(COURSE.notebooks / f"{LESSON}.ipynb", as_version=4)
    for cell in notebook.cells:
        if "setup" in cell.metadata.get("tags", []):
            cell.source = "from utils.exercises import check"
        if cell.id == "exercise-0-1":
            cell.source = answer or cell.source
        if cell.id == "check-0-1":
            cell.source = check or cell.source
            cell.outputs = [nbformat.v4.new_output("stream", text=f"{shows}\n")] if shows else []
    if after:
        notebook.cells.append(nbformat.v4.new_code_cell(after))
    return notebook


@pytest.fixture(scope="session")
def handed_in():
    """What makes a notebook as a learner hands it in."""
    return make_notebook


@pytest.fixture(scope="session")
def solved():
    """The course's solved notebook of lesson 00."""
    return nbformat.read(COURSE.solutions / f"{LESSON}.ipynb", as_version=4)
