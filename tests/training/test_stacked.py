"""Stage two trains on what stage one has learnt, and leaves it as it is."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from utils.training.budget import LESSONS
from utils.training.stacked import build_stage_one_gan, build_stage_two_gan, halve

BUDGET = dataclasses.replace(LESSONS["04_text_to_product"]["smoke"], g_width=4, d_width=4)
WORDS, LENGTH = 6, 3


def test_halving_is_the_mean_of_each_four_pixels():
    images = np.random.default_rng(0).integers(0, 256, (3, 8, 6, 3), dtype=np.uint8)
    small = halve(images)
    assert small.shape == (3, 4, 3, 3) and small.dtype == np.uint8
    assert np.abs(small[1, 2, 1] - images[1, 4:6, 2:4].mean(axis=(0, 1))).max() <= 0.5
    assert np.abs(small - images[:, ::2, ::2].astype(float)).max() > 1  # picking each second pixel is not


@pytest.fixture(scope="module")
def games():
    keras.utils.set_random_seed(0)
    first = build_stage_one_gan(BUDGET, WORDS, LENGTH)
    first.train_step(batch(16))
    return first, build_stage_two_gan(BUDGET, first, WORDS)


def batch(size):
    rng = np.random.default_rng(0)
    images = rng.uniform(-1, 1, (8, size, size, 3)).astype("float32")
    return tf.constant(images), tf.constant(rng.integers(0, WORDS, (8, LENGTH)), tf.int32)


def test_a_step_of_stage_two_moves_neither_stage_one_nor_its_reading_of_captions(games):
    first, second = games
    frozen = [first.ema_generator, first.ema_text_encoder]
    before = [network.get_weights() for network in frozen]
    own = second.discriminator.get_weights()
    losses = second.train_step(batch(32))
    assert all(np.isfinite(float(loss)) for loss in losses.values())
    for network, old in zip(frozen, before, strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(network.get_weights(), old, strict=True))
    assert any(np.any(a != b) for a, b in zip(second.discriminator.get_weights(), own, strict=True))


def test_both_draw_from_the_same_latents_and_captions_and_the_average_follows(games):
    first, second = games
    latents = np.random.default_rng(1).normal(size=(4, first.latent_dim)).astype("float32")
    tokens = np.array([[2, 3, 0]] * 4)
    assert first.draw(latents, first.encode(tokens)).shape == (4, 16, 16, 3)
    fine = second.draw(latents, second.encode(tokens))
    assert fine.shape == (4, 32, 32, 3)
    second.train_step(batch(32))
    assert np.abs(second.draw(latents, second.encode(tokens)) - fine).max() > 1e-4
