"""A step moves its own network only, and the game learns something in seconds."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from utils.models.gan import build_discriminator, build_generator
from utils.training.gan import GAN, discriminator_step, generator_step


@pytest.fixture
def gan():
    keras.utils.set_random_seed(0)
    gan = GAN(build_generator(8, 8), build_discriminator(8))
    gan.compile(d_optimizer=keras.optimizers.Adam(1e-2), g_optimizer=keras.optimizers.Adam(1e-2))
    return gan


def moved(network, action):
    """Return the largest change of a trainable weight by an action."""
    before = [variable.numpy() for variable in network.trainable_variables]
    action()
    return max(np.abs(v.numpy() - b).max() for v, b in zip(network.trainable_variables, before, strict=True))


def real_images(count=8):
    return keras.random.uniform((count, 28, 28, 1), -1, 1, seed=3)


def test_generator_step_leaves_the_discriminator_still(gan):
    def step():
        generator_step(gan.generator, gan.discriminator, gan.g_optimizer, gan.draw_latents(8))

    assert moved(gan.discriminator, step) == 0
    assert moved(gan.generator, step) > 0


def test_a_step_over_all_variables_would_be_caught(gan):
    """The planted bug: one stacked model, as in the draft, moves the discriminator too."""
    stack = keras.Sequential([gan.generator, gan.discriminator])
    stack.compile(optimizer="adam", loss=keras.losses.BinaryCrossentropy(from_logits=True))
    assert moved(gan.discriminator, lambda: stack.train_on_batch(gan.draw_latents(8), np.ones((8, 1)))) > 0


def test_discriminator_step_leaves_the_generator_still(gan):
    def step():
        fakes = gan.generator(gan.draw_latents(8), training=True)
        discriminator_step(gan.discriminator, gan.d_optimizer, real_images(), fakes)

    assert moved(gan.generator, step) == 0
    assert moved(gan.discriminator, step) > 0


def test_discriminator_learns_to_tell_two_greys_apart(gan):
    white, black = tf.fill((8, 28, 28, 1), 0.5), tf.fill((8, 28, 28, 1), -0.5)
    step = tf.function(lambda: discriminator_step(gan.discriminator, gan.d_optimizer, white, black))
    losses = [float(step()) for _ in range(20)]
    assert losses[-1] < 0.3 < losses[0]


def test_one_optimizer_for_both_networks_is_refused():
    gan = GAN(build_generator(8, 8), build_discriminator(8))
    adam = keras.optimizers.Adam()
    with pytest.raises(ValueError, match="two optimizers.*Received: the same one twice"):
        gan.compile(d_optimizer=adam, g_optimizer=adam)


def test_the_average_draws_and_follows(gan):
    before = gan.draw(np.ones((3, 8), "float32"))
    assert before.shape == (3, 28, 28, 1) and np.abs(before).max() <= 1
    gan.fit(tf.data.Dataset.from_tensors(real_images()).repeat(20), verbose=0, shuffle=False)
    assert np.abs(gan.draw(np.ones((3, 8), "float32")) - before).max() > 1e-3


def test_odd_batches_are_fine(gan):
    images = np.array(real_images(7))
    gan.fit(tf.data.Dataset.from_tensor_slices(images).batch(4), verbose=0, shuffle=False)
    assert np.isfinite(float(gan.g_loss.result()))


@pytest.mark.parametrize(
    ("generator", "discriminator"),
    [
        (build_generator(8, 8), build_discriminator(8, 32, 3)),
        (build_generator(8, 8, channels=3), build_discriminator(8)),
    ],
)
def test_networks_that_do_not_fit_are_refused_at_once(generator, discriminator):
    with pytest.raises(ValueError, match="same image shape.*Received"):
        GAN(generator, discriminator)


def test_wrong_latents_are_refused(gan):
    with pytest.raises(ValueError, match=r"\(count, 8\).*Received: .*\(3, 9\)"):
        gan.draw(np.ones((3, 9), "float32"))
