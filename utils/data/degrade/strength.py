"""How strong, for which picture, by which chance: the checks and the seeds that all degradations share."""

import numpy as np

from utils.data.images import check_images, describe
from utils.data.products import check_seed


def check_float_images(images):
    """Return the pictures as float32 (n, height, width, channels) in [-1, 1], or say what is wrong."""
    return check_images(images).astype(np.float32, copy=False)


def per_picture(name, strength, count, *, unit, least=0, most, whole=False, off=None):
    """Return one float32 strength per picture; `off` is the value that stands for "not at all"."""
    strengths = np.asarray(strength)
    inside = strengths.dtype.kind in "iuf" and strengths.shape in ((), (count,))
    if inside:
        allowed = (strengths >= least) & (strengths <= most)  # False for NaN
        if whole:
            allowed &= strengths == np.floor(strengths)
        if off is not None:
            allowed |= strengths == off
        inside = allowed.all()
    if not inside:
        unless = "" if off is None else f", or {off} for none at all"
        received = describe(strengths) if strengths.ndim else repr(strength)
        raise ValueError(
            f"{name} must be {unit}, {'whole, ' if whole else ''}from {least} to {most}{unless}: one number, "
            f"or one for each of the {count} pictures. Received: {received}. "
            f"Most likely fix: {name}={most if off is None else least} or less extreme."
        )
    return np.broadcast_to(strengths, (count,)).astype(np.float32)


def picture_rng(seed, index):
    """Return the random generator of one picture: it knows nothing of the others in the batch."""
    return np.random.default_rng([seed, index])


def step_seeds(seed, count):
    """Return a seed for each step, so that two steps never draw the same numbers."""
    check_seed(seed)
    return [int(number) for number in np.random.SeedSequence(seed).generate_state(count)]
