"""A folder of notebooks, honest and hostile, becomes one table; each costs its own marks, none the run."""

import csv
import hashlib
import os
import signal
import subprocess
import sys
import time
from xml.etree import ElementTree

import nbformat
import psutil
import pytest

from utils.course.grading.grade_folder import checked_places, grade_folder
from utils.course.lesson_source import COURSE

RIGHT = "def scale_images(images):\n    return images.astype('float32') / 127.5 - 1\n"
WRONG = "def scale_images(images):\n    return images.astype('float32') / 255\n"
BLACK = "def scale_images(images):\n    return images * 0\n"
WIDE = "import utils.exercises.lesson_00 as lesson\nimport dataclasses\n"
ANSWERS = {
    "right": RIGHT,
    "wrong": WRONG,
    "loop": "import time\nwhile True:\n    time.sleep(0.1)",
    "stubborn": "import time\nwhile True:\n  try:\n    time.sleep(1)\n  except BaseException:\n    pass",
    "exit": "import os\nos._exit(0)",
    "hog": "kept = []\nwhile True:\n    kept.append(b'x' * 50_000_000)",
    "huge": "import numpy\nkept = numpy.full(50 * 10**9 // 8, 1.0)",
    "flood": "for n in range(1_000_000):\n    print('line', n, 30 * 'x')\n" + RIGHT,
    "library": BLACK + "import utils.exercises.lesson_00 as lesson\nlesson.scale_images = scale_images",
    "check": BLACK + "import utils.exercises as e\ne.check = lambda *a: print('✓ 0.1 fine')\ncheck = e.check",
    "judge": BLACK
    + "import utils.exercises.verdict as v, utils.exercises.witness as w\n"
    + "w.verdict_on = v.verdict_on = v.judge = lambda *a: v.Verdict('right', 'fine', True)",
    "observer": BLACK
    + "import utils.exercises.sighting as s\nkept = s.observe_all\n"
    + "s.observe_all = lambda exercise, mine, cases: kept(exercise, exercise.reference, cases)",
    "print": BLACK + "import builtins\nold = print\nbuiltins.print = lambda *a, **k: old('✓ 0.1 fine')",
    "said": BLACK + "print('✓ 0.1 fine')",
    "deletes": "import os, shutil\nshutil.rmtree(os.getcwd(), ignore_errors=True)\n" + RIGHT,
    "network": "import urllib.request\nurllib.request.urlopen('http://example.com', timeout=5)",
}
FATES = {  # learner: (text of the mark, what is told of it)
    "loop": ("its cell was stopped after 20 s", "the answer of 0.1 was stopped after 20 s"),
    "stubborn": ("stopped after ", "stopped after "),  # 20 s, or 60 where it takes long to start
    "exit": ("the kernel died", "the kernel died (in the answer of 0.1)"),
    "hog": ("took more than 0.7 GB", "took more than 0.7 GB"),
    "flood": ("printed more than 1 MB", "printed more than 1 MB (in the answer of 0.1)"),
    "library": ("the result went back to uint8", "edited the course's library in memory: utils.exercises."),
    "check": (
        "the result went back to uint8",
        "edited the course's library in memory: utils.exercises.check",
    ),
    "judge": (
        "the result went back to uint8",
        "edited the course's library in memory: utils.exercises.verdict",
    ),
    "observer": ("the course's library was edited in memory: ", "edited the course's library in memory: "),
    "print": ("the result went back to uint8", "edited the course's library in memory: builtins.print"),
    "said": ("the result went back to uint8", "printed a verdict itself: ✓ 0.1"),
    "network": ("its cell stops with URLError: ", "the answer of 0.1 called the network"),
    "pasted": (
        "the images end in [0, 1]",
        "the check cell of 0.1 was rewritten; the file shows ✓ 0.1, a fresh",
    ),
    "truncated": ("notebook cannot be read: NotJSONError", "notebook cannot be read: NotJSONError"),
}


def contents(folder):
    """A digest of each file of a folder."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder): hashlib.sha256(path.read_bytes()).digest() for path in files}


def rows_of(out):
    """The rows of the CSV by learner."""
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["learner"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def graded(tmp_path_factory, handed_in):
    """All of them, graded at once: (rows, folder of the tables, folder of submissions, digests before)."""
    folder = tmp_path_factory.mktemp("class")
    notebooks = {name: handed_in(answer) for name, answer in ANSWERS.items()}
    notebooks["unsolved"] = handed_in()
    notebooks["pasted"] = handed_in(WRONG, check="print('✓ 0.1 fine')", shows="✓ 0.1 fine")
    for name, notebook in notebooks.items():
        (folder / name).mkdir()
        nbformat.write(notebook, folder / name / "00_start_here.ipynb")
    whole = (folder / "right" / "00_start_here.ipynb").read_text("utf-8")
    (folder / "truncated_00_start_here.ipynb").write_text(whole[:5000], encoding="utf-8")
    before = contents(folder)
    assert grade_folder(folder, seconds=60, gigabytes=0.7, at_once=2, say=lambda line: None) == 0
    out = folder.with_name(f"{folder.name}-grades")
    return rows_of(out), out, folder, before


def test_right_wrong_and_open_are_told_apart_and_the_mistake_has_its_name(graded):
    rows = graded[0]
    assert rows["right"]["outcome"] == "right" and rows["right"]["incidents"] == ""
    assert rows["wrong"]["outcome"] == "wrong" and rows["wrong"]["mistake"] == "the images end in [0, 1]"
    assert rows["unsolved"]["outcome"] == "open" and rows["unsolved"]["incidents"] == ""
    assert all(float(rows[name]["minutes"]) > 0 for name in ("right", "wrong", "unsolved"))


@pytest.mark.parametrize("name", FATES)
def test_a_hostile_notebook_costs_its_own_marks_and_is_named_by_what_it_did(graded, name):
    text, told = FATES[name]
    row = graded[0][name]
    assert row["outcome"] == "wrong" and row["text"].startswith(text)
    assert told in row["incidents"]


def test_fifty_gigabytes_are_refused_by_the_system_or_stopped_by_the_limit(graded):
    row = graded[0]["huge"]
    assert row["outcome"] == "wrong" and ("memory" in row["incidents"] or "GB" in row["incidents"])


def test_who_deletes_its_folder_deletes_a_copy(graded):
    rows, _, folder, before = graded
    assert rows["deletes"]["incidents"] == "deleted files in its folder"
    assert contents(folder) == before  # a run in FOLDER itself would have lost that notebook


def test_the_three_files_hold_the_same_rows(graded):
    rows, out, *_ = graded
    suites = ElementTree.parse(out / "grades.xml").getroot()
    outcomes = {"failure": "wrong", "skipped": "open", None: "right"}
    told = {}
    for case in suites.iter("testcase"):
        inside = next((child.tag for child in case), None)
        told[case.get("classname").removeprefix("00_start_here.")] = outcomes[inside]
    assert told == {name: row["outcome"] for name, row in rows.items()}
    page = (out / "grades.html").read_text("utf-8")
    assert all(f"<bdi>{name}</bdi>" in page for name in rows)


def test_a_second_run_grades_nothing_twice_for_results_belong_to_what_a_notebook_holds(graded, handed_in):
    rows, out, folder, _ = graded
    said, changed = [], folder / "wrong" / "00_start_here.ipynb"
    kept = changed.read_bytes()
    nbformat.write(handed_in(RIGHT), changed)  # as "right" has it: a result kept by name would be wrong now
    try:
        grade_folder(folder, seconds=60, gigabytes=0.7, at_once=2, say=said.append)
    finally:
        changed.write_bytes(kept)
    assert said[0] == f"{len(rows)} of {len(rows)} notebooks were graded before."
    assert rows_of(out)["wrong"]["outcome"] == "right"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("path", [os.environ["PATH"], "/nowhere"], ids=["in rooms", "without unshare"])
def test_after_a_kill_nothing_goes_on_and_the_next_run_takes_up_what_is_done(tmp_path, handed_in, path):
    folder, out = tmp_path / "class", tmp_path / "class-grades"
    for name, answer in (("a", RIGHT), ("b", ANSWERS["stubborn"])):
        (folder / name).mkdir(parents=True)
        nbformat.write(handed_in(answer), folder / name / "00_start_here.ipynb")
    command = [sys.executable, "-m", "utils.course", "grade", str(folder), "--at-once", "1"]
    environment = {**os.environ, "PATH": path}
    grader = subprocess.Popen(command, cwd=COURSE.root, env=environment, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 120
    while len(started := runs_of(grader.pid)) < 2 or not list(out.glob("results/*.json")):
        assert time.monotonic() < end and grader.poll() is None
        time.sleep(0.2)
    os.kill(grader.pid, signal.SIGKILL)
    grader.wait()
    gone, alive = psutil.wait_procs(started, timeout=20)
    assert not alive
    nbformat.write(handed_in(WRONG), folder / "b" / "00_start_here.ipynb")
    said = []
    grade_folder(folder, seconds=120, gigabytes=3, at_once=1, say=said.append)
    assert said[0] == "1 of 2 notebooks were graded before."
    assert {name: row["outcome"] for name, row in rows_of(out).items()} == {"a": "right", "b": "wrong"}


def runs_of(grader):
    """The processes of the notebooks that run now."""
    found = []
    for process in psutil.Process(grader).children(recursive=True):
        try:
            if "ipykernel" in " ".join(process.cmdline()) or "pytest" in process.cmdline():
                found.append(process)
        except psutil.Error:
            pass
    return found


def test_the_teachers_environment_is_not_told(monkeypatch, tmp_path):
    from utils.course.grading.run_one import environment

    monkeypatch.setenv("SECRET_TOKEN", "of the teacher")
    told = environment(tmp_path, tmp_path)
    assert "SECRET_TOKEN" not in told and told["PATH"] == os.environ["PATH"]


def test_places_that_cannot_be_are_said_with_a_cure(tmp_path):
    with pytest.raises(ValueError, match="must be a folder.*Received.*Most likely fix"):
        checked_places(tmp_path / "nowhere", None)
    with pytest.raises(ValueError, match="outside of FOLDER.*Most likely fix"):
        checked_places(tmp_path, tmp_path / "out")
    with pytest.raises(ValueError, match="holds notebooks of this course.*Received"):
        grade_folder(tmp_path, seconds=1, gigabytes=1, at_once=1)
