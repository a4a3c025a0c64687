"""A hard choice is one word, drawn as honestly as softmax says, and its slope is that of the soft choice."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from utils.models.words import build_word_generator, gumbel_noise, straight_through


def test_the_value_is_hard_and_the_slope_is_soft():
    rng = np.random.default_rng(0)
    logits, noise, weights = (tf.constant(rng.normal(size=(5, 7)), tf.float32) for _ in range(3))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(logits)
        hard = straight_through(logits, noise, 0.7)
        price = tf.reduce_sum(hard * weights)
        soft_price = tf.reduce_sum(tf.nn.softmax((logits + noise) / 0.7) * weights)
        argmax_price = tf.reduce_sum(tf.one_hot(tf.argmax(logits + noise, -1), 7) * weights)
    assert np.isin(hard.numpy().round(6), (0, 1)).all() and hard.numpy().sum(axis=1) == pytest.approx(1)
    assert (hard.numpy().argmax(1) == (logits + noise).numpy().argmax(1)).all()
    assert tape.gradient(price, logits).numpy() == pytest.approx(tape.gradient(soft_price, logits).numpy())
    assert tape.gradient(argmax_price, logits) is None  # a plain argmax teaches nothing


def shares(noise_of, count=40_000):
    """Return how often each of three words is chosen, whose chances are 0.6, 0.3 and 0.1."""
    logits = np.tile(np.log([0.6, 0.3, 0.1]).astype("float32"), (count, 1))
    return np.asarray(straight_through(logits, noise_of((count, 3)), 1.0)).mean(axis=0)


def test_gumbel_noise_makes_the_choice_an_honest_draw():
    assert shares(lambda shape: gumbel_noise(shape, seed=1)) == pytest.approx([0.6, 0.3, 0.1], abs=0.01)


@pytest.mark.parametrize(
    "noise_of",
    [
        lambda shape: np.zeros(shape, "float32"),
        lambda shape: keras.random.normal(shape, seed=1),
        lambda shape: -gumbel_noise(shape, seed=1),
    ],
    ids=["none", "normal", "upside down"],
)
def test_other_noise_does_not(noise_of):
    assert np.abs(shares(noise_of) - [0.6, 0.3, 0.1]).max() > 0.03


def generator(length=4, words=6):
    keras.utils.set_random_seed(0)
    return build_word_generator(3, length, words, width=8)


def test_a_sentence_has_one_word_per_place_and_hangs_on_latents_and_noise():
    network = generator()
    latents, noise = np.random.default_rng(0).normal(size=(50, 3)), np.array(gumbel_noise((50, 4, 6), seed=0))
    sentences = np.asarray(network([latents, noise]))
    assert sentences.shape == (50, 4, 6) and sentences.sum(axis=-1) == pytest.approx(np.ones((50, 4)))
    assert np.array_equal(sentences, np.asarray(network([latents, noise])))
    for other in ([5 * latents[::-1], noise], [latents, noise[::-1]]):
        assert not np.array_equal(np.asarray(network(other)), sentences)


def test_a_word_is_heard_by_the_next_one_and_by_none_before():
    network = generator()
    latents = np.random.default_rng(1).normal(size=(400, 3)).astype("float32")
    noise = np.array(gumbel_noise((400, 4, 6), seed=2))
    first = np.asarray(network([latents, noise]))
    noise[:, 1] = np.array(gumbel_noise((400, 6), seed=3))  # another choice of the second word
    second = np.asarray(network([latents, noise]))
    changed = np.abs(first - second).max(axis=2) > 0.5  # (sentences, places)
    assert not changed[:, 0].any() and changed[:, 1].mean() > 0.5
    assert changed[:, 2:].any(axis=1).mean() > 0.05


def test_the_generator_learns_through_its_choices():
    network = generator()
    latents, noise = np.ones((64, 3), "float32"), np.array(gumbel_noise((64, 4, 6), seed=0))
    optimizer = keras.optimizers.Adam(0.02)
    for _ in range(60):
        with tf.GradientTape() as tape:
            words = network([latents, noise])
            loss = -ops.mean(words[:, 0, 2] + words[:, 3, 5])  # say word 2 first and word 5 last
        optimizer.apply(tape.gradient(loss, network.trainable_variables), network.trainable_variables)
    assert float(loss) < -1.8
