"""What a set of products is, and the checks that every source shares."""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, eq=False, repr=False)
class Products:
    """Product images with their classes and captions, all in the same order."""

    images: np.ndarray  # uint8 (n, height, width, channels)
    class_ids: np.ndarray  # int32 (n,)
    class_names: tuple[str, ...]
    captions: tuple[str, ...]
    source: str
    attributes: dict[str, np.ndarray] = field(default_factory=dict)  # catalogue: name -> str (n,)
    skipped: tuple[str, ...] = ()  # photos: "name: reason"

    def __len__(self):
        return len(self.images)

    def __repr__(self):
        count, height, width, channels = self.images.shape
        pictures = f"{count} pictures of {height} x {width} x {channels}"
        return f"Products({pictures} in {len(self.class_names)} classes, from {self.source})"


def check_count(count, available=None):
    """Refuse a number of products that is no number, none at all, or more than there are."""
    if count is None:
        return
    if not is_whole(count) or count < 1:
        raise ValueError(
            f"The count must be a whole number above 0. Received: {count!r}. "
            "Most likely fix: leave it out, to get all."
        )
    if available is not None and count > available:
        raise ValueError(
            f"The count must be {available} at most, for so many products are there. Received: {count}. "
            "Most likely fix: leave it out, to get all."
        )


def check_seed(seed):
    """Refuse what cannot start a random generator."""
    if not is_whole(seed) or seed < 0:
        raise ValueError(
            f"The seed must be a whole number from 0 on. Received: {seed!r}. Most likely fix: seed=0."
        )


def is_whole(number):
    """Tell whether this is an integer (numpy's too) and not True or False."""
    return isinstance(number, (int, np.integer)) and not isinstance(number, bool)


def plain_caption(class_name):
    """Say what a picture shows when only its class is known: "a photo of a coat"."""
    words = class_name.replace("_", " ").strip()
    several = words.endswith("s") and not words.endswith("ss") or words == "outwear"  # pants, shoes
    article = "" if several else "an " if words[:1].lower() in "aeiou" else "a "
    return f"a photo of {article}{words}"
