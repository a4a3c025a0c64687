"""Blur: each point of the product is spread over a disc (out of focus) or along a line (motion)."""

import numpy as np

from utils.data.degrade.strength import check_float_images, per_picture


def defocus_blur(images, radius):
    """Spread each point evenly over a disc of `radius` pixels, as a lens that is out of focus does."""
    images = check_float_images(images)
    radii = per_picture("radius", radius, len(images), unit="pixels", most=32)
    return spread(images, [disc(one) for one in radii])


def motion_blur(images, length, angle):
    """Spread each point along a line of `length` pixels at `angle` degrees: 0 along rows, 90 upright."""
    images = check_float_images(images)
    lengths = per_picture("length", length, len(images), unit="pixels", most=64)
    angles = per_picture("angle", angle, len(images), unit="degrees", least=-360, most=360)
    return spread(images, [line(*one) for one in zip(lengths, angles, strict=True)])


def disc(radius, samples=16):
    """Return the kernel of a disc: the share of it that lies inside each pixel. It sums to one."""
    reach = int(np.ceil(radius - 0.5)) if radius > 0.5 else 0  # a smaller disc stays inside its pixel
    if not reach:
        return np.ones((1, 1), np.float32)
    pixels = np.arange(-reach, reach + 1)
    columns = (np.arange(len(pixels) * samples) + 0.5) / samples - reach - 0.5  # thin slices of the disc
    half = np.sqrt(np.maximum(radius**2 - columns**2, 0))  # each slice goes from -half to +half
    lower, upper = pixels[:, None] - 0.5, pixels[:, None] + 0.5
    inside = np.maximum(np.minimum(half, upper) - np.maximum(-half, lower), 0)  # (pixels, slices)
    kernel = inside.reshape(len(pixels), len(pixels), samples).sum(axis=2)
    kernel += kernel.T  # only the columns were cut into slices; now both directions are alike
    return (kernel / kernel.sum()).astype(np.float32)


def line(length, angle, samples=32):
    """Return the kernel of a line: the share of it that lies inside each pixel. It sums to one."""
    if length <= 1:
        return np.ones((1, 1), np.float32)  # a point that moves no further than its pixel
    count = samples * int(np.ceil(length))
    along = ((np.arange(count) + 0.5) / count - 0.5) * length
    turn = np.deg2rad(float(angle))
    rows, columns = np.rint(-along * np.sin(turn)).astype(int), np.rint(along * np.cos(turn)).astype(int)
    reach = max(np.abs(rows).max(), np.abs(columns).max())
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    np.add.at(kernel, (rows + reach, columns + reach), np.float32(1 / count))
    return kernel


def spread(images, kernels):
    """Spread each picture by its own kernel, as a sum of shifted pictures; edges are mirrored."""
    blurred = images.copy()
    for i, kernel in enumerate(kernels):
        if kernel.size > 1:
            blurred[i] = weighted_shifts(images[i], kernel)
    return np.clip(blurred, -1, 1, out=blurred)


def weighted_shifts(image, kernel):
    """Add up the shifted copies of one picture, each with its weight in the kernel."""
    height, width, _ = image.shape
    reach = len(kernel) // 2
    padded = np.pad(image, ((reach, reach), (reach, reach), (0, 0)), mode="symmetric")
    total = np.zeros_like(image)
    for row, column in np.argwhere(kernel):
        total += kernel[row, column] * padded[row : row + height, column : column + width]
    return total
