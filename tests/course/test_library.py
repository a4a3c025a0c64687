"""Listings: the source as the file has it, found without running the module."""

import pytest

from utils.course.library import find_shown
from utils.course.names import defined_names, free_names


def test_decorators_comments_and_reexported_names_are_found(tmp_path):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "__init__.py").write_text("from .deep import shown\n")
    (tmp_path / "lib" / "deep.py").write_text(
        "raise RuntimeError('this module is never run')\n\n\n"
        "@first\n@second(1)\ndef shown(x):\n    return x  # why\n"
    )
    shown = find_shown("lib", "shown", tmp_path)
    assert shown.source == "@first\n@second(1)\ndef shown(x):\n    return x  # why"
    assert shown.module == "lib.deep" and shown.is_function


def test_the_last_definition_counts_as_it_does_for_python(tmp_path):
    (tmp_path / "lib.py").write_text("x = 1\nx = 2  # now\n")
    assert find_shown("lib", "x", tmp_path).source == "x = 2  # now"


def test_a_library_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "lib.py").write_text("x = 1\ndef f(:\n")
    with pytest.raises(LookupError, match=r"lib.py:2 cannot be read"):
        find_shown("lib", "x", tmp_path)


@pytest.mark.parametrize(
    ("source", "free"),
    [
        ("def f(x):\n    return ops.mean(x) + len(x)", {"ops"}),
        (
            "class A(keras.Model):\n    size: int = SIZE\n    def f(self):\n        super().f()\n        g()",
            {"keras", "SIZE", "g"},
        ),
        (
            "@wrap\ndef f(x=START) -> Wanted:\n    return [y for y in x if y in K]",
            {"wrap", "START", "Wanted", "K"},
        ),
        ("def f():\n    def g():\n        return y\n    y = 1\n    return g", set()),
        ("import a.b as c\nx = c.d\nfor i in x:\n    print(i)", set()),
        ("f = lambda q: q + r", {"r"}),
    ],
)
def test_free_names_are_those_the_notebook_must_have(source, free):
    assert free_names(source) == free


def test_defined_names_are_those_of_the_top_level():
    source = "import a.b\nfrom c import d as e\nx, y = 1, 2\ndef f():\n    z = 1\nclass G:\n    h = 1\n"
    assert defined_names(source) == {"a", "e", "x", "y", "f", "G"}
