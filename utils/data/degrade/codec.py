"""JPEG: what a photo loses when it is saved small, from real file bytes."""

import io

import numpy as np
from PIL import Image

from utils.data.degrade.strength import check_float_images, per_picture
from utils.data.images import scale_images, unscale_images


def jpeg(images, quality):
    """Save as JPEG of `quality` 1 to 100 and read again, each picture as a file of its own."""
    images = check_float_images(images)
    qualities = per_picture(
        "quality", quality, len(images), unit="steps of Pillow's scale", least=1, most=100, whole=True
    )
    pictures = zip(unscale_images(images), qualities, strict=True)
    return scale_images(np.stack([decode(encode(picture, int(one))) for picture, one in pictures]))


def encode(picture, quality):
    """Return the JPEG bytes of one uint8 picture (height, width, 1 or 3)."""
    file = io.BytesIO()
    Image.fromarray(picture[..., 0] if picture.shape[-1] == 1 else picture).save(
        file, "JPEG", quality=quality
    )
    return file.getvalue()


def decode(data):
    """Return the uint8 picture (height, width, channels) of JPEG bytes."""
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
        picture = np.asarray(image)
    return picture[..., None] if picture.ndim == 2 else picture
