"""Grey products in colour: the product keeps its shape, the ground is even, each picture has its own."""

import numpy as np
import pytest

from utils.data.coloured import coloured


def discs(count=50, size=16):
    """White discs on black."""
    rows, columns = np.ogrid[:size, :size]
    disc = ((rows - 7.5) ** 2 + (columns - 7.5) ** 2 < 25).astype("uint8") * 255
    return np.repeat(disc[None, :, :, None], count, axis=0)


def one_ground_each(images, grey):
    """Whether the light falls evenly on all that is no product, and the product has another colour."""
    outside = grey[0, ..., 0] == 0
    rows, columns = np.nonzero(outside)
    plane = np.stack([rows, columns, np.ones_like(rows)], axis=1).astype(float)
    grounds = images[:, outside].astype(float)  # (n, pixels, 3)
    fitted = np.einsum("ij,njc->nic", plane @ np.linalg.pinv(plane), grounds)
    even = np.abs(fitted - grounds).max(axis=(1, 2)) < 1.5  # rounding; a ground may be cut off at white
    other = np.abs(images[:, ~outside].mean(axis=1) - grounds.mean(axis=1)).sum(axis=1)
    return bool(even.mean() > 0.8 and np.median(other) > 15)


def test_the_ground_has_one_colour_in_a_light_from_the_side_and_the_product_another():
    grey = discs()
    assert one_ground_each(coloured(grey), grey)
    tinted = np.random.default_rng(0).integers(0, 255, (50, 16, 16, 3))
    assert not one_ground_each(tinted, grey), "planted: a colour per pixel"
    assert not one_ground_each(np.repeat(grey, 3, axis=3) * 0 + 9, grey), "planted: one colour for all"


def test_every_picture_has_colours_of_its_own_and_a_seed_repeats_them():
    images = coloured(discs())
    assert len(np.unique(images[:, 0, 0], axis=0)) == len(np.unique(images[:, 8, 8], axis=0)) == 50
    assert np.array_equal(coloured(discs()), images)
    assert not np.array_equal(coloured(discs(), seed=1), images)
    assert images.dtype == np.uint8 and images.shape == (50, 16, 16, 3)


def test_pictures_in_colour_or_in_floats_are_refused():
    for images in (np.zeros((2, 8, 8, 3), "uint8"), np.zeros((2, 8, 8, 1), "float32")):
        with pytest.raises(ValueError, match=r"uint8 \(n, height, width, 1\).*Received"):
            coloured(images)
