"""The grain of a stride of 2: overlaps as counted by a layer of ones, and a share that sees it."""

import keras
import numpy as np
import pytest

from utils.metrics.chequerboard import chequerboard, overlaps

RNG = np.random.default_rng(0)


def drawn_by_ones(size, kernel, stride):
    layer = keras.layers.Conv2DTranspose(
        1, (1, kernel), (1, stride), "same", use_bias=False, kernel_initializer="ones"
    )
    return np.asarray(layer(np.ones((1, 1, size, 1), "float32")))[0, 0, :, 0]


@pytest.mark.parametrize(("kernel", "stride"), [(3, 2), (4, 2), (5, 2), (2, 2), (3, 3), (5, 3), (3, 1)])
def test_overlaps_are_those_of_keras(kernel, stride):
    np.testing.assert_array_equal(overlaps(7, kernel, stride), drawn_by_ones(7, kernel, stride))


def test_only_a_kernel_that_the_stride_divides_is_even():
    assert np.ptp(overlaps(9, 4, 2)[2:-2]) == 0
    assert np.ptp(overlaps(9, 3, 2)[2:-2]) == 1


def test_a_chequerboard_is_all_grain_and_noise_has_nearly_none():
    board = np.tile([[1.0, -1.0], [-1.0, 1.0]], (8, 8))[None, :, :, None]
    assert chequerboard(board) == pytest.approx(1)
    assert chequerboard(RNG.normal(size=(50, 32, 32, 3))) < 0.02
    assert chequerboard(np.zeros((2, 8, 8, 1))) == 0


def test_grain_is_found_at_the_share_it_was_planted_with():
    smooth = RNG.normal(size=(200, 32, 32, 1))
    board = np.tile([[1.0, -1.0], [-1.0, 1.0]], (16, 16))[None, :, :, None]
    assert chequerboard(smooth + 0.5 * board) == pytest.approx(0.25 / 1.25, abs=0.02)


def test_an_odd_last_row_is_left_out():
    images = RNG.normal(size=(3, 9, 9, 1))
    assert chequerboard(images) == chequerboard(images[:, :8, :8])
