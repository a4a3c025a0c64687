"""What is run holds the learner's answers and the course's checks, whatever the file holds."""

from utils.course.grading.fresh_copy import fresh_copy
from utils.course.needed_cells import as_python

CHECK = 'scale_images = check("0.1", scale_images)'


def sources(notebook):
    """The sources of a notebook by cell id."""
    return {cell.id: cell.source for cell in notebook.cells}


def test_only_what_a_check_needs_or_the_learner_wrote_is_run(handed_in, solved):
    copy, remarks = fresh_copy(handed_in("def scale_images(images): ...", after="mine = 1"), solved)
    found = sources(copy)
    assert [cell.metadata.tags for cell in copy.cells] == [["setup"], ["setup"], ["exercise"], ["check"], []]
    assert found["check-0-1"] == CHECK and "mine = 1" in found.values() and remarks == []
    assert not any("predict_minutes" in source or "train(" in source for source in found.values())
    assert all(cell.outputs == [] for cell in copy.cells)


def test_a_rewritten_check_is_the_courses_again_and_is_told(handed_in, solved):
    copy, remarks = fresh_copy(handed_in(check="print('✓ 0.1 fine')"), solved)
    assert sources(copy)["check-0-1"] == CHECK and remarks == ["the check cell of 0.1 was rewritten"]


def test_a_removed_check_is_put_back_behind_its_exercise(handed_in, solved):
    notebook = handed_in(after="late = 1")
    notebook.cells = [cell for cell in notebook.cells if cell.id != "check-0-1"]
    copy, remarks = fresh_copy(notebook, solved)
    ids = [cell.id for cell in copy.cells]
    assert ids.index("check-0-1") == ids.index("exercise-0-1") + 1 == len(ids) - 2
    assert remarks == ["the check cell of 0.1 was removed"]


def test_a_cell_that_was_copied_keeps_ids_apart(handed_in, solved):
    notebook = handed_in()
    notebook.cells += [cell.copy() for cell in notebook.cells if cell.id == "exercise-0-1"]
    ids = [cell.id for cell in fresh_copy(notebook, solved)[0].cells]
    assert len(set(ids)) == len(ids)


def test_marks_of_the_learner_that_would_skip_a_cell_are_gone(handed_in, solved):
    notebook = handed_in()
    for cell in notebook.cells:
        cell.metadata["tags"] = ["nbval-skip"]
    assert "nbval-skip" not in str(fresh_copy(notebook, solved)[0])


def test_ipython_lines_are_python_too_and_nonsense_is_none():
    assert "run_line_magic" in as_python("%matplotlib inline\nx = 1")
    assert as_python("def f(:") is None
