"""skip_to("02", "The result"): for who comes late. Runs what that section needs of the sections before it."""

import contextlib
import time

from IPython import get_ipython
from IPython.utils.capture import capture_output

from utils.course.lesson_source import COURSE
from utils.course.needed_cells import needed_cells, tags_of
from utils.course.sections import find_section, read_sections, solved_notebook


def skip_to(lesson, section=None, course=COURSE):
    """Put into this notebook what a lesson has made up to a section ("The result", "2.3"); None lists them.

    Exercises before it are answered by the course and stay open in `progress()`. A training takes as long as
    in the lesson; the stop button ends it and keeps the model.
    """
    notebook = solved_notebook(lesson, course)
    sections = read_sections(notebook)
    if section is None:
        print("\n".join(f"  {each.exercise or each.title}" for each in sections))
        return
    target = find_section(sections, section)
    run_in_notebook(cells_to_run(notebook, target), course.find(lesson).stem, target)


def cells_to_run(notebook, section):
    """The cells before a section that it and all after it need; checks are left out: nobody answered them."""
    before, after = notebook.cells[: section.start], notebook.cells[section.start :]
    before = [cell for cell in before if "check" not in tags_of(cell)]
    later = {cell.id for cell in after}
    kept = needed_cells([*before, *after], lambda cell: cell.id in later or "setup" in tags_of(cell))
    return [cell for cell in kept if cell.id not in later]


def run_in_notebook(cells, lesson, section):
    """Run cells in the notebook that calls, and say what was loaded; only trainings show what they do."""
    shell = get_ipython()
    if shell is None:
        raise ValueError(
            "skip_to needs a notebook to put things into. Received: a plain Python. "
            f"Most likely fix: call it in a cell of notebooks/{lesson}.ipynb"
        )
    trainings, started = sum("train" in tags_of(cell) for cell in cells), time.perf_counter()
    if trainings:
        stop = "the stop button ends one and keeps its model"
        print(f"{section.title} needs {trainings} training(s); {stop}.", flush=True)
    for cell in cells:
        with contextlib.nullcontext() if "train" in tags_of(cell) else capture_output():
            result = shell.run_cell(cell.source, silent=True)
        result.raise_error()
    seconds = time.perf_counter() - started
    print(f"Loaded: {len(cells)} cells of {lesson} in {seconds:.0f} s. Go on with: {section.title}")
