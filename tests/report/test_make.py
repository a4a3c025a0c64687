"""report(...) of an array, a model, a function, a folder: the same pictures give the same page."""

import keras
import numpy as np
import pytest
from PIL import Image

from utils.data import unscale_images
from utils.report import make, report
from utils.report.reference import load_reference


@pytest.fixture(autouse=True)
def small(monkeypatch, reference):
    """The small reference in place of all the catalogue."""
    monkeypatch.setattr(make, "load_reference", lambda name, channels: reference)


@pytest.fixture(scope="session")
def some(planted):
    return unscale_images(planted["fresh"][:120])


def test_equal_pictures_give_equal_bytes_from_an_array_and_from_a_function(some, tmp_path):
    pages = [report(some).save(tmp_path / "a.html"), report(lambda count: some).save(tmp_path / "b.html")]
    first, second = (path.read_bytes() for path in pages)
    assert first == second and first.startswith(b"<!DOCTYPE html>")
    other = some.copy()
    other[0, 0, 0, 0] ^= 255
    assert report(other).save(tmp_path / "c.html").read_bytes() != first  # planted: another pixel


def test_a_folder_reads_as_its_pictures(some, tmp_path):
    for number, pixels in enumerate(some):
        Image.fromarray(pixels).save(tmp_path / f"{number:03d}.png")
    (tmp_path / "notes.txt").write_text("no picture")
    found, wanted = report(tmp_path), report(some)
    assert found.numbers == wanted.numbers and found.title == tmp_path.name
    keys = [each.key for each in found.findings]
    assert keys == ["skipped files", *(each.key for each in wanted.findings)]
    assert report(str(tmp_path), count=30).card.count == 30


def test_a_keras_model_is_drawn_from():
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((8,)),
            keras.layers.Dense(32 * 32 * 3, activation="tanh"),
            keras.layers.Reshape((32, 32, 3)),
        ]
    )
    found, again = report(model, count=40), report(model, count=40)
    assert found.card.count == 40 and repr(found) == repr(again)
    keys = [each.key for each in found.findings]
    assert keys == ["too few samples", "collapsed"]  # an untrained one draws grey and grey


def test_other_sizes_need_a_reference_by_name_and_are_then_resized(some):
    large = np.repeat(np.repeat(some, 2, axis=1), 2, axis=2)
    with pytest.raises(
        ValueError, match='Received: 64 x 64 x 3. Most likely fix: name .*reference="my_photos"'
    ):
        report(large)
    found = report(large, reference="catalogue")
    assert "resized" in [each.key for each in found.findings]
    small = unscale_images(found.card.images).astype("float32")
    assert small.shape == some.shape and np.abs(small - some).mean() < 8
    assert np.abs(small[::-1] - some).mean() > 30  # planted: other pictures


@pytest.mark.parametrize("wrong", [{"count": 0}, {"count": "all"}, {"seed": -1}])
def test_a_wrong_number_is_refused(some, wrong):
    with pytest.raises(ValueError, match="Received: .*Most likely fix"):
        report(some, **wrong)


def test_what_is_no_reference_is_refused_before_a_folder_is_read(some, tmp_path, monkeypatch):
    monkeypatch.setattr(make, "load_reference", load_reference)
    Image.fromarray(some[0]).save(tmp_path / "a.png")
    for source, wrong in ((some, some), (tmp_path, "fashion_mnist")):
        with pytest.raises(ValueError, match="The reference must be .*Most likely fix"):
            report(source, wrong)


def test_it_shows_itself_in_short(some):
    found = report(some)
    assert repr(found).startswith("ReportCard(120 pictures: too few samples; FID ")
    short = found._repr_html_()
    assert (
        short.count("<tr") == 10 and "Too few samples" in short and "<img" not in short and len(short) < 6_000
    )


def test_what_cannot_be_written_is_said_and_leaves_nothing(some, tmp_path):
    found = report(some)
    with pytest.raises(OSError, match="No such file or directory"):
        found.save(tmp_path / "nowhere" / "page.html")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="directory"):
        found.save(tmp_path / "folder")
    assert [path.name for path in tmp_path.rglob("*")] == ["folder"]
