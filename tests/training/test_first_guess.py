"""The first guess: each picture goes to its own regressor, and both start as what was learned on all."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from utils.data.degrade import downscale, enlarge, gaussian_noise
from utils.data.pairs import make_pairs
from utils.losses import log_error
from utils.models.enlarged import was_enlarged
from utils.training.first_guess import build_first_guess, falling_adam, finish_first_guess
from utils.training.fit import train
from utils.training.sizes import RestorerBudget

TINY = RestorerBudget(
    32, 8, 3, crop_size=16, batch_size=4, guess_steps=60, finish_steps=20, steps=60, learning_rate=5e-3
)


def blots(count=12, size=16):
    """Return smooth pictures: few numbers each, enlarged."""
    few = np.random.default_rng(0).uniform(-0.6, 0.6, (count, 4, 4, 3)).astype("float32")
    return enlarge(few, size, size)


@pytest.fixture
def both():
    """Return pictures with and without fine detail in turn, and which of them have none."""
    smooth = blots(6)
    mixed = np.stack([gaussian_noise(smooth, 40, 0), smooth], axis=1).reshape(-1, *smooth.shape[1:])
    return tf.constant(mixed.astype("float32")), np.tile([False, True], 6)


@pytest.fixture
def first_guess():
    """Return a guess whose second regressor has learned something else."""
    keras.utils.set_random_seed(0)
    guess = finish_first_guess(build_first_guess(TINY), TINY)
    for variable in guess.readers[1].trainable_variables:
        if len(variable.shape) == 1:  # a bias
            variable.assign(variable + 0.02)
    return guess


def test_each_picture_is_read_by_its_own_regressor(first_guess, both):
    degraded, enlarged = both
    assert np.array_equal(was_enlarged(degraded), enlarged)
    features, guess = first_guess.features_and_guess(degraded)
    own = [reader(degraded) for reader in first_guess.readers]
    for said, answers in zip((features, guess), zip(*own, strict=True), strict=True):
        expected = np.where(enlarged[:, None, None, None], answers[1], answers[0])
        assert np.allclose(said, expected, atol=1e-5)
        assert not np.allclose(said, answers[0], atol=1e-3)  # planted: one regressor reads all
        swapped = np.where(enlarged[:, None, None, None], answers[0], answers[1])
        assert not np.allclose(said, swapped, atol=1e-3)  # planted: each gets the other's pictures


@pytest.mark.parametrize("kind", [0, 1])
def test_a_batch_of_one_kind_leaves_the_other_regressor_alone(first_guess, both, kind):
    degraded = tf.boolean_mask(*both) if kind else tf.boolean_mask(both[0], ~both[1])
    expected = first_guess.readers[kind](degraded)[1]
    assert np.allclose(first_guess(degraded), expected, atol=1e-5)
    before = [reader.get_weights() for reader in first_guess.readers]
    first_guess.train_on_batch(degraded, degraded)
    moved = [
        any(not np.array_equal(*pair) for pair in zip(old, reader.get_weights(), strict=True))
        for old, reader in zip(before, first_guess.readers, strict=True)
    ]
    assert moved[kind]
    assert all(np.isfinite(part).all() for part in first_guess.get_weights())


def test_the_guess_is_the_mean_of_a_picture_and_its_mirror_image(first_guess, both):
    degraded = both[0]
    features, guess = first_guess.read(degraded)
    mirrored = first_guess.read(degraded[:, :, ::-1])[1][:, :, ::-1]
    assert np.allclose(mirrored, guess, atol=1e-5)
    assert np.array_equal(features, first_guess.features_and_guess(degraded)[0])
    once = first_guess(degraded)  # planted: read once
    assert not np.allclose(first_guess(degraded[:, :, ::-1])[:, :, ::-1], once, atol=1e-4)


def test_a_slope_reaches_the_picture(first_guess, both):
    degraded, _ = both
    with tf.GradientTape() as tape:
        tape.watch(degraded)
        loss = tf.reduce_sum(tf.square(first_guess.read(degraded)[1]))
    slope = tape.gradient(loss, degraded)
    assert isinstance(slope, tf.Tensor) and np.abs(slope).max(axis=(1, 2, 3)).min() > 0  # of every picture


def test_both_start_as_the_regressor_and_neither_shares_its_weights(both):
    keras.utils.set_random_seed(0)
    regressor = build_first_guess(TINY)
    guess = finish_first_guess(regressor, TINY)
    assert np.allclose(guess(both[0]), regressor(both[0]), atol=1e-5)
    before = regressor.get_weights()
    guess.train_on_batch(*both[:1], both[0])
    assert all(np.array_equal(*pair) for pair in zip(before, regressor.get_weights(), strict=True))
    assert len(guess.trainable_variables) == 2 * len(regressor.trainable_variables)


def test_the_last_price_counts_each_picture(both):
    regressor = build_first_guess(TINY)
    degraded, clean = both[0], tf.constant(blots())
    squared = regressor.test_on_batch(degraded, clean)
    guess = finish_first_guess(regressor, TINY)
    expected = float(log_error(clean, guess(degraded)))
    assert np.isclose(guess.test_on_batch(degraded, clean), expected, atol=1e-5)
    assert not np.isclose(squared, expected, atol=1e-2)  # planted: the price of the long part


def test_the_guess_learns_for_both_kinds():
    keras.utils.set_random_seed(0)
    rows, columns = np.mgrid[:16, :16] / 16 - 0.5
    tilts = np.random.default_rng(0).uniform(-100, 100, (2, 32, 1, 1, 3))
    images = (128 + tilts[0] * rows[..., None] + tilts[1] * columns[..., None]).astype("uint8")

    def harmed(images, seed):
        noisy = gaussian_noise(images, 40, seed)
        return np.concatenate([noisy[: len(noisy) // 2], downscale(noisy[len(noisy) // 2 :], 2)])

    budget = dataclasses.replace(TINY, guess_steps=200, finish_steps=200)
    pairs = make_pairs(images, 8, seed=1, degrade=harmed)
    regressor = build_first_guess(budget)
    train(regressor, pairs, 200)
    guess = finish_first_guess(regressor, budget)
    degraded, clean = next(iter(pairs))
    before = [float(log_error(*part)) for part in parts(clean, guess(degraded))]
    train(guess, pairs, 200)
    after = [float(log_error(*part)) for part in parts(clean, guess(degraded))]
    assert after[0] < before[0] and after[1] < before[1]


def parts(clean, restored):
    """Return both halves of a batch, as (clean, restored)."""
    half = len(clean) // 2
    return (clean[:half], restored[:half]), (clean[half:], restored[half:])


def moved_after_a_bad_batch(adam):
    weight = keras.Variable([0.0])
    for slope in (1e4, *[-1.0] * 30):
        adam.apply([tf.constant([slope])], [weight])
    return float(weight[0])


def test_one_bad_batch_is_soon_forgotten():
    assert moved_after_a_bad_batch(falling_adam(1e-3, 1_000, longest=1.0)) > 0.02
    assert (
        moved_after_a_bad_batch(falling_adam(1e-3, 1_000, longest=1e9)) < 0
    )  # planted: it leads for 30 steps
