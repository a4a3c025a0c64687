"""Deeper networks: shapes, ranges, blocks that start by adding nearly nothing, and what depth adds."""

import keras
import numpy as np
import pytest

from utils.models.residual_gan import build_residual_discriminator, build_residual_generator, residual_block


@pytest.mark.parametrize(("image_size", "channels"), [(28, 1), (32, 3), (64, 3)])
@pytest.mark.parametrize("attention", [False, True])
def test_the_generator_draws_images_in_range_and_the_discriminator_scores_them(
    image_size, channels, attention
):
    sizes = {"width": 8, "image_size": image_size, "channels": channels, "attention": attention}
    images = build_residual_generator(16, **sizes)(keras.random.normal((3, 16)) * 100)
    assert tuple(images.shape) == (3, image_size, image_size, channels)
    assert np.abs(images).max() <= 1
    assert tuple(build_residual_discriminator(**sizes)(images).shape) == (3, 1)


def convolutions(model):
    return sum(
        isinstance(layer, keras.layers.Conv2D) and layer.kernel_size == (3, 3) for layer in model.layers
    )


@pytest.mark.parametrize("build", [build_residual_generator, build_residual_discriminator])
def test_each_step_of_depth_adds_two_convolutions_at_each_of_three_sizes(build):
    counts = [convolutions(build(width=8, depth=depth)) for depth in (0, 1, 3)]
    assert np.diff(counts).tolist() == [6, 12]


def rms(x):
    return float(np.sqrt(np.square(np.asarray(x)).mean()))


def test_a_hundred_new_blocks_pass_the_map_on():
    maps = x = keras.Input((4, 4, 8))
    plain = maps
    for _ in range(100):
        x = residual_block(x, 8)
        plain = keras.layers.Conv2D(8, 3, padding="same", activation="relu")(plain)
    some = keras.random.normal((4, 4, 4, 8), seed=0)
    after, alone = (rms(keras.Model(maps, out)(some)) for out in (x, plain))
    assert 0.5 < after / rms(some) < 2
    assert not 0.5 < alone / rms(some) < 2  # planted: the same depth without the sum


def test_each_image_is_judged_alone():
    images = keras.random.uniform((4, 32, 32, 3), -1, 1, seed=2)
    judge = build_residual_discriminator(8)
    together = np.asarray(judge(images, training=True))
    alone = np.concatenate([np.asarray(judge(images[i : i + 1], training=True)) for i in range(4)])
    np.testing.assert_allclose(together, alone, atol=1e-4)


def test_the_generator_uses_its_latents():
    images = np.asarray(build_residual_generator(16, 8)(keras.random.normal((2, 16), seed=1)))
    assert np.abs(images[0] - images[1]).max() > 1e-3


@pytest.mark.parametrize("build", [build_residual_generator, build_residual_discriminator])
def test_sizes_that_do_not_fit_are_refused(build):
    with pytest.raises(ValueError, match="multiple of 4.*Received: 30"):
        build(image_size=30)
