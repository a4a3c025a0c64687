"""Stored outputs are the same on every machine."""

import time
from pathlib import Path

import nbformat
import pytest

from utils.course.lesson_source import Course
from utils.course.outputs import (
    clean_outputs,
    machine_places,
    merged_streams,
    pictures_without_words,
    portable,
)


def stream(text, name="stdout"):
    """An output that prints."""
    return nbformat.v4.new_output("stream", name=name, text=text)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("File /tmp/ipykernel_4711/123.py:3", "File cell:3"),
        ('File "/opt/lib/site-packages/keras/a.py", line 2', 'File "site-packages/keras/a.py", line 2'),
        (r"C:\py\Lib\site-packages\keras\a.py", r"site-packages/keras\a.py"),
        ("\x1b[31mred\x1b[0m \x1b[38;5;28mx\x1b[39m", "red x"),
        ("<A at 0x7f0a1b2c3d4e>", "<A at 0x…>"),
        ("0xff and 3 x 3 stay", "0xff and 3 x 3 stay"),
    ],
)
def test_text_loses_what_differs_from_machine_to_machine(text, stored):
    assert portable(text) == stored


def test_folders_of_this_machine_get_names(monkeypatch, tmp_path):
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    places = machine_places(Course(tmp_path / "course"), tmp_path / "mine", tmp_path / "data")
    text = f"{tmp_path}/mine/a {tmp_path}/data/b ~/course/notebooks {tmp_path}/c"
    assert portable(text, places) == "COURSE_FOLDER/a PRODUCT_DATA/b product-image-course/notebooks ~/c"


def test_prints_that_the_kernel_cut_are_one_again_and_a_progress_bar_shows_its_end():
    joined = merged_streams([stream("a\n"), stream("b 1\rb 2"), stream("\rb 3\n"), stream("!", "stderr")])
    assert [output.text for output in joined] == ["a\nb 3\n", "!"]


def test_a_line_of_two_megabytes_takes_no_time():
    started = time.perf_counter()
    clean_outputs([stream("x" * 2_000_000)])
    assert time.perf_counter() - started < 2


def test_a_picture_needs_words():
    picture = {"image/png": "aGk="}
    with_words = nbformat.v4.new_output(
        "display_data", picture, metadata={"image/png": {"alt": "Ten shirts"}}
    )
    without = nbformat.v4.new_output("display_data", picture, metadata={"image/png": {"width": 3}})
    assert pictures_without_words([with_words]) == 0
    assert pictures_without_words([with_words, without, stream("x")]) == 1


def test_log_lines_of_tensorflow_are_no_words_of_the_lesson():
    log = "WARNING:tensorflow:5 out of the last 11 calls triggered tf.function retracing.\n"
    kept = clean_outputs([stream(f"PSNR 30\n{log}SSIM 0.9\n"), stream(log, "stderr")])
    assert [output.text for output in kept] == ["PSNR 30\nSSIM 0.9\n"]
    assert clean_outputs([stream(log)]) == []
    assert clean_outputs([stream("a WARNING:tensorflow: inside a line stays\n")])  # planted: not a log line
