"""python -m utils.report FOLDER: a page beside the folder, or one sentence on what stands in the way."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from utils.data import unscale_images
from utils.report import make
from utils.report.__main__ import main

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def small(monkeypatch, reference):
    """The small reference in place of all the catalogue."""
    monkeypatch.setattr(make, "load_reference", lambda name, channels: reference)


@pytest.fixture
def folder(planted, tmp_path):
    """Forty copies of one picture, and a file that is none."""
    (tmp_path / "made").mkdir()
    for number, pixels in enumerate(unscale_images(planted["one picture"][:40])):
        Image.fromarray(pixels).save(tmp_path / "made" / f"{number:02d}.png")
    (tmp_path / "made" / "notes.txt").write_text("no picture")
    return tmp_path / "made"


def test_the_page_lies_beside_the_folder_and_its_warnings_are_printed(folder, capsys):
    assert main([str(folder)]) == 0
    page = folder.with_name("made-report.html")
    said = capsys.readouterr().out
    assert "collapsed: 100 % of the pictures" in said and "skipped files: 1 file" in said
    assert said.strip().endswith(f"3 warnings. Report: {page}")
    assert "notes.txt: no JPEG" in page.read_text("utf-8")
    assert [path.name for path in folder.parent.iterdir() if path.name.startswith(".")] == []
    before = page.read_bytes()
    assert main([str(folder), "--out", str(folder.parent / "b.html"), "--count", "100"]) == 0
    assert (folder.parent / "b.html").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{}/nowhere"], "which does not exist. Most likely fix"),
        (["{}/empty"], "with no files. Most likely fix"),
        (["{}/made/00.png"], "a file. Most likely fix"),
    ],
)
def test_what_cannot_be_measured_is_said_in_one_sentence(arguments, said, folder, tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    assert main([word.format(tmp_path) for word in arguments]) == 2
    error = capsys.readouterr().err
    assert said in error and "Traceback" not in error
    assert not list(tmp_path.glob("*.html"))


def test_a_full_disk_and_a_missing_folder_end_with_their_reason(folder, tmp_path, capsys, monkeypatch):
    assert main([str(folder), "--out", str(tmp_path / "nowhere" / "page.html")]) == 1
    assert "No such file or directory" in capsys.readouterr().err

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    assert main([str(folder)]) == 1
    assert "No space left on device" in capsys.readouterr().err and not list(tmp_path.glob("*.html"))


def test_ctrl_c_writes_nothing(folder, tmp_path, capsys, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(make, "measure", interrupted)
    assert main([str(folder)]) == 130
    assert "Interrupted" in capsys.readouterr().err and not list(tmp_path.glob("*.html"))


@pytest.mark.parametrize("arguments", [[], ["folder", "--count", "0"], ["folder", "--count", "many"]])
def test_a_wrong_command_says_what_is_right(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2 and "python -m utils.report" in capsys.readouterr().err


def test_help_starts_without_tensorflow():
    code = (
        "import sys; from utils.report.__main__ import parser; parser(); print('tensorflow' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "False"
