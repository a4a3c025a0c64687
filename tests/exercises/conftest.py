"""Every test of the exercises has a learner's folder of its own."""

import pytest

from utils.exercises import record


@pytest.fixture(autouse=True)
def learner_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_FOLDER", str(tmp_path / "learner"))
    record.in_memory.clear()
    record.said.clear()
    return tmp_path / "learner"
