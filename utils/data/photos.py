"""Your own photos as products: turned upright, in plain colours, fitted on a square, read one by one."""

import contextlib
import itertools
import os
import pathlib
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError
from tqdm.auto import tqdm

from utils.data.photo_folders import LEADS_OUT, list_photos
from utils.data.products import Products, check_count
from utils.data.storage import reason

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")  # no EPS: it would start Ghostscript
MANY = 500  # photos; more than these are worth a progress bar


def load_photos(source, split, *, folder=None, count=None, image_size=64, channels=3, seed=0):
    """Load photos in a mixed order that the seed decides; files that are no photos are listed as skipped."""
    folder = folder_of(source, folder)
    photos, class_names = list_photos(folder, split)
    check_count(count, available=len(photos))
    photos = [photos[i] for i in np.random.default_rng(seed).permutation(len(photos))]
    read, skipped = read_photos(photos, folder, count, image_size, channels)
    tried = len(read) + len(skipped)
    if not read:
        raise ValueError(
            f"At least one file in {folder} must be a photo. Received: {tried} files, none of which can be "
            f"read; the first is {skipped[0]}. Most likely fix: use JPEG, PNG or WebP files."
        )
    check_count(count, available=len(read))
    if skipped:
        print(f"{len(skipped)} of {tried} photos skipped: see products.skipped")
    return Products(
        images=np.stack([picture for _, picture in read]),
        class_ids=np.array([class_names.index(photo.class_name) for photo, _ in read], np.int32),
        class_names=class_names,
        captions=tuple(photo.caption for photo, _ in read),
        source=source,
        skipped=tuple(sorted(skipped)),
    )


def folder_of(source, folder):
    """Return the folder of a source, or say how to name it."""
    if source == "clothing-photos":
        if not (owned := os.environ.get("PRODUCT_DATA")):
            raise FileNotFoundError(
                "Clothing photos are looked for in PRODUCT_DATA/clothing-photos. "
                "Received: PRODUCT_DATA is not set. "
                'Most likely fix: set it, or use load_products("catalogue"), which needs no data.'
            )
        return pathlib.Path(owned, "clothing-photos")
    if folder is None:
        raise ValueError(
            'The source "photos" needs the folder they are in. Received: folder=None. '
            'Most likely fix: load_products("photos", folder="my_shop").'
        )
    return pathlib.Path(folder).expanduser()


def read_photos(photos, folder, count, image_size, channels):
    """Read photos in turn until there are enough; return (photo, picture) pairs and what was skipped."""
    read, skipped, waiting = [], [], iter(photos)
    wanted = count or len(photos)
    bar = tqdm(total=wanted, desc="reading photos", leave=False, disable=wanted < MANY)
    # Pillow lets go of Python's lock while it decodes; four large photos at once fit into memory.
    with bar, ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool, careful_pillow():
        while block := list(itertools.islice(waiting, min(MANY, wanted - len(read)))):
            for photo, picture in zip(
                block,
                pool.map(lambda photo: try_photo(photo, folder, image_size, channels), block),
                strict=True,
            ):
                if isinstance(picture, str):
                    skipped.append(f"{photo.name}: {picture}")
                else:
                    read.append((photo, picture))
                bar.update()
    return read, skipped


def try_photo(photo, folder, image_size, channels):
    """Return the picture as an array, or the reason why there is none."""
    return photo.trouble or try_file(photo.path, folder, lambda path: read_photo(path, image_size, channels))


def try_file(path, folder, read):
    """Return what `read` makes of a file in the folder, or the reason why it is not read."""
    return try_read(lambda: why_not(path, folder) or read(path), path.name)


def why_not(path, folder):
    """Return why a file must not even be opened, "" if it may be."""
    if not path.resolve(strict=True).is_relative_to(folder.resolve()):
        return LEADS_OUT
    if not path.is_file():
        return "not a file"
    return "" if path.stat().st_size else "empty, 0 bytes"


def try_read(read, name):
    """Return what `read` makes of a photo of this name, or the reason why it cannot."""
    try:
        return read()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return f"more than {Image.MAX_IMAGE_PIXELS / 1e6:.0f} million pixels"
    except UnidentifiedImageError:
        if name.lower().endswith((".heic", ".heif")):
            return "HEIC is not read here; export it as JPEG"
        return f"no {', '.join(FORMATS[:-1])} or {FORMATS[-1]} picture"
    except OSError as error:
        return reason(error)
    except (
        Exception
    ) as error:  # a damaged file can make a decoder raise anything; one photo must not stop all
        return f"damaged or cut off ({error})"


@contextlib.contextmanager
def careful_pillow():
    """Silence what Pillow remarks on files, and let it refuse pictures that would fill the memory."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield


def read_photo(path, image_size, channels):
    """Read one photo as uint8 (image_size, image_size, channels)."""
    picture = np.asarray(fit_square(open_photo(path, 2 * image_size), image_size))
    return picture if channels == 3 else np.asarray(Image.fromarray(picture).convert("L"))[..., None]


def open_photo(file, needed=None):
    """Open a photo (a path, or a file of bytes) upright and in plain colours, which its profile explains."""
    with Image.open(file, formats=formats()) as image:
        if needed:
            image.draft(None, (needed, needed))  # a JPEG is decoded at a fraction of its size
        image.load()
        profile = image.info.get("icc_profile") or b""
        plain = plain_colours(ImageOps.exif_transpose(image))
    plain.info["icc_profile"] = profile if profile[16:20] == b"RGB " else None  # not that of CMYK or grey
    return plain


def formats():
    """Return those of our formats that this Pillow was built with."""
    Image.init()
    return [name for name in FORMATS if name in Image.OPEN]


def plain_colours(image):
    """Convert any kind of picture to RGB, with white behind what is transparent."""
    if image.mode.startswith("I") or image.mode == "F":  # Pillow would clip these at 255
        values = np.nan_to_num(np.asarray(image, np.float64))
        brightest = 65_535 if image.mode.startswith("I;16") else max(values.max(), 1e-9)
        image = Image.fromarray(np.clip(values / brightest * 255, 0, 255).round().astype(np.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    return image.convert("RGB")


def fit_square(image, image_size):
    """Resize to the square, the whole product in it, and fill the rest with the colour of the edges."""
    longest = max(image.size)
    size = [max(1, round(side * image_size / longest)) for side in image.size]
    image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    pixels = np.asarray(image)
    edges = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    square = Image.new("RGB", (image_size, image_size), tuple(int(v) for v in np.median(edges, axis=0)))
    square.paste(image, ((image_size - size[0]) // 2, (image_size - size[1]) // 2))
    return square
