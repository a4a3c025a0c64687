"""Noise: what a sensor adds (Gaussian), and what few photons cannot say (Poisson)."""

import numpy as np

from utils.data.degrade.strength import check_float_images, per_picture, picture_rng
from utils.data.products import check_seed


def gaussian_noise(images, sigma, seed):
    """Add noise of standard deviation `sigma`, in grey levels of 255; each pixel and channel its own."""
    images = check_float_images(images)
    sigmas = per_picture("sigma", sigma, len(images), unit="grey levels of 255", most=255)
    check_seed(seed)
    noisy = images.copy()
    for i in np.flatnonzero(sigmas):
        noise = picture_rng(seed, i).standard_normal(images.shape[1:], dtype=np.float32)
        noise *= sigmas[i] / np.float32(127.5)  # 255 grey levels are the 2 units from -1 to 1
        noisy[i] += noise
    return np.clip(noisy, -1, 1, out=noisy)


def poisson_noise(images, photons, seed):
    """Count photons: a white pixel collects `photons` on average, a grey one its share, black none.

    The variance of a count is its mean, so bright pixels vary more, yet less in proportion. The stored
    value stands for the light, as is usual; a camera counts before its tone curve.
    """
    images = check_float_images(images)
    photons = per_picture("photons", photons, len(images), unit="photons", least=1, most=1_000_000)
    check_seed(seed)
    noisy = np.empty_like(images)
    for i in range(len(images)):
        light = np.maximum(images[i] + 1, 0) / 2  # 0 black, 1 white
        noisy[i] = picture_rng(seed, i).poisson(photons[i] * light) * (2 / photons[i]) - 1
    return np.clip(noisy, -1, 1, out=noisy)
