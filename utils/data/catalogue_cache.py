"""The catalogue is drawn once and kept on disk: the next lesson finds it there."""

import contextlib
import importlib.util
import os
import pathlib
import zipfile
import zlib

import numpy as np

from utils.data.products import Products
from utils.data.storage import course_folder, reason, sweep, write_atomic

COUNT = {"train": 20_000, "test": 4_000}
FIRST = {"train": 0, "test": 10_000_000}  # number of the first product drawn: the splits never meet
DAMAGE = (OSError, EOFError, KeyError, ValueError, NotImplementedError, zipfile.BadZipFile, zlib.error)
BLOCK = 1_000  # images between two moves of the progress bar, about half a second


def load_catalogue(split, count, image_size, channels, seed):
    """Draw the catalogue, or read what an earlier call has drawn."""
    count = COUNT[split] if count is None else int(count)
    wanted = {"count": count, "image_size": image_size, "channels": channels, "seed": int(seed)}
    name = "-".join(["catalogue", split, *map(str, wanted.values()), drawing_version()]) + ".npz"
    if shared := shared_catalogue(name):
        return shared
    try:
        path = course_folder("cache") / name
        products = read_catalogue(path)
    except OSError as error:
        print(f"The catalogue is drawn but not kept for next time: {reason(error)}.")
        return draw(**wanted, start=FIRST[split])
    if products is None:
        products = draw(**wanted, start=FIRST[split])
        try:
            write_atomic(path, lambda temporary: write_catalogue(temporary, products))
            sweep(path.parent)
        except OSError as error:
            print(f"The catalogue is drawn but not kept for next time: {reason(error)} ({path.parent}).")
    return products


def draw(count, image_size, channels, seed, start):
    """Draw products block by block, with a progress bar when there are many."""
    from tqdm.auto import tqdm

    from utils.data.catalogue import draw_catalogue

    blocks = []
    with tqdm(
        total=count, desc="drawing the catalogue", unit="image", leave=False, disable=count <= BLOCK
    ) as bar:
        for first in range(0, count, BLOCK):
            size = min(BLOCK, count - first)
            blocks.append(
                draw_catalogue(size, image_size=image_size, channels=channels, seed=seed, start=start + first)
            )
            bar.update(size)
    return Products(
        images=np.concatenate([block.images for block in blocks]),
        class_ids=np.concatenate([block.class_ids for block in blocks]),
        class_names=tuple(blocks[0].class_names),
        captions=tuple(caption for block in blocks for caption in block.captions),
        source="catalogue",
        attributes={
            name: np.concatenate([block.attributes[name] for block in blocks]).astype(str)
            for name in blocks[0].attributes
        },
    )


def drawing_version():
    """Return eight letters that change whenever the drawing code does."""
    module = pathlib.Path(importlib.util.find_spec("utils.data.catalogue").origin)
    files = sorted(module.parent.glob("*.py")) if module.name == "__init__.py" else [module]
    files.append(pathlib.Path(__file__).with_name("captions.py"))
    code = b"".join(file.read_bytes().replace(b"\r\n", b"\n") for file in files if file.exists())
    return f"{zlib.crc32(code):08x}"


def write_catalogue(path, products):
    """Write products as one .npz file without pickles."""
    attributes = {f"attribute_{name}": values for name, values in products.attributes.items()}
    np.savez(
        path,
        images=products.images,
        class_ids=products.class_ids,
        class_names=np.array(products.class_names),
        captions=np.array(products.captions),
        **attributes,
    )


def shared_catalogue(name):
    """Return what a teacher has drawn for a whole class, or None; nothing is written there."""
    owned = os.environ.get("PRODUCT_DATA")
    try:
        return stored_catalogue(pathlib.Path(owned, "catalogue", name)) if owned else None
    except DAMAGE:  # or not there
        return None


def read_catalogue(path):
    """Read a drawn catalogue, or return None; a damaged file is set aside, so that it is drawn again."""
    try:
        return stored_catalogue(path)
    except FileNotFoundError:
        return None
    except DAMAGE:
        with contextlib.suppress(OSError):  # where it cannot be moved, the new drawing replaces it
            path.replace(path.with_suffix(".damaged"))
        return None


def stored_catalogue(path):
    """Read products that write_catalogue has written."""
    with open(path, "rb") as opened, np.load(opened) as stored:  # numpy leaves a damaged file open
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
