"""pytest --nbval compares check cells with the course, whatever the learner's file holds."""

import shutil

import nbformat
import pytest

from utils.course.execute import execute

CHECKS = {"check 7.1", "check 7.2"}
WRONG = "def half(number):\n    return number / 3"


def typed(notebook, cell_id, source):
    """A notebook with something typed into a cell."""
    next(cell for cell in notebook.cells if cell.id == cell_id).source = source
    return notebook


def marked(notebook):
    """A notebook whose checks are marked so that plain nbval would let them pass."""
    marks = {
        "check-7-1": ("nbval-skip", "# NBVAL_SKIP"),
        "check-7-2": ("raises-exception", "# NBVAL_RAISES_EXCEPTION"),
    }
    for cell in notebook.cells:
        if cell.id in marks:
            tag, comment = marks[cell.id]
            cell.metadata["tags"] = ["check", tag, "nbval-ignore-output"]
            cell.source, cell.execution_count = f"{comment}\n{cell.source}", None
    return notebook


def without(notebook, cell_id):
    """A notebook that lost a cell."""
    notebook.cells = [cell for cell in notebook.cells if cell.id != cell_id]
    return notebook


def with_new_ids(notebook):
    """A notebook saved by an editor that makes its own cell ids."""
    for number, cell in enumerate(notebook.cells):
        cell.id = f"new-{number}"
    return notebook


def hand_in(course):
    """Everything that is graded below, each in a folder of its own."""

    def fresh():
        return course.read("notebooks")

    def solved():
        return course.solve(fresh())

    saved = typed(solved(), "exercise-7-1", WRONG)
    saved.cells = [cell for cell in saved.cells if "object()" not in cell.source]  # another address each time
    execute(saved, course.root)
    listing = fresh().cells[2].id
    no_longer_broken = "LIMITS = {'high': 9}\n\ndef root(number):\n    return 1"
    draft = fresh().cells[9].id
    yield "unsolved", fresh()
    yield "solved", solved()
    yield "saved", saved
    yield "marked", marked(fresh())
    yield "removed", typed(without(solved(), "check-7-1"), draft, "# repaired\nroot(1)")
    yield "new_ids", with_new_ids(solved())
    forged = typed(fresh(), "check-7-2", 'print("✓ 7.2 well done")')
    yield "error", typed(forged, "exercise-7-1", "1 / 0")
    yield "dead", typed(fresh(), "exercise-7-1", "import os\nos._exit(1)")
    yield "unbroken", typed(solved(), listing, no_longer_broken)


@pytest.fixture(scope="module")
def graded(built_once, tmp_path_factory):
    """All of them graded at once, from a folder that is not the course's."""
    folder = tmp_path_factory.mktemp("class")
    shutil.copytree(built_once.root, folder / "course")
    course = type(built_once)(folder / "course")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(course.root))
        for name, notebook in hand_in(course):
            course.write(notebook, f"handed_in/{name}/07_tiny.ipynb")
    shutil.copy(course.root / "handed_in/saved/07_tiny.ipynb", folder)  # where no course is above it
    other = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print(1)", id="one")])
    other.cells[0].update(execution_count=1, outputs=[nbformat.v4.new_output("stream", text="2\n")])
    course.write(other, "handed_in/other/other.ipynb")

    unfinished = course.read("solutions")  # a course whose solved notebook was never executed
    for cell in unfinished.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    course.write(unfinished, "unfinished/solutions/07_tiny.ipynb")
    course.write(course.read("notebooks"), "unfinished/notebooks/07_tiny.ipynb")
    targets = ["handed_in", "solutions", "unfinished/notebooks"]
    return course.grade(*(course.root / target for target in targets), "07_tiny.ipynb", cwd=folder)


def test_unsolved_fails_exactly_at_its_check_cells_and_reads_in_two_lines(graded):
    assert graded.failed("unsolved") == CHECKS
    assert len(graded.outcomes("unsolved")) == 9
    words = graded.text("unsolved", "check 7.1")
    assert words == "· 7.1 not attempted yet\n  expected: ✓ 7.1 well done"


def test_solved_passes(graded):
    assert graded.failed("solved") == set() and graded.outcomes("solved").keys() >= CHECKS
    assert graded.failed("solutions") == set() and graded.outcomes("solutions").keys() >= CHECKS


def test_a_wrong_answer_executed_and_saved_in_place_fails_exactly_there(graded):
    assert graded.failed("saved") == {"check 7.1"}
    words = graded.text("saved", "check 7.1")
    assert words == "✗ 7.1 wrong number: look at the factor\n  expected: ✓ 7.1 well done"


def test_plain_nbval_lets_that_file_pass(graded):
    alone = {name: outcome for outcome, path, name in graded.found if path.count("/") == 0}
    assert len(alone) == 8 and set(alone.values()) == {"PASSED"}


def test_marks_in_a_check_cell_are_not_honoured(graded):
    assert graded.failed("marked") == CHECKS
    assert set(graded.outcomes("marked").values()) == {"PASSED", "FAILED"}


def test_a_check_cell_that_was_rewritten_is_the_courses_again(graded):
    assert graded.text("error", "check 7.2").startswith("· 7.2 not attempted yet\n")


def test_a_removed_check_cell_is_reported_by_name_and_the_others_are_still_graded(graded):
    assert graded.failed("removed") == {"check 7.1"}
    assert graded.outcomes("removed")["check 7.2"] == "PASSED"
    words = graded.text("removed", "check 7.1")
    assert words == '✗ 7.1 its check cell was removed\n  expected: a cell with half = check("7.1", half)'


def test_check_cells_that_lost_their_ids_are_found_by_what_they_check(graded):
    assert graded.failed("new_ids") == set() and graded.outcomes("new_ids").keys() >= CHECKS


def test_an_answer_that_raises_is_named_in_one_line(graded):
    assert graded.failed("error") == CHECKS | {"Cell 3", "Cell 5"}
    assert graded.text("error", "check 7.1").startswith("✗ 7.1 NameError: name 'half' is not defined\n")
    assert "\x1b" not in graded.text("error", "Cell 3")


def test_a_dead_kernel_is_noticed_at_once(graded):
    assert graded.failed("dead") >= CHECKS | {"Cell 3"}
    assert "the kernel died" in graded.text("dead", "Cell 3")


def test_a_broken_draft_must_raise_until_the_learner_repairs_it(graded):
    assert graded.failed("unbroken") == {"Cell 8"}
    assert "meant to raise" in graded.text("unbroken", "Cell 8")
    assert graded.outcomes("removed")["Cell 7"] == "PASSED"  # there the draft was repaired


def test_a_course_that_was_not_executed_passes_nobody(graded):
    assert graded.failed("unfinished") == CHECKS
    assert "the course has no expected line" in graded.text("unfinished/notebooks", "check 7.1")


def test_another_notebook_stays_with_plain_nbval(graded):
    assert graded.outcomes("other") == {"Cell 0": "FAILED"}
    assert "mismatch 'stdout'" in graded.text("other", "Cell 0")


def test_after_a_time_out_every_later_check_still_counts(built):
    built.write(typed(built.read("notebooks"), "exercise-7-1", "while True:\n    pass"))
    graded = built.grade("notebooks", further=["--nbval-cell-timeout", "2"])
    assert graded.code == 1 and graded.failed() >= CHECKS | {"Cell 3"}
    assert set(graded.outcomes().values()) == {"PASSED", "FAILED"}  # no xfail, no xpass
