"""An edit of the loaded library shows by name; use of the library does not."""

import builtins
import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import pytest

from utils.course.grading import fingerprint as module
from utils.course.grading.fingerprint import fingerprint
from utils.course.lesson_source import COURSE
from utils.data import images
from utils.exercises import lesson_00, verdict
from utils.exercises.verdict import judge

EXERCISE = lesson_00.EXERCISES["0.1"]


def changes(before):
    """The names that are not what they were."""
    after = fingerprint()
    return {name for name in {*before, *after} if before.get(name) != after.get(name)}


def test_judging_changes_nothing():
    before = fingerprint()
    assert judge(EXERCISE, EXERCISE.reference).outcome == "right"
    assert changes(before) == set()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (
            lambda m: m.setattr(images, "scale_images", lambda images: images),
            "utils.data.images.scale_images",
        ),
        (lambda m: m.setattr(verdict, "OPEN", 1), "utils.exercises.verdict.OPEN"),
        (
            lambda m: m.setattr(verdict.Verdict, "line", lambda self, key: "✓"),
            "utils.exercises.verdict.Verdict",
        ),
        (lambda m: m.setattr(judge, "__code__", (lambda a, b: 1).__code__), "utils.exercises.verdict.judge"),
        (lambda m: m.setattr(judge, "__defaults__", (1,)), "utils.exercises.verdict.judge"),
        (lambda m: m.setattr(builtins, "print", lambda *a: None), "builtins.print"),
        (
            lambda m: m.setitem(
                lesson_00.EXERCISES, "0.1", dataclasses.replace(EXERCISE, draw=lambda *a: ())
            ),
            "utils.exercises.lesson_00.EXERCISES",
        ),
    ],
)
def test_each_edit_shows_by_its_name(monkeypatch, change, name):
    before = fingerprint()
    change(monkeypatch)
    assert name in changes(before)


def test_another_process_has_the_same_fingerprint_from_the_same_files():
    """The judge compares with its own; a digest by address or by hash order would accuse everybody."""
    code = "import json, utils.exercises.lesson_00\n" + Path(module.__file__).read_text("utf-8")
    code += "\nprint(json.dumps(fingerprint()))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=COURSE.root, capture_output=True, text=True, check=True
    )
    told, ours = json.loads(done.stdout), fingerprint()
    assert "utils.exercises.lesson_00.EXERCISES" in told
    assert {name: value for name, value in told.items() if ours[name] != value} == {}
