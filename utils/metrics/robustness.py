"""How little it takes to break a model: FGSM and PGD within a budget, beside random noise of equal size."""

import numpy as np

from utils.data.images import check_images
from utils.training.gradients import gradient

NORMS = ("inf", "l2")
LOW, HIGH = -1.0, 1.0  # black and white
PIXELS = (1, 2, 3)


def fgsm(price, images, budget, norm="inf"):
    """Pictures one step uphill: the price rises as fast as the budget allows, if its slope stays the same.

    Shapes:  images (n, height, width, channels) in [-1, 1]; price: images -> (n,) or () -> as images
    Units:   budget in levels of [-1, 1] per pixel ("inf"), or in the length of the whole change ("l2")
    Healthy: costs more than random noise of equal size; 8/127.5 is 8 of 255 grey levels, hardly seen
    Source:  Goodfellow et al. 2015, arXiv:1412.6572; in L2: Miyato et al. 2018, arXiv:1704.03976
    """
    images, budget = check_attack(images, budget, norm)
    return pgd_step(images, slope_of(price, images), images, budget, budget, norm)


def pgd(price, images, budget, norm="inf", steps=20, step_size=None, random_start=False, seed=0):
    """Pictures after many small steps uphill, each brought back into the budget and into [-1, 1].

    Shapes:  images (n, height, width, channels) in [-1, 1]; price: images -> (n,) or () -> as images
    Units:   as for fgsm; step_size: 2.5 budget / steps unless given, so that every place can be reached
    Healthy: at least as costly as fgsm; if more steps or a random start still gain much, take more
    Source:  Madry et al. 2018, arXiv:1706.06083, section 2.1
    """
    clean, budget = check_attack(images, budget, norm)
    step_size = 2.5 * budget / steps if step_size is None else step_size
    images = random_change(clean, budget, norm, seed) if random_start else clean
    for step in range(steps):
        slope = slope_of(price, images, may_be_flat=step > 0)
        images = pgd_step(images, slope, clean, budget, step_size, norm)
    return images


def pgd_step(images, slope, clean, budget, step_size, norm="inf"):
    """One step uphill, then back into the budget around the clean pictures, then back into [-1, 1].

    Shapes:  images, slope, clean (n, height, width, channels) -> as images
    Units:   levels of [-1, 1]; "inf": every pixel moves by step_size and ends within the budget of its clean
             value; "l2": each picture moves by the length step_size and ends within that distance
    Healthy: ends at clean +- budget after enough steps on a constant slope, and never beyond
    Source:  Madry et al. 2018, arXiv:1706.06083, section 2.1
    """
    direction = np.sign(slope) if norm == "inf" else slope / lengths(slope)
    change = images + step_size * direction - clean
    if norm == "inf":
        change = np.clip(change, -budget, budget)
    else:
        change = change * np.minimum(1, budget / lengths(change))  # onto the ball, if it lies outside
    return np.clip(clean + change, LOW, HIGH)


def lengths(change):
    """Return the Euclidean length of each picture, (n, 1, 1, 1), never 0."""
    return np.maximum(np.sqrt(np.square(change).sum(axis=PIXELS, keepdims=True)), 1e-12)


def slope_of(price, images, may_be_flat=False):
    """Return how the price rises with each pixel, or say why it does not."""
    value, slopes = gradient(price, [images])
    slope = None if slopes is None else np.asarray(slopes[0])
    if slope is None or not np.isfinite(slope).all():
        raise ValueError(
            "The price must be a tensor of floats with a finite slope. "
            f"Received: {type(value).__name__}{'' if slope is None else ', NaN or infinite slopes'}. "
            "Most likely fix: return ops.mean(...) of the model's own output, without .numpy()."
        )
    if not slope.any() and not may_be_flat:
        raise ValueError(
            "The price must rise somewhere. Received: a slope of 0 in every pixel. Most likely fix: "
            "random_start=True where the clean picture is the best; else something rounds or cuts the slope, "
            "which hides a weakness and does not mend it."
        )
    return slope


def random_change(images, budget, norm="inf", seed=0):
    """Pictures at a random place within the budget: where an attack can start."""
    images, budget = check_attack(images, budget, norm)
    rng = np.random.default_rng(seed)
    if norm == "inf":
        change = rng.uniform(-budget, budget, images.shape)
    else:
        change = rng.normal(size=images.shape)
        share = rng.uniform(size=(len(images), 1, 1, 1)) ** (1 / images[0].size)  # even over the volume
        change = change / lengths(change) * budget * share
    return np.clip(images + change, LOW, HIGH).astype(images.dtype)


def change_size(clean, changed, norm="inf"):
    """How far each picture was changed, in the norm of the budget.

    Shapes:  clean, changed (n, height, width, channels) -> (n,)
    Units:   levels of [-1, 1]: the largest of a pixel ("inf"), or the root of the sum of squares ("l2")
    Healthy: at most the budget, up to rounding
    Source:  definition
    """
    change = np.asarray(changed, "float64") - np.asarray(clean, "float64")
    if norm == "inf":
        return np.abs(change).max(axis=PIXELS)
    return np.sqrt(np.square(change).sum(axis=PIXELS))


def random_of_size(clean, sizes, norm="inf", seed=0):
    """Pictures with random noise of a given size each, certified after clipping: what an attack must beat.

    "inf": each pixel goes up or down by the size, the other way where white or black is in the way, so
    every pixel uses all that an attack may use. "l2": a random direction, drawn out until the clipped
    change has the length.

    Shapes:  clean (n, height, width, channels) in [-1, 1], sizes (n,) as from change_size -> as clean
    Units:   as for change_size
    Healthy: change_size of the result is `sizes` within 1e-4; anything else is an error, not a baseline
    Source:  our own
    """
    clean, _ = check_attack(clean, 1.0, norm)
    sizes = np.broadcast_to(np.asarray(sizes, "float64"), len(clean)).reshape(-1, 1, 1, 1)
    rng, exact = np.random.default_rng(seed), clean.astype("float64")
    if norm == "inf":
        change = rng.choice([-1.0, 1.0], clean.shape) * sizes
        change = np.where(np.abs(exact + change) > HIGH, -change, change)
        noisy = np.clip(exact + change, LOW, HIGH)
    else:
        noisy = drawn_out(exact, rng.normal(size=clean.shape), sizes)
    noisy = noisy.astype(clean.dtype)
    short = np.abs(change_size(clean, noisy, norm) - sizes.ravel())
    if short.max() > 1e-4 * max(1.0, sizes.max()):
        raise ValueError(
            "Random noise must have the size that was asked for. "
            f"Received: {sizes.max():.4g}, missed by {short.max():.2g} between black and white. "
            "Most likely fix: a smaller budget; so large a change leaves nothing of the picture."
        )
    return noisy


def drawn_out(clean, direction, sizes):
    """Return clean + t direction, clipped, with t for each picture such that the change has its length."""
    low, high = np.zeros_like(sizes), np.ones_like(sizes)

    def short(t):
        return lengths(np.clip(clean + t * direction, LOW, HIGH) - clean) < sizes

    for _ in range(40):
        high = np.where(short(high), 2 * high, high)
    for _ in range(60):  # by halving: the length grows with t
        middle = (low + high) / 2
        more = short(middle)
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    return np.clip(clean + high * direction, LOW, HIGH)


def robustness_curve(price, images, budgets, norm="inf", steps=20, seed=0):
    """Price of each picture at each budget: left alone, under random noise, under FGSM, under PGD.

    The noise has, picture by picture, just the size that PGD used. How far PGD lies above it is what an
    opponent gains; random noise alone says nothing about the worst case.

    Shapes:  images (n, height, width, channels), budgets (k,), price: images -> (n,)
             -> {"clean", "random", "fgsm", "pgd": (k, n)}
    Units:   those of the price
    Healthy: clean <= random <= fgsm <= pgd, on the whole; all four equal at budget 0
    Source:  Goodfellow et al. 2015, arXiv:1412.6572; against noise of equal size: our own
    """
    images, _ = check_attack(images, 0.0, norm)
    left_alone = priced(price, images)
    rows = {name: [] for name in ("clean", "random", "fgsm", "pgd")}
    for budget in budgets:
        if budget == 0:
            found = dict.fromkeys(("random", "fgsm", "pgd"), images)
        else:
            attacked = pgd(price, images, budget, norm, steps)
            noisy = random_of_size(images, change_size(images, attacked, norm), norm, seed)
            found = {"random": noisy, "fgsm": fgsm(price, images, budget, norm), "pgd": attacked}
        rows["clean"].append(left_alone)
        for name, changed in found.items():
            rows[name].append(priced(price, changed))
    return {name: np.array(row) for name, row in rows.items()}


def priced(price, images):
    """Return the price of each picture as float64 (n,)."""
    values = np.asarray(price(images), "float64")
    if values.shape != (len(images),):
        raise ValueError(
            f"The price must be one number per picture, ({len(images)},). Received: shape {values.shape}. "
            "Most likely fix: ops.mean(..., axis=(1, 2, 3)), or [:, 0] of a score."
        )
    return values


def check_attack(images, budget, norm):
    """Return the images as floats and the budget, or say what is wrong with either."""
    images = check_images(images)
    if norm not in NORMS:
        raise ValueError(f'norm must be "inf" or "l2". Received: {norm!r}. Most likely fix: "inf".')
    if not 0 <= budget < np.inf or (norm == "inf" and budget > 1):
        raise ValueError(
            f"The budget must be {'from 0 to 1' if norm == 'inf' else '0 or more'}, in levels of [-1, 1]. "
            f"Received: {budget}. Most likely fix: 8 / 127.5 for 8 of 255 grey levels."
        )
    return np.clip(images, LOW, HIGH), budget
