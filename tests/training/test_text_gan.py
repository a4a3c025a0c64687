"""Each step moves its own networks, wrong captions make the discriminator read, and pictures obey."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from utils.training.budget import LESSONS
from utils.training.text_gan import (
    build_text_gan,
    drop_captions,
    teach_discriminator,
    teach_generator,
)

BUDGET = LESSONS["04_text_to_product"]["smoke"]
WORDS, LENGTH = 6, 3


@pytest.fixture
def gan():
    keras.utils.set_random_seed(0)
    return build_text_gan(BUDGET, WORDS, LENGTH)


def batch(count=16):
    """Return grey-on-colour pictures and their captions: word 2 is red, word 3 is blue, the rest is noise."""
    rng = np.random.default_rng(0)
    colours = np.arange(count) % 2
    images = rng.normal(-0.8, 0.05, (count, 32, 32, 3)).astype("float32")
    images[np.arange(count), :, :, 2 * colours] += 1.6
    return tf.constant(images), tf.constant(np.stack([colours + 2, 0 * colours, 0 * colours], 1), tf.int32)


def moved(networks, action):
    """Return the largest change of each network's trainable weights by an action."""
    before = [[v.numpy() for v in network.trainable_variables] for network in networks]
    action()
    return [
        max(np.abs(v.numpy() - b).max() for v, b in zip(network.trainable_variables, old, strict=True))
        for network, old in zip(networks, before, strict=True)
    ]


def test_each_step_moves_its_own_networks(gan):
    images, tokens = batch()
    networks = gan.generator, gan.discriminator, gan.text_encoder
    fakes = tf.zeros_like(images)
    generator, discriminator, encoder = moved(
        networks, lambda: teach_discriminator(gan, images, fakes, tokens)
    )
    assert generator == 0 and discriminator > 0 and encoder > 0
    generator, discriminator, encoder = moved(networks, lambda: teach_generator(gan, images, tokens))
    assert generator > 0 and discriminator == 0 and encoder == 0


def margin(reads, steps=60):
    """Return by how much a real picture's own caption beats the other one after some steps without naming."""
    keras.utils.set_random_seed(1)
    gan = build_text_gan(BUDGET, WORDS, LENGTH, reads=reads, naming=0.0)
    images, tokens = batch()
    fakes = tf.random.uniform(images.shape, -1, 1, seed=2)
    step = tf.function(lambda: teach_discriminator(gan, images, fakes, tokens), autograph=False)
    for _ in range(steps):
        step()
    logits = [gan.discriminator([images, gan.text_encoder(t)])[0] for t in (tokens, tf.roll(tokens, 1, 0))]
    return float(tf.reduce_mean(logits[0] - logits[1]))


def test_the_discriminator_learns_to_read():
    assert margin("projection") > 1.0


def test_a_blind_one_does_not():
    """The planted bug: the draft's discriminator, which sees the picture alone."""
    assert margin("nothing") == 0


def test_dropped_captions_are_dropped_whole_and_anew():
    tokens = tf.constant(np.random.default_rng(0).integers(2, 9, (4000, 5)), tf.int32)
    step = tf.function(lambda: drop_captions(tokens, 0.3))
    one, other = step().numpy(), step().numpy()
    dropped = (one == 0).all(axis=1)
    assert ((one == tokens.numpy()).all(axis=1) | dropped).all()
    assert 0.26 < dropped.mean() < 0.34
    assert (one != other).any()
    assert np.array_equal(drop_captions(tokens, 0.0), tokens) and not drop_captions(tokens, 1.0).numpy().any()


def test_the_game_runs_and_the_averages_draw(gan):
    images, tokens = batch()
    before = gan.draw(np.ones((3, gan.latent_dim), "float32"), gan.encode(np.array([[2, 0, 0]] * 3)))
    dataset = tf.data.Dataset.from_tensors((images, tokens)).repeat(12)
    history = gan.fit(dataset, verbose=0, shuffle=False).history
    assert set(history) == {"d_loss", "g_loss", "words_loss"}
    assert all(np.isfinite(values).all() for values in history.values())
    after = gan.draw(np.ones((3, gan.latent_dim), "float32"), gan.encode(np.array([[2, 0, 0]] * 3)))
    assert after.shape == (3, 32, 32, 3) and np.abs(after).max() <= 1
    assert np.abs(after - before).max() > 1e-3


@pytest.mark.parametrize("reads", ["projection", "concatenation", "nothing"])
@pytest.mark.parametrize("film", [True, False])
def test_every_variant_takes_a_step_without_a_warning(reads, film):
    gan = build_text_gan(BUDGET, WORDS, LENGTH, film=film, reads=reads)
    losses = gan.train_step(batch(4))
    assert all(np.isfinite(float(loss)) for loss in losses.values())
