"""A run ends with its time or its memory, and all that it has started ends with it."""

import os
import sys
import time

import psutil
import pytest

from utils.course.grading.limits import run_limited

HOLD = "kept = b'x' * 200_000_000\nimport time\ntime.sleep(30)"
CHILD = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {HOLD!r}])"


def run(code, tmp_path, seconds=20.0, gigabytes=1.0, stopped=lambda: False):
    """Why a piece of Python was ended, and after how many seconds."""
    begin = time.monotonic()
    with (tmp_path / "errors").open("wb") as errors:
        why = run_limited(
            [sys.executable, "-c", code],
            seconds=seconds,
            gigabytes=gigabytes,
            environment=dict(os.environ),
            folder=tmp_path,
            errors=errors,
            stopped=stopped,
        )
    return why, time.monotonic() - begin


def test_what_ends_by_itself_has_no_reason(tmp_path):
    assert run("print('x' * 1_000_000)", tmp_path)[0] == ""


def test_the_end_of_the_time(tmp_path):
    why, took = run("while True:\n    import time; time.sleep(1)", tmp_path, seconds=1)
    assert why == "stopped after 1 s" and took < 10


@pytest.mark.parametrize("code", [HOLD, CHILD], ids=["itself", "its child"])
def test_the_end_of_the_memory(tmp_path, code):
    assert run(code, tmp_path, gigabytes=0.15)[0] == "took more than 0.15 GB"


def test_a_wish_to_stop_is_heard(tmp_path):
    why, took = run("import time; time.sleep(30)", tmp_path, stopped=lambda: True)
    assert why == "interrupted" and took < 10


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no sessions to leave")
def test_a_process_that_leaves_its_family_ends_too(tmp_path):
    """Killing the group alone would leave it running."""
    code = (
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        "        open('stray', 'w').write(str(os.getpid()))\n        time.sleep(60)\n    os._exit(0)\n"
        "while not os.path.exists('stray') or not open('stray').read():\n    time.sleep(0.05)"
    )
    assert run(code, tmp_path)[0] == ""
    stray = int((tmp_path / "stray").read_text())
    gone = time.monotonic() + 5
    while psutil.pid_exists(stray) and psutil.Process(stray).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < gone
        time.sleep(0.05)
