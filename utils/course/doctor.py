"""python -m utils.course doctor: what a bug report needs, what is missing, and the cure."""

import importlib.metadata
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

from utils.course.lesson_source import COURSE

SHOWN = ("tensorflow", "keras", "numpy", "jupyterlab", "nbval")
FASHION_FILES = tuple(
    f"fashion-mnist/{part}-{kind}-ubyte.gz"
    for part in ("train", "t10k")
    for kind in ("images-idx3", "labels-idx1")
)
INSTALL = "pip install -r requirements.txt, with the Python of the course"


def doctor(course=COURSE, say=print):
    """Print the report; returns 1 when something needed is missing, else 0."""
    from utils.course.doctor_devices import devices

    findings = [
        *_machine(),
        *_packages(course),
        *devices(course),
        *_data(),
        *_course_files(course),
        _budget(),
    ]
    say("What a bug report needs")
    for name, value, _ in findings:
        say(f"  {name:<16} {value}")
    cures = [(name, cure) for name, _, cure in findings if cure]
    say("")
    for name, (needed, text) in cures:
        say(f"{'✗ missing' if needed else '· optional'}: {name}. Cure: {text}")
    missing = sum(needed for _, (needed, _) in cures)
    say("Nothing needed is missing." if not missing else f"{missing} thing(s) needed are missing.")
    return 1 if missing else 0


def _needed(text):
    return (True, text)


def _optional(text):
    return (False, text)


def _machine():
    """Finding = (name, value, None or (is needed, cure))."""
    yield "system", f"{platform.system()} {platform.release()} {platform.machine()}", None
    good = (3, 11) <= sys.version_info[:2] <= (3, 13)
    cure = None if good else _needed("install Python 3.11, 3.12 or 3.13 and make the environment anew")
    yield "python", f"{platform.python_version()} ({sys.executable})", cure
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    yield "cpu cores", f"{count}", None
    try:
        import psutil

        memory = psutil.virtual_memory()
        low = memory.available < 3e9
        cure = _optional("close other programs: lessons take up to 3 GB") if low else None
        yield "memory", f"{memory.available / 1e9:.1f} of {memory.total / 1e9:.1f} GB free", cure
    except ImportError:
        yield "memory", "unknown", _needed(INSTALL)


def _packages(course):
    """Installed versions against the pins."""
    pins = read_pins(course.root / "requirements.txt")
    yield "course", f"{_version('product-image-course') or 'not installed'}, commit {_commit(course)}", None
    different = []
    for name, pin in pins.items():
        version = _version(name)
        if version is None:
            yield name, f"not installed (course: {pin})", _needed(INSTALL)
            continue
        if version != pin:
            different.append(name)
        if name in SHOWN or version != pin:
            yield name, version + ("" if version == pin else f" (course: {pin})"), None
    if not pins:
        yield (
            "pins",
            f"{course.root / 'requirements.txt'} not found",
            _needed("take the course as a whole folder"),
        )
    elif different:
        yield "pins", f"{len(different)} differ: {', '.join(different)}", _optional(INSTALL)


def read_pins(file):
    """Package -> exact version, as requirements.txt says."""
    if not file.is_file():
        return {}
    lines = file.read_text(encoding="utf-8").splitlines()
    return dict(re.findall(r"^([\w.-]+)==(\S+)", "\n".join(lines), re.MULTILINE))


def _version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _commit(course):
    command = ["git", "-C", str(course.root), "describe", "--always", "--dirty"]
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    return done.stdout.strip() or "unknown"


def _data():
    """Pictures at hand, and room for more."""
    from utils.data.storage import course_folder

    try:
        folder = course_folder()
        writable, free = os.access(folder, os.W_OK), shutil.disk_usage(folder).free
    except OSError as error:
        yield "course folder", str(error), _needed("set COURSE_FOLDER to a folder you can write to")
        return
    cure = None if writable else _needed("set COURSE_FOLDER to a folder you can write to")
    yield "course folder", f"{folder}{'' if writable else ' (read-only)'}", cure
    cure = _optional("make room: downloads and checkpoints take up to 1 GB") if free < 1e9 else None
    yield "disk free", f"{free / 1e9:.1f} GB", cure
    given = os.environ.get("PRODUCT_DATA")
    if given and not Path(given).is_dir():
        yield (
            "PRODUCT_DATA",
            f"{given} is no folder",
            _needed("unset PRODUCT_DATA, or name an existing folder"),
        )
    elif given:
        yield "PRODUCT_DATA", given, None
    found = [name for name, here in _sources(given, folder).items() if here]
    yield "data found", ", ".join(["catalogue (built in)", *found]), None


def _sources(given, folder):
    """Source -> whether its pictures are on this machine."""
    given = Path(given) if given else folder / "nowhere"
    downloads = [path.name for path in folder.glob("downloads/**/*")]
    return {
        "fashion-mnist": all((given / name).is_file() for name in FASHION_FILES)
        or all(any(Path(name).name in got for got in downloads) for name in FASHION_FILES),
        "clothing-photos": (given / "clothing-photos").is_dir(),
    }


def _course_files(course):
    """Lessons that are there, and the first notebook."""
    count = len(list(course.notebooks.glob("[0-9][0-9]_*.ipynb")))
    cure = None if count else _needed("take the course as a whole folder, with notebooks/")
    yield "notebooks", f"{count} in {course.notebooks}", cure


def _budget():
    name = os.environ.get("COURSE_BUDGET", "")
    if name and name not in ("smoke", "cpu", "gpu"):
        return "COURSE_BUDGET", repr(name), _needed("set it to smoke, cpu or gpu, or unset it")
    return "budget", name or "by device: gpu where TensorFlow sees one, else cpu", None
