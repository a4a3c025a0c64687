"""Each loss against a known value, its gradient, and the wrong formula that people write."""

import keras
import numpy as np
import pytest
from keras import ops

from utils import losses
from utils.training.gradients import gradient

ZEROS = np.zeros((4, 1), "float32")


def scores(seed=0, size=5):
    """Raw scores, some of them extreme."""
    drawn = np.random.default_rng(seed).normal(0, 3, (size, 1))
    return np.concatenate([drawn, [[-40.0], [40.0]]]).astype("float32")


def test_undecided_discriminator_costs_log_four():
    assert float(losses.discriminator_loss(ZEROS, ZEROS)) == pytest.approx(np.log(4), rel=1e-6)


def test_undecided_discriminator_costs_the_generator_log_two():
    assert float(losses.generator_loss(ZEROS)) == pytest.approx(np.log(2), rel=1e-6)
    assert float(losses.relativistic_loss(ZEROS, ZEROS)) == pytest.approx(np.log(2), rel=1e-6)
    assert float(losses.saturating_generator_loss(ZEROS)) == pytest.approx(-np.log(2), rel=1e-6)


def test_discriminator_loss_is_cross_entropy_on_raw_scores():
    real, fake = scores(1), scores(2)
    entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    expected = entropy(np.ones_like(real), real) + entropy(np.zeros_like(fake), fake)
    assert float(losses.discriminator_loss(real, fake)) == pytest.approx(float(expected), rel=1e-5)
    swapped = losses.discriminator_loss(fake, real)
    assert float(swapped) != pytest.approx(float(expected), rel=1e-2)


def silent(loss):
    """Tell whether a loss teaches nothing where a fake was recognised for sure."""
    _, (slope,) = gradient(loss, [[[-20.0]]])
    return abs(slope.numpy().item()) < 1e-3


def test_generator_hears_it_when_its_fakes_are_recognised():
    assert not silent(losses.generator_loss)
    assert silent(losses.saturating_generator_loss)  # the planted bug: the game as written


def test_losses_are_finite_at_extreme_scores():
    extreme = np.array([[-1e4], [1e4]], "float32")
    for value in (
        losses.discriminator_loss(extreme, extreme),
        losses.generator_loss(extreme),
        losses.relativistic_loss(extreme, -extreme),
    ):
        assert np.isfinite(float(value))
    with np.errstate(divide="ignore", over="ignore"):
        naive = -np.log(1 / (1 + np.exp(-extreme.astype("float64"))))
    assert not np.isfinite(naive).all()  # the planted bug: a logarithm of a sigmoid


def test_relativistic_loss_sees_differences_only():
    real, fake = scores(3), scores(4)
    shifted = losses.relativistic_loss(real + 7, fake + 7)
    assert float(losses.relativistic_loss(real, fake)) == pytest.approx(float(shifted), rel=1e-5)
    assert float(losses.discriminator_loss(real + 7, fake + 7)) != pytest.approx(
        float(losses.discriminator_loss(real, fake)), rel=1e-2
    )


def test_penalty_is_half_gamma_times_the_squared_norm_per_image():
    slopes = np.zeros((2, 4, 4, 1), "float32")
    slopes[0, 0, 0, 0], slopes[0, 1, 1, 0] = 3, 4  # norm 5, squared 25; the other image is flat
    assert float(losses.zero_centred_penalty(slopes, 2.0)) == pytest.approx(25 / 2)
    over_pixels = float(ops.mean(ops.square(slopes)))  # the planted bug: a mean over pixels
    assert over_pixels != pytest.approx(25 / 2)
