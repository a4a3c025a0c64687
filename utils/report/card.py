"""The numbers of a report: how near to real pictures, how many kinds, how many copies, and how sure."""

from typing import NamedTuple

import numpy as np

from utils.data import scale_images
from utils.metrics.coverage import density_coverage, precision_recall
from utils.metrics.distribution import frechet_distance, kernel_distance
from utils.metrics.memorisation import LEAST as ENOUGH_TO_SEARCH
from utils.metrics.memorisation import memorisation
from utils.metrics.neighbours import nearest_neighbours
from utils.metrics.opinion import Interval, preference_share
from utils.report.intervals import jackknife_intervals
from utils.report.pictures import MOST, chosen

LEAST = 20  # pictures; of fewer, a group of the jackknife would be a single one
NEAR = 0.01  # of real pictures, the share whose next one lies as near as what is called a twin
LIMITS = {"KID": (-np.inf, np.inf)} | dict.fromkeys(("precision", "recall", "coverage"), (0, 1))
STRANGE = 8  # pictures to look at
STEPS = 4  # of a measurement, for a progress bar


class Reading(NamedTuple):
    """One number of the pictures, and what real held-out pictures score at the same number of pictures."""

    name: str
    found: Interval | None  # None: too few pictures to tell
    real: float
    good: str


class Card(NamedTuple):
    """All readings, and which pictures show best what they mean."""

    count: int  # pictures on each side
    readings: dict  # name -> Reading
    images: np.ndarray  # the measured ones, at the size that they were measured at
    copies: np.ndarray  # (n, 2): picture, training picture nearest to it; most like a copy first
    strange: np.ndarray  # (STRANGE, 2): the same; least like any real one first


def measure(images, reference, seed=0, step=lambda words: None):
    """Measure pictures against real ones; as many on each side as there are of the fewest.

    Shapes:  images (n, height, width, channels) at the size of reference.network -> Card
    Units:   of each reading, its own; all in the feature space of the reference
    Healthy: all near what real held-out pictures score
    Source:  see utils.metrics.distribution, .coverage, .memorisation; intervals: jackknife_intervals
    """
    count = min(len(images), len(reference.train), len(reference.held_out), MOST)
    if count < LEAST:
        raise ValueError(
            f"A report needs {LEAST} pictures or more on each side. Received: {len(images)} pictures, "
            f"{len(reference.train)} real ones to compare with, {len(reference.held_out)} held out. "
            "Most likely fix: 2,000 pictures; no number can be said of a few."
        )
    images = images[chosen(len(images), count, seed)]
    step("looking at the pictures")
    features, held_out = reference.network.embed(images), reference.held_out_features
    step("measuring")
    readings = crowd(features, held_out[:count], reference.train_features[:count])
    step("looking for twins")
    twins, real_twins = twin_shares(
        images, features, scale_images(reference.held_out[:count]), held_out[:count]
    )
    readings["twins"] = Reading("twins", preference_share(twins, count), real_twins, "near that of real ones")
    step("looking for copies")
    readings["copies"], copies = copied(features, held_out, reference.train_features)
    gaps = nearest_neighbours(features, reference.train_features[:count])[1][:, 0]
    strange = np.argsort(-gaps, kind="stable")[:STRANGE]
    nearest = nearest_neighbours(features[strange], reference.train_features)[0][:, 0]
    return Card(count, readings, images, copies, np.stack([strange, nearest], axis=1))


def crowd(features, held_out, real):
    """Return the readings of all pictures together, each with its interval and what real ones score."""

    def numbers(some):
        distances = (frechet_distance(real, some), kernel_distance(real, some))
        return (
            *distances,
            *precision_recall(real, some),
            *density_coverage(real, some),
            spread(some) / usual,
        )

    usual = spread(real)
    found, yardstick = jackknife_intervals(features, numbers), numbers(held_out)
    like_real = "near that of real ones"
    goods = {"FID": f"near {yardstick[0]:.2g}", "KID": "near 0", "precision": like_real, "recall": like_real,
             "density": "near 1", "coverage": like_real, "diversity": "near 1"}  # fmt: skip
    return {
        name: Reading(name, within(interval, *LIMITS.get(name, (0, np.inf))), real_one, good)
        for (name, good), interval, real_one in zip(goods.items(), found, yardstick, strict=True)
    }


def within(interval, least, most):
    """Return the interval without what no such number can be: a share above 1, a distance below 0."""
    return Interval(interval.value, max(interval.low, least), min(interval.high, most))


def copied(features, held_out, real):
    """Return the reading of copies (unknown where there are too few pictures), and the pairs to look at."""
    if min(len(features), len(held_out), len(real)) < ENOUGH_TO_SEARCH:
        nearest, gaps = nearest_neighbours(features, real)
        order = np.argsort(gaps[:, 0], kind="stable")
        return Reading("copies", None, 0.0, "near 0"), np.stack([order, nearest[order, 0]], axis=1)
    found = memorisation(real, held_out, features)
    return Reading("copies", found.copied, 0.0, "near 0"), found.pairs


def spread(features):
    """Return the root mean square distance between two rows."""
    return float(np.sqrt(2 * features.var(axis=0, ddof=1).sum()))


def twin_shares(images, features, real_images, real_features):
    """Return how many pictures have a twin, and the share of real ones: nearer than 99 in 100 real ones.

    Near in pixels and in features: blurred pictures are a little nearer in pixels, noise in features.
    """
    rows = [images.reshape(len(images), -1), real_images.reshape(len(images), -1)]
    twins = [np.ones(len(images), bool)] * 2
    for fake, real in (rows, (features, real_features)):
        gaps = [nearest_neighbours(each, each, 2)[1][:, 1] for each in (fake, real)]
        twins = [twin & (gap <= np.quantile(gaps[1], NEAR)) for twin, gap in zip(twins, gaps, strict=True)]
    return int(twins[0].sum()), float(twins[1].mean())
