"""Reader, posterior and decoder fit each other at any size; two Gaussians become one."""

import keras
import numpy as np
import pytest
from keras import ops

from utils.models.restorer import (
    BOUND,
    build_posterior,
    build_reader,
    build_residual_decoder,
    product_of_gaussians,
)


@pytest.mark.parametrize(("height", "width", "channels"), [(28, 28, 1), (32, 32, 3), (64, 48, 3)])
@pytest.mark.parametrize("count", [1, 5])
def test_one_network_takes_pictures_of_any_size(height, width, channels, count):
    networks = [build(4, 3, channels) for build in (build_reader, build_posterior, build_residual_decoder)]
    reader, posterior, decoder = networks
    degraded = keras.random.uniform((count, height, width, channels), -1, 1)
    features, z_log_var = reader(degraded)
    maps = (count, height // 4, width // 4, 3)
    assert features.shape == (count, height // 2, width // 2, 4) and z_log_var.shape == maps
    z_mean, said_log_var = posterior([degraded, features])
    assert z_mean.shape == said_log_var.shape == maps
    assert decoder([features, z_mean]).shape == degraded.shape


def test_every_latent_is_seen_and_only_near_by():
    decoder = build_residual_decoder(8, 2)
    features, z = np.zeros((1, 16, 16, 8), "float32"), np.zeros((1, 8, 8, 2), "float32")
    before = ops.convert_to_numpy(decoder([features, z]))
    for channel in range(2):
        moved = z.copy()
        moved[0, 0, 0, channel] = 10
        change = np.abs(ops.convert_to_numpy(decoder([features, moved])) - before).max(axis=(0, 3))
        assert change[:4, :4].min() > 0 and change[24:, 24:].max() == 0


def test_a_log_variance_stays_in_bounds_and_passes_the_gradient_near_zero():
    reader = build_reader(4, 3)
    head = reader.get_layer("z_log_var")
    head.kernel.assign(ops.zeros_like(head.kernel))
    for bias, expected in ((1e6, BOUND), (-1e6, -BOUND), (0.1, 0.1)):
        head.bias.assign([bias] * 3)
        assert np.allclose(reader(np.zeros((1, 8, 8, 3)))[1], expected, rtol=1e-3)


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
