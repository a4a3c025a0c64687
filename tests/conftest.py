"""What all tests share: no log lines of TensorFlow, and a course folder that is not the reader's own."""

import os

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("MPLBACKEND", "Agg")  # no window, wherever the tests run


@pytest.fixture(scope="session", autouse=True)
def own_course_folder(tmp_path_factory):
    """Progress, caches and checkpoints of the tests lie in a folder of their own."""
    with pytest.MonkeyPatch.context() as patch:
        if "COURSE_FOLDER" not in os.environ:
            patch.setenv("COURSE_FOLDER", str(tmp_path_factory.mktemp("course-folder")))
        yield
