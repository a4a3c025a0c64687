"""Encoder and decoder fit each other at any size, and the drawn latents have the stated spread."""

import keras
import numpy as np
import pytest
from keras import ops

from utils.models.vae import build_decoder, build_encoder, reparameterise


@pytest.mark.parametrize(("image_size", "channels"), [(28, 1), (32, 3), (64, 3)])
@pytest.mark.parametrize("count", [1, 7])
def test_images_become_two_rows_of_numbers_and_latents_become_images(image_size, channels, count):
    encoder, decoder = (build(5, 4, image_size, channels) for build in (build_encoder, build_decoder))
    images = keras.random.uniform((count, image_size, image_size, channels), -1, 1)
    z_mean, z_log_var = encoder(images)
    assert tuple(z_mean.shape) == tuple(z_log_var.shape) == (count, 5)
    drawn = decoder(z_mean * 100)
    assert tuple(drawn.shape) == images.shape and np.abs(drawn).max() <= 1


def is_alone(model, inputs):
    """Tell whether the output of a row is the same alone and in a batch, while training."""
    together = ops.convert_to_numpy(model(inputs, training=True))
    alone = [ops.convert_to_numpy(model(inputs[i : i + 1], training=True)) for i in range(len(inputs))]
    return np.allclose(together, np.concatenate(alone), atol=1e-4)


def test_each_image_has_latents_of_its_own():
    images = keras.random.uniform((4, 28, 28, 1), -1, 1, seed=1)
    encoder = build_encoder(5, 4)
    assert is_alone(keras.Model(encoder.input, encoder.outputs[0]), images)
    assert is_alone(build_decoder(5, 4), keras.random.normal((4, 5), seed=2))
    normed = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.BatchNormalization()])
    assert not is_alone(normed, images)  # the planted bug


def test_the_variance_is_free_and_not_the_mean():
    encoder = build_encoder(5, 4)
    z_mean, z_log_var = encoder(keras.random.uniform((3, 28, 28, 1), -1, 1, seed=3))
    assert not np.allclose(z_mean, z_log_var)
    encoder.get_layer("z_log_var").bias.assign([-30.0] * 5)
    assert np.max(encoder(np.zeros((1, 28, 28, 1)))[1]) < -20  # a ReLU or a softplus could not


def assert_spread_is_half_the_log_variance(draw):
    """Latents of mean 2 and log-variance log 9 have a standard deviation of 3."""
    noise = np.random.default_rng(0).standard_normal((100_000, 2)).astype("float32")
    z = np.asarray(draw(np.full_like(noise, 2), np.full_like(noise, np.log(9)), noise))
    assert z.mean(axis=0) == pytest.approx(2, abs=0.05)
    assert z.std(axis=0) == pytest.approx(3, rel=0.02)


REPARAMETERISE_BUGS = {
    "the log-variance is the spread": lambda mean, log_var, noise: mean + log_var * noise,
    "the variance is the spread": lambda mean, log_var, noise: mean + ops.exp(log_var) * noise,
    "the mean is left out": lambda mean, log_var, noise: ops.exp(0.5 * log_var) * noise,
    "no chance": lambda mean, log_var, noise: mean,
    "one number for the batch": lambda mean, log_var, noise: mean + ops.exp(0.5 * log_var) * noise[:1],
}


def test_reparameterised_latents_have_the_spread_that_was_asked_for():
    assert_spread_is_half_the_log_variance(reparameterise)


@pytest.mark.parametrize("bug", REPARAMETERISE_BUGS.values(), ids=REPARAMETERISE_BUGS)
def test_planted_draws_are_found(bug):
    with pytest.raises(AssertionError):
        assert_spread_is_half_the_log_variance(bug)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras with numpy 2
def test_encoder_and_decoder_survive_saving(tmp_path):
    inputs = keras.random.uniform((3, 28, 28, 1), -1, 1), keras.random.normal((3, 5))
    for model, sent in zip((build_encoder(5, 4), build_decoder(5, 4)), inputs, strict=True):
        model.save(tmp_path / "model.keras")
        again = keras.models.load_model(tmp_path / "model.keras")
        for ours, theirs in zip(
            keras.tree.flatten(model(sent)), keras.tree.flatten(again(sent)), strict=True
        ):
            assert np.array_equal(ours, theirs)


def test_a_size_that_cannot_be_halved_twice_is_refused():
    for build in (build_encoder, build_decoder):
        with pytest.raises(ValueError, match="multiple of 4.*Received: 30"):
            build(image_size=30)
        with pytest.raises(ValueError, match="width.*Received"):
            build(width=0)
