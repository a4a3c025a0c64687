"""What a catalogue picture shows: a small network reads kind, colour, pattern, detail and background."""

import pathlib

from utils.data.captions import BACKGROUNDS, COLOURS, KINDS, PATTERNS
from utils.data.images import check_images
from utils.metrics.features import WEIGHTS
from utils.metrics.judge import read_judge

IMAGE_SIZE, CHANNELS = 32, 3
STRIDES = (1, 2, 1, 2)  # of the convolutions: one more than the network of FID has
VALUES = {
    "kind": tuple(KINDS),
    "colour": tuple(COLOURS),
    "pattern": tuple(PATTERNS),
    # as captions say it: the long sleeves of a t-shirt and of a dress are the same words
    "detail": tuple(dict.fromkeys(detail for details in KINDS.values() for detail in details)),
    "background": tuple(BACKGROUNDS),
}


def check_judged(images):
    """Refuse pictures that the judge was not made for."""
    images = check_images(images, channels=CHANNELS)
    if images.shape[1:3] != (IMAGE_SIZE, IMAGE_SIZE):
        raise ValueError(
            f"Images must be (n, {IMAGE_SIZE}, {IMAGE_SIZE}, {CHANNELS}) here. Received: shape "
            f'{images.shape}. Most likely fix: load_products("catalogue", image_size={IMAGE_SIZE}).'
        )
    return images


def judge_path(folder=WEIGHTS):
    """Return where the weights of the judge lie."""
    return pathlib.Path(folder) / f"attributes_{IMAGE_SIZE}x{IMAGE_SIZE}x{CHANNELS}.npz"


def load_attribute_judge(folder=WEIGHTS):
    """Read the judge of catalogue pictures.

    Shapes:  judge.read(images (n, 32, 32, 3)) -> {"kind": str (n,), "colour": ..., "pattern": ..., ...}
    Range:   takes float images in [-1, 1]
    Source:  our own weights, trained by `python -m utils.metrics.train_attributes`
    Errors:  OSError for missing or damaged weights
    """
    return read_judge(
        "attribute judge", judge_path(folder), "train_attributes", VALUES, STRIDES, check_judged
    )
