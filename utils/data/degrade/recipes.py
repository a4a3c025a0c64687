"""Recipes: degradations in the order of a camera, the test conditions, and the mixture to train on."""

import inspect

import numpy as np

from utils.data.degrade.blur import defocus_blur, motion_blur
from utils.data.degrade.codec import jpeg
from utils.data.degrade.cover import sticker, watermark
from utils.data.degrade.light import low_light
from utils.data.degrade.noise import gaussian_noise, poisson_noise
from utils.data.degrade.size import enlarge, shrink
from utils.data.degrade.strength import check_float_images, step_seeds

CONDITIONS = {  # what the mixture below holds too, at other strengths
    "noise sigma 10": ((gaussian_noise, {"sigma": 10}),),
    "noise sigma 25": ((gaussian_noise, {"sigma": 25}),),
    "poisson 40 photons": ((poisson_noise, {"photons": 40}),),
    "defocus 1.5 px": ((defocus_blur, {"radius": 1.5}),),
    "half size": ((shrink, {"factor": 2}),),
    "jpeg quality 20": ((jpeg, {"quality": 20}),),
    "mixed": (
        (defocus_blur, {"radius": 1.0}),
        (shrink, {"factor": 2}),
        (gaussian_noise, {"sigma": 10}),
        (jpeg, {"quality": 50}),
    ),
}
HELD_OUT = {  # what no training picture ever shows
    "motion blur 5 px": ((motion_blur, {"length": 5, "angle": 30}),),
    "low light 2 stops": ((low_light, {"stops": 2, "warmth": 0.2}),),
    "sticker 5 %": ((sticker, {"fraction": 0.05}),),
    "watermark": ((watermark, {"opacity": 0.4}),),
}


def degrade(images, steps, seed=0):
    """Apply the steps in their order, then bring pictures that were shrunk back to their size by bicubic.

    A step is (function, settings). What follows `shrink` acts on the small picture, as in a camera:
    lens, sensor, noise of the sensor, file; only then is the file shown large.
    """
    images = check_float_images(images)
    degraded = images
    for (function, settings), own_seed in zip(steps, step_seeds(seed, len(steps)), strict=True):
        chance = {"seed": own_seed} if "seed" in inspect.signature(function).parameters else {}
        degraded = function(degraded, **settings, **chance)
    small = degraded.shape != images.shape
    return enlarge(degraded, *images.shape[1:3]) if small else degraded


def random_degradation(images, seed):
    """Degrade each picture in its own way, from the kinds of CONDITIONS and never from HELD_OUT."""
    images = check_float_images(images)
    strengths = draw_strengths(len(images), seed)
    degraded = np.empty_like(images)
    for factor in (1, 2):
        chosen = strengths["factor"] == factor
        if chosen.any():
            one = {name: values[chosen] for name, values in strengths.items()}
            steps = (
                (defocus_blur, {"radius": one["radius"]}),
                (shrink, {"factor": factor}),
                (poisson_noise, {"photons": one["photons"]}),
                (gaussian_noise, {"sigma": one["sigma"]}),
                (jpeg, {"quality": one["quality"]}),
            )
            degraded[chosen] = degrade(images[chosen], steps, seed)
    return degraded


def draw_strengths(count, seed):
    """Draw a strength of each kind per picture: a tenth untouched, half noisy only, the rest mixed."""
    (step_seed,) = step_seeds(seed, 1)
    draws = np.random.default_rng(step_seed).random((count, 10)).T  # a row of draws per picture
    kind, photon_kind, photons, sigma, has_blur, radius, has_half, has_noise, has_jpeg, quality = draws
    noisy, mixed = (kind >= 0.1) & (kind < 0.6), kind >= 0.6
    counts = noisy & (photon_kind < 0.2)
    return {
        "radius": np.where(mixed & (has_blur < 0.7), 1.8 * radius, 0),
        "factor": np.where(mixed & (has_half < 0.6), 2, 1),
        "photons": np.where(counts, 20 * 10**photons, np.inf),  # 20 to 200
        "sigma": np.where(noisy & ~counts, 35 * sigma, np.where(mixed & (has_noise < 0.8), 25 * sigma, 0)),
        "quality": np.where(mixed & (has_jpeg < 0.7), np.floor(20 + 76 * quality), np.inf),  # 20 to 95
    }
