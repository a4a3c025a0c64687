"""A folder of pictures, read at one size: what is no picture is named, and nothing stops the rest."""

import os
import pathlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from PIL import Image
from tqdm import tqdm

from utils.data import scale_images
from utils.data.photos import MANY, careful_pillow, fit_square, formats, open_photo, try_file
from utils.data.storage import reason
from utils.enhance.places import list_files
from utils.report.pictures import MOST, Pictures, chosen


def read_folder(folder, image_size, channels, count=None, seed=0):
    """Return the Pictures of a folder and its sub-folders, fitted on squares of this size."""
    folder = checked_folder(folder)
    files = list_files(folder)
    skipped = [f"{inside(path, folder)}: {why}" for path, why in files if why]
    paths = [path for path, why in files if not why]
    taken = [paths[place] for place in chosen(len(paths), min(count or MOST, MOST), seed)]
    read, sizes = [], set()
    bar = tqdm(total=len(taken), desc="reading pictures", leave=False, disable=len(taken) < MANY)
    with bar, careful_pillow(), ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        pictures = pool.map(lambda path: read_one(path, folder, image_size, channels), taken)
        for path, picture in zip(taken, pictures, strict=True):
            if isinstance(picture, str):
                skipped.append(f"{inside(path, folder)}: {picture}")
            else:
                read.append(picture[0])
                sizes.add(picture[1])
            bar.update()
    if not read:
        refuse(folder, skipped)
    square = f"{image_size} x {image_size}"
    others = sorted(sizes - {(image_size, image_size)})
    words = f"{others[0][0]} x {others[0][1]}" + " and other sizes" * (len(others) > 1) if others else ""
    return Pictures(
        scale_images(np.stack(read)),
        len(paths) - len(taken) + len(read),
        resized=(words, square) if others else (),
        skipped=tuple(sorted(skipped)),
        files=True,
    )


def checked_folder(folder):
    """Return the folder as a path, or say that there is none."""
    path = pathlib.Path(folder).expanduser()
    if not path.is_dir():
        raise ValueError(
            f"Pictures are looked for in a folder. Received: {path}, "
            f"{'a file' if path.exists() else 'which does not exist'}. Most likely fix: correct the path."
        )
    try:
        next(path.iterdir(), None)
    except OSError as error:
        raise ValueError(
            f"Pictures are looked for in a folder. Received: {path}, {reason(error)}. "
            "Most likely fix: a folder that you may read."
        ) from error
    return path.resolve()


def shape_in(folder):
    """Return (height, width, channels) of the first picture of a folder; small grey ones have one channel."""
    folder, skipped = checked_folder(folder), []
    with careful_pillow():
        for path, why in list_files(folder):
            image = why or try_file(path, folder, open_photo)
            if not isinstance(image, str):
                pixels = np.asarray(image)
                grey = pixels.shape[:2] == (28, 28) and bool((pixels == pixels[..., :1]).all())
                return *pixels.shape[:2], 1 if grey else 3
            skipped.append(f"{inside(path, folder)}: {image}")
    return refuse(folder, skipped)


def refuse(folder, skipped):
    """Say that a folder holds no picture."""
    held = f"{len(skipped)} files, none of which can be read; the first is " if skipped else "no files"
    raise ValueError(
        f"A report needs pictures. Received: {folder}, with {held}{''.join(skipped[:1])}. "
        "Most likely fix: name the folder that holds the JPEG, PNG or WebP files."
    )


def read_one(path, folder, image_size, channels):
    """Return one picture as uint8 and the size it had, or the reason why there is none."""

    def read(path):
        square = fit_square(open_photo(path, 2 * image_size), image_size)
        pixels = np.asarray(square if channels == 3 else square.convert("L"))
        with Image.open(path, formats=formats()) as header:  # above, a JPEG was perhaps decoded in small
            return pixels.reshape(image_size, image_size, channels), header.size

    return try_file(path, folder, read)


def inside(path, folder):
    """Return the name of a file inside the folder, the same on every system."""
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)
