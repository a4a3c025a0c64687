"""Runs a learner's notebook under nbval: check cells come from the course, the rest is only run."""

import json
import re
import time
from collections import defaultdict
from queue import Empty

import nbformat
import pytest
from nbval.plugin import IPyNbCell, IPyNbFile, NbCellError

from utils.course.lesson_source import COURSE
from utils.course.outputs import ANSI, printed

CHECK_CALL = re.compile(r"""\bcheck\(\s*["']([^"']+)["']""")

SKIP = re.compile(r"^\s*#\s*NBVAL_SKIP\s*$", re.MULTILINE)


def find_solved(path, course=COURSE):
    """The solved notebook a notebook is graded by: solutions/ of a folder above it, or the course's own."""
    for folder in path.resolve().parents:
        solved = folder / "solutions" / path.name
        if solved.is_file():
            return solved
    solved = course.solutions / path.name
    if not solved.is_file():
        return None
    return solved if _cell_ids(solved) & _cell_ids(path) else None  # a copy handed in, or just the same name


def _cell_ids(path):
    try:
        return {cell.get("id") for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]} - {None}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return set()


class CourseNotebook(IPyNbFile):
    """A notebook of the course; yields one item per code cell, and one per check cell that is gone."""

    def __init__(self, *, solved, **further):
        super().__init__(**further)
        self.solved = solved
        self.skip_compare += ("stderr",)  # TensorFlow's log lines reach Jupyter, but not nbval

    def collect(self):
        """Take source and expected output of each check cell from the course, by cell id."""
        self.nb = self._read_learner()
        course_cells = {cell.id: cell for cell in nbformat.read(self.solved, as_version=4).cells}
        checks = {key: cell for key, cell in course_cells.items() if "check" in cell.metadata.get("tags", [])}
        code = [cell for cell in self.nb.cells if cell.cell_type == "code"]
        taken = match_checks(code, checks)
        for number, cell in enumerate(code):
            if number in taken:
                yield self._check_item(number, checks[taken[number]])
            else:
                yield self._plain_item(number, cell, course_cells.get(cell.get("id")))
        for key, cell in checks.items():
            if key not in taken.values():
                yield MissingCheck.from_parent(self, name=f"check {exercise_id(cell)}", source=cell.source)

    def _read_learner(self):
        try:
            return nbformat.read(self.path, as_version=4)
        except Exception as error:  # nbformat raises a dozen kinds
            raise self.CollectError(
                f"{self.path.name} must be a whole notebook. Received: {type(error).__name__}. Most likely "
                "fix: take the last state that Jupyter kept (.ipynb_checkpoints beside it), or a fresh copy"
            ) from None

    def _check_item(self, number, cell):
        options = defaultdict(bool, check=True)
        name = f"check {exercise_id(cell)}"
        return CheckCell.from_parent(self, name=name, cell_num=number, cell=cell, options=options)

    def _plain_item(self, number, cell, original):
        is_skipped = "nbval-skip" in cell.metadata.get("tags", []) or SKIP.search(cell.source)
        tags = cell.metadata.get("tags", []) if original is None else original.metadata.get("tags", [])
        is_broken = "broken" in tags
        options = defaultdict(bool, skip=bool(is_skipped), check_exception=is_broken)
        cell.update(outputs=[], execution_count=None)
        item = PlainCell.from_parent(self, name=f"Cell {number}", cell_num=number, cell=cell, options=options)
        item.must_raise = is_broken and original is not None and cell.source == original.source
        return item

    def setup(self):
        """Start the kernel; a kernel that dies is noticed at once, not when the cell's time is over."""
        super().setup()
        await_reply = self.kernel.await_reply

        def await_living_reply(msg_id, timeout=None):
            end = time.monotonic() + (timeout or float("inf"))
            while True:
                try:
                    return await_reply(msg_id, timeout=max(0.01, min(1, end - time.monotonic())))
                except Empty:
                    if not self.kernel.is_alive():
                        raise RuntimeError("the kernel died. Most likely cause: out of memory") from None
                    if time.monotonic() >= end:
                        raise

        self.kernel.await_reply = await_living_reply


def exercise_id(cell):
    """The id that a check cell checks."""
    found = CHECK_CALL.search(cell.source)
    return found[1] if found else cell.id


def match_checks(code, checks):
    """Position in the notebook -> id of the check cell that stands there; by id, else by what it checks."""
    taken = {at: cell["id"] for at, cell in enumerate(code) if cell.get("id") in checks}
    for key, cell in checks.items():
        if key in taken.values():
            continue
        for at, candidate in enumerate(code):  # an editor without cell ids, or a cell that was pasted anew
            if at not in taken and exercise_id(cell) in CHECK_CALL.findall(candidate.source):
                taken[at] = key
                break
    return taken


class PlainCell(IPyNbCell):
    """A cell that is run and not compared."""

    must_raise = False

    def setup(self):
        """After a time-out go on and say honestly what happens: nbval would call later failures expected."""
        self.parent.timed_out = False

    def runtest(self):
        """Run the cell; a draft that must fail has to fail as long as nobody repaired it."""
        super().runtest()
        if self.must_raise and not any(output.output_type == "error" for output in self.test_outputs):
            self.raise_cell_error("This draft is meant to raise an error, and it ran to its end")

    def repr_failure(self, excinfo):
        """nbval's report without the colours that no log file shows."""
        if not isinstance(excinfo.value, NbCellError):
            return f"{self.name}: {excinfo.value}"
        return ANSI.sub("", super().repr_failure(excinfo))

    def reportinfo(self):
        """The heading of the report."""
        return self.path, 0, self.nodeid


class CheckCell(PlainCell):
    """A check cell: source and expected line are the course's."""

    def runtest(self):
        """Run the check; without an expected line it would pass whatever comes, so that is a failure."""
        if not printed(self.cell.outputs).strip() or self.cell.execution_count is None:
            raise RuntimeError(
                "the course has no expected line. Most likely fix: python -m utils.course build"
            )
        super().runtest()

    def repr_failure(self, excinfo):
        """Two lines: what came, what was expected."""
        outputs = self.test_outputs or []
        key, expected = exercise_id(self.cell), printed(self.cell.outputs).strip()
        errors = [output for output in outputs if output.output_type == "error"]
        if errors:
            came = f"✗ {key} {errors[0].ename}: {errors[0].evalue}"
        elif printed(outputs).strip() and isinstance(excinfo.value, NbCellError):
            came = printed(outputs).strip().splitlines()[0]
        else:
            came = f"✗ {key} {excinfo.value}"
        return f"{came}\n  expected: {expected}"


class MissingCheck(pytest.Item):
    """A check cell that is gone from the learner's notebook."""

    def __init__(self, *, source, **further):
        super().__init__(**further)
        self.source = source

    def runtest(self):
        """Fail: an exercise that is not checked is not solved."""
        raise LookupError(self.name)

    def repr_failure(self, excinfo):
        """Two lines: what is gone, how it comes back."""
        key = self.name.removeprefix("check ")
        return f"✗ {key} its check cell was removed\n  expected: a cell with {self.source}"

    def reportinfo(self):
        """The heading of the report."""
        return self.path, 0, self.nodeid
