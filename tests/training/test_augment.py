"""The changes of a picture against NumPy, and their gradients against finite differences."""

import numpy as np
import pytest
import tensorflow as tf

from utils.training.augment import cut_out, recolour, resample, translate, turn, zoom
from utils.training.gradients import gradient


def pictures(count=4, size=8, channels=3, seed=0):
    return np.random.default_rng(seed).normal(size=(count, size, size, channels)).astype("float32")


def moved_in_numpy(images, down, right):
    """The same by slices, picture by picture."""
    result = np.zeros_like(images)
    size = images.shape[1]
    for number, (y, x) in enumerate(zip(down, right, strict=True)):
        to_rows, to_columns = slice(max(y, 0), size + min(y, 0)), slice(max(x, 0), size + min(x, 0))
        from_rows, from_columns = slice(max(-y, 0), size + min(-y, 0)), slice(max(-x, 0), size + min(-x, 0))
        result[number, to_rows, to_columns] = images[number, from_rows, from_columns]
    return result


DOWN, RIGHT = np.array([0, 1, -2, 7], "int32"), np.array([0, -3, 2, 0], "int32")


def test_translate_moves_each_picture_by_its_own_pixels():
    images = pictures()
    expected = moved_in_numpy(images, DOWN, RIGHT)
    assert np.array(translate(images, DOWN, RIGHT)) == pytest.approx(expected, abs=1e-6)
    rolled = np.stack([np.roll(each, (y, x), (0, 1)) for each, y, x in zip(images, DOWN, RIGHT, strict=True)])
    assert np.abs(rolled - expected).max() > 1, "planted: what leaves on one side comes back"


@pytest.mark.parametrize("quarters", range(4))
def test_turn_is_numpy_s_rot90_for_each_picture(quarters):
    images = pictures()
    turned = np.array(turn(images, np.array([0, quarters, 1, 3])))
    assert np.array_equal(turned[1], np.rot90(images[1], quarters))
    assert np.array_equal(turned[0], images[0]) and np.array_equal(turned[3], np.rot90(images[3], 3))
    if quarters in (1, 3):
        assert not np.array_equal(turned[1], np.rot90(images[1], -quarters)), "planted: with the clock"


def test_zoom_by_one_changes_nothing_and_by_a_half_keeps_the_middle_in_a_frame():
    images = pictures()
    assert np.array(zoom(images, np.ones(4, "float32"))) == pytest.approx(images, abs=1e-5)
    smaller = np.array(zoom(np.ones_like(images), np.full(4, 0.5, "float32")))
    assert smaller[:, 2:6, 2:6] == pytest.approx(1.0) and np.all(smaller[:, 0] == 0)
    larger = np.array(zoom(images, np.full(4, 2.0, "float32")))
    assert np.abs(larger).max() <= np.abs(images[:, 2:6, 2:6]).max() + 1e-5


def test_resample_reads_between_pixels():
    ramp = np.arange(4, dtype="float32").reshape(1, 4, 1, 1)
    read = resample(ramp, np.array([[0.5, 1.25, 3.0, 9.0]], "float32"), np.zeros((1, 1), "float32"))
    assert np.ravel(read) == pytest.approx([0.5, 1.25, 3.0, 0.0])


def test_cut_out_covers_a_square_and_no_more():
    covered = np.array(cut_out(np.ones((2, 8, 8, 1), "float32"), np.array([4, 0]), np.array([4, 0]), 4))
    assert covered[0, 2:6, 2:6].max() == 0 and covered[0].sum() == 64 - 16
    assert covered[1].sum() == 64 - 4  # at the corner a quarter of the square is left


def test_recolour_of_neutral_strengths_changes_nothing_and_each_does_its_own():
    images, one, zero = pictures(), np.ones(4, "float32"), np.zeros(4, "float32")
    assert np.array(recolour(images, zero, one, one)) == pytest.approx(images, abs=1e-6)
    assert np.array(recolour(images, zero + 0.5, one, one)) == pytest.approx(images + 0.5, abs=1e-6)
    grey = np.array(recolour(images, zero, zero, one))
    assert grey == pytest.approx(np.repeat(images.mean(3, keepdims=True), 3, 3), abs=1e-6)
    flat = np.array(recolour(images, zero, one, zero))
    assert flat == pytest.approx(np.broadcast_to(images.mean((1, 2, 3), keepdims=True), flat.shape), abs=1e-6)


CHANGES = {
    "translate": lambda x: translate(x, DOWN, RIGHT),
    "zoom": lambda x: zoom(x, tf.constant([0.7, 0.9, 1.2, 1.4])),
    "turn": lambda x: turn(x, tf.constant([0, 1, 2, 3])),
    "cut_out": lambda x: cut_out(x, tf.constant([1, 2, 3, 4]), tf.constant([4, 3, 2, 1]), 4),
    "recolour": lambda x: recolour(x, *(tf.constant([0.1, 0.5, 1.2, 1.4]) for _ in range(3))),
}


def slope_is_right(change):
    """Whether the gradient of a weighted sum is what a small step of the pictures changes."""
    images, weights, step = pictures(), pictures(seed=1), pictures(seed=2)

    def price(images):
        return tf.reduce_sum(weights * change(images))

    _, slopes = gradient(price, (images,))
    expected = float(price(tf.constant(images + 0.5 * step)) - price(tf.constant(images - 0.5 * step)))
    found = float(np.sum(step * np.array(slopes[0])))  # every change is linear in the picture, so exact
    return found == pytest.approx(expected, rel=1e-3, abs=1e-2)


@pytest.mark.parametrize("name", CHANGES)
def test_the_gradient_passes(name):
    assert slope_is_right(CHANGES[name])
    assert not slope_is_right(lambda images: tf.stop_gradient(CHANGES[name](images))), "planted: no gradient"
