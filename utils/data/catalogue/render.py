"""Render products: draw lots, pose the template, colour it, set it on a background and light it."""

import numpy as np

from utils.data.captions import BACKGROUNDS, COLOURS, KINDS, PATTERNS, PHRASINGS, write_caption
from utils.data.catalogue import templates
from utils.data.catalogue.painter import GRID
from utils.data.catalogue.patterns import load_tiles
from utils.data.products import Products

IMAGE_SIZES = (28, 32, 64)
LOTS = (
    *("kind", "detail", "colour", "pattern", "background", "phrasing", "mirror", "tilt"),
    *("zoom", "right", "down", "pattern_right", "pattern_down", "tint", "light", "side_light"),
)
SECOND_COLOURS = {"yellow": (74, 60, 110), "pink": (150, 36, 96), "white": (58, 76, 132)}  # others: cream
CREAM = (250, 248, 240)
TINTS = ((0, 0, 0), (5, 0, -7), (-7, -1, 5), (3, -2, 4))
BLOCK = 64  # images per block: its layers fit the processor's cache


def draw_catalogue(count, *, image_size=32, channels=3, seed=0, start=0):
    """Draw products number start to start + count; a number always shows the same product for a seed."""
    check_request(count, image_size, channels, seed, start)
    lots = draw_lots(count, seed, start)
    images = np.empty((count, image_size, image_size, channels), np.uint8)
    for first in range(0, count, BLOCK):
        block = {name: values[first : first + BLOCK] for name, values in lots.items()}
        images[first : first + BLOCK] = render(block, image_size, channels)
    attributes = name_attributes(lots)
    phrased = zip(*attributes.values(), lots["phrasing"].tolist(), strict=True)
    return Products(
        images=images,
        class_ids=lots["kind"].astype(np.int32),
        class_names=tuple(KINDS),
        captions=tuple(write_caption(*words) for words in phrased),
        source="catalogue",
        attributes=attributes,
    )


def check_request(count, image_size, channels, seed, start):
    """Raise ValueError for a size, a number of channels, a count or a seed that cannot be drawn."""
    if not whole(image_size) or image_size not in IMAGE_SIZES:
        raise ValueError(
            f"image_size must be one of {', '.join(map(str, IMAGE_SIZES))}. Received: {image_size!r}. "
            "Most likely fix: image_size=32."
        )
    if not whole(channels) or channels not in (1, 3):
        raise ValueError(
            f"channels must be 1 (grey) or 3 (RGB). Received: {channels!r}. Most likely fix: channels=3."
        )
    for name, value in (("count", count), ("seed", seed), ("start", start)):
        if not whole(value) or value < 0:
            raise ValueError(
                f"{name} must be a whole number, 0 or more. Received: {value!r}. "
                f"Most likely fix: pass {name} as an int."
            )


def whole(number):
    """Tell whether this is an integer, numpy's too, but not True or False."""
    return isinstance(number, (int, np.integer)) and not isinstance(number, bool)


def draw_lots(count, seed, start):
    """Draw the random choices of each product: name -> int64 (count,)."""
    stream = np.random.PCG64(int(seed))
    stream.advance(int(start) * len(LOTS))
    raw = stream.random_raw(count * len(LOTS)).reshape(count, len(LOTS)) >> np.uint64(40)
    lots = dict(zip(LOTS, raw.astype(np.int64).T, strict=True))  # 24 random bits each
    choices = {
        "kind": len(KINDS),
        "detail": 2,
        "colour": len(COLOURS),
        "pattern": len(PATTERNS),
        "background": len(BACKGROUNDS),
        "phrasing": len(PHRASINGS),
        "mirror": 2,
        "tint": len(TINTS),
    }
    return {name: values * choices.get(name, 1024) >> 24 for name, values in lots.items()}


def name_attributes(lots):
    """Turn the numbers that were drawn into words: name -> str (count,), in the order of write_caption."""
    details = np.array(list(KINDS.values()))
    return {
        "kind": np.array(list(KINDS))[lots["kind"]],
        "colour": np.array(list(COLOURS))[lots["colour"]],
        "pattern": np.array(PATTERNS)[lots["pattern"]],
        "detail": details[lots["kind"], lots["detail"]],
        "background": np.array(list(BACKGROUNDS))[lots["background"]],
    }


def render(lots, image_size, channels):
    """Render one block of products: uint8 (n, image_size, image_size, channels)."""
    alpha, main, red, green, blue, shadow, patterned, tile = look_up(lots, image_size)
    second = tile * patterned >> 8
    colours = np.array(list(COLOURS.values()), np.int32)[lots["colour"]]
    others = np.array([SECOND_COLOURS.get(name, CREAM) for name in COLOURS], np.int32)[lots["colour"]]
    lamp = light(lots, image_size)
    behind = background(lots, image_size, shadow) * (256 - alpha - (alpha >> 7)) >> 8
    planes = np.empty((3, *alpha.shape), np.int32)
    for c, fixed in enumerate((red, green, blue)):
        shown = pick(colours[:, c]) + ((pick(others[:, c] - colours[:, c]) * second) >> 8)
        planes[c] = behind[c] + (((shown * main >> 8) + fixed) * lamp >> 8)
    np.clip(planes, 0, 255, out=planes)
    if channels == 1:
        return ((77 * planes[0] + 150 * planes[1] + 29 * planes[2]) >> 8)[..., None].astype(np.uint8)
    return np.moveaxis(planes, 0, -1).astype(np.uint8)


def pose(lots, image_size):
    """Tell which place of its template each pixel shows: rows and columns, int32 (n, size, size)."""
    # Half the angle by its tangent, so that no sine is needed: up to 7 degrees lying, 2 standing.
    half = (lots["tilt"] - 511.5) / 511.5 * np.where(belongs(lots, templates.STANDING), 0.018, 0.06)
    half_square = half * half
    zoom = 1.0 + lots["zoom"] / 5120  # 1 fills the picture, 1.2 leaves more room around
    step = GRID / image_size * 65536 * zoom / (1 + half_square)
    along = np.floor(step * (1 - half_square)).astype(np.int32)
    across = np.floor(step * 2 * half).astype(np.int32)
    flipped = np.where((lots["mirror"] == 1) & belongs(lots, templates.ONE_SIDED), -1, 1).astype(np.int32)
    shift_x = (lots["right"].astype(np.int32) - 512) * 1200  # up to 9 template pixels
    shift_y = (lots["down"].astype(np.int32) - 512) * 1200
    way = np.arange(image_size, dtype=np.int32) * 2 - (image_size - 1)  # twice the way from the middle
    x, y = way[None, None, :], way[None, :, None]
    column = (pick(along) * x + pick(across) * y) // 2 * pick(flipped) + pick(shift_x)
    row = (pick(along) * y - pick(across) * x) // 2 + pick(shift_y)
    return (row >> 16) + GRID // 2, (column >> 16) + GRID // 2


def look_up(lots, image_size):
    """Fetch what each pixel shows: the template's layers, then the pattern, int32 (n, size, size)."""
    row, column = pose(lots, image_size)
    pixel = GRID // image_size
    inside = np.clip(row, 0, GRID - 1) * GRID + np.clip(column, 0, GRID - 1)
    template = (lots["kind"] * 2 + lots["detail"]).astype(np.int32)
    packed = templates.load_templates(pixel)[inside + pick(template) * (GRID * GRID)]
    layers = packed.view(np.uint8).reshape(*packed.shape, 8)
    tiles = load_tiles(pixel)
    fine, turned = (belongs(lots, kinds) for kinds in (templates.FINE_PATTERN, templates.TURNED_PATTERN))
    tile = np.ravel_multi_index((lots["pattern"], fine, turned), tiles.shape[:3]).astype(np.int32)
    down, right = (lots[name].astype(np.int32) >> 2 for name in ("pattern_down", "pattern_right"))
    shifted = ((row + pick(down)) & (GRID - 1)) * GRID + ((column + pick(right)) & (GRID - 1))
    second = tiles.reshape(-1)[shifted + pick(tile) * (GRID * GRID)]
    return [*(layers[..., n].astype(np.int32) for n in range(templates.LAYERS)), second.astype(np.int32)]


def belongs(lots, kinds):
    """Tell of each product whether its kind is one of these: int64 0 or 1."""
    return np.array([kind in kinds for kind in KINDS], np.int64)[lots["kind"]]


def light(lots, image_size):
    """Light on the product, 256 = neutral: its level, and more from one side: int32 (n, 1, size)."""
    level = 256 + ((lots["light"].astype(np.int32) - 512) >> 5)
    side = (lots["side_light"].astype(np.int32) - 512) * 40 // 512
    place = np.arange(image_size, dtype=np.int32) * 2 - (image_size - 1)
    return pick(level) + pick(side) * place[None, None, :] // image_size


def background(lots, image_size, shadow):
    """White, or the bent paper of a photo studio, with the shadow on it: int32 (3, n, size, size)."""
    studio = pick((lots["background"] == 1).astype(np.int32))
    rows = np.arange(image_size, dtype=np.int32) * 256 // image_size
    wall, floor = 178 + rows * 40 // 168, 236 - (rows - 168) * 30 // 88
    paper = np.where(rows < 168, wall, floor)[None, :, None]
    dark = 256 - (shadow * (60 + 110 * studio) >> 8)
    level = (lots["light"].astype(np.int32) - 512) // 64
    tints = np.array(TINTS, np.int32)[lots["tint"]] + level[:, None]
    return np.stack([(255 + studio * (paper + pick(tint) - 255)) * dark >> 8 for tint in tints.T])


def pick(values):
    """One value per image, ready to meet its pixels: (n,) -> (n, 1, 1)."""
    return values[:, None, None]
