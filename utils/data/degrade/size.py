"""Size: a picture made small by averages and large again by bicubic has lost its fine detail."""

from functools import cache

import numpy as np

from utils.data.degrade.strength import check_float_images, per_picture


def shrink(images, factor):
    """Make pictures `factor` times smaller by averages over areas; sizes that do not divide round up."""
    images = check_float_images(images)
    factor = per_picture("factor", factor, len(images), unit="divisors", least=1, most=64, whole=True)
    if np.ptp(factor):
        raise ValueError(
            "Pictures of one batch must stay of one size. Received: factors "
            f"{sorted({int(one) for one in factor})}. Most likely fix: downscale(images, factor), which "
            "brings them back to their size."
        )
    height, width = (-(-size // int(factor[0])) for size in images.shape[1:3])
    return resize(images, area_weights(images.shape[1], height), area_weights(images.shape[2], width))


def enlarge(images, height, width):
    """Bring small pictures to height x width by bicubic interpolation, as a browser does."""
    images = check_float_images(images)
    return resize(images, bicubic_weights(images.shape[1], height), bicubic_weights(images.shape[2], width))


def downscale(images, factor):
    """Shrink by `factor` (1, 2, 4, ...) and enlarge again: the same size, so that pairs stay aligned."""
    images = check_float_images(images)
    factors = per_picture("factor", factor, len(images), unit="divisors", least=1, most=64, whole=True)
    result = images.copy()
    for one in np.unique(factors[factors > 1]):
        chosen = factors == one
        result[chosen] = enlarge(shrink(images[chosen], one), *images.shape[1:3])
    return result


def resize(images, rows, columns):
    """Mix rows, then columns, by two matrices of weights (new size, old size)."""
    count, height, width, channels = images.shape
    resized = rows @ images.reshape(count, height, width * channels)
    resized = columns @ resized.reshape(count, len(rows), width, channels)
    return np.clip(resized, -1, 1, out=resized)  # bicubic overshoots at edges


@cache
def area_weights(size, small):
    """Return (small, size): how much of each small pixel every pixel covers."""
    edges = np.arange(small + 1) * size / small
    starts, ends = edges[:-1, None], edges[1:, None]
    pixels = np.arange(size)
    covered = np.maximum(np.minimum(ends, pixels + 1) - np.maximum(starts, pixels), 0)
    return (covered / covered.sum(axis=1, keepdims=True)).astype(np.float32)


@cache
def bicubic_weights(size, large):
    """Return (large, size): Keys' cubic with a = -0.5 around each new pixel (IEEE TASSP 29, 1981)."""
    centres = (np.arange(large) + 0.5) * size / large - 0.5
    distance = np.abs(centres[:, None] - np.arange(size))
    near = 1.5 * distance**3 - 2.5 * distance**2 + 1
    far = -0.5 * distance**3 + 2.5 * distance**2 - 4 * distance + 2
    weights = np.where(distance < 1, near, np.where(distance < 2, far, 0))
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)  # at the border: what is there
