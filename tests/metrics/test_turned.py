"""The judge of turns knows pictures that it has not seen, in all four positions."""

import numpy as np
import pytest

from utils.data import load_products, scale_images
from utils.metrics.turned import half_size, quarter_turns


@pytest.fixture(scope="module")
def boots():
    """Drawn boots, upright: to compare with, and others to judge."""
    products = load_products("catalogue", "train", count=1_000, image_size=28, channels=1)
    images = scale_images(products.images[products.class_ids == products.class_names.index("boot")])
    return images[:-20], images[-20:]


@pytest.mark.parametrize("quarters", range(4))
def test_fresh_pictures_are_judged_in_every_position(boots, quarters):
    upright, fresh = boots
    judged = quarter_turns(np.rot90(fresh, quarters, axes=(1, 2)), upright)
    assert (judged == quarters).mean() > 0.9
    if quarters in (1, 3):
        other_way = quarter_turns(np.rot90(fresh, -quarters, axes=(1, 2)), upright)
        assert not (other_way == quarters).mean() > 0.9, "planted: turned with the clock"


def test_half_size_is_the_mean_of_four_pixels_and_all_channels():
    picture = np.arange(32, dtype="float32").reshape(1, 4, 4, 2)
    assert half_size(picture)[0, 0] == pytest.approx(picture[0, :2, :2].mean())
    assert half_size(picture).shape == (1, 4)
