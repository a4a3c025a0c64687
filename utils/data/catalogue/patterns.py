"""Patterns: tiles that say at which pixels the second colour shows."""

import functools

import numpy as np

from utils.data.captions import PATTERNS
from utils.data.catalogue.painter import GRID, box_mean

REPEATS = (5, 8)  # periods over the whole picture: for large parts, for small ones


def draw_tile(pattern, repeats):
    """Mask (GRID, GRID) of the second colour; it repeats without a seam at the border."""
    repeats -= pattern == "dotted"  # two dots per period: they need more room
    place = np.arange(GRID) * repeats * 256 // GRID % 256  # 0..255 within one period
    x, y = place[None, :], place[:, None]
    stripe = place < 105
    if pattern == "striped":
        return np.broadcast_to(stripe[:, None], (GRID, GRID)) * 255
    if pattern == "dotted":
        dots = [((x - m) * (x - m) + (y - m) * (y - m)) < 57 * 57 for m in (64, 192)]  # staggered
        return (dots[0] | dots[1]) * 255
    if pattern == "checked":
        return (stripe[None, :] * 128 + stripe[:, None] * 127).astype(np.int64)
    if pattern == "zigzag":
        return ((y + np.abs(x - 128)) % 256 < 100) * 255
    return np.zeros((GRID, GRID), np.int64)


@functools.cache
def load_tiles(pixel):
    """Tiles averaged over one picture pixel: uint8 (pattern, repeats, upright or turned, GRID * GRID)."""
    tiles = np.empty((len(PATTERNS), len(REPEATS), 2, GRID, GRID), np.uint8)
    for p, pattern in enumerate(PATTERNS):
        for r, repeats in enumerate(REPEATS):
            wrapped = np.pad(draw_tile(pattern, repeats), GRID // 4, mode="wrap")
            tile = box_mean(wrapped, pixel)[GRID // 4 : -GRID // 4, GRID // 4 : -GRID // 4]
            tiles[p, r, 0], tiles[p, r, 1] = tile, tile.T
    return tiles.reshape(len(PATTERNS), len(REPEATS), 2, GRID * GRID)
