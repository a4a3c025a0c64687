"""The main colour of a product, told from its background, and the caption that says it: "a blue shirt"."""

import numpy as np
from PIL import Image

from utils.data.images import describe
from utils.data.products import plain_caption

# Name -> typical shades (RGB) of dyed cloth in daylight and in a room; a colour gets the name of the nearest.
SHADES = {
    "red": ((205, 32, 38), (140, 24, 40), (200, 60, 60), (110, 25, 35)),
    "orange": ((245, 130, 24), (240, 120, 80), (225, 140, 70)),
    "yellow": ((246, 214, 36), (215, 180, 50), (240, 225, 120)),
    "green": (
        *((38, 140, 62), (40, 60, 40), (90, 100, 60), (130, 190, 60), (150, 165, 120)),
        *((140, 200, 170), (60, 170, 150), (20, 90, 80), (150, 170, 150)),
    ),
    "blue": (
        *((36, 88, 200), (15, 25, 110), (30, 40, 75), (60, 70, 110), (45, 165, 205), (175, 200, 225)),
        *((55, 70, 85), (70, 100, 140), (85, 130, 140), (110, 125, 155), (115, 135, 150), (140, 170, 205)),
    ),
    "purple": ((122, 48, 160), (80, 40, 90), (160, 120, 180), (190, 60, 180), (60, 35, 60)),
    "pink": ((248, 140, 184), (215, 50, 120), (225, 175, 180), (190, 130, 140), (160, 105, 115)),
    "brown": ((116, 70, 36), (80, 55, 40), (150, 100, 60), (120, 90, 75)),
    "black": ((15, 15, 15), (34, 34, 38), (50, 48, 50), (62, 62, 66)),
    "white": ((246, 246, 244), (215, 215, 215), (225, 218, 208), (198, 196, 194)),
    "grey": ((90, 90, 92), (130, 130, 130), (165, 165, 165)),
    "beige": ((205, 185, 155), (180, 155, 120), (225, 205, 175)),
}
COLOUR_NAMES = tuple(SHADES)
UNNAMED = ("not sure", "other", "skip", "undefined", "")  # classes that say nothing of the product
GRID = 16  # cells per side: fine enough for a trouser leg, coarse enough for 3,000 photos in seconds
BLOCK = 128  # photos at a time: the distances between all their cells are arrays of 32 MB

CENTRE = 0.24  # of the width: how far from the middle a product still counts in full
LIKENESS = 12.0  # CIELAB: about the spread of one cloth in light and shade
DISTRUST = 2.0  # how much more a likeness to the border counts than one to the centre


def colour_captions(products):
    """Write the caption of each product from its class and its measured main colour."""
    colours = main_colour(products.images)
    return tuple(
        colour_caption(products.class_names[class_id], str(colour))
        for class_id, colour in zip(products.class_ids, colours, strict=True)
    )


def colour_caption(class_name, colour):
    """Say class and colour: "a blue shirt", "an orange hat", "black shoes"."""
    noun = class_name.replace("_", " ").strip().lower()
    noun = "product" if noun in UNNAMED else noun
    counted = plain_caption(noun) != f"a photo of {noun}"  # pants, shoes and outwear go without "a"
    article = "" if not counted else "an " if colour[0] in "aeiou" else "a "
    return f"{article}{colour} {noun}"


def main_colour(images):
    """Name the main colour of each product: uint8 (n, height, width, 3) -> array of n names."""
    images = np.asarray(images)
    if images.dtype != np.uint8 or images.ndim != 4 or images.size == 0 or images.shape[-1] != 3:
        grey = images.ndim == 4 and images.shape[-1] == 1
        raise ValueError(
            "A main colour is measured in uint8 images (n, height, width, 3), from 0 to 255. "
            f"Received: {describe(images)}. Most likely fix: "
            + ("grey images have no colour; load with channels=3." if grey else "pass products.images.")
        )
    return np.concatenate([name_block(images[i : i + BLOCK]) for i in range(0, len(images), BLOCK)])


def name_block(images):
    """Let every cell vote for the name of its colour, with the weight of the product in it."""
    side = 2 * GRID
    small = [Image.fromarray(image).resize((side, side), Image.Resampling.BOX) for image in images]
    lab = to_lab(np.stack([np.asarray(image) for image in small]))  # (n, 32, 32, 3)
    coarse = lab.reshape(-1, GRID, 2, GRID, 2, 3).mean(axis=(2, 4))
    weights = weigh_product(coarse).reshape(-1, GRID, GRID).repeat(2, axis=1).repeat(2, axis=2)
    named = name_colours(expose(lab))  # (n, 32, 32), prints and stripes still apart
    votes = [(weights * (named == number)).sum(axis=(1, 2)) for number in range(len(COLOUR_NAMES))]
    return np.array(COLOUR_NAMES)[np.argmax(votes, axis=0)]


def weigh_product(lab):
    """Weigh the cells of (n, side, side, 3): central ones, in colours the centre has and the border not."""
    side = lab.shape[1]
    place = (np.arange(side) + 0.5) / side - 0.5
    centre = np.exp(-(place[:, None] ** 2 + place**2) / (2 * CENTRE**2)).ravel()
    border = np.ones((side, side))
    border[1:-1, 1:-1] = 0
    likeness = np.exp(-square_distances(lab.reshape(len(lab), -1, 3)) / (2 * LIKENESS**2))
    as_product = likeness @ (centre / centre.sum())
    as_border = likeness @ (border.ravel() / border.sum())
    return centre * (as_product / (as_product + DISTRUST * as_border)) ** 2


def square_distances(colours):
    """Return the squared distance between any two cells of one photo: (n, cells, 3) -> (n, cells, cells)."""
    squares = (colours**2).sum(axis=2)
    products = colours @ colours.transpose(0, 2, 1)
    return np.maximum(squares[:, :, None] + squares[:, None] - 2 * products, 0)


def expose(lab):
    """Brighten dim photos, so that white cloth is white: more light scales all of CIELAB nearly alike."""
    brightest = np.percentile(lab[..., 0], 99, axis=(1, 2), keepdims=True)[..., None]
    return lab * np.clip(90 / np.maximum(brightest, 1), 1, 1.3)


def name_colours(lab):
    """Return for each colour the number of the name whose shade is nearest."""
    shades = to_lab(np.array([shade for shades in SHADES.values() for shade in shades]))
    owners = np.repeat(np.arange(len(SHADES)), [len(shades) for shades in SHADES.values()])
    nearest = ((shades**2).sum(axis=1) - 2 * lab @ shades.T).argmin(
        axis=-1
    )  # the colour's own square is alike
    return owners[nearest]


def to_lab(rgb):
    """Map sRGB bytes (..., 3) to CIELAB, where equal distances look about equally large."""
    rgb = np.asarray(rgb, np.float32) / 255
    light = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    to_xyz = ((0.412453, 0.357580, 0.180423), (0.212671, 0.715160, 0.072169), (0.019334, 0.119193, 0.950227))
    xyz = (
        light @ np.array(to_xyz, np.float32).T / np.array((0.95047, 1, 1.08883), np.float32)
    )  # daylight, D65
    x, y, z = np.moveaxis(np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116), -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)
