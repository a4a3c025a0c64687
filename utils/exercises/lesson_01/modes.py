"""Exercise 1.6: count the modes that a generator finds."""

import numpy as np

from utils.exercises.verdict import Exercise, Mistake
from utils.metrics.modes import LEAST, REACH, modes_covered

SQUARE = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])


def around(*counts, radius=0.0, stray=0):
    """So many points at each corner of a square, `radius` away from it, and some far from all corners."""
    corners = np.repeat(SQUARE[: len(counts)], counts, axis=0) + [radius, 0.0]
    return np.concatenate([corners, np.full((stray, 2), 9.0)])


def draw_sample(generator, size):
    """Points on some modes of a mixture with shares far from the least, and points on none."""
    centres = 4 * generator.permutation(np.stack(np.meshgrid(range(4), range(4)), -1).reshape(-1, 2))[:9]
    sigma = float(generator.uniform(0.1, 0.3))
    counts = generator.choice([0, 1, 20 * size], 9)
    on = np.repeat(centres, counts, axis=0) + generator.uniform(-1.5, 1.5, (counts.sum(), 2)) * sigma
    off = generator.uniform(100, 101, (50 * size, 2))
    return np.concatenate([on, off]), centres.astype(float), sigma


def count_with(
    reach=lambda sigma: REACH * sigma, least=lambda counts, all_points: counts >= LEAST * all_points
):
    """A modes_covered that is wrong in its reach or in what counts as found."""

    def wrong(points, centres, sigma):
        distances = np.linalg.norm(points[:, None] - centres, axis=-1)
        near = distances.min(axis=1) <= reach(sigma)
        counts = np.bincount(distances.argmin(axis=1)[near], minlength=len(centres))
        return int(np.sum(least(counts, len(points))))

    return wrong


def squared_distances(points, centres, sigma):
    """A modes_covered that compares a squared distance with a distance."""
    squares = np.square(points[:, None] - centres).sum(axis=-1)
    near = squares.min(axis=1) <= REACH * sigma
    counts = np.bincount(squares.argmin(axis=1)[near], minlength=len(centres))
    return int(np.sum(counts >= LEAST * len(points)))


def share_of_those_on_a_mode(points, centres, sigma):
    """A modes_covered that takes the least share of the points on modes only."""
    distances = np.linalg.norm(points[:, None] - centres, axis=-1)
    near = distances.min(axis=1) <= REACH * sigma
    counts = np.bincount(distances.argmin(axis=1)[near], minlength=len(centres))
    return int(np.sum(counts >= max(LEAST * near.sum(), 1)))


MODES_COVERED = Exercise(
    id="1.6",
    title="Count the modes",
    minutes=12,
    difficulty=2,
    reference=modes_covered,
    examples=(
        (around(300, 300, 300, 100), SQUARE, 0.1),
        (around(600, 300, 0, 0, stray=100), SQUARE, 0.1),
        (around(400, 596, 4), SQUARE, 0.1),
        (around(500, 500, radius=0.31), SQUARE, 0.1),
        (around(500, 500, radius=0.25), SQUARE, 0.1),
        (around(1_000, radius=-0.7), SQUARE, 0.1),
        (around(300, 3, stray=697), SQUARE, 0.1),
        (around(500, 495, 5), SQUARE, 0.1),
    ),
    draw=draw_sample,
    mistakes={
        "a point counts for the nearest mode however far it lies": Mistake(
            count_with(reach=lambda sigma: np.inf), "only points within 3 sigma of a centre lie on its mode"
        ),
        "one point is enough for a mode": Mistake(
            count_with(least=lambda counts, all_points: counts > 0),
            "a stray point makes no mode: ask for half a per cent of all points",
        ),
        "the reach does not grow with sigma": Mistake(
            count_with(reach=lambda sigma: REACH), "3 standard deviations are 3 * sigma"
        ),
        "the reach is one sigma": Mistake(
            count_with(reach=lambda sigma: sigma), "only 39 % of real points lie that near: take 3 * sigma"
        ),
        "a squared distance is compared with a distance": Mistake(
            squared_distances, "take the square root, or square 3 * sigma as well"
        ),
        "the least share is taken of the points on modes": Mistake(
            share_of_those_on_a_mode, "half a per cent of all points, also of those that lie on no mode"
        ),
        "exactly half a per cent is not enough": Mistake(
            count_with(least=lambda counts, all_points: counts > LEAST * all_points), "at least: >= and not >"
        ),
        "all modes are counted": Mistake(
            lambda points, centres, sigma: len(centres), "count only those on which points lie"
        ),
        "this is the share of modes": Mistake(
            lambda points, centres, sigma: modes_covered(points, centres, sigma) / len(centres),
            "return how many, as a whole number",
        ),
        "this is the number of points on modes": Mistake(
            lambda points, centres, sigma: int(
                np.sum(np.linalg.norm(points[:, None] - centres, axis=-1).min(axis=1) <= REACH * sigma)
            ),
            "count per mode first, then count the modes that have enough",
        ),
    },
    hints=(
        "Measure all distances at once: points[:, None] - centres has the shape (points, modes, 2).",
        "The nearest centre is argmin over the modes; a point counts if that distance is at most 3 * sigma.",
        "np.bincount(nearest[near], minlength=len(centres)) counts; a mode needs 0.005 * len(points).",
    ),
    why="a collapse can look perfect point by point: only counting modes shows what is missing",
)
