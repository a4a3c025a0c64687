"""How strong, for which picture, by which chance: the checks and the seeds that all degradations share."""

import numpy as np

from utils.data.images import check_images, describe
from utils.data.products import check_seed


def check_float_images(images):
    """Return the pictures as float32 (n, height, width, channels) in [-1, 1], or say what is wrong."""
    sound = isinstance(images, np.ndarray) and images.dtype == np.float32 and images.ndim == 4
    if sound and images.shape[-1] in (1, 3) and images.size and images.min() >= -1 and images.max() <= 1:
        return images  # the usual case, cheaply: a NaN is neither above -1 nor below 1
    return check_images(images).astype(np.float32, copy=False).clip(-1, 1)


def per_picture(name, strength, count, *, unit, least=0, most, whole=False):
    """Return one float32 strength per picture, from one number or one per picture, or say what is wrong."""
    strengths = np.asarray(strength)
    inside = strengths.dtype.kind in "iuf" and strengths.shape in ((), (count,))
    inside = inside and ((strengths >= least) & (strengths <= most)).all()  # False for NaN
    if not inside or (whole and (strengths != np.rint(strengths)).any()):
        received = describe(strengths) if strengths.ndim else repr(strength)
        raise ValueError(
            f"{name} must be {'whole ' if whole else ''}{unit} from {least} to {most}, one number or one for "
            f"each of the {count} pictures. Received: {received}. "
            f"Most likely fix: a {name} inside that range."
        )
    return np.broadcast_to(strengths, (count,)).astype(np.float32)


def picture_rng(seed, index):
    """Return the random generator of one picture: it knows nothing of the others in the batch."""
    return np.random.default_rng([seed, index])


def step_seeds(seed, count):
    """Return a seed for each step, so that two steps never draw the same numbers."""
    check_seed(seed)
    return [int(number) for number in np.random.SeedSequence(seed).generate_state(count)]
