"""check names each stale file and its first differing cell, and runs nothing."""

import pytest

from utils.course.check import check


def problems_of(course):
    """What check says, and that it counts it."""
    said = []
    count = check((), course, said.append)
    assert count == (0 if "up to date" in said[0] else len(said))
    return said if count else []


def replace(path, old, new):
    """Edit a text file as a person does."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_fresh_build_is_up_to_date(built):
    assert problems_of(built) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "stale", "message"),
    [
        (
            "solutions/07_tiny.py",
            "root(16)",
            "root(25)",
            {"solutions", "notebooks"},
            "cell 4 (print(root(25)",
        ),
        ("toy/library.py", "number / 2", "number * 0.5", {"solutions"}, "stale: source of cell 5 (def half"),
        ("toy/library.py", "Half of a", "The half of a", {"solutions", "notebooks"}, "source of cell 5"),
        ("solutions/07_tiny.py", '["setup"]', '["train"]', {"solutions", "notebooks"}, "stale: id of cell 2"),
        ("solutions/07_tiny.py", "two lines", "three lines", {"solutions", "notebooks"}, "cell 1 (# A tiny"),
        ("notebooks/07_tiny.ipynb", "three dots", "two dots", {"notebooks"}, "source of cell 5"),
        (
            "notebooks/07_tiny.ipynb",
            "half of ten is 5.0",
            "half of ten is 6",
            {"notebooks"},
            "outputs of cell 7",
        ),
        (
            "solutions/07_tiny.ipynb",
            "half of ten is 5.0",
            "half of ten is 6",
            {"notebooks"},
            "outputs of cell 7",
        ),
        (
            "solutions/07_tiny.ipynb",
            '"execution_count": 3',
            '"execution_count": null',
            {"solutions"},
            "not executed",
        ),
        ("solutions/07_tiny.ipynb", "✓ 7.1", "✗ 7.1", {"solutions"}, "does not pass its own check"),
        ("notebooks/07_tiny.ipynb", '"Python 3"', '"My kernel"', {"notebooks"}, "metadata differ"),
        ("notebooks/07_tiny.ipynb", '"nbformat": 4', '"nbformat":  4', {"notebooks"}, "not as the builder"),
        ("notebooks/07_tiny.ipynb", "{", "", {"notebooks"}, "not a notebook"),
    ],
)
def test_an_edit_makes_files_stale_and_is_named(built, file, old, new, stale, message):
    replace(built.root / file, old, new)
    found = problems_of(built)
    assert {problem.split("/")[0] for problem in found} == stale
    assert all("07_tiny.ipynb: " in problem and "utils.course build 07_tiny" in problem for problem in found)
    assert message in found[0]


def test_a_cell_more_a_cell_less_and_a_missing_file_are_named(built):
    notebook = built.read("notebooks")
    notebook.cells.pop()
    built.write(notebook)
    assert "10 cells, the lesson has 11" in problems_of(built)[0]
    (built.notebooks / "07_tiny.ipynb").unlink()
    assert "notebooks/07_tiny.ipynb: missing" in problems_of(built)[0]


def test_a_notebook_without_a_lesson_is_named(built):
    built.write(built.read("notebooks"), "notebooks/08_gone.ipynb")
    assert problems_of(built) == [
        "notebooks/08_gone.ipynb: no lesson solutions/08_gone.py. Most likely fix: delete it"
    ]


def test_a_picture_that_the_lesson_does_not_show_is_named(built):
    (built.solutions / "07_tiny.png").write_bytes(b"painted by hand")
    assert problems_of(built) == [
        "solutions/07_tiny.png: not the picture of the lesson. Most likely fix: "
        "python -m utils.course build 07_tiny"
    ]


def test_a_fault_in_the_lesson_is_named_by_line(built):
    replace(built.solutions / "07_tiny.py", '["setup"]', '["chek"]')
    assert "unknown tag 'chek'" in problems_of(built)[0]
