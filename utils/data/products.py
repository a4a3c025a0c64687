"""One door to all product images: load_products(source, split) gives pictures, classes and captions."""

import importlib.util
import pathlib
import zipfile
import zlib
from dataclasses import dataclass, field

import numpy as np

from utils.data.storage import course_folder, reason, write_atomic

SOURCES = ("catalogue", "fashion-mnist", "photos", "clothing-photos")
DEFAULTS = {  # source -> (image_size, channels)
    "catalogue": (32, 3),
    "fashion-mnist": (28, 1),
    "photos": (64, 3),
    "clothing-photos": (64, 3),
}
CATALOGUE_COUNT = {"train": 20_000, "test": 4_000}
CATALOGUE_START = {"train": 0, "test": 10_000_000}  # number of the first product: splits never meet
CATALOGUE_SIZES = (28, 32, 64)
LARGEST_PHOTO = 512


@dataclass(frozen=True)
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
    for name in (source, fallback):
        if name not in SOURCES and not (name is None and name is fallback):
            raise ValueError(
                f"The source must be one of {', '.join(SOURCES)}. Received: {name!r}. "
                "Most likely fix: copy the name from this list."
            )
    split = check_split(split, source)
    image_size, channels = check_size(source, image_size, channels)
    check_count(count)
    if folder is not None and source != "photos":
        raise ValueError(
            f'A folder belongs to the source "photos". Received: source {source!r}, folder {str(folder)!r}. '
            'Most likely fix: load_products("photos", folder=...).'
        )
    try:
        if source == "catalogue":
            return load_catalogue(split, count or CATALOGUE_COUNT[split], image_size, channels, seed)
        if source == "fashion-mnist":
            from utils.data.fashion_mnist import load_fashion_mnist

            return load_fashion_mnist(split, count=count, image_size=image_size, seed=seed)
        from utils.data.photos import load_photos

        return load_photos(
            source, split, folder=folder, count=count, image_size=image_size, channels=channels, seed=seed
        )
    except (ConnectionError, FileNotFoundError) as error:
        if fallback is None or fallback == source:
            raise
        print(
            f"{source} is out of reach here, so this uses the {fallback} instead. ({first_sentence(error)})"
        )
    return load_products(
        fallback, split, count=count, image_size=image_size, channels=channels, seed=seed, folder=None
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
    if source == "catalogue":
        sizes, right = CATALOGUE_SIZES, image_size in CATALOGUE_SIZES
    elif source == "fashion-mnist":
        sizes, right = (28, 32), image_size in (28, 32)
    else:
        sizes = (f"8 to {LARGEST_PHOTO}",)
        right = is_whole(image_size) and 8 <= image_size <= LARGEST_PHOTO
    if not right:
        raise ValueError(
            f"The image_size of {source} must be one of {', '.join(map(str, sizes))}. Received: {image_size!r}. "
            f"Most likely fix: image_size={default_size}."
        )
    allowed = (1,) if source == "fashion-mnist" else (1, 3)
    if channels not in allowed:
        raise ValueError(
            f"The channels of {source} must be {' or '.join(map(str, allowed))}. Received: {channels!r}. "
            f"Most likely fix: channels={default_channels}."
        )
    return int(image_size), int(channels)


def check_count(count, available=None):
    """Refuse a number of products that is no number, none at all, or more than there are."""
    if count is None:
        return
    if not is_whole(count) or count < 1:
        raise ValueError(
            f"The count must be a whole number above 0. Received: {count!r}. Most likely fix: leave it out to "
            "get all."
        )
    if available is not None and count > available:
        raise ValueError(
            f"There are {available} products to choose from. Received: count={count}. "
            f"Most likely fix: count={available}, or leave it out to get all."
        )


def is_whole(number):
    """Tell whether this is an integer (numpy's too) and not True or False."""
    return isinstance(number, (int, np.integer)) and not isinstance(number, bool)


def first_sentence(error):
    """Shorten an error to its first sentence, for a line that tells what happens instead."""
    return str(error).split(". ")[0].rstrip(".") + "."


def load_catalogue(split, count, image_size, channels, seed):
    """Draw the catalogue once; later calls read it from the cache."""
    name = f"catalogue-{split}-{count}-{image_size}-{channels}-{seed}-{drawing_version()}.npz"
    try:
        path = course_folder("cache") / name
    except OSError as error:
        path = None
        trouble = reason(error)
    else:
        products = read_catalogue(path)
        if products is not None:
            return products
        trouble = None
    products = draw_in_blocks(count, image_size, channels, seed, CATALOGUE_START[split])
    if path is not None:
        try:
            write_atomic(path, lambda temporary: write_catalogue(temporary, products))
        except OSError as error:
            trouble = reason(error)
    if trouble:
        print(f"The catalogue is drawn, but not kept for next time. {trouble}.")
    return products


def draw_in_blocks(count, image_size, channels, seed, start):
    """Draw the products block by block, with a progress bar when there are many."""
    from tqdm.auto import tqdm

    from utils.data.catalogue import draw_catalogue

    if count <= 2_000:
        return draw_catalogue(count, image_size=image_size, channels=channels, seed=seed, start=start)
    blocks = []
    with tqdm(total=count, desc="drawing the catalogue", unit="image", leave=False) as bar:
        for first in range(0, count, 1_000):
            size = min(1_000, count - first)
            blocks.append(
                draw_catalogue(size, image_size=image_size, channels=channels, seed=seed, start=start + first)
            )
            bar.update(size)
    return Products(
        images=np.concatenate([block.images for block in blocks]),
        class_ids=np.concatenate([block.class_ids for block in blocks]),
        class_names=blocks[0].class_names,
        captions=tuple(caption for block in blocks for caption in block.captions),
        source="catalogue",
        attributes={
            name: np.concatenate([block.attributes[name] for block in blocks])
            for name in blocks[0].attributes
        },
    )


def drawing_version():
    """Return eight letters that change whenever the drawing code changes."""
    module = pathlib.Path(importlib.util.find_spec("utils.data.catalogue").origin)
    files = sorted(module.parent.glob("*.py")) if module.name == "__init__.py" else [module]
    files += [pathlib.Path(__file__).with_name("captions.py")]
    code = b"".join(file.read_bytes().replace(b"\r\n", b"\n") for file in files if file.exists())
    return f"{zlib.crc32(code):08x}"


def write_catalogue(path, products):
    """Write products as one .npz without pickles."""
    attributes = {f"attribute_{name}": values for name, values in products.attributes.items()}
    np.savez(
        path,
        images=products.images,
        class_ids=products.class_ids,
        class_names=np.array(products.class_names),
        captions=np.array(products.captions),
        **attributes,
    )


def read_catalogue(path):
    """Read a cached catalogue; a damaged one is set aside and None returned, so that it is drawn again."""
    try:
        with np.load(path) as stored:
            return Products(
                images=stored["images"],
                class_ids=stored["class_ids"],
                class_names=tuple(stored["class_names"].tolist()),
                captions=tuple(stored["captions"].tolist()),
                source="catalogue",
                attributes={
                    name.removeprefix("attribute_"): stored[name]
                    for name in stored.files
                    if name.startswith("attribute_")
                },
            )
    except FileNotFoundError:
        return None
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile, zlib.error):
        try:
            path.replace(path.with_suffix(".damaged"))
        except OSError:
            pass  # it cannot be moved; the new drawing replaces it, or is used from memory
        return None
