"""Small pictures for the report: the whole photo before and after, a detail of it, and where it is unsure."""

import numpy as np
from PIL import Image, ImageChops

from utils.data.storage import write_atomic
from utils.show.confidence import confidence_pixels

WHOLE, DETAIL = 640, 320  # pixels of the longer side
TINY = 256  # pixels; smaller pictures are shown enlarged, where JPEG would be seen


def write_previews(folder, prefix, before, after, spread, worst):
    """Write small pictures of one photo; returns {what it shows: (file, width, height)}."""
    unsure = Image.fromarray(spread)
    pictures = {"before": fitted(before, WHOLE), "after": fitted(after, WHOLE)}
    unsure = fitted(unsure, WHOLE, Image.Resampling.BOX)
    pictures["confidence"] = Image.fromarray(confidence_pixels(unsure, worst))
    if max(before.size) > WHOLE:  # shrinking hides noise and blur alike, so a part is shown as it is
        box = most_changed(before, after, (DETAIL, DETAIL))
        pictures |= {"detail before": before.crop(box), "detail after": after.crop(box)}
    return {
        shows: write_picture(folder, f"{prefix}-{shows.replace(' ', '-')}", picture)
        for shows, picture in pictures.items()
    }


def fitted(image, most, resampling=Image.Resampling.LANCZOS):
    """Return the image, made smaller where its longer side has more than `most` pixels."""
    scale = most / max(image.size)
    if scale >= 1:
        return image
    return image.resize([max(1, round(side * scale)) for side in image.size], resampling)


def most_changed(before, after, size):
    """Return the box (left, top, right, bottom) of this size, or less, in which most has changed."""
    width, height = (min(pair) for pair in zip(size, before.size, strict=True))
    columns, rows = (-(-side // part) for side, part in zip(before.size, (width, height), strict=True))
    change = ImageChops.difference(before, after).convert("L")
    change = np.asarray(change.resize((columns, rows), Image.Resampling.BOX))
    row, column = np.unravel_index(np.argmax(change), change.shape)
    left = min(int((column + 0.5) * before.width / columns - width / 2 + 0.5), before.width - width)
    top = min(int((row + 0.5) * before.height / rows - height / 2 + 0.5), before.height - height)
    return max(left, 0), max(top, 0), max(left, 0) + width, max(top, 0) + height


def write_picture(folder, stem, picture):
    """Write one small picture; returns (file, width, height)."""
    if max(picture.size) < TINY:
        file, settings = f"{stem}.png", {"format": "PNG"}
    else:
        file, settings = f"{stem}.jpg", {"format": "JPEG", "quality": 88, "subsampling": 0}
    profile = picture.info.get("icc_profile")
    write_atomic(folder / file, lambda path: picture.save(path, icc_profile=profile, **settings))
    return file, *picture.size
