"""One photo of a folder: read, restored strip by strip, written, and shown in small."""

import hashlib
import os

import numpy as np
from PIL import Image

from utils.data.images import scale_images, unscale_images
from utils.data.photos import open_photo, try_file
from utils.data.storage import write_atomic
from utils.enhance.places import JPEG
from utils.enhance.previews import fitted, write_previews
from utils.enhance.records import FILES, Record
from utils.enhance.tiles import in_strips
from utils.show.confidence import spread_levels


def restore_file(enhance, folder, name, out, result, max_size, progress):
    """Restore one photo and write it with its small pictures; returns its Record, or why there is none."""
    path = folder / name
    before = try_file(path, folder, lambda path: (path.stat(), open_photo(path)))
    if isinstance(before, str):
        return before
    original, image = before
    shape = image.size
    image, profile = fitted(image, max_size) if max_size else image, image.info["icc_profile"]
    try:
        after, spread = restore(enhance, image, progress)
    except Exception as error:  # one photo that a model cannot take must not stop all
        return f"not restored, {type(error).__name__}: {' '.join(str(error).split())[:200]}"
    for picture in (image, after):
        picture.info["icc_profile"] = profile  # else the colours of many phones would look dull
    typical, worst = spread_levels(spread)
    prefix = hashlib.sha256(os.fsencode(name)).hexdigest()[:16]  # a name that is safe anywhere
    pictures = write_previews(out / FILES, prefix, image, after, spread, worst)
    (out / result).parent.mkdir(parents=True, exist_ok=True)
    write_atomic(out / result, lambda path: save(after, path))
    return Record(name, result, original.st_mtime_ns, original.st_size, max_size, shape, image.size,
                  round(typical, 2), round(worst, 2), pictures)  # fmt: skip


def restore(enhance, image, progress):
    """Return the restored photo and its spread; as floats only a strip of it is ever in memory."""
    pixels = np.asarray(image)
    after, spread = np.empty_like(pixels), np.empty(pixels.shape[:2], np.float32)
    top = 0
    for strip in in_strips(lambda tile: enhance(scale_images(tile)), pixels):
        rows = slice(top, top + len(strip.mean))
        after[rows], spread[rows] = unscale_images(strip.mean), strip.spread
        top = rows.stop
        progress(top / len(pixels))
    return Image.fromarray(after), spread


def save(image, path):
    """Write a restored photo: a JPEG with little loss where the original was one, else a PNG with none."""
    profile = image.info.get("icc_profile")
    if path.suffix.lower() in JPEG:
        image.save(path, "JPEG", quality=95, subsampling=0, icc_profile=profile)
    else:
        # Pillow's own level 6 takes four times as long for a file that is a twentieth smaller.
        image.save(path, "PNG", compress_level=3, icc_profile=profile)
