"""JPEG: what a photo loses when it is saved small, from real file bytes."""

import io

import numpy as np
from PIL import Image

from utils.data.degrade.strength import check_float_images, per_picture
from utils.data.images import scale_images, unscale_images


def jpeg(images, quality):
    """Save as JPEG of `quality` 1 to 100 and read again; infinite quality saves nothing."""
    images = check_float_images(images)
    qualities = per_picture(
        "quality", quality, len(images), unit="Pillow's", least=1, most=100, whole=True, off=np.inf
    )
    result = images.copy()
    for i in np.flatnonzero(np.isfinite(qualities)):
        result[i] = scale_images(decode(encode(unscale_images(images[i]), int(qualities[i]))))
    return result


def encode(picture, quality):
    """Return the JPEG bytes of one uint8 picture (height, width, 1 or 3)."""
    file = io.BytesIO()
    Image.fromarray(picture[..., 0] if picture.shape[-1] == 1 else picture).save(
        file, "JPEG", quality=quality
    )
    return file.getvalue()


def decode(data):
    """Return the uint8 picture (height, width, channels) of JPEG bytes."""
    with Image.open(io.BytesIO(data)) as image:
        picture = np.asarray(image)
    return picture[..., None] if picture.ndim == 2 else picture
