"""run leaves a notebook and a page with all pictures, whatever happens on the way."""

import re
import signal
import subprocess
import sys
import time

import nbformat
import pytest

from utils.course.run import run

PICTURE = """
# %%
import os
from IPython.display import display
print("budget", os.environ["COURSE_BUDGET"])
words = {"image/png": {"alt": "Ten <shirts>"}}
display({"image/png": "iVBORw0KGgo=", "text/plain": "x"}, metadata=words, raw=True)
"""


def test_run_leaves_an_executed_notebook_and_a_whole_page(course):
    said = []
    course.write_lesson(PICTURE)
    folder = course.root / "out"
    assert run("7", budget="smoke", output=folder, course=course, say=said.append) == 0
    notebook = nbformat.read(folder / "07_tiny.ipynb", as_version=4)
    assert notebook.cells[0].outputs[0].text == "budget smoke\n"
    page = (folder / "07_tiny.html").read_text(encoding="utf-8")
    assert 'src="data:image/png;base64,iVBORw0KGgo="' in page and 'alt="Ten &lt;shirts&gt;"' in page
    assert "require.min.js" not in page and "No description has been provided" not in page
    assert said == [str(folder / "07_tiny.ipynb"), str(folder / "07_tiny.html")]


def test_a_page_holds_its_equations_and_asks_nothing_of_the_network(course):
    from nbconvert import HTMLExporter

    asked = re.compile(r'(src|href)="(https?:)?//|import\("https?:|import .* from .https?:')
    course.write_lesson("# %% [markdown]\n# The price is $x^2$.\n\n" + PICTURE)
    run("7", budget="smoke", output=course.root / "out", course=course, say=lambda line: None)
    page = (course.root / "out" / "07_tiny.html").read_text(encoding="utf-8")
    assert 'alt="x^2" class="equation"' in page and not asked.search(page)
    text = (course.root / "out" / "07_tiny.ipynb").read_text(encoding="utf-8")
    assert "$x^2$" in text  # the notebook keeps what Jupyter draws by itself
    usual, _ = HTMLExporter().from_notebook_node(nbformat.reads(text, as_version=4))
    assert asked.search(usual)  # planted: nbconvert's own page asks


def test_a_failing_cell_is_named_and_both_files_are_still_left(course):
    said = []
    course.write_lesson("# %%\nprint('first')\n# %%\n1 / 0\n# %%\nprint('never')\n")
    assert run("07_tiny", course=course, say=said.append) == 1
    assert "solutions/07_tiny.py:16: the cell failed: ZeroDivisionError" in said[0]
    folder = course.root / "runs" / "07_tiny"
    notebook = nbformat.read(folder / "07_tiny.ipynb", as_version=4)
    assert notebook.cells[0].outputs[0].text == "first\n"
    assert notebook.cells[1].outputs[0].ename == "ZeroDivisionError"
    assert notebook.cells[2].execution_count is None
    assert "ZeroDivisionError" in (folder / "07_tiny.html").read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
def test_ctrl_c_reaches_the_training_cell_and_leaves_what_there_is(course):
    course.write_lesson(
        "# %%\nimport time\nopen('started', 'w').close()\ntry:\n    time.sleep(60)\n"
        "except KeyboardInterrupt:\n    print('model kept')\n# %%\nprint('never')\n"
    )
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from utils.course.lesson_source import Course\nfrom utils.course.run import run\n"
        "sys.exit(run('07', course=Course(Path(sys.argv[1]))))"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(course.root)], stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 60
        while not (course.notebooks / "started").exists() and time.monotonic() < end:
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
    finally:
        process.kill()
    notebook = nbformat.read(course.root / "runs/07_tiny/07_tiny.ipynb", as_version=4)
    assert notebook.cells[0].outputs[0].text == "model kept\n"
    assert notebook.cells[1].outputs == []
