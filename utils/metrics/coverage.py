"""Are the pictures good, and of all kinds: precision and recall, density and coverage, by neighbours."""

import numpy as np

from utils.metrics.distribution import check_features
from utils.metrics.neighbours import nearest_neighbours, ranking_table

ROWS = 128  # of distances at a time, so that memory stays small and is used again


def precision_recall(real_features, fake_features, k=3):
    """Share of the fakes among the real ones, and share of the real ones among the fakes.

    Around each picture lies a ball that reaches to its k-th neighbour among its own kind. Precision counts
    the fakes that lie in the ball of a real one, recall the real ones that lie in the ball of a fake.

    Shapes:  real_features (n, d), fake_features (m, d), k below both -> precision, recall
    Units:   shares, 0 to 1; compare only at equal n, m, k and in one feature space
    Healthy: real against real 0.7 to 0.99 both, by d and n; blurred: precision falls; collapsed: recall falls
    Source:  Kynkäänniemi et al. 2019, arXiv:1904.06991, eq. 1 and 2
    """
    real_features, fake_features = checked(real_features, fake_features, k)
    precision = in_balls(fake_features, real_features, ball_radii(real_features, k)).any(axis=1).mean()
    recall = in_balls(real_features, fake_features, ball_radii(fake_features, k)).any(axis=1).mean()
    return float(precision), float(recall)


def density_coverage(real_features, fake_features, k=5):
    """In how many balls of real pictures a fake lies, and share of the real balls that hold a fake.

    Only real balls are used: stray fakes cannot inflate them, and one stray real picture weighs little.

    Shapes:  real_features (n, d), fake_features (m, d), k below n -> density, coverage
    Units:   density 1 for real against real, can be above 1; coverage a share, 0 to 1
    Healthy: 1 and 1 - 2^-k = 0.97 for real against real of equal number at k = 5, in any feature space
    Source:  Naeem et al. 2020, arXiv:2002.09797, section 3
    """
    real_features, fake_features = checked(real_features, fake_features, k, fakes=1)
    inside = in_balls(fake_features, real_features, ball_radii(real_features, k))  # (m, n)
    return float(np.count_nonzero(inside) / len(inside) / k), float(inside.any(axis=0).mean())


def ball_radii(features, k):
    """Return (n,): the distance of each row to its k-th neighbour, itself not counted."""
    return nearest_neighbours(features, features, k + 1)[1][:, k]  # the nearest of all is itself, at 0


def in_balls(points, centres, radii):
    """Return bool (points, centres): whether a point lies in the ball around a centre, its edge included."""
    table = ranking_table(centres, len(centres))
    table[-1] -= np.square(radii) * (1 + 1e-12) + 1e-12
    queries = np.hstack([points, np.ones((len(points), 1))])
    limits = -np.square(points).sum(axis=1)[:, None]
    inside = np.empty((len(points), len(centres)), bool)
    products = np.empty((min(ROWS, len(points)), len(centres)))
    for start in range(0, len(points), ROWS):
        block = slice(start, start + ROWS)
        product = np.matmul(queries[block], table, out=products[: len(queries[block])])
        np.less_equal(product, limits[block], out=inside[block])  # squared distance <= squared radius
    return inside


def checked(real_features, fake_features, k, fakes=None):
    """Return both as float64 around their common middle, or say why they have no k neighbours."""
    real_features, fake_features = check_features(
        least=1, real_features=real_features, fake_features=fake_features
    )
    least = min(len(real_features), len(fake_features) if fakes is None else len(real_features))
    if not 1 <= k < least:
        raise ValueError(
            f"k must be from 1 to one less than the number of pictures, {least}. Received: {k}. "
            "Most likely fix: k=3 and 1,000 pictures or more."
        )
    middle = real_features.mean(axis=0)  # far from the origin the squares below would lose their digits
    return real_features - middle, fake_features - middle
