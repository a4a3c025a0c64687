"""Planted copies, blanks and wrong labels are found; near misses are left alone."""

import io

import numpy as np
import pytest
from PIL import Image

from utils.data.cleaning import (
    kept_by_cleaning,
    near_blank,
    near_duplicates,
    small_pictures,
    suspicious_labels,
)


def products(count=40, size=32, tint=30):
    """Pictures of blocks, light and dark, each a little red, green or blue."""
    rng, shape = np.random.default_rng(0), (count, size // 8, size // 8)
    blocks = rng.integers(tint, 256 - tint, (*shape, 1)) + rng.integers(-tint, tint, (*shape, 3))
    return blocks.repeat(8, 1).repeat(8, 2).astype("uint8")


def jpeg(picture, quality=80):
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "jpeg", quality=quality)
    return np.asarray(Image.open(file))


def test_small_pictures_are_means_as_pillow_s_box_filter_gives_them():
    images = np.random.default_rng(0).integers(0, 256, (3, 64, 48, 3)).astype("uint8")
    boxes = [
        np.asarray(Image.fromarray(image).resize((16, 16), Image.Resampling.BOX), float) for image in images
    ]
    assert small_pictures(images) == pytest.approx(np.stack(boxes), abs=1.01)  # Pillow rounds twice
    assert small_pictures(images[:, :28, :28]).shape == (3, 16, 16, 3)


def test_copies_are_found_lighter_compressed_and_noisy():
    images = products()
    noise = np.random.default_rng(1).normal(0, 10, images[2].shape)
    copies = [
        images[0],
        jpeg(images[1]),
        np.clip(images[2] + noise, 0, 255).astype("uint8"),
        (0.7 * images[3].astype("float64") + 40).astype("uint8"),
    ]
    found = near_duplicates(np.concatenate([images, np.stack(copies)]))
    assert {tuple(pair) for pair in found.tolist()} == {(i, 40 + i) for i in range(4)}
    assert found[0].tolist() == [0, 40]
    assert len(near_duplicates(images)) == 0


def test_the_same_product_in_another_colour_is_no_copy():
    red = products(1, tint=100)[0]
    blue = red[..., ::-1]
    assert len(near_duplicates(np.stack([red, blue]))) == 0
    greys = np.stack([red, blue]).mean(axis=3, keepdims=True).repeat(3, 3).astype("uint8")
    assert len(near_duplicates(greys)) == 1, "planted: grey values alone do not tell them apart"


def test_pictures_of_nothing_are_found_and_no_copies_of_each_other():
    images, rng = products(), np.random.default_rng(2)
    blank = np.clip(rng.normal(240, 8, (3, 32, 32, 3)), 0, 255).astype("uint8")
    together = np.concatenate([images[:20], blank, images[20:]])
    assert sorted(near_blank(together).tolist()) == [20, 21, 22]
    assert len(near_duplicates(together)) == 0


def test_a_blue_shirt_on_red_of_the_same_grey_is_not_blank():
    picture = np.full((1, 32, 32, 3), (180, 60, 60), "uint8")
    picture[:, 8:24, 8:24] = (60, 60, 180)
    assert len(near_blank(picture)) == 0
    assert picture.mean(axis=3).std() < 6, "planted: by grey values it shows nothing"


def test_what_is_kept_is_one_of_each_and_no_blank():
    images = products(4)
    kept = kept_by_cleaning(np.concatenate([images, images[:1], np.full((1, 32, 32, 3), 250, "uint8")]))
    assert kept.tolist() == [True] * 4 + [False] * 2


def crowd(seed=0):
    """Three classes that lie apart, and for each point its ten nearest others."""
    rng = np.random.default_rng(seed)
    class_ids = np.repeat([0, 1, 2], 50)
    points = rng.normal(size=(150, 2)) + 8 * np.eye(3)[class_ids][:, :2]
    gaps = np.linalg.norm(points[:, None] - points, axis=-1)
    return class_ids, np.argsort(gaps, axis=1)[:, 1:11]


def test_planted_labels_are_found_with_the_class_they_should_have():
    true_ids, neighbours = crowd()
    class_ids = true_ids.copy()
    class_ids[[3, 60, 120]] = [1, 2, 0]
    found, said = suspicious_labels(class_ids, neighbours)
    assert set(found.tolist()) == {3, 60, 120}
    assert np.array_equal(said, true_ids[found])
    assert len(suspicious_labels(true_ids, neighbours)[0]) == 0


def test_points_that_count_themselves_hide_their_label():
    true_ids, neighbours = crowd()
    class_ids = true_ids.copy()
    class_ids[3] = 1
    with_itself = np.concatenate([np.arange(150)[:, None], neighbours[:, :3]], axis=1)
    assert len(suspicious_labels(class_ids, with_itself)[0]) == 0  # planted: itself among four
    assert suspicious_labels(class_ids, neighbours[:, :4])[0].tolist() == [3]


def test_wrong_inputs_are_refused_with_a_cure():
    with pytest.raises(ValueError, match="uint8.*Received: float.*products.images"):
        near_blank(products() / 255)
    with pytest.raises(ValueError, match=r"\(n, k\).*Received: shape \(3,\)"):
        suspicious_labels([0, 1, 0], [0, 1, 2])
