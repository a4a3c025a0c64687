"""Runs one submission apart: a folder, a library and an environment of its own, and limits."""

import json
import os
import secrets
import shutil
import sys
import tempfile
from pathlib import Path

import nbformat

from utils.course.grading.limits import run_limited
from utils.course.grading.namespace import in_a_room
from utils.course.grading.witnessed import EVENTS, LIBRARY_COPY, SEED
from utils.course.lesson_source import COURSE

# All that a run gets to know of the teacher's environment; tokens and keys are not on the list.
TOLD = {
    "system": ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT"),
    "language": ("LANG", "LC_ALL", "LC_CTYPE", "TZ"),
    "size": ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "NUMBER_OF_PROCESSORS"),
    "data": ("PRODUCT_DATA",),
}
NO_NETWORK = dict.fromkeys(
    ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9"
)  # nobody listens there
NOT_STARTED = "could not be started"
MOST_TOLD = 200_000_000  # bytes of events that are read


def run_one(lesson, notebook, *, seconds, gigabytes, locked, stopped=lambda: False):
    """Run the fresh copy of a notebook; returns seed, events and why it ended early (or "").

    `locked` are folders that the run may read and not write, where the system can see to it.
    """
    seed = secrets.randbits(64)
    with tempfile.TemporaryDirectory(prefix="course-run-", ignore_cleanup_errors=True) as place:
        place = Path(place).resolve()
        work, events, errors = place / "work", place / "events.jsonl", place / "errors.txt"
        for name in ("work", "home", "temporary", "course"):
            (place / name).mkdir()
        library = place / "library"
        shutil.copytree(COURSE.root / "utils", library / "utils")
        copy = work / f"{lesson}.ipynb"
        copy.write_text(nbformat.writes(notebook), encoding="utf-8")
        command = [sys.executable, "-P", "-m", "pytest", "-q", "--capture=no", "-p", "no:cacheprovider"]
        command += [
            "-p",
            "utils.course.grading.witnessed",
            "-c",
            os.devnull,
            "--rootdir",
            str(work),
            "--nbval",
        ]
        command += ["--nbval-current-env", f"--nbval-cell-timeout={seconds / 3:g}", str(copy)]
        with errors.open("wb") as file:
            ended = run_limited(
                in_a_room(command, locked, writable=place),
                seconds=seconds,
                gigabytes=gigabytes,
                environment=environment(place, library) | {EVENTS: str(events), SEED: str(seed)},
                folder=work,
                errors=file,
                stopped=stopped,
            )
        told = read_events(events)
        if not ended and not told:
            said = errors.read_text("utf-8", "replace").strip().splitlines()[-1:]
            ended = f"{NOT_STARTED}: {said[0][:200] if said else 'no reason was given'}"
        if not copy.exists():
            told.append({"did": "deleted files in its folder"})
        return seed, told, ended


def environment(place, library):
    """What a run finds around it: folders of its own, the smallest budget, no network, no secrets."""
    told = {key: os.environ[key] for keys in TOLD.values() for key in keys if key in os.environ}
    mine = {
        "HOME": str(place / "home"),
        "USERPROFILE": str(place / "home"),
        "TMPDIR": str(place / "temporary"),
        "TEMP": str(place / "temporary"),
        "TMP": str(place / "temporary"),
        "COURSE_FOLDER": str(place / "course"),
        "IPYTHONDIR": str(place / "home" / "ipython"),
        "PYTHONPATH": str(COURSE.root),
        LIBRARY_COPY: str(library),
        "COURSE_BUDGET": "smoke",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "CUDA_VISIBLE_DEVICES": "",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    return told | mine | NO_NETWORK


def read_events(file):
    """All whole lines of the events; the last may be cut off by the end of the run."""
    events = []
    if file.exists():
        with file.open(encoding="utf-8") as lines:
            for line in lines.read(MOST_TOLD).splitlines():
                try:
                    event = json.loads(line)
                except (ValueError, RecursionError):
                    continue
                if isinstance(event, dict):
                    events.append(event)
    return events
