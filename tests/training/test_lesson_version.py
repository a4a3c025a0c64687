"""A notebook that does not fit the course around it says so and how to update, and a fitting one nothing."""

import re

import pytest

from utils.training import lesson_version
from utils.training.lesson_version import SOLUTIONS, built_version, version_line

LESSONS = sorted(path.stem for path in SOLUTIONS.glob("0*.py"))


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_notebooks_of_the_course_fit_it(lesson):
    text = (SOLUTIONS.parent / "notebooks" / f"{lesson}.ipynb").read_text(encoding="utf-8")
    version = re.search(r'version=\\"([0-9a-f]{8})\\"', text)[1]
    assert built_version(lesson) == version and version_line(lesson, version) == ""


def test_a_notebook_of_another_version_says_how_to_update():
    line = version_line("02_code_a_gan", "00000000")
    assert "another version of lesson 02_code_a_gan" in line and "python -m utils.course update" in line


def test_where_there_is_nothing_to_compare_with_nothing_is_said(tmp_path):
    assert version_line("02_code_a_gan", None) == ""  # a script of our own
    assert version_line("02_code_a_gan", "00000000", tmp_path) == ""  # the library alone
    (tmp_path / "02_code_a_gan.ipynb").write_text(
        '"start_lesson(\\"02_code_a_gan\\")"'
    )  # built before versions
    assert version_line("02_code_a_gan", "00000000", tmp_path) == ""


def test_the_setup_cell_prints_it(monkeypatch, capsys):
    from utils.training.device import start_lesson

    monkeypatch.setenv("COURSE_BUDGET", "smoke")
    start_lesson("02_code_a_gan", version=lesson_version.built_version("02_code_a_gan"))
    assert len(capsys.readouterr().out.splitlines()) == 1
    start_lesson("02_code_a_gan", version="00000000")
    assert "another version" in capsys.readouterr().out.splitlines()[1]
