"""The confidence map is bright where the spread is large, in colours and in grey, and says how large."""

import numpy as np
from PIL import Image

from utils.show.confidence import confidence_pixels, confidence_words, spread_levels


def test_levels_are_those_of_a_known_spread():
    spread = np.linspace(0, 0.4, 10_001).reshape(73, 137)
    np.testing.assert_allclose(spread_levels(spread), (0.2 * 127.5, 0.396 * 127.5), rtol=1e-3)
    assert spread_levels(np.full((3, 1), 2 / 127.5)) == (2, 2)
    assert not np.allclose(spread_levels(spread), (0.2 * 255, 0.396 * 255), rtol=0.1)  # planted: [0, 1]


def test_levels_of_a_large_photo_are_estimated_from_a_part_of_it():
    spread = np.random.default_rng(0).random((3000, 2000), np.float32)
    np.testing.assert_allclose(spread_levels(spread), np.quantile(spread, (0.5, 0.99)) * 127.5, rtol=5e-3)


def test_the_map_grows_lighter_with_the_spread_also_in_grey():
    spread = np.linspace(0, 0.2, 50)[None].repeat(4, 0)
    pixels = confidence_pixels(spread)
    assert pixels.shape == (4, 50, 3) and pixels.dtype == np.uint8
    grey = np.asarray(Image.fromarray(pixels).convert("L"), int)
    assert (np.diff(grey) >= 0).all() and grey[0, 0] < 10 and grey[0, -1] > 235
    rainbow = np.stack([np.sin(spread * 30 + shift) for shift in (0, 2, 4)], axis=-1) * 127 + 128
    rainbow = np.asarray(Image.fromarray(rainbow.astype("uint8")).convert("L"), int)
    assert not (np.diff(rainbow) >= 0).all()  # planted: colours whose lightness goes up and down


def test_one_scale_for_several_photos_keeps_them_comparable():
    low, high = np.full((2, 2), 0.05), np.full((2, 2), 0.2)
    assert (confidence_pixels(low, 25.5) < confidence_pixels(high, 25.5)).all()
    np.testing.assert_array_equal(confidence_pixels(low), confidence_pixels(high))  # each on its own scale
    assert (confidence_pixels(np.zeros((2, 2))) < 5).all()


def test_words_say_both_numbers():
    assert "±1.2 of 255 levels" in confidence_words(1.234, 9.8) and "±9.8" in confidence_words(1.234, 9.8)
