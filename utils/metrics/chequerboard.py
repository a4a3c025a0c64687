"""Grain that repeats every second pixel: how much of a picture comes from where a layer laid its steps."""

import numpy as np

from utils.metrics.restoration import check_batch


def chequerboard(images):
    """Share of a crowd's pixel variance that only tells on which of the four places of a 2 x 2 block one is.

    Every place is averaged over all pictures. A product looks the same to all four places, so what differs
    between them was put there by a layer with a stride of 2.

    Shapes:  images (n, height, width, channels) -> float
    Units:   share of the variance, 0 to 1
    Healthy: that of real pictures, below 1e-3; 1 for a crowd of chequerboards
    Source:  the artefact: Odena et al. 2016, distill.pub/2016/deconv-checkerboard; the number: ours
    """
    images = check_batch("images", images, least=4)
    images = images[:, : images.shape[1] // 2 * 2, : images.shape[2] // 2 * 2]
    places = np.stack([images[:, i::2, j::2].mean(axis=(1, 2)) for i in (0, 1) for j in (0, 1)])
    own = places - places.mean(axis=0)  # (4, n, channels)
    total = images.var(axis=(1, 2)).mean()
    return float(np.square(own).mean() / total) if total else 0.0


def overlaps(size, kernel, stride):
    """Return how often a transposed convolution of ones draws each place of a row of `size` inputs.

    Shapes:  size () -> (size * stride,), as padding="same" cuts it
    Units:   times that a place is drawn
    Healthy: one number everywhere but at the border: kernel divisible by stride
    Source:  Odena et al. 2016, distill.pub/2016/deconv-checkerboard
    """
    full = np.zeros((size - 1) * stride + max(kernel, stride))
    for start in range(0, size * stride, stride):
        full[start : start + kernel] += 1
    cut = (len(full) - size * stride) // 2
    return full[cut : cut + size * stride]
