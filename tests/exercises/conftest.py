"""Every test of the exercises has a learner's folder of its own."""

import pytest

from utils.data import progress_file


@pytest.fixture(autouse=True)
def learner_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_FOLDER", str(tmp_path / "learner"))
    progress_file.in_memory.clear()
    progress_file.said.clear()
    progress_file.looked_over.clear()
    return tmp_path / "learner"
