"""Gradient penalties against closed forms: linear and quadratic critics have known slopes everywhere."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from utils.training.penalties import (
    cross_talk,
    dragan_penalty,
    gradient_penalty,
    input_slopes,
    r1_penalty,
)

IMAGE = (4, 4, 1)


def pictures(seed, count=16, shape=IMAGE):
    """A batch of noise."""
    return tf.constant(np.random.default_rng(seed).normal(size=(count, *shape)).astype("float32"))


def linear_critic(seed=0):
    """A critic whose slope is its kernel, everywhere; the kernel's norm."""
    critic = keras.Sequential([keras.Input(IMAGE), keras.layers.Flatten(), keras.layers.Dense(1)])
    kernel = np.random.default_rng(seed).normal(size=(16, 1)).astype("float32")
    critic.layers[-1].kernel.assign(kernel)
    return critic, float(np.linalg.norm(kernel.astype("float64")))


def test_a_linear_critic_has_its_kernel_for_a_slope():
    critic, norm = linear_critic()
    slopes = np.reshape(input_slopes(critic, pictures(1)), (16, 16))
    assert np.abs(np.linalg.norm(slopes, axis=1) - norm).max() < 1e-5


def test_penalties_of_a_linear_critic_have_a_closed_form():
    critic, norm = linear_critic()
    wgan_gp = float(gradient_penalty(critic, pictures(1), pictures(2)))
    assert wgan_gp == pytest.approx(10 * (norm - 1) ** 2, rel=1e-5)
    assert float(dragan_penalty(critic, pictures(1))) == pytest.approx(10 * (norm - 1) ** 2, rel=1e-5)
    assert float(r1_penalty(critic, pictures(1), 2.0)) == pytest.approx(norm**2, rel=1e-5)
    of_loss = norm / 16  # planted: the slope of the mean over the batch, not of each score
    assert wgan_gp != pytest.approx(10 * (of_loss - 1) ** 2, rel=1e-2)


def bowl(images, training=True):
    """A critic whose slope at an image is the image: half of its squared length."""
    return 0.5 * tf.reduce_sum(images**2, axis=(1, 2, 3))[:, None]


def test_r1_of_a_quadratic_score_is_the_length_of_the_images():
    images = pictures(3)
    expected = 0.5 * np.mean(np.sum(np.square(images, dtype="float64"), axis=(1, 2, 3)))
    assert float(r1_penalty(bowl, images)) == pytest.approx(expected, rel=1e-5)
    assert np.mean(np.square(images)) / 2 != pytest.approx(expected, rel=1e-2)  # planted: mean over pixels


def shares_of(mix):
    """Where between -1 (fake) and 1 (real) the points lie that a penalty looks at."""
    seen = []

    def critic(points, training=True):
        seen.append(np.array(points))
        return tf.reduce_sum(points, axis=(1, 2, 3))[:, None]

    real, fake = tf.ones((4_000, *IMAGE)), -tf.ones((4_000, *IMAGE))
    mix(critic, real, fake)
    points = (seen[0] + 1) / 2
    assert np.ptp(points, axis=(1, 2, 3)).max() < 1e-6, "one share for all pixels of an image"
    return points[:, 0, 0, 0]


def is_uniform(shares):
    """Whether shares fill [0, 1] evenly: no gap to the straight line above 0.04."""
    line = (np.arange(len(shares)) + 0.5) / len(shares)
    return np.abs(np.sort(shares) - line).max() < 0.04


def normal_penalty(critic, real, fake):
    """The planted bug, as in a widely copied example: normal instead of uniform shares."""
    share = tf.random.normal((len(real), 1, 1, 1))
    critic(share * real + (1 - share) * fake)


def test_the_points_are_spread_evenly_between_real_and_fake():
    keras.utils.set_random_seed(0)
    assert is_uniform(shares_of(gradient_penalty))
    normal = shares_of(normal_penalty)
    assert not is_uniform(normal)
    outside = np.mean((normal < 0) | (normal > 1))
    assert outside == pytest.approx(0.66, abs=0.03)  # as STYLE tells and lesson 03 shows


def test_dragan_looks_around_real_images_alone():
    seen = []

    def critic(points, training=True):
        seen.append(np.array(points))
        return tf.reduce_sum(points, axis=(1, 2, 3))[:, None]

    real = 3 * pictures(4, 4_000)
    keras.utils.set_random_seed(0)
    dragan_penalty(critic, real)
    noise = seen[0] - np.array(real)
    assert noise.std() == pytest.approx(1.5, rel=0.02) and abs(noise.mean()) < 0.02


def test_a_penalty_moves_the_discriminator_and_says_nothing_to_the_generator():
    generator = keras.Sequential([keras.Input((3,)), keras.layers.Dense(16), keras.layers.Reshape(IMAGE)])
    critic, _ = linear_critic()
    latents = tf.random.normal((16, 3))
    with tf.GradientTape(persistent=True) as tape:
        fake_images = tf.stop_gradient(generator(latents))  # as a discriminator's step gets them
        penalty = gradient_penalty(critic, pictures(5), fake_images)
    assert all(slope is None for slope in tape.gradient(penalty, generator.trainable_variables))
    assert np.abs(tape.gradient(penalty, critic.trainable_variables[0])).max() > 0


def with_norm(*norm):
    """A small discriminator with a layer in its middle."""
    keras.utils.set_random_seed(1)
    middle = [keras.layers.Dense(8), *norm, keras.layers.LeakyReLU(negative_slope=0.2)]
    return keras.Sequential([keras.Input((2,)), *middle, keras.layers.Dense(1)])


def test_batch_normalisation_makes_images_talk_and_layer_normalisation_does_not():
    points = pictures(6, 8, (2,))
    assert cross_talk(with_norm(), points) == 0
    assert cross_talk(with_norm(keras.layers.LayerNormalization()), points) == 0
    assert cross_talk(with_norm(keras.layers.BatchNormalization()), points) > 0.05  # the planted bug
