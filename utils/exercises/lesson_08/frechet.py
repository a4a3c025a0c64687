"""Exercise 8.4: the distance of two Gaussians, FID."""

import numpy as np

from utils.exercises.verdict import Exercise, Mistake
from utils.metrics.distribution import frechet_distance


def moments(real_features, fake_features, ddof=1):
    """The gap of the means and both spreads."""
    gap = np.mean(real_features, axis=0) - np.mean(fake_features, axis=0)
    spreads = [
        np.atleast_2d(np.cov(part, rowvar=False, ddof=ddof)) for part in (real_features, fake_features)
    ]
    return gap, *spreads


def root(spread):
    """The symmetric root of a spread."""
    values, vectors = np.linalg.eigh(spread)
    return (vectors * np.sqrt(values.clip(min=0))) @ vectors.T


def shared_root(first, second):
    """The trace of the root of first @ second."""
    return np.sqrt(np.linalg.eigvalsh(root(first) @ second @ root(first)).clip(min=0)).sum()


def distance_with(shared=shared_root, gap_price=lambda gap: gap @ gap, shares=2, ddof=1):
    """A frechet_distance that is wrong in one of its terms."""

    def wrong(real_features, fake_features):
        gap, first, second = moments(real_features, fake_features, ddof)
        with np.errstate(invalid="ignore"):
            return gap_price(gap) + np.trace(first + second) - shares * shared(first, second)

    return wrong


def draw_features(generator, size):
    """Features that hang together, of unequal number, and moved."""
    mixing = generator.normal(size=(2, 3, 3))
    return generator.normal(size=(5 * size, 3)) @ mixing[0], generator.normal(1, 1, (4 * size, 3)) @ mixing[1]


FEW = np.random.default_rng(0).integers(-3, 4, (7, 12)).astype(float)  # fewer pictures than features

FRECHET_DISTANCE = Exercise(
    id="8.4",
    title="The Fréchet distance",
    minutes=15,
    difficulty=3,
    reference=frechet_distance,
    examples=(
        (np.array([[0.0, 0], [2, 2], [4, 1]]), np.array([[1.0, 3], [0, 5], [2, 1], [1, -1]])),
        (FEW[:3], FEW[3:]),
    ),
    draw=draw_features,
    mistakes={
        "the root is taken entry by entry": Mistake(
            distance_with(lambda first, second: np.trace(np.sqrt(np.abs(first @ second)))),
            "the root of a matrix times itself gives the matrix: scipy.linalg.sqrtm, or roots of eigenvalues",
        ),
        "the imaginary part is dropped too early": Mistake(
            distance_with(lambda first, second: np.sqrt(np.linalg.eigvals(first @ second).real).sum()),
            "rounding puts eigenvalues that are 0 a little below, and their root is NaN: clip them at 0 "
            "first, or take complex roots and drop a tiny imaginary part at the end",
        ),
        "half of the product is not looked at": Mistake(
            distance_with(lambda first, second: np.sqrt(np.linalg.eigvalsh(first @ second).clip(0)).sum()),
            "S1 S2 is not symmetric, and eigvalsh reads one triangle: eigvals, or sqrt(S1) S2 sqrt(S1)",
        ),
        "each spread has its own root": Mistake(
            distance_with(lambda first, second: np.trace(root(first) @ root(second))),
            "that is right only where both lie along the same axes: the root of the product S1 S2",
        ),
        "the features are taken for independent": Mistake(
            distance_with(lambda first, second: np.sqrt(np.diag(first) * np.diag(second)).sum()),
            "the diagonal alone misses how features hang together: whole matrices",
        ),
        "the root counts once": Mistake(
            distance_with(shares=1), "equal crowds must be 0 apart: S1 + S2 - 2 root, as in (a - b)^2"
        ),
        "the means are not compared": Mistake(
            distance_with(gap_price=lambda gap: 0.0), "add the squared length of mean1 - mean2"
        ),
        "the gap of the means is not squared": Mistake(
            distance_with(gap_price=np.linalg.norm), "|mean1 - mean2|^2: the sum of squares, without a root"
        ),
        "the gap of the means is averaged": Mistake(
            distance_with(gap_price=lambda gap: np.mean(gap**2)), "the sum over the features, not their mean"
        ),
        "the spreads divide by n": Mistake(
            distance_with(ddof=0), "n - 1, as np.cov does by itself; the figures of papers do so, too"
        ),
        "this is the root of the distance": Mistake(
            lambda real_features, fake_features: np.sqrt(frechet_distance(real_features, fake_features)),
            "FID is the squared distance: leave the last root out",
        ),
    },
    hints=(
        "|mean1 - mean2|^2 + trace(S1 + S2 - 2 (S1 S2)^(1/2)); which np function makes S of features?",
        "np.cov(features, rowvar=False), which divides by n - 1; the means are features.mean(axis=0).",
        "The trace of the root is the sum of the roots of the eigenvalues of S1 @ S2, clipped at 0.",
    ),
    why="means and spreads alone are compared: what differs and leaves both as they are stays unseen",
)
