"""Whoever wrote what is found in any layout, and what cannot be read is named, never raised."""

import json

import nbformat
import pytest

from utils.course.grading import submissions
from utils.course.grading.submissions import read_submissions
from utils.course.lesson_source import COURSE

LESSON = "02_code_a_gan"


def exercises(*ids):
    """A small notebook with the check cells of some exercises."""
    cells = [
        nbformat.v4.new_code_cell(f'f = check("{key}", f)', id=f"check-{key.replace('.', '-')}")
        for key in ids
    ]
    return nbformat.v4.new_notebook(cells=cells)


def put(notebook, path):
    """Write a notebook into a folder that may be missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


@pytest.mark.parametrize(
    ("path", "learner"),
    [
        (f"Ada/{LESSON}.ipynb", "Ada"),
        (f"Ada/late/{LESSON} (1).ipynb", "Ada"),
        (f"Ada_{LESSON}.ipynb", "Ada"),
        (f"{LESSON}-Ada.ipynb", "Ada"),
        ("Ada/homework.ipynb", "Ada"),
        ("李明_homework.ipynb", "李明_homework"),
    ],
)
def test_learner_and_lesson_are_told_from_names_and_cells(tmp_path, path, learner):
    put(exercises("2.1", "2.3"), tmp_path / path)
    (found,), skipped = read_submissions(tmp_path)
    assert (found.learner, found.lesson, found.fault, skipped) == (learner, LESSON, "", [])


def test_a_notebook_whose_editor_lost_the_ids_is_told_by_what_it_checks(tmp_path):
    notebook = exercises("2.1")
    notebook.cells[0].id = "new"
    put(notebook, tmp_path / "Ada.ipynb")
    assert read_submissions(tmp_path)[0][0].lesson == LESSON


def test_two_notebooks_of_one_learner_are_both_kept_and_told_apart(tmp_path):
    for name in ("a", "b"):
        put(exercises("2.1"), tmp_path / "Ada" / f"{name}.ipynb")
    assert [each.learner for each in read_submissions(tmp_path)[0]] == [
        "Ada (Ada/a.ipynb)",
        "Ada (Ada/b.ipynb)",
    ]


def test_what_is_no_lesson_is_named_and_copies_of_editors_are_passed_over(tmp_path):
    put(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]), tmp_path / "Ada/notes.ipynb")
    put(exercises("2.1"), tmp_path / "Ada/.ipynb_checkpoints/x.ipynb")
    put(exercises("99.1"), tmp_path / "Ada/other.ipynb")
    put(exercises(), tmp_path / "Ada/10_mock_interview.ipynb")  # a lesson, but there is nothing to grade
    found, skipped = read_submissions(tmp_path)
    assert found == [] and [path.name for path, _ in skipped] == [
        "10_mock_interview.ipynb",
        "notes.ipynb",
        "other.ipynb",
    ]


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "in").mkdir()
    put(exercises("2.1"), tmp_path / "secret.ipynb")
    (tmp_path / "in" / f"Ada_{LESSON}.ipynb").symlink_to(tmp_path / "secret.ipynb")
    found, ((_, why),) = read_submissions(tmp_path / "in")
    assert found == [] and why == "a link to somewhere else"


def broken_files():
    """Files that are no notebooks, each with a word of what is said about it."""
    whole = (COURSE.notebooks / f"{LESSON}.ipynb").read_bytes()
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": None}
    odd = [
        cell | {"source": 7, "outputs": []},
        cell | {"source": "", "outputs": [{"output_type": 1, "name": "stdout"}]},
    ]
    yield "truncated", whole[:1000], "NotJSONError"
    yield "bytes", b"\xff\xfe\x00", "UnicodeDecodeError"
    yield "deep", b"[" * 200_000, "Error"
    yield "list", b"[1, 2]", "Error"
    yield "empty", b"", "Error"
    long = json.dumps(cell | {"source": "x = 1\n" * 200_000, "outputs": []})
    yield (
        "long",
        b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [%s]}' % long.encode(),
        "letters",
    )
    for number, each in enumerate(odd):
        notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [each]}
        yield f"odd{number}", json.dumps(notebook).encode(), "Error"


@pytest.mark.parametrize(
    ("name", "content", "word"), list(broken_files()), ids=[name for name, *_ in broken_files()]
)
def test_a_file_that_is_no_notebook_gives_its_reason(tmp_path, name, content, word):
    (tmp_path / f"Ada_{LESSON}.ipynb").write_bytes(content)
    ((found,), _) = read_submissions(tmp_path)
    assert found.notebook is None and word in found.fault and found.learner == "Ada"


def test_a_huge_file_is_not_even_read(tmp_path, monkeypatch):
    monkeypatch.setattr(submissions, "LARGEST", 1000)
    (tmp_path / f"Ada_{LESSON}.ipynb").write_bytes(b"x" * 1001)
    ((found,), _) = read_submissions(tmp_path)
    assert found.fault == "larger than 0 MB; clear its outputs"
