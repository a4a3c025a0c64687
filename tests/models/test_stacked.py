"""Stage two sees the coarse picture and the caption at every pixel, and leaves stage one as it is."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from utils.models.stacked import build_stage_two, stage_two_input
from utils.models.text_gan import build_text_generator


def stages():
    keras.utils.set_random_seed(0)
    stage_one = build_text_generator(5, latent_dim=3, width=4, image_size=16)
    return stage_one, build_stage_two(stage_one, width=4)


def inputs(count=6):
    rng = np.random.default_rng(0)
    return [rng.normal(size=(count, 3)).astype("float32"), rng.normal(size=(count, 5)).astype("float32")]


def assert_every_pixel_carries_both(lay):
    rng = np.random.default_rng(1)
    coarse, captions = rng.normal(size=(4, 6, 5, 3)), rng.normal(size=(4, 7))
    both = np.asarray(lay(tf.constant(coarse, tf.float32), tf.constant(captions, tf.float32)))
    assert both.shape == (4, 6, 5, 10)
    assert both[..., :3] == pytest.approx(coarse, abs=1e-6)
    assert both[..., 3:] == pytest.approx(np.broadcast_to(captions[:, None, None], (4, 6, 5, 7)), abs=1e-6)


def test_every_pixel_carries_its_colours_and_the_caption():
    assert_every_pixel_carries_both(stage_two_input)


def test_a_repeat_and_a_reshape_would_mix_the_captions_up():
    def mixed(coarse, captions):
        planes = tf.reshape(tf.repeat(captions, 30, axis=1), (-1, 6, 5, 7))
        return tf.concat([coarse, planes], axis=-1)

    with pytest.raises(AssertionError):
        assert_every_pixel_carries_both(mixed)


def test_the_fine_picture_is_twice_as_large_and_hangs_on_noise_and_caption():
    _, stage_two = stages()
    latents, captions = inputs()
    images = np.asarray(stage_two([latents, captions]))
    assert images.shape == (6, 32, 32, 3) and np.abs(images).max() <= 1
    for other in ([latents[::-1], captions], [latents, captions[::-1]]):
        assert np.abs(np.asarray(stage_two(other)) - images).max() > 1e-4


def test_training_stage_two_leaves_stage_one_as_it_is():
    stage_one, stage_two = stages()
    before = [weights.copy() for weights in stage_one.get_weights()]
    optimizer = keras.optimizers.SGD(1.0)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(stage_two(inputs(), training=True) ** 2)
    optimizer.apply(tape.gradient(loss, stage_two.trainable_variables), stage_two.trainable_variables)
    assert all(np.array_equal(old, new) for old, new in zip(before, stage_one.get_weights(), strict=True))
    own = {id(variable) for variable in stage_one.variables}
    assert stage_two.trainable_variables and not own & {id(v) for v in stage_two.trainable_variables}


def test_what_draws_no_pictures_from_captions_is_no_stage_one():
    with pytest.raises(ValueError, match="Stage one must draw pictures .* Most likely fix"):
        build_stage_two(keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]))
