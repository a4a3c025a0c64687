"""A learner's JupyterLab in a real Chromium: start it, open a notebook, run it, look at it."""

import json
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--disable-sync",
]
STATE = """() => {
    const panel = window.jupyterapp?.shell.currentWidget;
    const cells = panel?.content?.model ? [...panel.content.model.cells] : [];
    const code = cells.filter(cell => cell.type === 'code' && cell.sharedModel.getSource().trim());
    return {
        status: panel?.sessionContext?.session?.kernel?.status ?? 'none',
        last: code.length ? code[code.length - 1].executionCount : null,
        cells: code.map(cell => ({
            id: cell.id,
            source: cell.sharedModel.getSource(),
            tags: cell.getMetadata('tags') ?? [],
            count: cell.executionCount,
            outputs: cell.outputs.toJSON(),
        })),
    };
}"""
FIND = """async id => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    const at = notebook.widgets.findIndex(cell => cell.model.id === id);
    if (at < 0) throw new Error(`no cell ${id}`);
    notebook.activeCellIndex = at;
    await notebook.scrollToItem(at, 'center');
    return at;
}"""
END_KERNELS = "async () => { await window.jupyterapp?.serviceManager.sessions.shutdownAll(); }"


class Lab:
    """One browser page on one running JupyterLab."""

    def __init__(self, page, address, pictures):
        self.page, self.pictures = page, pictures
        self.base, self.token = re.match(r"(http://[^/]+)/.*token=(\w+)", address).groups()
        self.errors, self.foreign = [], []  # console errors; requests that leave this machine
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        page.on("request", lambda request: self._remember(request.url))

    def _remember(self, url):
        if not url.startswith((self.base, self.base.replace("http", "ws"), "data:", "blob:")):
            self.foreign.append(url)

    def open(self, path):
        """Open a notebook in an empty workspace and wait until its kernel answers; returns the page."""
        return self.go(f"{self.base}/lab/tree/{path}?reset&token={self.token}")

    def go(self, address):
        """Go to an address of Lab and wait until the kernel of its notebook answers; returns the page."""
        self.page.goto(address)
        self.page.wait_for_selector(".jp-Notebook .jp-Cell")
        self.page.get_by_text("(ipykernel) | Idle").wait_for()
        return self.page

    def run_all(self, timeout=300):
        """Click Run, Run All Cells, and wait until the kernel rests; returns the page."""
        before = self.state()["last"]
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_text("Run All Cells", exact=True).click()
        end = time.monotonic() + 10
        while time.monotonic() < end:
            state = self.state()
            if state["status"] != "idle" or state["last"] != before:
                break
            self.page.wait_for_timeout(50)
        page, waiting, patience = self.wait_idle(timeout), self.cells_not_run(), 4
        while waiting and patience and not set(self.cells_with_errors()) - set(self.broken_cells()):
            page.wait_for_timeout(5_000)  # a first widget loads its code, and the kernel rests meanwhile
            page, before, waiting = self.wait_idle(timeout), waiting, self.cells_not_run()
            patience = patience - 1 if waiting == before else 4
        return page

    def run_lesson(self, path, errors):
        """Open a lesson and run it to its end: each cell in order, and only the broken ones raise."""
        self.open(path)
        self.run_all()
        cells, broken = self.state()["cells"], self.broken_cells()
        assert [cell["count"] for cell in cells] == list(range(1, len(cells) + 1)), "each cell ran, in order"
        assert self.cells_with_errors() == broken and len(broken) == errors
        if os.environ.get("SCREENSHOTS"):  # all of it, to be looked at
            for at, cell in enumerate(cells):
                self.find(cell["id"])
                self.screenshot(f"{Path(path).stem[:2]}_{at:02d}")

    def cells_not_run(self):
        """Return how many cells of code have not been run."""
        return sum(cell["count"] is None for cell in self.state()["cells"])

    def broken_cells(self):
        """Return the ids of the cells that are meant to raise."""
        return [cell["id"] for cell in self.state()["cells"] if "broken" in cell["tags"]]

    def wait_idle(self, timeout=300, quiet=1.5):
        """Wait until the kernel has had nothing to do for a moment; returns the page."""
        end, since = time.monotonic() + timeout, None
        while time.monotonic() < end:
            if self.state()["status"] != "idle":
                since = None
            elif since is None:
                since = time.monotonic()
            elif time.monotonic() - since >= quiet:
                return self.page
            self.page.wait_for_timeout(100)
        raise TimeoutError(f"the kernel was still busy after {timeout} s; see {self.screenshot('busy')}")

    def state(self):
        """Kernel status and, per code cell, id, execution count and outputs, as Lab itself has them."""
        return self.page.evaluate(STATE)

    def outputs(self, cell_id):
        """The outputs of one cell; those scrolled out of sight too."""
        return next(cell["outputs"] for cell in self.state()["cells"] if cell["id"] == cell_id)

    def cell_with(self, source):
        """The id of the only cell with these words: ids of cells change with their text."""
        found = [cell["id"] for cell in self.state()["cells"] if source in cell["source"]]
        assert len(found) == 1, f"{len(found)} cells with {source!r}"
        return found[0]

    def said(self, cell_id):
        """What a cell has printed."""
        return "".join(output.get("text", "") for output in self.outputs(cell_id))

    def pictures_of(self, cell_id):
        """The pictures below a cell, as dicts of mime types."""
        bundles = [output.get("data", {}) for output in self.outputs(cell_id)]
        return [bundle for bundle in bundles if any(kind.startswith("image/") for kind in bundle)]

    def cells_with_errors(self):
        """The ids of the cells that show an error."""
        cells = self.state()["cells"]
        return [cell["id"] for cell in cells if any(out["output_type"] == "error" for out in cell["outputs"])]

    def find(self, cell_id):
        """Scroll to a cell, as a reader does, and return what of it is on the page."""
        at = self.page.evaluate(FIND, cell_id)
        cell = self.page.locator(f".jp-Cell[data-windowed-list-index='{at}']")
        cell.scroll_into_view_if_needed()
        return cell

    def type_answer(self, cell_id, answer, check_id):
        """Type over the last line of an answer, key by key, run it and the check below; returns its line."""
        self.find(cell_id).locator(".cm-line").last.click()
        self.page.keyboard.press("End")
        self.page.keyboard.press("Shift+Home")
        self.page.keyboard.type(answer)
        self.page.keyboard.press("Shift+Enter")  # runs it and goes on to the check
        before = self.count(check_id)
        self.page.keyboard.press("Shift+Enter")
        self.wait_run(check_id, before)
        return self.said(check_id)

    def start_new_cell(self, below, source):
        """Add a cell below another one, type into it and run it; returns its id."""
        self.find(below).locator(".jp-InputPrompt").click()  # command mode
        known = {cell["id"] for cell in self.state()["cells"]}
        self.page.keyboard.press("b")
        self.page.keyboard.press("Enter")
        self.page.keyboard.type(source)
        self.page.keyboard.press("Control+Enter")
        return next(cell["id"] for cell in self.state()["cells"] if cell["id"] not in known)

    def run_new_cell(self, below, source):
        """Add a cell below another one, type into it, run it to its end; returns what it prints."""
        made = self.start_new_cell(below, source)
        self.wait_run(made, None)
        return self.said(made)

    def save(self):
        """Save the notebook as Ctrl+S does."""
        self.page.keyboard.press("Control+s")
        self.page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")

    def count(self, cell_id):
        """The number in the brackets of a cell."""
        return next(cell["count"] for cell in self.state()["cells"] if cell["id"] == cell_id)

    def wait_run(self, cell_id, before, timeout=60):
        """Wait until a cell has run once more than it had before."""
        end = time.monotonic() + timeout
        while self.count(cell_id) in (None, before):
            if time.monotonic() > end:
                raise TimeoutError(f"cell {cell_id} did not run; see {self.screenshot('not_run')}")
            self.page.wait_for_timeout(50)

    def end_kernels(self):
        """Shut every kernel down, so that the next test begins as a learner does, and memory is free."""
        self.page.evaluate(END_KERNELS)

    def screenshot(self, name):
        """Save what is seen now; returns the path. SCREENSHOTS names the folder to keep them in."""
        path = self.pictures / f"{name}.png"
        self.page.screenshot(path=path)
        return path


class Server:
    """python -m utils.course lab on a copy of the notebooks: Lab saves into what it opens."""

    def __init__(self, folder, root):
        environment = dict(os.environ)
        for name in ("JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR", "JUPYTER_CONFIG_DIR",
                     "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "COURSE_FOLDER"):  # fmt: skip
            environment[name] = str(folder / name.lower())
        environment.setdefault("COURSE_BUDGET", "smoke")
        environment.pop("PYTEST_CURRENT_TEST", None)
        flags = ["--no-browser", "--ip=127.0.0.1", f"--ServerApp.root_dir={root}"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "utils.course", "lab", *flags, "--LabApp.expose_app_in_browser=True"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            bufsize=1,
        )
        self.lines, arrived = [], queue.Queue()

        def read():
            for line in self.process.stdout:
                self.lines.append(line)
                arrived.put(line)

        self.reader = threading.Thread(target=read, daemon=True)
        self.reader.start()
        self.address = self._address(arrived)

    def _address(self, arrived, timeout=120):
        end = time.monotonic() + timeout
        while time.monotonic() < end and self.process.poll() is None:
            try:
                found = re.search(r"http://\S+", arrived.get(timeout=1))
            except queue.Empty:
                continue
            if found:
                return found[0]
        self.close()
        raise RuntimeError(f"lab did not start:\n{''.join(self.lines)}")

    def close(self):
        """End it as a terminal does."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.reader.join(5)
        self.process.stdout.close()


def notebook(*sources):
    """A notebook file's text with these code cells."""
    cells = [
        {"cell_type": "code", "id": f"cell-{at}", "metadata": {}, "source": source,
         "outputs": [], "execution_count": None}
        for at, source in enumerate(sources)
    ]  # fmt: skip
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps(
        {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    )


@pytest.fixture(scope="session")
def lab_root(tmp_path_factory):
    """A copy of notebooks/, with a tiny one beside them that a test can always open."""
    root = tmp_path_factory.mktemp("lab")
    if (ROOT / "notebooks").is_dir():
        shutil.copytree(ROOT / "notebooks", root / "notebooks")
    (root / "notebooks").mkdir(exist_ok=True)
    widget = "import ipywidgets\nipywidgets.interact(lambda n: print('square is', n * n), n=(0, 9));"
    (root / "notebooks" / "tiny.ipynb").write_text(notebook("print('answer', 6 * 7)", widget))
    return root


@pytest.fixture(scope="session")
def lab_server(lab_root, tmp_path_factory):
    """A running python -m utils.course lab."""
    server = Server(tmp_path_factory.mktemp("jupyter"), lab_root)
    yield server
    server.close()


@pytest.fixture(scope="module")  # Playwright keeps an event loop running, and the builder needs its own
def chromium():
    """A headless Chromium of this system."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        reason = "no chromium found: install it (Debian: apt install chromium)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, headless=True, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """A fresh page, like that of a laptop."""
    made = chromium.new_page(viewport={"width": 1280, "height": 900})
    made.set_default_timeout(60_000)
    yield made
    made.close()


@pytest.fixture
def lab(page, lab_server, tmp_path):
    """A learner's Lab: open(path), run_all(), outputs(cell_id), screenshot(name), errors, foreign."""
    pictures = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    pictures.mkdir(parents=True, exist_ok=True)
    made = Lab(page, lab_server.address, pictures)
    yield made
    made.end_kernels()
