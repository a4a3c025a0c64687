"""Runs a command with an end to its time and its memory, and ends with it whatever it has started."""

import contextlib
import os
import signal
import subprocess
import time
import uuid

import psutil

LOOK = 0.2  # seconds between two looks; in these the fastest computer fills less than 3 GB
MARK = "COURSE_GRADING_RUN"  # in the environment of all that a run starts, so that strays are found


def run_limited(command, *, seconds, gigabytes, environment, folder, errors, stopped):
    """Run a command in a folder; returns why it was ended, or "". `errors` is a file for its stderr.

    `stopped` is asked for a reason to end at once, such as Ctrl-C.
    """
    mark = uuid.uuid4().hex
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,  # nothing is ever said: its end tells the run that the grader is gone
        stdout=subprocess.DEVNULL,
        stderr=errors,
        cwd=folder,
        env={**environment, MARK: mark},
        start_new_session=True,
    )
    begin, why = time.monotonic(), ""
    try:
        while process.poll() is None and not why:
            time.sleep(LOOK)
            if stopped():
                why = "interrupted"
            elif time.monotonic() - begin > seconds:
                why = f"stopped after {seconds:g} s"
            elif memory_of(process.pid) > gigabytes * 1e9:
                why = f"took more than {gigabytes:g} GB"
    finally:
        end(process, mark)
    return why


def memory_of(pid):
    """Bytes of memory that a process and all its descendants hold."""
    total = 0
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        for each in (process, *process.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                total += each.memory_info().rss
    return total


def end(process, mark):
    """End a process, its group, its descendants, and what has left them."""
    with contextlib.suppress(psutil.Error):
        for child in psutil.Process(process.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                child.kill()
    if hasattr(os, "killpg"):
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.stdin.close()
    process.wait()
    for stray in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if stray.environ().get(MARK) == mark:
                stray.kill()
