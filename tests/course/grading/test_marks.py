"""What came of a run becomes marks and words, also where the run ended half-way."""

import nbformat
import pytest

from utils.course.grading.marks import Mark, Result, clean, failed, from_json, result_of, stored_verdicts

KEYS = ("2.1", "2.2", "2.3")


@pytest.fixture
def lesson():
    """A solved notebook of three exercises."""
    cells = []
    for key in KEYS:
        cells.append(nbformat.v4.new_code_cell(f'f = check("{key}", f)', id=f"check-{key.replace('.', '-')}"))
        cells[-1].metadata.tags = ["check"]
    return nbformat.v4.new_notebook(cells=cells)


def said(result):
    """The text of each mark."""
    return [mark.text for mark in result.marks]


def test_marks_before_the_end_stay_and_those_after_it_say_why(lesson):
    judged = {"2.1": ["right", "well done", []]}
    result = result_of([], "took more than 3 GB", judged, lesson, 12.34)
    assert said(result) == ["well done", "took more than 3 GB", "not reached: took more than 3 GB"]
    assert result.incidents == ["took more than 3 GB"] and result.seconds == 12.3


def test_the_cell_in_which_the_kernel_died_is_named(lesson):
    death = {"cell": "exercise-2-2", "error": ["", "the kernel died. Most likely cause: out of memory"]}
    later = {"cell": "check-2-2", "exercise": "2.2", "error": ["", "Kernel dead on test start"]}
    result = result_of([death, later], "", {"2.1": ["open", "not attempted yet", []]}, lesson, 1)
    assert said(result) == ["not attempted yet", "the kernel died", "not reached: the kernel died"]
    assert result.incidents == ["the kernel died (in the answer of 2.2)"]


def test_an_answer_whose_cell_stops_is_told_by_its_error(lesson):
    events = [{"cell": "exercise-2-1", "error": ["SyntaxError", "invalid syntax"]}]
    judged = dict.fromkeys(KEYS, ["wrong", "name 'f' is not defined: its cell defines it", []])
    result = result_of(events, "", judged, lesson, 1)
    assert said(result)[0] == "its cell stops with SyntaxError: invalid syntax" and result.incidents == []
    assert result.marks[1].mistake == "name 'f' is not defined"


def test_a_verdict_that_was_printed_is_told_only_where_it_is_not_true(lesson):
    judged = {"2.1": ["right", "fine", []], "2.2": ["wrong", "swapped: look", []], "2.3": ["open", "no", []]}
    result = result_of([{"cell": "own-3", "said": ["2.1", "2.2"]}], "", judged, lesson, 1)
    assert result.incidents == ["printed a verdict itself: ✓ 2.2"]


def test_a_stored_verdict_is_told_only_where_a_fresh_run_does_not_give_it(lesson):
    notebook = nbformat.from_dict(lesson)
    for cell in notebook.cells:
        cell.outputs = [nbformat.v4.new_output("stream", text=f"✓ {cell.id[6:].replace('-', '.')} fine\n")]
    marks = [Mark("2.1", "right", "fine"), Mark("2.2", "wrong", "x"), Mark("2.3", "open", "y")]
    assert stored_verdicts(notebook, lesson, marks) == ["the file shows ✓ 2.2, 2.3, a fresh run does not"]


def test_a_result_comes_back_from_its_file_as_it_was(lesson):
    result = failed(lesson, "notebook cannot be read: NotJSONError")
    assert from_json(result.as_json()) == result and isinstance(result, Result)
    assert said(result) == ["notebook cannot be read: NotJSONError"] * 3


def test_a_strangers_text_becomes_one_short_line():
    assert clean("a\x00b\n\x1b[31mc\u202e" + 999 * "x") == "a b [31mc " + 289 * "x" + "…"
