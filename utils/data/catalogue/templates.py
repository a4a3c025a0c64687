"""Templates: every kind with each of its details, painted once and kept in memory."""

import functools

import numpy as np

from utils.data.captions import KINDS
from utils.data.catalogue import accessories, clothes, homeware
from utils.data.catalogue.painter import GRID, Canvas, box_mean

DRAWERS = {
    "t-shirt": clothes.draw_t_shirt,
    "trousers": clothes.draw_trousers,
    "dress": clothes.draw_dress,
    "skirt": clothes.draw_skirt,
    "coat": clothes.draw_coat,
    "sneaker": accessories.draw_sneaker,
    "boot": accessories.draw_boot,
    "pump": accessories.draw_pump,
    "handbag": accessories.draw_handbag,
    "backpack": accessories.draw_backpack,
    "hat": clothes.draw_hat,
    "cap": clothes.draw_cap,
    "mug": homeware.draw_mug,
    "bottle": homeware.draw_bottle,
    "watch": accessories.draw_watch,
    "lamp": homeware.draw_lamp,
}
ONE_SIDED = ("sneaker", "boot", "pump", "cap", "mug", "bottle")  # they look left or right
STANDING = ("sneaker", "boot", "pump", "handbag", "backpack", "hat", "cap", "mug", "bottle", "lamp")
FINE_PATTERN = ("sneaker", "pump", "watch", "cap", "boot")  # little room for the pattern
TURNED_PATTERN = ("sneaker", "pump", "cap", "lamp", "mug")  # upright stripes suit wide and low shapes
LAYERS = 7


@functools.cache
def paint_layers():
    """Paint all templates: uint8 (kinds * 2, LAYERS, GRID, GRID)."""
    painted = np.empty((len(KINDS) * 2, LAYERS, GRID, GRID), np.uint8)
    for kind_id, (kind, details) in enumerate(KINDS.items()):
        for detail_id, detail in enumerate(details):
            canvas = Canvas()
            DRAWERS[kind](canvas, detail)
            painted[kind_id * 2 + detail_id] = canvas.layers()
    return painted


@functools.cache
def load_templates(pixel):
    """Templates averaged over one picture pixel, 8 bytes per place: uint64 (kinds * 2 * GRID * GRID,)."""
    painted = paint_layers()
    packed = np.zeros((len(painted), GRID, GRID, 8), np.uint8)
    for template, layers in zip(packed, painted, strict=True):
        for number, layer in enumerate(layers):
            template[..., number] = box_mean(layer, pixel)
    return packed.reshape(-1).view(np.uint64)
