"""A build that is killed at every kind of moment and started again each time: run by test_kills.py.

Reading and comparing takes most of a build, so a kill at a random time would seldom meet a write. Here the
build stops for a moment in each of its file operations, writing in the middle of the file, and is killed
in one of them by lot.
"""

import itertools
import json
import os
import pathlib
import random
import signal
import sys
import time

from tests.course.conftest import TinyCourse
from utils.course.build import build_lesson
from utils.course.check import lesson_problems

PAUSE = 0.05  # seconds in each file operation; the kill comes at once
OPERATIONS = 24  # moments in two builds: three files each, two while writing one, two around its move
FILES = ("solutions/07_tiny.ipynb", "notebooks/07_tiny.ipynb")


def rebuild(course, text):
    """Give the lesson another text and build it as `build --text` does."""
    source = course.solutions / "07_tiny.py"
    half = source.with_name(".07_tiny.py.new")
    half.write_bytes(text)
    os.replace(half, source)
    build_lesson(source, course, text_only=True)
    return [(course.root / file).read_bytes() for file in FILES]


def stop_in_file_operations(told):
    """Let every write and move tell that it has begun, and wait there for the kill."""
    write, replace = pathlib.Path.write_bytes, os.replace

    def pause():
        os.write(told, b".")
        time.sleep(PAUSE)

    def slow_write(path, content):
        pause()
        write(path, content[: len(content) // 2])
        pause()
        return write(path, content)

    def slow_replace(source, target):
        pause()
        replace(source, target)
        pause()

    pathlib.Path.write_bytes, os.replace = slow_write, slow_replace


def one_life(course, texts, operation):
    """Build one text after the other in a process of its own, and kill it in one of its operations."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            stop_in_file_operations(theirs)
            for text in itertools.cycle(texts):
                rebuild(course, text)
        finally:
            os._exit(1)
    os.close(theirs)
    for _ in range(operation):
        os.read(ours, 1)
    os.kill(child, signal.SIGKILL)
    os.close(ours)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def version_of(content, versions):
    """Return which of the versions a file holds whole, or None."""
    return versions.index(content) if content in versions else None


def main(root, kills):
    """Print one line of JSON per kill: what the files are then, and after the next build."""
    lot, course = random.Random(0), TinyCourse(pathlib.Path(root))
    first = (course.solutions / "07_tiny.py").read_bytes()
    texts = [first, first + b"# %% [markdown]\n# Another text.\n"]
    built = [rebuild(course, text) for text in texts]
    clean = sorted(str(file) for file in course.root.rglob("*") if "__pycache__" not in file.parts)
    for _ in range(kills):
        code = one_life(course, texts, lot.randint(1, OPERATIONS))
        found = [(course.root / file).read_bytes() for file in FILES]
        which = [version_of(content, [one[at] for one in built]) for at, content in enumerate(found)]
        told = len(lesson_problems(course.solutions / "07_tiny.py", course))
        text = lot.randrange(2)
        again = rebuild(course, texts[text]) == built[text]
        left = [str(file) for file in course.root.rglob("*") if "__pycache__" not in file.parts]
        life = {"code": code, "which": which, "told": told, "again": again, "clean": sorted(left) == clean}
        print(json.dumps(life))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
