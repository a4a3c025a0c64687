"""Exercise 8.6: are the fakes among the real ones, and the real ones among the fakes."""

import numpy as np

from utils.exercises.results import named_results
from utils.exercises.verdict import Exercise, Mistake
from utils.metrics.coverage import ball_radii, in_balls, precision_recall


def gaps(points, centres):
    """The distances of all pairs."""
    return np.linalg.norm(points[:, None] - centres, axis=-1)


def share_inside(points, centres, radii):
    """The share of the points in at least one ball."""
    return in_balls(points, centres, radii).any(axis=1).mean()


def both_ways(share):
    """A precision_recall from one share(points, centres, k), taken in both directions."""
    return lambda real_features, fake_features, k=3: (
        share(fake_features, real_features, k),
        share(real_features, fake_features, k),
    )


def nth_gap(points, centres, n):
    """The distance of each point to its n-th centre, the nearest being the first."""
    return np.sort(gaps(points, centres), axis=1)[:, n - 1]


def draw_features(generator, size):
    """A crowd with two kinds and another that has one of them, some strays, and k."""
    real = generator.normal(size=(6 * size, 2)) + 4 * generator.integers(0, 2, (6 * size, 1))
    fake = 1.5 * generator.normal(size=(5 * size, 2))
    return real, fake, 1 + size % 2


PRECISION_RECALL = Exercise(
    id="8.6",
    title="Precision and recall of a crowd of pictures",
    minutes=15,
    difficulty=3,
    reference=precision_recall,
    examples=(
        (
            np.array([[0.0], [1.0], [3.0], [10.0], [10.6]]),
            np.array([[0.4], [1.7], [2.2], [5.2], [5.5]]),
            1,
        ),
        (
            np.array([[0.0], [1.0], [2.5], [10.0], [10.6], [12.1]]),
            np.array([[0.4], [1.7], [6.9], [7.2], [20.0], [31.0]]),
            2,
        ),
    ),
    draw=draw_features,
    observe=named_results("precision", "recall"),
    mistakes={
        "pictures count themselves as neighbours": Mistake(
            both_ways(lambda points, centres, k: share_inside(points, centres, nth_gap(centres, centres, k))),
            "the nearest of all is the picture itself, at distance 0: skip it, or ask for k + 1",
        ),
        "one neighbour too many": Mistake(
            both_ways(lambda points, centres, k: share_inside(points, centres, ball_radii(centres, k + 1))),
            "sorted distances begin with the picture itself at place 0: the k-th neighbour is at place k",
        ),
        "precision and recall have changed places": Mistake(
            lambda real_features, fake_features, k=3: precision_recall(real_features, fake_features, k)[::-1],
            "precision asks whether fakes lie in balls around real ones, and comes first",
        ),
        "both are the precision": Mistake(
            lambda real_features, fake_features, k=3: (
                precision_recall(real_features, fake_features, k)[:1] * 2
            ),
            "for recall the balls stand around the fakes, and the real ones are counted",
        ),
        "all balls are as large as the largest": Mistake(
            both_ways(
                lambda points, centres, k: share_inside(
                    points, centres, np.full(len(centres), ball_radii(centres, k).max())
                )
            ),
            "one stray would open the door to everything: each ball has a radius of its own",
        ),
        "all balls have the mean radius": Mistake(
            both_ways(
                lambda points, centres, k: share_inside(
                    points, centres, np.full(len(centres), ball_radii(centres, k).mean())
                )
            ),
            "where pictures lie close the balls are small: each has a radius of its own",
        ),
        "the balls stand around the wrong ones": Mistake(
            both_ways(
                lambda points, centres, k: (gaps(points, centres).min(axis=1) <= ball_radii(points, k)).mean()
            ),
            "a stray has a large ball, which nearly always reaches somebody: use the radii of the centres",
        ),
        "the radius is measured to the other crowd": Mistake(
            both_ways(lambda points, centres, k: share_inside(points, centres, nth_gap(centres, points, k))),
            "then every ball holds k of the others: k-th neighbour among its own kind",
        ),
        "only the nearest is asked": Mistake(
            both_ways(
                lambda points, centres, k: (
                    gaps(points, centres).min(axis=1)
                    <= ball_radii(centres, k)[gaps(points, centres).argmin(axis=1)]
                ).mean()
            ),
            "one further off may have the larger ball: in any of them, .any(axis=…)",
        ),
        "squared distances meet plain radii": Mistake(
            both_ways(
                lambda points, centres, k: (
                    (gaps(points, centres) ** 2 <= ball_radii(centres, k)).any(axis=1).mean()
                )
            ),
            "square the radius as well, or take the root of both",
        ),
        "the balls are counted, not the pictures": Mistake(
            both_ways(
                lambda points, centres, k: (
                    in_balls(points, centres, ball_radii(centres, k)).sum() / len(points) / k
                )
            ),
            "this is density: a picture in three balls is one picture, .any(axis=…) before the mean",
        ),
        "this is the share of the balls that hold a picture": Mistake(
            both_ways(
                lambda points, centres, k: (
                    in_balls(points, centres, ball_radii(centres, k)).any(axis=0).mean()
                )
            ),
            "this is coverage: ask of each picture, not of each ball, so .any over the balls",
        ),
    },
    hints=(
        "A ball around each picture of one crowd; its radius is the distance to the k-th of its own kind.",
        "Sort each row of the distances among the real ones: place 0 is itself, place k the radius.",
        "precision: (gaps from fake to real <= radii of real).any(over real).mean(); recall: exchange both.",
    ),
    why="a blur lowers the first, a collapse the second; FID gives one number for both",
)
