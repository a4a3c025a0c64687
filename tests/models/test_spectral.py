"""Spectral normalisation against NumPy's singular values, and what Keras's own layer does to a kernel."""

import keras
import numpy as np
import pytest

from utils.models.minibatch import append_batch_deviation
from utils.models.spectral import conv_stretch, largest_singular_value, power_step


def matrix(seed, shape=(20, 9)):
    """A Gaussian matrix."""
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


@pytest.mark.parametrize("seed", range(3))
def test_many_power_steps_reach_the_largest_singular_value(seed):
    kernel = matrix(seed)
    true = np.linalg.svd(kernel.astype("float64"), compute_uv=False)
    assert largest_singular_value(kernel) == pytest.approx(true[0], rel=1e-5)
    assert np.linalg.norm(kernel) != pytest.approx(true[0], rel=1e-2)  # planted: Frobenius


def test_one_power_step_never_says_too_much_and_grows():
    kernel, u = matrix(3), matrix(4, (1, 9))
    true = np.linalg.svd(kernel, compute_uv=False)[0]
    told = []
    for _ in range(30):
        sigma, u = power_step(kernel, u)
        told.append(float(sigma))
        assert float(keras.ops.norm(u)) == pytest.approx(1, abs=1e-6)
    assert told == sorted(told, key=lambda value: round(value, 4)) and told[-1] <= true * (1 + 1e-5)
    assert told[0] < 0.99 * true


def test_keras_overwrites_the_kernel_and_needs_training_true():
    dense = keras.layers.Dense(9, kernel_initializer="random_normal")
    layer = keras.layers.SpectralNormalization(dense)
    layer.build((None, 20))
    dense.kernel.assign(matrix(5))
    x, before = matrix(6, (4, 20)), dense.kernel.numpy()
    layer(x)
    assert np.array_equal(dense.kernel.numpy(), before)  # without training=True nothing happens
    for _ in range(200):
        layer(x, training=True)
    after = np.linalg.svd(dense.kernel.numpy().astype("float64"), compute_uv=False)
    assert after[0] == pytest.approx(1, abs=1e-5)
    true = np.linalg.svd(before.astype("float64"), compute_uv=False)
    assert after[1] / after[0] == pytest.approx(true[1] / true[0], rel=1e-4)  # a scale, nothing else
    by_hand = before / largest_singular_value(before)
    assert np.abs(by_hand - dense.kernel.numpy()).max() < 1e-5


def ring_convolution(kernel, size):
    """The whole matrix of a convolution with wrapped borders, built one pixel at a time: the slow oracle."""
    height, width, channels, filters = kernel.shape
    whole = np.zeros((size, size, channels, size, size, filters))
    for row, column in np.ndindex(size, size):
        for down, right in np.ndindex(height, width):
            whole[row, column, :, (row + down) % size, (column + right) % size] += kernel[down, right]
    return whole.reshape(size * size * channels, -1)


def test_stretch_of_a_convolution_is_that_of_its_whole_matrix():
    kernel = matrix(7, (3, 3, 2, 4)).astype("float64")
    true = np.linalg.svd(ring_convolution(kernel, 6), compute_uv=False)[0]
    assert conv_stretch(kernel, 6) == pytest.approx(true, rel=1e-6)
    reshaped = np.linalg.svd(kernel.reshape(-1, 4), compute_uv=False)[0]
    assert reshaped < 0.9 * true <= 3 * reshaped  # what SNGAN normalises is not the stretch


def test_a_batch_of_copies_is_seen_and_a_lively_one_too():
    lively = matrix(8, (64, 5))
    same = np.repeat(lively[:1], 64, axis=0)
    assert append_batch_deviation(lively).shape == (64, 6)
    assert np.allclose(append_batch_deviation(same)[:, -1], 1e-4, rtol=1e-2)
    told = np.array(append_batch_deviation(lively))
    assert np.allclose(told[:, -1], lively.std(axis=0).mean(), rtol=1e-5)
    assert np.array_equal(told[:, :5], lively)
    within = np.array(lively).std(axis=1).mean()  # planted: the spread inside each image, not over the batch
    assert not np.allclose(told[:, -1], within, rtol=1e-2)
