"""Pairs to learn enhancement from: the clean picture, and the same picture made worse just now."""

import numpy as np
import tensorflow as tf

from utils.data.degrade import random_degradation
from utils.data.images import describe, is_float, scale_images
from utils.data.pipelines import make_dataset
from utils.data.products import is_whole


def make_pairs(
    images_uint8, batch_size, *, seed=None, crop_size=None, degrade=random_degradation, repeat=True
):
    """Make a dataset of (degraded, clean) batches, float32 in [-1, 1]; every visit degrades anew.

    Order and mirroring are those of make_dataset. `crop_size` cuts a square of so many pixels at random
    from each picture. `degrade` is a function of (images, seed); it runs in numpy, in the background.
    """
    clean = make_dataset(images_uint8, batch_size, seed=seed, augment="flip", repeat=repeat)
    _, height, width, channels = clean.element_spec.shape
    if crop_size is not None:
        check_crop_size(crop_size, height, width)
        height = width = crop_size
    check_degrade(degrade, scale_images(np.asarray(images_uint8)[:2, :height, :width]))

    def make_pair(images, number):
        rng = np.random.default_rng(number)
        images = random_crops(images, height, width, rng)
        return degrade(images, int(rng.integers(2**31))).astype(np.float32), images

    def load_pair(images, number):
        shape = (batch_size, height, width, channels)
        pair = tf.numpy_function(make_pair, (images, number), (tf.float32, tf.float32))
        return tuple(tf.ensure_shape(part, shape) for part in pair)

    numbers = tf.data.Dataset.random(seed=seed, rerandomize_each_iteration=True)
    return tf.data.Dataset.zip(clean, numbers).map(load_pair).prefetch(2)


def with_darker_copies(images_uint8, every=12, seed=0):
    """Return the pictures and, after them, one in `every` again at a fifth to 0.7 of its light.

    A dark photo is not a damaged one: a model that never saw dark ones as targets makes them worse.
    """
    dark = np.asarray(images_uint8)[::every]
    light = np.random.default_rng(seed).uniform(0.2, 0.7, (len(dark), 1, 1, 1))
    return np.concatenate([images_uint8, np.rint(dark * light).astype(np.uint8)])


def with_printed_copies(images_uint8, every=6, seed=0):
    """Return the pictures and, after them, one in `every` again with a print on it: bars and discs.

    A print is a part of the product, not damage: a model that saw few of them draws them stronger or weaker.
    """
    images = np.asarray(images_uint8)
    rng = np.random.default_rng(seed)
    printed = [add_print(add_print(image, rng), rng) for image in images[::every]]
    return np.concatenate([images, printed])


def add_print(image, rng):
    """Lay bars of one width and spacing, or a disc, of one colour and opacity over a picture."""
    height, width, channels = image.shape
    rows, columns = np.mgrid[:height, :width]
    down, right = rows - rng.uniform(0, height), columns - rng.uniform(0, width)
    if rng.random() < 0.7:
        angle, period = rng.uniform(0, np.pi), rng.uniform(0.1, 0.5) * min(height, width)
        across = down * np.cos(angle) + right * np.sin(angle)
        outside = np.abs((across + period / 2) % period - period / 2) - rng.uniform(0.05, 0.3) * period
    else:
        outside = np.hypot(down, right) - rng.uniform(0.05, 0.25) * min(height, width)
    cover = rng.uniform(0.2, 1) * np.clip(0.5 - outside, 0, 1)[..., None]
    return np.rint((1 - cover) * image + cover * rng.uniform(0, 255, channels)).astype(np.uint8)


def random_crops(images, height, width, rng):
    """Cut a window of height x width from each picture, each at its own place."""
    if images.shape[1:3] == (height, width):
        return images
    tops = rng.integers(images.shape[1] - height + 1, size=len(images))
    lefts = rng.integers(images.shape[2] - width + 1, size=len(images))
    windows = zip(images, tops, lefts, strict=True)
    return np.stack([image[top : top + height, left : left + width] for image, top, left in windows])


def check_crop_size(crop_size, height, width):
    """Refuse a crop that does not fit into the pictures."""
    if not is_whole(crop_size) or not 1 <= crop_size <= min(height, width):
        raise ValueError(
            f"crop_size must be a whole number from 1 to {min(height, width)}, the shorter side of the "
            f"pictures. Received: {crop_size!r}. Most likely fix: crop_size=None, for whole pictures."
        )


def check_degrade(degrade, images):
    """Refuse what cannot degrade a batch, before a training starts."""
    wanted = "degrade must be a function of (images, seed) that returns floats of the same shape in [-1, 1]."
    cure = "Most likely fix: lambda images, seed: degrade(images, steps, seed)."
    if not callable(degrade):
        raise ValueError(f"{wanted} Received: {degrade!r}. {cure}")
    degraded = np.asarray(degrade(images, 0))
    sound = degraded.shape == images.shape and is_float(degraded)
    if not sound or not np.abs(degraded).max() <= 1:  # a NaN is not below 1
        raise ValueError(f"{wanted} Received: {describe(degraded)} for {describe(images)}. {cure}")
