"""The real pictures that a report compares with: those to train on, and others that were held out."""

import functools
import os
import pathlib
from typing import NamedTuple

import numpy as np

from utils.data import load_products, scale_images
from utils.data.sources import SOURCES
from utils.metrics.features import SUPPORTED, FeatureNetwork, load_features

FITTING = {(28, 28, 1): "fashion-mnist", (32, 32, 3): "catalogue"}  # height, width, channels -> source
NAMED = tuple(source for source in SOURCES if source != "photos")  # that one is a folder, named by its path
PART = 5_000  # pictures seen at a time, as floats; and of those held out, which are never needed all


class Reference(NamedTuple):
    """Real pictures as bytes, and the network that all pictures are seen with, with what it sees in these."""

    name: str
    train: np.ndarray
    held_out: np.ndarray
    network: FeatureNetwork
    train_features: np.ndarray
    held_out_features: np.ndarray
    instead_of: str = ""  # the source that was asked for, when it was out of reach


def fitting_reference(shape):
    """Return the source for pictures of this (height, width, channels), or say that it must be named."""
    if tuple(shape) not in FITTING:
        sizes = " or ".join(f"{h} x {w} x {c} ({name})" for (h, w, c), name in FITTING.items())
        raise ValueError(
            f"Pictures without a reference must be {sizes}. Received: {' x '.join(map(str, shape))}. Most "
            'likely fix: name the real pictures they should be like, reference="my_photos" (or '
            f'"{SOURCES[-1]}"); all are then resized.'
        )
    return FITTING[tuple(shape)]


def load_reference(name, channels):
    """Load the real pictures of a source, or of a folder, at the size that there is a feature network for."""
    check_name(name)
    if name == "fashion-mnist" and channels != 1:
        raise ValueError(
            "Fashion-MNIST is grey, (n, 28, 28, 1). Received: pictures in colour. Most likely fix: "
            "images.mean(axis=-1, keepdims=True), or another reference."
        )
    if name in NAMED:
        return load_source(name, channels)
    folder = pathlib.Path(name).expanduser().resolve()
    return seen(folder.name, "photos", channels, folder=folder)


def check_name(name):
    """Refuse what is neither a source nor a folder; arrays too, which cannot be asked `in`."""
    is_name = isinstance(name, (str, os.PathLike))
    if not is_name or name not in NAMED and not pathlib.Path(name).expanduser().is_dir():
        received = repr(str(name)) if is_name else type(name).__name__
        raise ValueError(
            f"The reference must be {', '.join(NAMED)} or a folder of photos. Received: {received}. "
            "Most likely fix: correct the path."
        )


@functools.lru_cache(maxsize=1)  # the next report against the same source takes half the time
def load_source(name, channels):
    """Load the real pictures of a source by its name; where Fashion-MNIST is out of reach, the catalogue."""
    return seen(name, name, channels, fallback="catalogue" if name == "fashion-mnist" else None)


def seen(name, source, channels, **wanted):
    """Load both parts of a source, look at them with the network of their size, and return all of it."""
    network = load_features(*next(size for size in SUPPORTED if size[1] == channels))
    wanted |= {"image_size": network.image_size, "channels": channels}
    train, held_out = (load_products(source, split, **wanted) for split in ("train", "test"))
    here = train.source == source
    features = [
        np.concatenate(
            [network.embed(scale_images(images[i : i + PART])) for i in range(0, len(images), PART)]
        )
        for images in (train.images, held_out.images[:PART])
    ]
    return Reference(
        name if here else train.source,
        train.images,
        held_out.images[:PART],
        network,
        *features,
        "" if here else name,
    )
