"""One door to all product images: load_products(source, split) gives pictures, classes and captions."""

from dataclasses import dataclass, field

import numpy as np

DEFAULTS = {  # source -> (image_size, channels)
    "catalogue": (32, 3),
    "fashion-mnist": (28, 1),
    "photos": (64, 3),
    "clothing-photos": (64, 3),
}
SOURCES = tuple(DEFAULTS)
SIZES = {"catalogue": (28, 32, 64), "fashion-mnist": (28, 32)}
SMALLEST_PHOTO, LARGEST_PHOTO = 8, 512


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


def load_products(
    source="catalogue",
    split="train",
    *,
    count=None,
    image_size=None,
    channels=None,
    seed=0,
    folder=None,
    fallback=None,
):
    """Load products of one source; with fallback="catalogue" a source out of reach is replaced by it."""
    check_source(source)
    if fallback is not None:
        check_source(fallback)
    split = check_split(split, source)
    image_size, channels = check_size(source, image_size, channels)
    check_count(count)
    check_seed(seed)
    if folder is not None and source != "photos":
        raise ValueError(
            f'A folder belongs to the source "photos". Received: source {source!r}, folder {str(folder)!r}. '
            'Most likely fix: load_products("photos", folder=...).'
        )
    wanted = {"count": count, "image_size": image_size, "channels": channels, "seed": seed}
    if source == "catalogue":
        from utils.data.catalogue_cache import load_catalogue

        return load_catalogue(split, **wanted)
    try:
        if source == "fashion-mnist":
            from utils.data.fashion_mnist import load_fashion_mnist

            return load_fashion_mnist(split, **wanted)
        from utils.data.photos import load_photos

        return load_photos(source, split, folder=folder, **wanted)
    except (ConnectionError, FileNotFoundError) as error:
        if fallback in (None, source):
            raise
        cause = str(error).split(" Most likely fix")[0].split("Received: ")[-1].rstrip(".")
        print(f"{source} is out of reach ({cause}), so the {fallback} takes its place.")
    return load_products(fallback, split, **wanted)


def check_source(source):
    """Refuse a source that does not exist."""
    if source not in SOURCES:
        raise ValueError(
            f"The source must be one of {', '.join(SOURCES)}. Received: {source!r}. "
            "Most likely fix: copy the name from this list."
        )


def check_split(split, source):
    """Return "train" or "test"; photos may call the latter "validation"."""
    if split == "validation" and source in ("photos", "clothing-photos"):
        return "test"
    if split not in ("train", "test"):
        raise ValueError(
            f"The split must be train or test (photos: also validation). Received: {split!r}. "
            'Most likely fix: split="train".'
        )
    return split


def check_size(source, image_size, channels):
    """Fill in the defaults of the source and refuse what it does not have."""
    default_size, default_channels = DEFAULTS[source]
    image_size = default_size if image_size is None else image_size
    channels = default_channels if channels is None else channels
    if source in SIZES:
        right, sizes = image_size in SIZES[source], " or ".join(map(str, SIZES[source]))
    else:
        right = is_whole(image_size) and SMALLEST_PHOTO <= image_size <= LARGEST_PHOTO
        sizes = f"from {SMALLEST_PHOTO} to {LARGEST_PHOTO}"
    if not right:
        raise ValueError(
            f"The image_size of {source} must be {sizes}. Received: {image_size!r}. "
            f"Most likely fix: image_size={default_size}."
        )
    if channels not in ((1,) if source == "fashion-mnist" else (1, 3)):
        raise ValueError(
            f"The channels of {source} must be {'1' if source == 'fashion-mnist' else '1 or 3'}. "
            f"Received: {channels!r}. Most likely fix: channels={default_channels}."
        )
    return int(image_size), int(channels)


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
