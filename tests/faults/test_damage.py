"""Files that are not what they should be; damage inside a file stands with the tests of each module."""

import subprocess
import sys

import numpy as np
import pytest

from tests.data.test_fashion_mnist import LABELS, checksums, files, server  # noqa: F401 (fixtures)
from utils.course.build import build
from utils.course.check import check
from utils.data import load_products
from utils.data.fashion_mnist import download, read_idx
from utils.exercises.record import Record, add_to_record


def test_a_folder_in_place_of_the_drawn_catalogue_is_set_aside(learner_folder):
    first = load_products(count=5)
    (path,) = (learner_folder / "cache").glob("*.npz")
    path.unlink()
    path.mkdir()
    (path / "something").touch()
    np.testing.assert_array_equal(load_products(count=5).images, first.images)
    assert path.is_file() and (path.with_suffix(".damaged") / "something").exists()


def test_a_folder_in_place_of_the_progress_file_costs_one_line(learner_folder, capsys):
    (learner_folder / "progress.sqlite").mkdir(parents=True)
    assert add_to_record("2.1", tries=1) == Record(1)
    assert capsys.readouterr().err.count("Progress is not kept in this session") == 1


def test_a_folder_in_place_of_a_download_is_named(server, checksums, tmp_path):  # noqa: F811
    (tmp_path / LABELS).mkdir()
    with pytest.raises(OSError, match=f"{LABELS}"):
        download(LABELS, tmp_path, server.url)
    (tmp_path / LABELS).rmdir()
    assert len(read_idx(download(LABELS, tmp_path, server.url), 2049)) == 40


def test_a_folder_in_place_of_a_checkpoint_costs_that_checkpoint_alone(tmp_path, capsys):
    from utils.training.state import resume

    (tmp_path / "step_00000020.npz").mkdir()
    assert resume(None, tmp_path) == 0
    assert "step_00000020.npz is damaged; it was set aside" in capsys.readouterr().out
    assert (tmp_path / "step_00000020.damaged").is_dir()


@pytest.mark.parametrize("damage", [b"", b"{", b'{"cells": 1}', b"\xff\xfe\x00", None])
@pytest.mark.parametrize("folder", ["solutions", "notebooks"])
def test_a_damaged_notebook_is_named_and_built_again(built, folder, damage):
    said, file = [], built.root / folder / "07_tiny.ipynb"
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    assert check(["07"], built, said.append) == 1
    assert f"{folder}/07_tiny.ipynb: not a notebook" in said[0] and "utils.course build 07_tiny" in said[0]
    text_only = folder == "notebooks"  # the outputs lie in solutions/
    if not text_only:
        assert build(["07"], built, said.append, text_only=True) == 1
        assert "is no whole notebook" in said[-1] and "without --text" in said[-1]
        file.write_bytes(whole)  # building it anew is what tests/course/test_build.py does
    assert build(["07"], built, said.append, text_only=True) == 0
    assert file.read_bytes() == whole


@pytest.mark.parametrize("damage", [b"", None], ids=["empty", "cut"])
def test_a_learner_whose_notebook_is_damaged_reads_what_to_do(built, damage):
    file = built.root / "notebooks" / "07_tiny.ipynb"
    file.write_bytes(file.read_bytes()[:2000] if damage is None else damage)
    command = [sys.executable, "-m", "pytest", "-q", "--nbval", "-p", "utils.course.nbval_plugin", str(file)]
    done = subprocess.run(command, cwd=built.root, capture_output=True, encoding="utf-8")
    assert "07_tiny.ipynb must be a whole notebook. Received: " in done.stdout
    assert ".ipynb_checkpoints" in done.stdout and "Traceback" not in done.stdout and done.returncode == 2
