"""Recipes: degradations in the order of a camera, the test conditions, and the mixture to train on."""

import inspect
from functools import cache

import numpy as np

from utils.data.degrade.blur import defocus_blur, motion_blur
from utils.data.degrade.codec import jpeg
from utils.data.degrade.cover import sticker, watermark
from utils.data.degrade.light import low_light
from utils.data.degrade.noise import gaussian_noise, poisson_noise
from utils.data.degrade.size import enlarge, shrink
from utils.data.degrade.strength import check_float_images, picture_rng, step_seeds
from utils.data.products import check_seed

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
HELD_OUT = {  # what no training pair ever shows
    "motion blur 5 px": ((motion_blur, {"length": 5, "angle": 30}),),
    "low light 2 stops": ((low_light, {"stops": 2, "warmth": 0.2}),),
    "sticker 5 %": ((sticker, {"fraction": 0.05}),),
    "watermark": ((watermark, {"opacity": 0.3}),),
}


def degrade(images, steps, seed=0):
    """Apply the steps in their order, then bring pictures that were shrunk back to their size by bicubic.

    A step is (function, settings). What follows `shrink` acts on the small picture, as in a camera:
    lens, sensor, noise of the sensor, file; only then is the file shown large.
    """
    images = check_float_images(images)
    check_steps(steps)
    degraded = images.copy()  # without steps too, what comes back is not the picture that went in
    for (function, settings), own_seed in zip(steps, step_seeds(seed, len(steps)), strict=True):
        chance = {"seed": own_seed} if takes_seed(function) else {}
        degraded = function(degraded, **settings, **chance)
    small = degraded.shape != images.shape
    return enlarge(degraded, *images.shape[1:3]) if small else degraded


def check_steps(steps):
    """Refuse what is no series of (function, settings)."""
    if not isinstance(steps, (tuple, list)) or not all(
        isinstance(step, (tuple, list)) and len(step) == 2 and callable(step[0]) and isinstance(step[1], dict)
        for step in steps
    ):
        raise ValueError(
            'steps must be ((function, {"strength": number}), ...). '
            f'Received: {steps!r}. Most likely fix: CONDITIONS["mixed"], or ((jpeg, {{"quality": 50}}),).'
        )


@cache
def takes_seed(function):
    """Tell whether a step draws by chance."""
    return "seed" in inspect.signature(function).parameters


def random_degradation(images, seed):
    """Degrade each picture by a random recipe of its own: what a model is trained on."""
    images = check_float_images(images)
    check_seed(seed)
    degraded = np.empty_like(images)
    for i in range(len(images)):
        rng = picture_rng(seed, i)
        degraded[i] = degrade(images[i : i + 1], random_steps(rng), seed=int(rng.integers(2**31)))[0]
    return degraded


def random_steps(rng):
    """Draw a recipe: one in nine is empty, a quarter noise alone, the rest a camera's chain with gaps."""
    kind = rng.random()
    if kind < 0.11:
        return ()  # what is good must be left alone
    if kind < 0.15:
        return ((poisson_noise, {"photons": 20 * 10 ** rng.random()}),)  # 20 to 200, each scale alike
    if kind < 0.4:
        return ((gaussian_noise, {"sigma": rng.uniform(0, 35)}),)
    chain = (
        (0.85, defocus_blur, {"radius": rng.uniform(0, 1.8)}),
        (0.8, shrink, {"factor": 2}),
        (0.85, gaussian_noise, {"sigma": rng.uniform(0, 20)}),
        (0.85, jpeg, {"quality": int(rng.integers(20, 96))}),
    )
    return tuple((function, settings) for chance, function, settings in chain if rng.random() < chance)
