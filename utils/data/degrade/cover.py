"""Cover: a sticker hides a part of the product, a watermark dims all of it a little."""

import numpy as np

from utils.data.degrade.strength import check_float_images, per_picture, picture_rng
from utils.data.products import check_seed

ROUNDING = 0.4  # corner radius of a label, as a share of half its shorter side
STROKE_EVERY, STROKE_WIDTH = 4, 16  # strokes per shorter side; their width is this fraction of that side


def sticker(images, fraction, seed):
    """Stick a disc or a rounded label of one colour on `fraction` of the area, somewhere inside."""
    images = check_float_images(images)
    fractions = per_picture("fraction", fraction, len(images), unit="shares of the area", most=0.5)
    check_seed(seed)
    result = images.copy()
    for i in np.flatnonzero(fractions):
        rng = picture_rng(seed, i)
        colour = rng.uniform(-1, 1, images.shape[-1]).astype(np.float32)
        cover = place(images.shape[1:3], fractions[i], rng)[..., None]  # 1 under the sticker
        result[i] = (1 - cover) * images[i] + cover * colour
    return result


def watermark(images, opacity):
    """Draw diagonal strokes all over the picture, half white and half black: seen on any colour."""
    images = check_float_images(images)
    opacities = per_picture("opacity", opacity, len(images), unit="shares", most=1)
    height, width = images.shape[1:3]
    period, stroke = min(height, width) / STROKE_EVERY, min(height, width) / STROKE_WIDTH
    rows, columns = np.mgrid[:height, :width]
    across = (rows + columns) / np.sqrt(2)  # pixels across the strokes
    offset = (across + period / 2) % period - period / 2  # from the middle of the nearest stroke
    ink = np.clip(offset, -1, 1).astype(np.float32)[..., None]  # black on one side, white on the other
    cover = np.clip(stroke / 2 + 0.5 - np.abs(offset), 0, 1).astype(np.float32)[..., None]
    return images + opacities[:, None, None, None] * cover * (ink - images)


def place(size, fraction, rng):
    """Return how much of each pixel a sticker of this share of the area hides: (height, width)."""
    height, width = size
    area = fraction * height * width
    radius = np.sqrt(area / np.pi)
    if rng.random() < 0.5 and 2 * radius < min(size):
        half, corner = np.array([radius, radius]), radius
    else:  # a label with the proportions of the picture always fits
        shorter = min(size)
        half = np.array([height, width]) * np.sqrt(
            fraction / (4 - (4 - np.pi) * (ROUNDING * shorter) ** 2 / (height * width))
        )
        corner = ROUNDING * half.min()
    centre = half + rng.random(2) * (np.array(size) - 2 * half)
    rows, columns = np.mgrid[:height, :width] + 0.5
    down, right = np.abs(rows - centre[0]) - half[0] + corner, np.abs(columns - centre[1]) - half[1] + corner
    outside = np.hypot(np.maximum(down, 0), np.maximum(right, 0)) + np.minimum(np.maximum(down, right), 0)
    return np.clip(corner - outside + 0.5, 0, 1).astype(np.float32)  # a pixel at the rim counts in part
