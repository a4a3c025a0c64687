"""Every data test has a folder of its own and no data of yours."""

import pytest


@pytest.fixture(autouse=True)
def course_home(tmp_path, monkeypatch):
    """Point the course at an empty folder and forget PRODUCT_DATA."""
    home = tmp_path / "course_home"
    monkeypatch.setenv("COURSE_FOLDER", str(home))
    monkeypatch.delenv("PRODUCT_DATA", raising=False)
    return home
