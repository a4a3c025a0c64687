"""What all tests share: no log lines of TensorFlow, and a course folder that is not the reader's own."""

import os
import re

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


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist
def pytest_xdist_make_scheduler(config, log):
    """Under -n, one worker runs in a row what shares something dear, the longest rows first."""
    from xdist.scheduler import LoadScopeScheduling

    scheduling = LoadScopeScheduling(config, log)
    scheduling._split_scope = row_of
    config.option.loadscopereorder = False  # by name: browser and course, the longest, come first
    return scheduling


def row_of(test):
    """Name the row of a test: all that open Lab, the notebooks of one lesson, else its file."""
    file, _, name = test.partition("::")
    if file.startswith("tests/browser/"):
        return "browser"  # two Labs at once would wait for each other
    lesson = re.search(r"\[(\d\d_\w+)\]$", name)
    return lesson[1] if lesson and file.endswith("test_notebooks.py") else file
