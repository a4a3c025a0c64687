"""One door to all product images: load_products(source, split) gives pictures, classes and captions."""

from utils.data.products import check_count, check_seed, is_whole

DEFAULTS = {  # source -> (image_size, channels)
    "catalogue": (32, 3),
    "fashion-mnist": (28, 1),
    "photos": (64, 3),
    "clothing-photos": (64, 3),
}
SOURCES = tuple(DEFAULTS)
SIZES = {"catalogue": (28, 32, 64), "fashion-mnist": (28, 32)}
SMALLEST_PHOTO, LARGEST_PHOTO = 8, 512


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
        cause = str(error).split(" Most likely fix")[0].split("Received: ")[-1].split(" (")[0].rstrip(".")
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
