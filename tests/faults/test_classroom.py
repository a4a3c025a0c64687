"""Thirty kernels on one machine: one download, one shared folder that nobody writes to, own progress."""

import os
import subprocess
import sys

import pytest

from tests.benchmarks.thirty_kernels import faults_of, fingerprint, hold
from tests.data.test_fashion_mnist import checksums, files, server  # noqa: F401 (fixtures)
from utils.data import fashion_mnist, load_products
from utils.data.share import main as share
from utils.exercises.record import load_record

COUNT = 30
CLASS = f"""
import os, sys
import pooch, requests, tqdm.auto  # once for all: what each learner's kernel would import
from utils.data import fashion_mnist, load_products
from utils.data.catalogue import draw_catalogue
from utils.exercises.record import add_to_record

draw_catalogue(1, image_size=32, channels=3, seed=0, start=0)  # the shapes too are made once
checksums, fashion_mnist.SERVER, learner_folder = sys.argv[1:]
fashion_mnist.CHECKSUMS = eval(checksums)
waiting, gate = os.pipe()
for learner in range({COUNT}):
    if os.fork() == 0:
        os.environ["COURSE_FOLDER"] = learner_folder.format(learner)
        os.close(gate)
        os.read(waiting, 1)  # until all are there
        code = 1
        try:
            fashion, drawn = load_products("fashion-mnist"), load_products(count=4)
            add_to_record("2.1", tries=1)
            code = 0 if len(fashion) == 40 and len(drawn) == 4 else 2
        finally:
            os._exit(code)
os.close(gate)
print([os.waitstatus_to_exitcode(os.wait()[1]) for learner in range({COUNT})])
"""
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="thirty forks, which Windows has not")


def hold_class(checksums, server, learner_folder):  # noqa: F811
    """Let thirty processes ask for pictures at the same moment; all must get them."""
    command = [sys.executable, "-c", CLASS, repr(checksums), server.url, str(learner_folder)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert done.stdout.splitlines()[-1:] == [str([0] * COUNT)], done.stdout + done.stderr


def test_thirty_kernels_of_one_user_share_one_download_and_lose_no_try(
    server,  # noqa: F811
    checksums,  # noqa: F811
    learner_folder,
):
    hold_class(checksums, server, learner_folder)
    assert len(server.asked) == len(set(server.asked)) == 2  # pictures and labels, once each
    assert load_record()["2.1"].tries == COUNT
    left = sorted(file.name for file in learner_folder.rglob("*") if file.is_file())
    assert len(left) == 5, left  # two downloads and their lock, one catalogue, one progress file


def test_thirty_learners_read_one_folder_that_none_of_them_changes(
    server,  # noqa: F811
    checksums,  # noqa: F811
    tmp_path,
    monkeypatch,
    capsys,
):
    shared = tmp_path / "for the class"
    monkeypatch.setattr(fashion_mnist, "SERVER", server.url)
    load_products(count=4)  # the teacher has run a lesson
    assert share([str(shared)]) == 0 and f"PRODUCT_DATA={shared}" in capsys.readouterr().out
    assert len(server.asked) == 4 and len(list(shared.rglob("*.*"))) == 5
    monkeypatch.setenv("PRODUCT_DATA", str(shared))
    before = fingerprint(shared)
    hold_class(checksums, server, tmp_path / "learner-{}")
    assert len(server.asked) == 4 and fingerprint(shared) == before
    own = sorted(file.name for file in tmp_path.glob("learner-*/**/*") if file.is_file())
    assert own == ["progress.sqlite"] * COUNT  # nothing was downloaded or drawn once more
    (shared / "catalogue" / "new").touch()
    assert fingerprint(shared) != before  # planted


def test_a_damaged_shared_catalogue_is_drawn_anew_and_left_where_it_is(tmp_path, monkeypatch, learner_folder):
    first = load_products(count=4)
    (drawn,) = (learner_folder / "cache").glob("*.npz")
    shared = tmp_path / "shared" / "catalogue"
    shared.mkdir(parents=True)
    (shared / drawn.name).write_bytes(drawn.read_bytes()[:5000])
    drawn.unlink()
    monkeypatch.setenv("PRODUCT_DATA", str(tmp_path / "shared"))
    assert (load_products(count=4).images == first.images).all()
    assert drawn.exists() and [file.name for file in shared.iterdir()] == [drawn.name]


def test_without_network_the_teacher_reads_what_to_do(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(fashion_mnist, "SERVER", "http://127.0.0.1:9/")
    assert share([str(tmp_path / "shared")]) == 1
    assert "Most likely fix: try again" in capsys.readouterr().err and not (tmp_path / "shared").exists()


def test_a_teacher_who_has_the_files_needs_no_network(files, tmp_path, monkeypatch):  # noqa: F811
    owned = tmp_path / "owned"
    (owned / "fashion-mnist").mkdir(parents=True)
    for name, content in files.items():
        (owned / "fashion-mnist" / name).write_bytes(content)
    monkeypatch.setenv("PRODUCT_DATA", str(owned))
    monkeypatch.setattr(fashion_mnist, "SERVER", "http://127.0.0.1:9/")
    assert share([str(tmp_path / "shared")]) == 0
    copied = {file.name: file.read_bytes() for file in (tmp_path / "shared" / "fashion-mnist").iterdir()}
    assert copied == files


def test_two_learners_train_lesson_02_at_once(tmp_path):
    said = []
    assert hold(2, "02", tmp_path, say=said.append), said
    assert "2 learners, 2 at once" in said[0] and "2 of 2 ended well" in said[-1]
    (tmp_path / "learner-00" / "said.txt").write_text("the machine ran out of memory")
    assert "ran out of memory" in faults_of(0, 1, tmp_path)[0]  # planted: a learner whose run has failed
