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
        cells: code.map(cell => ({id: cell.id, count: cell.executionCount, outputs: cell.outputs.toJSON()})),
    };
}"""


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
        self.page.goto(f"{self.base}/lab/tree/{path}?reset&token={self.token}")
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
        return self.wait_idle(timeout)

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


@pytest.fixture(scope="session")
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
    return Lab(page, lab_server.address, pictures)
