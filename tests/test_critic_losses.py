"""Wasserstein, hinge, smoothed labels and the penalty with target 1, against closed forms."""

import keras
import numpy as np
import pytest
from keras import ops

from utils import critic_losses, losses
from utils.training.gradients import gradient

ZEROS = np.zeros((4, 1), "float32")


def scores(seed, size=7):
    """Raw scores."""
    return np.random.default_rng(seed).normal(0, 2, (size, 1)).astype("float32")


def test_critic_loss_is_minus_the_distance_of_two_points():
    """With the critic f(x) = x, slope 1, between points at 5 and at 2 the distance is 3."""
    assert float(critic_losses.critic_loss(ZEROS + 5, ZEROS + 2)) == pytest.approx(-3)
    swapped = critic_losses.critic_loss(ZEROS + 2, ZEROS + 5)
    assert float(swapped) != pytest.approx(-3)  # the planted bug


def test_score_loss_pulls_every_score_alike():
    _, (slope,) = gradient(critic_losses.score_loss, (scores(1),))
    assert np.allclose(slope, -1 / 7)
    _, (other,) = gradient(losses.generator_loss, (scores(1),))
    assert not np.allclose(other, -1 / 7)


def test_hinge_is_that_of_keras_on_both_halves():
    real, fake = scores(2), scores(3)
    hinge = keras.losses.Hinge()
    expected = hinge(np.ones_like(real), real) + hinge(-np.ones_like(fake), fake)
    assert float(critic_losses.hinge_loss(real, fake)) == pytest.approx(float(expected), rel=1e-6)
    assert float(critic_losses.hinge_loss(fake, real)) != pytest.approx(float(expected), rel=1e-2)


def test_hinge_costs_two_when_undecided_and_nothing_beyond_the_margin():
    assert float(critic_losses.hinge_loss(ZEROS, ZEROS)) == 2
    value, slopes = gradient(critic_losses.hinge_loss, (ZEROS + 1.5, ZEROS - 1.5))
    assert float(value) == 0 and not np.any(slopes)


def test_smoothed_loss_is_cross_entropy_with_the_softer_label():
    real, fake = scores(4), scores(5)
    entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    expected = entropy(np.full_like(real, 0.9), real) + entropy(np.zeros_like(fake), fake)
    assert float(critic_losses.smoothed_loss(real, fake)) == pytest.approx(float(expected), rel=1e-5)
    plain = float(critic_losses.smoothed_loss(real, fake, label=1.0))
    assert plain == pytest.approx(float(losses.discriminator_loss(real, fake)), rel=1e-6)
    assert plain != pytest.approx(float(expected), rel=1e-2)


def test_smoothed_loss_is_least_at_the_score_of_the_label():
    best = float(np.log(0.9 / 0.1))
    _, (slope, _) = gradient(critic_losses.smoothed_loss, (ZEROS + best, ZEROS))
    assert np.abs(slope).max() < 1e-6
    entropy = -0.9 * np.log(0.9) - 0.1 * np.log(0.1)
    assert float(critic_losses.smoothed_loss(ZEROS + best, ZEROS - 50)) == pytest.approx(entropy, rel=1e-5)
    assert entropy == pytest.approx(0.325, abs=1e-3)


def test_penalty_is_the_mean_over_images_of_the_distance_from_one():
    slopes = np.zeros((3, 2, 2, 1), "float32")
    slopes[0, 0, 0, 0], slopes[0, 1, 1, 0], slopes[1, 0, 0, 0] = 3, 4, 1  # norms 5, 1 and 0
    expected = 10 * (16 + 0 + 1) / 3
    assert float(critic_losses.one_centred_penalty(slopes)) == pytest.approx(expected, rel=1e-5)
    norms = np.array([5, 1, 0])
    assert 10 * (norms.mean() - 1) ** 2 != pytest.approx(expected, rel=1e-2)  # planted: of the batch mean
    assert 10 * (np.sqrt(np.sum(norms**2)) - 1) ** 2 != pytest.approx(expected, rel=1e-2)  # of the batch


def test_penalty_has_a_slope_where_the_critic_is_flat():
    flat = np.zeros((2, 3), "float32")
    _, (slope,) = gradient(critic_losses.one_centred_penalty, (flat,))
    assert np.isfinite(slope).all()
    _, (bare,) = gradient(lambda g: ops.mean(ops.square(ops.sqrt(ops.sum(g * g, axis=1)) - 1)), (flat,))
    assert not np.isfinite(bare).all()  # the planted bug: no epsilon
