"""Low light: less light and a warm lamp, computed where light adds up, before the sRGB curve."""

import numpy as np

from utils.data.degrade.strength import check_float_images, per_picture


def low_light(images, stops, warmth=0.0):
    """Darken by `stops`, each half the light; `warmth` is the share that red gains and blue loses."""
    images = check_float_images(images)
    stops = per_picture("stops", stops, len(images), unit="photographic stops", most=16)
    warmth = per_picture("warmth", warmth, len(images), unit="shares", most=1)
    if images.shape[-1] == 1:
        warmth = np.zeros_like(warmth)  # grey has no colour to shift
    result = images.copy()
    for i in np.flatnonzero((stops > 0) | (warmth > 0)):
        cast = np.array([1 + warmth[i], 1, 1 - warmth[i]], np.float32) if warmth[i] else np.float32(1)
        light = linear_from_srgb((images[i] + 1) / 2) * cast / 2 ** stops[i]
        result[i] = 2 * srgb_from_linear(light) - 1
    return np.clip(result, -1, 1, out=result)


def linear_from_srgb(values):
    """Return the light, 0 to 1, of stored values, 0 to 1 (IEC 61966-2-1)."""
    values = np.clip(values, 0, 1)
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def srgb_from_linear(light):
    """Return the stored values, 0 to 1, of light, 0 to 1 (IEC 61966-2-1)."""
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
