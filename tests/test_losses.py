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


def test_undecided_discriminator_with_captions_costs_log_four():
    assert float(losses.matching_aware_loss(ZEROS, ZEROS, ZEROS)) == pytest.approx(np.log(4), rel=1e-6)


def test_both_rivals_count():
    """Planted: without the wrong captions, a discriminator that judges looks alone would pay nothing."""
    looks_alone = losses.matching_aware_loss(ZEROS + 20, ZEROS, ZEROS + 20)
    assert float(looks_alone) == pytest.approx(np.log(2), rel=1e-3)
    assert float(losses.relativistic_loss(ZEROS + 20, ZEROS)) == pytest.approx(0, abs=1e-3)
    assert float(losses.matching_aware_loss(ZEROS + 20, ZEROS, ZEROS)) == pytest.approx(0, abs=1e-3)


def test_a_wrong_caption_that_equals_the_right_one_teaches_nothing():
    """The scores are one number then, and its slope cancels; as a plain fake it would push the score down."""
    paired, slopes = gradient(
        lambda score: losses.matching_aware_loss(score, ZEROS - 1e9, score), [ZEROS + 3]
    )
    assert np.abs(slopes[0]).max() < 1e-7
    _, slopes = gradient(lambda score: ops.mean(ops.softplus(score)), [ZEROS + 3])
    assert np.abs(slopes[0]).max() > 0.1


def test_naming_is_cross_entropy_over_the_words():
    word_logits = np.random.default_rng(0).normal(size=(3, 6)).astype("float32")
    tokens = np.array([[2, 4, 0, 0], [5, 5, 3, 0], [1, 2, 0, 0]], "int32")  # a word said twice counts once
    said = np.array([[1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 0, 0]], "float32")  # of the words 2 to 5
    entropy = keras.losses.BinaryCrossentropy(from_logits=True, reduction=None)
    expected = 4 * float(ops.mean(entropy(said, word_logits[:, 2:])))
    assert float(losses.naming_loss(word_logits, tokens)) == pytest.approx(expected, rel=1e-5)
    inverted = 4 * float(ops.mean(entropy(1 - said, word_logits[:, 2:])))
    assert float(losses.naming_loss(word_logits, tokens)) != pytest.approx(inverted, rel=1e-3)


def test_a_caption_without_words_asks_for_nothing():
    word_logits = np.full((2, 6), 5.0, "float32")
    assert float(losses.naming_loss(word_logits, np.zeros((2, 4), "int32"))) == 0
