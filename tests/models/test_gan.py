"""The two networks: shapes, ranges, and what each output depends on."""

import keras
import numpy as np
import pytest

from utils.models.gan import build_discriminator, build_generator


def same_as_alone(model, images):
    """Tell whether the score of an image is the same alone and in a batch, while training."""
    together = np.asarray(model(images, training=True))
    alone = np.concatenate([np.asarray(model(images[i : i + 1], training=True)) for i in range(len(images))])
    return np.allclose(together, alone, atol=1e-4)


@pytest.mark.parametrize(("image_size", "channels"), [(28, 1), (32, 3), (64, 3)])
def test_generator_draws_images_in_range_and_discriminator_scores_them(image_size, channels):
    generator = build_generator(16, 8, image_size, channels)
    images = generator(keras.random.normal((3, 16)) * 100)
    assert tuple(images.shape) == (3, image_size, image_size, channels)
    assert np.abs(images).max() <= 1
    scores = build_discriminator(8, image_size, channels)(images)
    assert tuple(scores.shape) == (3, 1)


def test_generator_uses_its_latents():
    generator = build_generator(16, 8)
    images = np.asarray(generator(keras.random.normal((2, 16), seed=1)))
    assert np.abs(images[0] - images[1]).max() > 1e-3


def test_scores_are_raw():
    discriminator = build_discriminator(8)
    images = keras.random.uniform((64, 28, 28, 1), -1, 1, seed=1)
    discriminator.layers[-1].kernel.assign(discriminator.layers[-1].kernel * 1000)
    scores = np.asarray(discriminator(images))
    assert np.abs(scores).max() > 1  # a sigmoid or a tanh could not


def test_each_image_is_judged_alone():
    images = keras.random.uniform((4, 28, 28, 1), -1, 1, seed=2)
    assert same_as_alone(build_discriminator(8), images)
    with_batch_norm = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.BatchNormalization(),
            keras.layers.Flatten(),
            keras.layers.Dense(1),
        ]
    )
    assert not same_as_alone(with_batch_norm, images)  # the planted bug


@pytest.mark.parametrize("image_size", [30, 27])
def test_a_size_that_cannot_be_doubled_twice_is_refused(image_size):
    with pytest.raises(ValueError, match="multiple of 4.*Received: " + str(image_size)):
        build_generator(image_size=image_size)


@pytest.mark.parametrize("count", [0, -1, 2.5])
def test_a_network_without_channels_is_refused(count):
    with pytest.raises(ValueError, match="width.*Received"):
        build_generator(width=count)
    with pytest.raises(ValueError, match="width.*Received"):
        build_discriminator(width=count)
