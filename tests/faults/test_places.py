"""Folders with spaces and 中文, and a terminal that knows only ASCII."""

import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from utils.course.run import run
from utils.data import load_products
from utils.exercises.record import Record, add_to_record, load_record

NAME = "mein Kurs 中文"
PLAIN = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}  # ASCII, and nothing helps out


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A folder with a space and Chinese letters, which is the learner's too."""
    folder = tmp_path / NAME
    folder.mkdir()
    monkeypatch.setenv("COURSE_FOLDER", str(folder / "mein Ordner"))
    return folder


def test_catalogue_and_progress_live_there(home):
    first = load_products(count=5)
    assert len(list((home / "mein Ordner" / "cache").glob("*.npz"))) == 1
    np.testing.assert_array_equal(load_products(count=5).images, first.images)
    add_to_record("2.1", tries=1)
    assert load_record() == {"2.1": Record(1)} and (home / "mein Ordner" / "progress.sqlite").is_file()


def test_photos_are_read_from_there(home):
    for number in range(12):
        file = home / "meine Fotos" / "外套 rot" / f"é {number}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.full((40, 40, 3), 20 * number, np.uint8)).save(file)
    photos = load_products("photos", folder=home / "meine Fotos", image_size=16)
    assert photos.class_names == ("外套 rot",) and len(photos) > 0


def test_a_course_that_lies_there_is_built_and_run(home, monkeypatch):
    from tests.course.conftest import make_course
    from utils.course.build import build_lesson

    (home / "der Kurs").mkdir()
    course, said = make_course(home / "der Kurs"), []
    monkeypatch.setenv("PYTHONPATH", str(course.root))
    files, _ = build_lesson(course.write_lesson(), course)
    assert all(NAME not in file.read_text(encoding="utf-8") for file in files)  # no path of this machine
    assert run("07", course=course, output=home / "die Läufe", say=said.append) == 0
    assert [os.path.isfile(line) for line in said] == [True, True]


@pytest.mark.parametrize(
    "command", [["utils.course", "doctor"], ["utils.interview", "--language", "zh", "--drill"]]
)
def test_a_terminal_that_knows_only_ascii_ends_no_command(command, home):
    done = subprocess.run(
        [sys.executable, "-m", *command], env=os.environ | PLAIN, input=b"", capture_output=True
    )
    assert b"Traceback" not in done.stderr and done.returncode in (0, 1), done.stderr
    assert done.stdout.isascii() and b"?" in done.stdout  # planted: without errors="replace" it ends here
