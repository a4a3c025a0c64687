"""Who joins late finds every name that the rest of a lesson asks for, and no exercise marked as solved."""

import re

import nbformat
import pytest

from utils.course.build import build_lesson
from utils.course.execute import execute, kernel_environment
from utils.course.lesson_source import COURSE
from utils.course.names import defined_names, free_names
from utils.course.needed_cells import tags_of
from utils.course.outputs import printed
from utils.course.sections import find_section, read_sections, solved_notebook
from utils.course.skip import cells_to_run, skip_to

LESSONS = [path.stem for path in COURSE.lessons()]
TINY = """
# %% [markdown]
# # A tiny lesson

# %% tags=["setup"]
from toy.exercises import check

# %%
print("nobody needs this")
unused = 1

# %% tags=["exercise"]
from toy.library import half

# %% tags=["check"]
half = check("7.1", half)

# %%
model = {"steps": 0}
print("hidden", half(4))

# %% tags=["train"]
def train(model):
    model["steps"] += 3
    print("training")

train(model)

# %% [markdown]
# ## The result

# %%
print(half(10), model, "unused" in globals())
"""


def missing_names(loaded, rest):
    """Names that the rest of a lesson asks for, cell by cell, and that nobody has defined by then."""
    known, missing = set(), set()
    for cell in [*loaded, *rest]:
        if cell.cell_type == "code" and "broken" not in tags_of(cell):
            known |= defined_names(cell.source)
            missing |= free_names(cell.source) - known
    return missing


@pytest.mark.parametrize("lesson", LESSONS)
def test_after_a_skip_to_any_section_every_name_is_there(lesson):
    notebook = solved_notebook(lesson)
    never = missing_names([], notebook.cells)  # a draft may ask for what nobody has
    for start, section in {each.start: each for each in read_sections(notebook)}.items():
        loaded, rest = cells_to_run(notebook, section), notebook.cells[start:]
        assert missing_names(loaded, rest) <= never, section.title
        assert not any("check" in tags_of(cell) for cell in loaded)


def test_a_cell_that_is_forgotten_is_missed():  # the planted bug
    notebook = solved_notebook("02")
    section = find_section(read_sections(notebook), "The result")
    loaded, rest = cells_to_run(notebook, section), notebook.cells[section.start :]
    without = [missing_names(loaded[:at] + loaded[at + 1 :], rest) for at in range(len(loaded))]
    assert missing_names(loaded, rest) == set() < set().union(*without)
    assert any("gan" in names for names in without) and sum(map(bool, without)) > len(loaded) - 3


@pytest.mark.parametrize("lesson", [name for name in LESSONS if name[:2] not in ("00", "10")])
def test_each_lesson_says_how_to_join_late_with_a_section_that_exists(lesson):
    notebook = solved_notebook(lesson)
    (number, section), *others = re.findall(r'skip_to\("(\d\d)", "([^"]+)"\)', notebook.cells[0].source)
    assert number == lesson[:2] and not others
    assert find_section(read_sections(notebook), section).level > 1


def run(source, rest, folder, environment):
    """The notebook that a late learner has after running a first cell and the rest of a lesson."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source), *rest])
    execute(notebook, folder, environment=environment)
    return notebook


def test_a_late_learner_gets_the_model_and_the_answers_but_no_marks(course):
    build_lesson(course.write_lesson(TINY), course)
    source = (
        "from pathlib import Path\nfrom utils.course.lesson_source import Course\n"
        "from utils.course.skip import skip_to\n"
        f"skip_to('7', 'the result', Course(Path({str(course.root)!r})))"
    )
    with kernel_environment() as environment:
        environment["PYTHONPATH"] = f"{course.root}:{COURSE.root}"
        notebook = run(source, course.read("notebooks").cells[-1:], course.notebooks, environment)
    first, last = (printed(cell.outputs) for cell in notebook.cells)
    assert first.startswith("The result needs 1 training(s); the stop button ends one and keeps its model.\n")
    assert "\ntraining\nLoaded: 4 cells of 07_tiny in " in first
    assert "hidden" not in first and "✓" not in first
    assert last == "5.0 {'steps': 3} False\n"  # planted: a slice by bindings alone leaves {'steps': 0}


def test_the_rest_of_a_real_lesson_runs_from_where_the_late_learner_joins():
    section = find_section(read_sections(solved_notebook("01")), "The cure")
    learner = nbformat.read(COURSE.notebooks / "01_what_is_a_gan.ipynb", as_version=4)
    with kernel_environment("smoke") as environment:
        environment["PYTHONPATH"] = str(COURSE.root)
        source = "from utils.course.skip import skip_to; skip_to('01', 'The cure')"
        notebook = run(source, learner.cells[section.start :], COURSE.notebooks, environment)
    assert "cells of 01_what_is_a_gan in" in printed(notebook.cells[0].outputs)
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")


def test_without_a_section_the_sections_are_listed(capsys):
    skip_to("02")
    assert "  The draft answer\n" in capsys.readouterr().out


def test_outside_a_notebook_it_says_where_it_belongs():
    with pytest.raises(ValueError, match="call it in a cell of notebooks/02_code_a_gan.ipynb"):
        skip_to("02", "2.1")
