"""Spectral normalisation by hand: the largest factor by which a layer can stretch its input."""

import keras
import numpy as np
from keras import ops


def power_step(kernel, u):
    """Take one step of the power iteration; return the estimate of the largest singular value, and the new u.

    Shapes: kernel (inputs, units), u (1, units) -> (), (1, units) of length 1
    Range:  the estimate rises to the largest singular value and never goes above it
    Source: Miyato et al. 2018, arXiv:1802.05957, algorithm 1
    """
    v = ops.matmul(u, ops.transpose(kernel))  # (1, inputs)
    v = v / ops.norm(v)
    u = ops.matmul(v, kernel)  # (1, units)
    sigma = ops.norm(u)  # v W u' for the u of length 1
    return sigma, u / sigma


def largest_singular_value(kernel, steps=1_000, seed=0):
    """Return the largest singular value, by as many power steps as it takes in practice.

    Shapes: kernel (inputs, units) -> ()
    Range:  0 or more
    Source: the power iteration, von Mises and Pollaczek-Geiringer 1929; NumPy's SVD is the test
    """
    u = keras.random.normal((1, kernel.shape[1]), seed=seed)
    sigma = 0.0
    for _ in range(steps):
        sigma, u = power_step(kernel, u)
    return float(sigma)


def conv_stretch(kernel, size):
    """Return the true largest stretch of a convolution on a ring of size x size pixels, by its spectrum.

    Shapes: kernel (height, width, channels, filters) -> ()
    Range:  up to sqrt(height * width) times the largest singular value of the kernel as one matrix
    Source: Sedghi, Gupta and Long 2019, arXiv:1805.10408, theorem 6
    """
    kernel = np.asarray(kernel, "float64")
    spectrum = np.fft.fft2(kernel, (size, size), axes=(0, 1))  # (size, size, channels, filters)
    return float(np.linalg.svd(spectrum, compute_uv=False).max())
