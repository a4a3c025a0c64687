"""Regressor, prior, posterior and decoder fit each other at any size; two Gaussians become one."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from utils.models.regressor import build_regressor
from utils.models.restorer import (
    BOUND,
    build_posterior,
    build_prior,
    build_residual_decoder,
    product_of_gaussians,
)


@pytest.mark.parametrize(("height", "width", "channels"), [(28, 28, 1), (32, 32, 3), (64, 48, 3)])
@pytest.mark.parametrize("count", [1, 5])
def test_one_network_takes_pictures_of_any_size(height, width, channels, count):
    regressor, prior = build_regressor(4, channels), build_prior(4, 3)
    posterior, decoder = build_posterior(4, 3, channels), build_residual_decoder(4, 3, channels)
    degraded = keras.random.uniform((count, height, width, channels), -1, 1)
    reader = keras.Model(regressor.inputs, [regressor.get_layer("features").output, *regressor.outputs])
    features, guess = reader(degraded)
    maps = (count, height // 4, width // 4, 3)
    assert features.shape == (count, height // 2, width // 2, 4) and guess.shape == degraded.shape
    z_mean, z_log_var = posterior([degraded - guess, features])
    p_log_var, gates = prior(features)
    assert z_mean.shape == z_log_var.shape == p_log_var.shape == maps
    assert decoder([gates, z_mean]).shape == degraded.shape


def test_a_new_regressor_nearly_returns_the_picture():
    picture = keras.random.uniform((2, 16, 16, 3), -1, 1, seed=0)
    change = ops.max(ops.abs(build_regressor(8)(picture) - picture))
    assert 0 < change < 0.5  # planted: without the near-zero start it draws another picture
    wild = build_regressor(8)
    wild.set_weights([10 * weight for weight in wild.get_weights()])
    assert ops.max(ops.abs(wild(picture) - picture)) > 0.5


def drawn(decoder, gates, z):
    return ops.convert_to_numpy(decoder([gates, z]))


def test_every_latent_is_seen_and_only_near_by():
    decoder, gates = build_residual_decoder(8, 2), np.ones((1, 16, 16, 8), "float32")
    for channel in range(2):
        z = np.zeros((1, 8, 8, 2), "float32")
        z[0, 0, 0, channel] = 10
        change = np.abs(drawn(decoder, gates, z)).max(axis=(0, 3))
        assert change[:4, :4].min() > 0 and change[24:, 24:].max() == 0


def test_opposite_latents_draw_opposite_residuals_and_none_draw_nothing():
    decoder, rng = build_residual_decoder(8, 2), np.random.default_rng(0)
    gates, z = (rng.standard_normal((3, *shape)).astype("float32") for shape in ((8, 8, 8), (4, 4, 2)))
    assert np.allclose(drawn(decoder, gates, -z), -drawn(decoder, gates, z), atol=1e-6)
    assert np.array_equal(drawn(decoder, gates, 0 * z), 0 * drawn(decoder, gates, z))
    bent = keras.Model(decoder.inputs, layers.ReLU()(decoder.output))  # planted: bent, as most decoders are
    assert not np.allclose(drawn(bent, gates, -z), -drawn(bent, gates, z), atol=1e-6)


def test_a_log_variance_stays_in_bounds_and_passes_the_gradient_near_zero():
    prior = build_prior(4, 3)
    head = prior.get_layer("z_log_var")
    head.kernel.assign(ops.zeros_like(head.kernel))
    for bias, expected in ((1e6, BOUND), (-1e6, -BOUND), (0.1, 0.1)):
        head.bias.assign([bias] * 3)
        assert np.allclose(prior(np.zeros((1, 4, 4, 4)))[0], expected, rtol=1e-3)


def test_a_flat_gaussian_leaves_the_prior():
    prior = np.float32([0.5, -2.0]), np.float32([-1.0, 1.5])
    flat = np.float32([9.0, -9.0]), np.float32([60.0, 60.0])
    assert np.allclose(product_of_gaussians(*prior, *flat), prior, atol=1e-6)
    averaged = [(p + f) / 2 for p, f in zip(prior, flat, strict=True)]
    assert not np.allclose(averaged, prior, atol=1e-6)  # planted


def test_the_product_is_that_of_the_densities():
    """Against the densities themselves, multiplied on a grid and normalised."""
    x = np.linspace(-30, 30, 200_001)
    density = np.exp(-0.5 * (x - 1) ** 2 / np.exp(0.4) - 0.5 * (x + 2) ** 2 / np.exp(-0.7))
    weights = density / density.sum()
    mean = (weights * x).sum()
    log_var = np.log((weights * (x - mean) ** 2).sum())
    assert np.allclose(product_of_gaussians(1.0, 0.4, -2.0, -0.7), (mean, log_var), atol=1e-4)
    assert not np.allclose(product_of_gaussians(1.0, -0.4, -2.0, 0.7), (mean, log_var), atol=1e-2)  # planted
