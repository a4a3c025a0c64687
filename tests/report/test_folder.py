"""Folders as they are: sub-folders, broken files, other sizes, no pictures at all."""

import io
import os

import numpy as np
import pytest
from PIL import Image

from utils.report.folder import checked_folder, read_folder, shape_in


def put(path, size=(32, 32), mode="RGB", seed=0):
    shape = (size[1], size[0], 3) if mode == "RGB" else (size[1], size[0])
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)).save(path)
    return path


def test_pictures_come_back_as_they_were_written(tmp_path):
    for seed, name in enumerate(["a.png", "sub/b.png", "c.bmp"]):
        put(tmp_path / name, seed=seed)
    came = read_folder(tmp_path, 32, 3)
    assert came.came == 3 and came.resized == came.skipped == () and came.files
    wanted = np.stack([np.asarray(Image.open(tmp_path / name)) for name in ("a.png", "c.bmp", "sub/b.png")])
    np.testing.assert_array_equal(came.images, wanted / np.float32(127.5) - np.float32(1))


def test_broken_files_are_named_skipped_and_counted(tmp_path):
    put(tmp_path / "good.png")
    whole = io.BytesIO()
    Image.new("RGB", (300, 300), "red").save(whole, "png")
    (tmp_path / "half.png").write_bytes(whole.getvalue()[:100])
    (tmp_path / "empty.jpg").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / ".hidden").write_text("not looked at")
    came = read_folder(tmp_path, 32, 3)
    assert len(came.images) == came.came == 1
    assert [line.split(":")[0] for line in came.skipped] == ["empty.jpg", "half.png", "notes.txt"]
    assert "empty, 0 bytes" in came.skipped[0]


def test_other_sizes_are_fitted_and_the_first_one_is_told(tmp_path):
    put(tmp_path / "a.png"), put(tmp_path / "b.png", (64, 48))
    assert read_folder(tmp_path, 32, 3).resized == ("64 x 48", "32 x 32")
    put(tmp_path / "c.jpg", (200, 200))
    assert read_folder(tmp_path, 32, 3).resized == ("64 x 48 and other sizes", "32 x 32")


@pytest.mark.parametrize(
    ("size", "mode", "shape"),
    [
        ((28, 28), "L", (28, 28, 1)),
        ((28, 28), "RGB", (28, 28, 3)),
        ((32, 32), "L", (32, 32, 3)),  # a generator of colours whose first picture happens to be grey
        ((40, 20), "RGB", (20, 40, 3)),
    ],
)
def test_the_first_picture_that_can_be_read_tells_the_size(tmp_path, size, mode, shape):
    (tmp_path / "0.png").write_bytes(b"broken")
    put(tmp_path / "1.png", size, mode)
    assert shape_in(tmp_path) == shape


def test_grey_pictures_have_one_channel(tmp_path):
    put(tmp_path / "1.png", (28, 28), "L")
    came = read_folder(tmp_path, 28, 1)
    np.testing.assert_allclose(
        came.images[0, ..., 0], np.asarray(Image.open(tmp_path / "1.png")) / 127.5 - 1, atol=1e-6
    )


def test_a_folder_without_pictures_is_refused(tmp_path):
    for look in (shape_in, lambda folder: read_folder(folder, 32, 3)):
        with pytest.raises(ValueError, match="with no files. Most likely fix"):
            look(tmp_path)
    (tmp_path / "notes.txt").write_text("no picture")
    for look in (shape_in, lambda folder: read_folder(folder, 32, 3)):
        with pytest.raises(
            ValueError, match="1 files, none of which can be read; the first is notes.txt: no "
        ):
            look(tmp_path)


def test_what_is_no_folder_is_refused(tmp_path):
    with pytest.raises(ValueError, match="which does not exist. Most likely fix"):
        checked_folder(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="a file. Most likely fix"):
        checked_folder(put(tmp_path / "a.png"))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_a_locked_folder_is_refused(tmp_path):
    (tmp_path / "locked").mkdir(mode=0)
    with pytest.raises(ValueError, match="Permission denied. Most likely fix"):
        checked_folder(tmp_path / "locked")


def test_of_many_pictures_some_are_read(tmp_path):
    for seed in range(12):
        put(tmp_path / f"{seed:02d}.png", seed=seed)
    first, again = (read_folder(tmp_path, 32, 3, count=5) for _ in range(2))
    assert len(first.images) == 5 and first.came == 12
    np.testing.assert_array_equal(first.images, again.images)
