"""Weights pass from one GAN to another; frozen layers do not move, and what people do instead does."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from utils.exercises.lesson_06.freeze import small_discriminator, what_moves
from utils.models.gan import build_discriminator, build_generator
from utils.training.gan import GAN
from utils.training.transfer import begin_from, freeze_lower

IMAGES = np.random.default_rng(0).normal(size=(8, 8, 8, 1)).astype("float32")


def tiny(channels=1):
    gan = GAN(build_generator(4, 4, 8, channels), build_discriminator(4, 8, channels))
    gan.compile(d_optimizer=keras.optimizers.Adam(0.01), g_optimizer=keras.optimizers.Adam(0.01))
    return gan


def test_a_gan_begins_where_another_ended_and_leaves_it_alone():
    trained, gan = tiny(), tiny()
    trained.train_step(tf.constant(IMAGES))
    latents = np.ones((2, 4), "float32")
    assert np.abs(gan.draw(latents) - trained.draw(latents)).max() > 1e-4
    begin_from(gan, trained)
    assert np.array_equal(gan.draw(latents), trained.draw(latents))
    assert int(gan.d_optimizer.iterations) == 0
    kept = trained.draw(latents)
    gan.train_step(tf.constant(IMAGES))
    assert np.array_equal(trained.draw(latents), kept)


def test_other_sizes_are_refused():
    with pytest.raises(ValueError, match="same generator.*Received"):
        begin_from(tiny(), tiny(3))


def test_count_convolutions_and_their_norms_stand_still_and_the_rest_moves():
    told = what_moves(freeze_lower, (2, 2, IMAGES))["layers that move"]
    assert "_0" not in told and "_1" not in told
    assert "convolution_2 (kernel, bias)" in told and "score (kernel, bias)" in told
    assert "norm_2 (gamma, beta, moving_mean, moving_variance)" in told
    everything = what_moves(freeze_lower, (2, 0, IMAGES))["layers that move"]
    assert "convolution_0 (kernel, bias), norm_0 (gamma, beta, moving_mean, moving_variance)" in everything


def test_freezing_all_convolutions_is_refused():
    with pytest.raises(ValueError, match="from 0 to 2.*Received: 3"):
        freeze_lower(build_discriminator(4, 8, 1), 3)


def test_variables_left_out_of_the_optimizer_s_list_leave_the_averages_moving():
    """The planted bug: what looks frozen, because its weights stand still, is not."""

    def left_out(discriminator, count):
        for layer in discriminator.layers[: 3 * count]:
            for variable in layer.trainable_variables:
                variable.trainable = False

    told = what_moves(left_out, (2, 1, IMAGES))["layers that move"]
    assert told.startswith("norm_0 (moving_mean, moving_variance)")


def test_an_optimizer_made_while_layers_were_frozen_does_not_know_them_when_they_are_freed():
    network, _ = small_discriminator(2)
    optimizer = keras.optimizers.Adam(0.01)
    optimizer.build(freeze_lower(network, 1).trainable_variables)
    freed = freeze_lower(network, 0).trainable_variables
    with pytest.raises(ValueError, match="nknown variable"):
        optimizer.apply([tf.zeros_like(variable) for variable in freed], freed)


def test_freezing_after_a_step_was_compiled_changes_nothing():
    gan = tiny()
    step = tf.function(gan.train_step)
    step(tf.constant(IMAGES))
    freeze_lower(gan.discriminator, 1)
    convolution = next(layer for layer in gan.discriminator.layers if isinstance(layer, layers.Conv2D))
    before = convolution.kernel.numpy()
    step(tf.constant(IMAGES))
    assert np.abs(convolution.kernel.numpy() - before).max() > 0  # so: freeze first, then compile
    gan.compile(d_optimizer=keras.optimizers.Adam(0.01), g_optimizer=keras.optimizers.Adam(0.01))
    before = convolution.kernel.numpy()
    tf.function(gan.train_step)(tf.constant(IMAGES))
    assert np.array_equal(convolution.kernel.numpy(), before)
