"""A cell is kept when another takes a name from it, or an object that it changed."""

import nbformat
import pytest

from utils.course.needed_cells import needed_cells


def code(source, *tags):
    """A cell of code."""
    return nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)})


def kept(*cells):
    """The sources that the last cell needs, its own left out."""
    return [cell.source for cell in needed_cells(cells, lambda cell: cell is cells[-1])][:-1]


def test_what_a_cell_takes_names_from_is_kept_and_what_nobody_asks_for_is_not():
    chain = "import math", "radius = 2", "area = math.pi * radius**2", "unused = radius"
    assert kept(*map(code, chain), code("print(area)")) == list(chain[:3])


def test_names_that_a_function_asks_for_when_it_is_called_count_too():
    assert kept(code("factor = 2"), code("def twice(x):\n    return factor * x"), code("twice(3)")) == [
        "factor = 2",
        "def twice(x):\n    return factor * x",
    ]


@pytest.mark.parametrize(
    "source",
    [
        "model.fit(data)",
        "model.layers[0].scale = 2",
        "for step in range(3):\n    model.update(step)",
        "model['size'] = 3",
        "model += 1",
    ],
)
def test_a_cell_that_changes_an_object_without_binding_it_is_kept(source):
    assert source in kept(code("model, data = build()"), code(source), code("model"))


def test_looking_at_an_object_does_not_change_it():  # planted: a slice by mere mention would keep these
    for source in ("print(model)", "x = model.count()", "def show():\n    model.fit()"):
        assert source not in kept(code("model = build()"), code(source), code("model"))


def test_a_training_is_kept_for_the_model_that_it_is_given():
    source = "history = train(model, steps=3)"
    assert source in kept(code("model = build()"), code(source, "train"), code("model"))
    assert source not in kept(
        code("model = build()"), code(source), code("model")
    )  # planted: without its tag
    assert source not in kept(code("model = other = 1"), code(source, "train"), code("other"))


def test_an_imported_package_is_not_changed_by_its_functions():
    assert kept(code("import keras"), code("keras.set_seed(1)"), code("keras")) == ["import keras"]


def test_a_draft_that_must_fail_gives_nothing():
    assert kept(code("stack = this is no Python", "broken"), code("print(stack)")) == []
