import errno
import os

import numpy as np
import pytest

from utils.data import catalogue, catalogue_cache, load_products
from utils.data.products import plain_caption


@pytest.fixture
def drawn(monkeypatch):
    """Count how many products are drawn."""
    counts, draw_catalogue = [], catalogue.draw_catalogue

    def counting(count, **settings):
        counts.append(count)
        return draw_catalogue(count, **settings)

    monkeypatch.setattr(catalogue, "draw_catalogue", counting)
    return counts


def assert_same(one, other):
    np.testing.assert_array_equal(one.images, other.images)
    np.testing.assert_array_equal(one.class_ids, other.class_ids)
    assert one.captions == other.captions and one.class_names == other.class_names
    assert one.attributes.keys() == other.attributes.keys()
    for name, values in one.attributes.items():
        np.testing.assert_array_equal(values, other.attributes[name])
        assert values.dtype.kind == "U"


def test_the_catalogue_comes_as_bytes_with_classes_captions_and_attributes():
    products = load_products(count=12)
    assert products.images.dtype == np.uint8 and products.images.shape == (12, 32, 32, 3)
    assert products.class_ids.dtype == np.int32 and products.class_ids.shape == (12,)
    assert len(products) == len(products.captions) == 12
    assert {"kind", "colour", "pattern"} <= products.attributes.keys()
    assert products.source == "catalogue" and products.skipped == ()
    assert repr(products).startswith("Products(12 pictures of 32 x 32 x 3")


@pytest.mark.parametrize(("image_size", "channels"), [(28, 1), (64, 3)])
def test_the_catalogue_comes_in_the_size_asked_for(image_size, channels):
    products = load_products(count=2, image_size=image_size, channels=channels)
    assert products.images.shape == (2, image_size, image_size, channels)


def test_the_second_call_reads_what_the_first_has_drawn(drawn):
    first = load_products(count=5)
    assert_same(first, load_products(count=5))
    assert drawn == [5]


@pytest.mark.parametrize(
    "other", [{"seed": 1}, {"split": "test"}, {"image_size": 28}, {"channels": 1}, {"count": 6}]
)
def test_what_differs_is_drawn_anew(drawn, other):
    load_products(**{"count": 5, "seed": 0})
    load_products(**{"count": 5, "seed": 0, **other})
    assert len(drawn) == 2


def test_changed_drawing_code_is_drawn_anew(drawn, monkeypatch):
    load_products(count=5)
    monkeypatch.setattr(catalogue_cache, "drawing_version", lambda: "other")
    load_products(count=5)
    assert drawn == [5, 5]


def test_the_version_follows_every_file_of_the_drawing(tmp_path, monkeypatch):
    package = tmp_path / "catalogue"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "paint.py").write_text("red")
    spec = type("Spec", (), {"origin": str(package / "__init__.py")})
    monkeypatch.setattr(catalogue_cache.importlib.util, "find_spec", lambda name: spec)
    before = catalogue_cache.drawing_version()
    assert before == catalogue_cache.drawing_version()
    (package / "paint.py").write_text("blue")
    assert before != catalogue_cache.drawing_version()


def test_blocks_are_drawn_as_if_at_once(monkeypatch):
    whole = catalogue.draw_catalogue(10, image_size=32, channels=3, seed=3, start=0)
    monkeypatch.setattr(catalogue_cache, "BLOCK", 4)
    assert_same(load_products(count=10, seed=3), whole)


def assert_no_overlap(train, test):
    seen = {image.tobytes() for image in train.images}
    assert not any(image.tobytes() in seen for image in test.images)


def test_train_and_test_share_no_product(monkeypatch):
    train, test = load_products(count=300), load_products(split="test", count=300)
    assert_no_overlap(train, test)
    monkeypatch.setitem(catalogue_cache.FIRST, "test", 0)  # planted bug: both begin at the first product
    with pytest.raises(AssertionError):
        assert_no_overlap(train, load_products(split="test", count=299))


@pytest.mark.parametrize("damage", [b"", b"PK not a zip", None])
def test_a_damaged_cache_is_set_aside_and_drawn_again(drawn, course_home, damage):
    first = load_products(count=5)
    (path,) = (course_home / "cache").glob("*.npz")
    content = path.read_bytes()
    flipped = content[:2000] + bytes([content[2000] ^ 255]) + content[2001:]  # one byte of an image
    path.write_bytes(flipped if damage is None else damage)
    assert_same(first, load_products(count=5))
    assert drawn == [5, 5]
    assert path.exists() and path.with_suffix(".damaged").exists()


def test_a_full_disk_costs_one_line_and_no_data(drawn, course_home, monkeypatch, capsys):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert len(load_products(count=5)) == 5
    (line,) = capsys.readouterr().out.splitlines()
    assert "not kept for next time: No space left on device" in line
    assert list((course_home / "cache").iterdir()) == []
    assert drawn == [5]


def test_a_folder_out_of_reach_costs_one_line_and_no_data(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("COURSE_FOLDER", str(tmp_path / "file" / "below"))
    assert len(load_products(count=5)) == 5
    assert len(capsys.readouterr().out.splitlines()) == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"source": "imagenet"}, "catalogue, fashion-mnist, photos, clothing-photos. Received: 'imagenet'"),
        ({"source": "photos", "fallback": "imagenet"}, "The source must be one of"),
        ({"split": "dev"}, "train or test .*Received: 'dev'"),
        ({"split": "validation"}, "train or test .*Received: 'validation'"),
        ({"image_size": 30}, "28 or 32 or 64. Received: 30"),
        ({"image_size": "big"}, "Received: 'big'"),
        ({"source": "fashion-mnist", "image_size": 64}, "28 or 32. Received: 64"),
        ({"source": "photos", "image_size": 4000}, "from 8 to 512. Received: 4000"),
        ({"source": "photos", "image_size": 64.5}, "Received: 64.5"),
        ({"channels": 4}, "1 or 3. Received: 4"),
        ({"source": "fashion-mnist", "channels": 3}, "must be 1. Received: 3"),
        ({"count": 0}, "above 0. Received: 0"),
        ({"count": -5}, "above 0. Received: -5"),
        ({"count": 2.5}, "whole number above 0. Received: 2.5"),
        ({"count": True}, "Received: True"),
        ({"seed": -1}, "seed must be .*Received: -1"),
        ({"seed": None}, "seed must be .*Received: None"),
        ({"folder": "mine"}, 'belongs to the source "photos"'),
        ({"source": "photos"}, "needs the folder they are in"),
    ],
)
def test_a_wrong_request_is_named_with_the_cure(wrong, says):
    with pytest.raises(ValueError, match=f"{says}.*Most likely fix"):
        load_products(**wrong)


def test_the_fallback_takes_the_place_in_the_same_size_and_says_so(capsys):
    products = load_products("clothing-photos", count=3, image_size=28, channels=1, fallback="catalogue")
    assert products.source == "catalogue" and products.images.shape == (3, 28, 28, 1)
    (line,) = capsys.readouterr().out.splitlines()
    expected = "clothing-photos is out of reach (PRODUCT_DATA is not set), so the catalogue takes its place."
    assert line == expected
    assert "PRODUCT_DATA is not set" in line


def test_the_fallback_keeps_the_default_size_of_the_source(capsys):
    assert load_products("clothing-photos", count=3, fallback="catalogue").images.shape == (3, 64, 64, 3)


def test_without_a_fallback_a_source_out_of_reach_is_an_error():
    with pytest.raises(FileNotFoundError, match="PRODUCT_DATA is not set.*Most likely fix"):
        load_products("clothing-photos")


@pytest.mark.parametrize(
    ("name", "caption"),
    [
        ("coat", "a photo of a coat"),
        ("ankle boot", "a photo of an ankle boot"),
        ("pants", "a photo of pants"),
        ("dress", "a photo of a dress"),
        ("rain_coat", "a photo of a rain coat"),
    ],
)
def test_plain_captions_read_as_english(name, caption):
    assert plain_caption(name) == caption
