"""What tests of faults share: a learner's folder of its own, and a kernel's fresh memory of it."""

import os
from pathlib import Path

import pytest

from tests.course.conftest import TinyCourse, make_course
from utils.course.build import build_lesson
from utils.data import progress_file

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def learner_folder(tmp_path, monkeypatch):
    """A folder that nobody has used; what this kernel remembers of another one is forgotten."""
    folder = tmp_path / "learner"
    monkeypatch.setenv("COURSE_FOLDER", str(folder))
    monkeypatch.delenv("PRODUCT_DATA", raising=False)
    progress_file.in_memory.clear()
    progress_file.said.clear()
    progress_file.looked_over.clear()
    return folder


@pytest.fixture
def built(tmp_path, monkeypatch):
    """The tiny course of the builder's tests, built."""
    (tmp_path / "course").mkdir()
    made = make_course(tmp_path / "course")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(made.root), str(ROOT)]))
    build_lesson(made.write_lesson(), made)
    return TinyCourse(made.root)
