"""The two ways to store a picture: bytes from 0 to 255 on disk, floats from -1 to 1 in a network."""

import numpy as np

CURE = "call scale_images(images): it maps 0..255 to -1..1."


def scale_images(images):
    """Map bytes 0..255 to float32 in [-1, 1], the range that tanh ends in."""
    images = np.asarray(images)
    if images.dtype != np.uint8:
        raise ValueError(
            f"Images to scale must be uint8, from 0 to 255. Received: {describe(images)}. "
            "Most likely fix: they were scaled already; leave this call out."
        )
    return images.astype(np.float32) / np.float32(127.5) - np.float32(1)


def unscale_images(images):
    """Map floats in [-1, 1] back to bytes 0..255; what lies outside is clipped."""
    images = np.asarray(images)
    if not is_float(images):
        raise ValueError(
            f"Images to unscale must be floats in [-1, 1]. Received: {describe(images)}. "
            "Most likely fix: they are bytes already; leave this call out."
        )
    images = images.astype(np.float32)
    if np.isnan(images).any():
        raise ValueError(
            f"Images to unscale must hold numbers. Received: {np.isnan(images).sum()} NaN in shape "
            f"{images.shape}. Most likely fix: training diverged; lower the learning rate."
        )
    return np.clip(np.rint((images + 1) * 127.5), 0, 255).astype(np.uint8)


def check_images(images, channels=None):
    """Return the images as an array when a network may see them, else say what is wrong and its cure."""
    images = np.asarray(images)
    wanted = f"Images must be (batch, height, width, {channels or 'channels'}) in [-1, 1]."
    if images.ndim != 4:
        raise ValueError(
            f"{wanted} Received: {describe(images)}. Most likely fix: "
            + ("add the batch axis: images[None]." if images.ndim == 3 else "keep the four axes.")
        )
    if images.size == 0:
        raise ValueError(f"{wanted} Received: no pixels, shape {images.shape}. Most likely fix: load more.")
    allowed = (1, 3) if channels is None else (channels,)
    if images.shape[-1] not in allowed:
        raise ValueError(
            f"{wanted} Received: {images.shape[-1]} channels, shape {images.shape}. Most likely fix: "
            f"put the channels last and load with channels={' or '.join(map(str, allowed))}."
        )
    if not is_float(images):
        raise ValueError(f"{wanted} Received: {describe(images)}. Most likely fix: {CURE}")
    images = images if images.dtype.kind == "f" else images.astype(np.float32)
    bad = int(np.size(images) - np.isfinite(images).sum())
    if bad:
        raise ValueError(
            f"{wanted} Received: {bad} values that are NaN or infinite, shape {images.shape}. "
            "Most likely fix: training diverged; lower the learning rate."
        )
    if images.min() < -1.001 or images.max() > 1.001:  # float16 and resizing round by less than this
        raise ValueError(f"{wanted} Received: {describe(images)}. Most likely fix: {CURE}")
    return images


def is_float(images):
    """Tell whether the numbers are floats, bfloat16 among them (numpy does not know it as one)."""
    return images.dtype.kind == "f" or images.dtype.name == "bfloat16"


def describe(images):
    """Say what an array holds, for an error message."""
    if images.size and (images.dtype.kind in "iuf"):
        return f"{images.dtype} values from {images.min():.4g} to {images.max():.4g}, shape {images.shape}"
    return f"{images.dtype}, shape {images.shape}"
