"""The pytest plugin of one graded run: nbval runs the cells, and a line of JSON tells of each as it ends.

Nothing is decided here. The kernel may say what it likes; utils.course.grading.judge decides.
"""

import ast
import json
import os
import re
import threading
from collections import deque
from pathlib import Path
from queue import Empty

import pytest

from utils.course.graded_cells import CourseNotebook, PlainCell, exercise_id
from utils.course.grading import fingerprint
from utils.course.grading.namespace import open_loopback
from utils.course.lesson_source import COURSE
from utils.course.outputs import printed
from utils.exercises.witness import SIGHTING

EVENTS, SEED, LIBRARY_COPY = (f"COURSE_GRADING_{name}" for name in ("EVENTS", "SEED", "LIBRARY"))
MOST_TEXT, MOST_OUTPUT = 1_000_000, 100_000_000  # bytes of one run: printed, and with pictures
VERDICT = re.compile(r"^✓ (\d+\.\d+) ", re.MULTILINE)
LIBRARY = "application/vnd.product-image-course.library+json"
TELL_OF_LIBRARY = """\
try:
    {check}
finally:
    exec({source!r} + "\\nfrom IPython.display import display"
         + "\\ndisplay({{{kind!r}: fingerprint()}}, raw=True)", {{"__name__": "fingerprint"}})
"""


def pytest_configure(config):
    """Take what the grader says out of the environment; the kernel gets a copy of the library to spoil."""
    config.events, config.seed = Path(os.environ.pop(EVENTS)), int(os.environ.pop(SEED))
    os.environ["PYTHONPATH"] = os.environ.pop(LIBRARY_COPY)
    open_loopback()
    threading.Thread(target=end_with_the_grader, daemon=True).start()


def end_with_the_grader():
    """The grader holds the other end of stdin: when it is killed, this run ends, and its kernel with it."""
    while os.read(0, 1):
        pass
    os._exit(1)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    """Run the one notebook that the grader has made, in the place of nbval's own view of it."""
    yield
    solved = COURSE.solutions / file_path.name
    return [WitnessedNotebook.from_parent(parent, path=file_path, solved=solved)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Write down what came of a cell; at once, for the next one may be the last."""
    report = yield
    if call.when != "call" and report.passed:
        return report
    event = {"cell": item.cell.id, "seconds": round(report.duration, 3)}
    outputs = item.test_outputs or []
    errors = [output for output in outputs if output.output_type == "error"]
    said = str(call.excinfo.value)[:1000] if call.excinfo else ""
    if errors and not said.startswith("Timeout"):
        event["error"] = [str(errors[0].ename), str(errors[0].evalue)[:1000]]
    elif call.excinfo:
        event["error"] = ["", said]
    if isinstance(item, WitnessCell):
        event["exercise"] = item.exercise
        for output in outputs:
            shown = output.get("data", {})
            event |= {
                name: shown[kind]
                for name, kind in (("sighting", SIGHTING), ("library", LIBRARY))
                if kind in shown
            }
    else:
        event["said"] = sorted(set(VERDICT.findall(printed(outputs))))
    with item.config.events.open("a", encoding="utf-8") as file:
        file.write(json.dumps(event) + "\n")
    return report


class WitnessedNotebook(CourseNotebook):
    """A notebook whose checks say what they see, and whose output has an end."""

    def _check_item(self, number, cell):
        exercise, cell = exercise_id(cell), cell.copy()
        cell.update(source=witness_source(cell.source, self.config.seed), outputs=[], execution_count=None)
        options = dict.fromkeys(("skip", "check", "check_exception"), False)
        name = f"check {exercise}"
        item = WitnessCell.from_parent(self, name=name, cell_num=number, cell=cell, options=options)
        item.exercise = exercise
        return item

    def setup(self):
        """Start the kernel, and read what it prints while a cell runs, so that a flood is noticed at once."""
        super().setup()
        get, waiting, size = self.kernel.get_message, deque(), {"text": 0, "all": 0}

        def counted(message):
            content = message["content"]
            size["all"] += sum(len(str(part)) for part in (content.get("data") or {}).values())
            if message["msg_type"] == "stream":
                size["text"] += len(content["text"])
                size["all"] += len(content["text"])
            for kind, most in (("text", MOST_TEXT), ("all", MOST_OUTPUT)):
                if size[kind] > most:
                    self.kernel.stop()
                    raise RuntimeError(f"printed more than {most / 1e6:.0f} MB")
            return message

        def get_message(stream, timeout=None):
            if stream == "iopub":
                return waiting.popleft() if waiting else counted(get("iopub", timeout))
            try:
                while True:
                    waiting.append(counted(get("iopub", 0)))
            except Empty:
                return get(stream, timeout)

        self.kernel.get_message = get_message


class WitnessCell(PlainCell):
    """A check cell that says what it sees of the answer and what library it was seen with."""


def witness_source(source, seed):
    """The course's check cell, with a witness in the place of the check."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "check":
            key, attempt = node.args
            node.func = (
                ast.parse("__import__('utils.exercises.witness', fromlist=['x']).witness").body[0].value
            )
            node.args = [ast.Constant(seed), key, ast.parse(f"lambda: {ast.unparse(attempt)}").body[0].value]
    text = Path(fingerprint.__file__).read_text(encoding="utf-8")
    return TELL_OF_LIBRARY.format(check=ast.unparse(tree), source=text, kind=LIBRARY)
