"""Exercise 8.5: the kernel distance without bias, KID."""

import numpy as np

from utils.exercises.verdict import Exercise, Mistake
from utils.metrics.distribution import kernel_distance


def cubic(left, right):
    """The kernel of all pairs."""
    return (left @ right.T / left.shape[1] + 1) ** 3


def without_itself(likeness):
    """The mean over pairs of two different pictures."""
    return (likeness.sum() - np.trace(likeness)) / (len(likeness) * (len(likeness) - 1))


def distance_with(kernel=cubic, among=without_itself, across=2):
    """A kernel_distance that is wrong in its kernel, its mean or its last term."""
    return lambda real_features, fake_features: (
        among(kernel(real_features, real_features))
        + among(kernel(fake_features, fake_features))
        - across * kernel(real_features, fake_features).mean()
    )


def draw_features(generator, size):
    """Features of unequal number and another middle."""
    return generator.normal(size=(size + 1, 3)), generator.normal(0.5, 1, (size + 3, 3))


KERNEL_DISTANCE = Exercise(
    id="8.5",
    title="A distance without bias",
    minutes=10,
    difficulty=2,
    reference=kernel_distance,
    examples=(
        (np.array([[1.0], [0.0]]), np.array([[2.0], [-1.0]])),
        (np.array([[1.0, 0], [0, 1], [1, 1]]), np.array([[0.0, 0], [2, -1]])),
        (np.array([[1.0, 1], [-1, 0]]), np.array([[1.0, 0], [-1, 1]])),
    ),
    draw=draw_features,
    mistakes={
        "pictures are compared with themselves": Mistake(
            distance_with(among=np.mean),
            "each is most like itself, and few pictures would seem far apart: no diagonal, n (n - 1) pairs",
        ),
        "the diagonal is left out and still counted": Mistake(
            distance_with(among=lambda k: (k.sum() - np.trace(k)) / k.size),
            "n (n - 1) pairs are left, not n * n",
        ),
        "the diagonal is in, but not counted": Mistake(
            distance_with(among=lambda k: k.sum() / (len(k) * (len(k) - 1))),
            "subtract np.trace from the sum: n (n - 1) pairs of two different pictures",
        ),
        "the diagonal is left out across as well": Mistake(
            lambda real_features, fake_features: (
                distance_with(across=0)(real_features, fake_features)
                - 2
                * np.mean(
                    cubic(real_features, fake_features)[
                        ~np.eye(len(real_features), len(fake_features), dtype=bool)
                    ]
                )
            ),
            "no real picture is a fake one, so no pair is left out there: the mean over all n m",
        ),
        "the features are not counted": Mistake(
            distance_with(lambda left, right: (left @ right.T + 1) ** 3),
            "x . y / d + 1: divide by the number of features",
        ),
        "the 1 is missing": Mistake(
            distance_with(lambda left, right: (left @ right.T / left.shape[1]) ** 3),
            "(x . y / d + 1)^3: only so the means and the spreads count beside the third moments",
        ),
        "the kernel is squared, not cubed": Mistake(
            distance_with(lambda left, right: (left @ right.T / left.shape[1] + 1) ** 2), "to the power of 3"
        ),
        "the last term counts once": Mistake(
            distance_with(across=1), "equal crowds must be 0 apart on average: minus twice the mean across"
        ),
        "the last term is added": Mistake(
            distance_with(across=-2), "what is alike across brings them together: minus"
        ),
        "below 0 is cut off": Mistake(
            lambda real_features, fake_features: max(0.0, kernel_distance(real_features, fake_features)),
            "without bias means 0 on average, so a little below 0 is right, too; cut off it has a bias",
        ),
        "a root is taken": Mistake(
            lambda real_features, fake_features: np.sqrt(
                np.abs(kernel_distance(real_features, fake_features))
            ),
            "the squared discrepancy has no bias, its root has one: leave the root out",
        ),
        "this is a thousand times the distance": Mistake(
            lambda real_features, fake_features: 1000 * kernel_distance(real_features, fake_features),
            "some papers print it so; here it is in units of the kernel",
        ),
    },
    hints=(
        "Three means of k(x, y) = (x . y / d + 1)^3: among the real, among the fake, across.",
        "k = (a @ b.T / d + 1) ** 3 holds all pairs; among equals, those on the diagonal stay out.",
        "(k.sum() - np.trace(k)) / (n * (n - 1)) twice, minus 2 * k.mean() across.",
    ),
    why="real against real is 0 on average at every number of pictures; FID at 100 pictures is not",
)
