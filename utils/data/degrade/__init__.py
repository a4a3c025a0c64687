"""Degradations: pure functions that make a good picture worse, with a strength in a named unit."""

from utils.data.degrade.blur import defocus_blur, motion_blur
from utils.data.degrade.codec import jpeg
from utils.data.degrade.cover import sticker, watermark
from utils.data.degrade.light import low_light
from utils.data.degrade.noise import gaussian_noise, poisson_noise
from utils.data.degrade.recipes import CONDITIONS, HELD_OUT, degrade, random_degradation
from utils.data.degrade.size import downscale, enlarge, shrink

__all__ = [
    "CONDITIONS",
    "HELD_OUT",
    "defocus_blur",
    "degrade",
    "downscale",
    "enlarge",
    "gaussian_noise",
    "jpeg",
    "low_light",
    "motion_blur",
    "poisson_noise",
    "random_degradation",
    "shrink",
    "sticker",
    "watermark",
]
