"""Precision, recall, density, coverage: equal to the published algorithms, and they mean what they say."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.neighbors import NearestNeighbors

from utils.metrics import coverage
from utils.metrics.coverage import density_coverage, precision_recall


def crowd(count, width, seed, shift=0.0, spread=1.0):
    return np.random.default_rng(seed).normal(shift, spread, (count, width))


def published_prdc(real, fake, k):
    """The algorithm of github.com/clovaai/generative-evaluation-prdc, in float64, by SciPy's distances."""

    def radii(features):
        return np.partition(cdist(features, features), k, axis=1)[:, k]

    across = cdist(real, fake)
    precision = (across <= radii(real)[:, None]).any(axis=0).mean()
    recall = (across <= radii(fake)[None, :]).any(axis=1).mean()
    density = (across <= radii(real)[:, None]).sum(axis=0).mean() / k
    cover = (across.min(axis=1) <= radii(real)).mean()
    return precision, recall, density, cover


def by_scikit_learn(real, fake, k):
    """Precision and recall by scikit-learn's neighbours."""

    def inside(points, centres):
        tree = NearestNeighbors(n_neighbors=k + 1).fit(centres)
        radii = tree.kneighbors(centres)[0][:, k]
        return np.mean([(np.linalg.norm(centres - point, axis=1) <= radii).any() for point in points])

    return inside(fake, real), inside(real, fake)


CASES = [
    (crowd(300, 8, 1), crowd(200, 8, 2, 0.4), 3),
    (crowd(150, 2, 3), crowd(400, 2, 4, 0.1, 0.5), 5),
    (np.maximum(crowd(250, 16, 5), 0), np.maximum(crowd(250, 16, 6, 0.2), 0), 1),
]


def all_four(real, fake, k):
    return *precision_recall(real, fake, k), *density_coverage(real, fake, k)


def assert_equals_published(metric):
    for case in CASES:
        assert metric(*case) == pytest.approx(published_prdc(*case), rel=1e-9)


def counting_itself(real, fake, k):
    return (*precision_recall(real, fake, max(k - 1, 1)), *density_coverage(real, fake, max(k - 1, 1)))


def one_radius_for_all(real, fake, k):
    largest = [coverage.ball_radii(part, k).max() for part in (real, fake)]
    across = cdist(real, fake)
    return (
        (across <= largest[0]).any(0).mean(),
        (across <= largest[1]).any(1).mean(),
        *density_coverage(real, fake, k),
    )


def swapped(real, fake, k):
    return (*precision_recall(fake, real, k), *density_coverage(fake, real, k))


def test_all_four_equal_the_published_algorithm():
    assert_equals_published(all_four)


@pytest.mark.parametrize("bug", [counting_itself, one_radius_for_all, swapped])
def test_planted_bugs_differ_from_the_published_algorithm(bug):
    with pytest.raises(AssertionError):
        assert_equals_published(bug)


def test_precision_and_recall_equal_scikit_learn():
    for case in CASES:
        assert precision_recall(*case) == pytest.approx(by_scikit_learn(*case), rel=1e-9)


def test_small_blocks_find_the_same(monkeypatch):
    whole = all_four(*CASES[0])
    monkeypatch.setattr(coverage, "ROWS", 7)
    assert all_four(*CASES[0]) == whole


def test_half_of_the_fakes_far_away_and_half_of_the_kinds_missing():
    real, far = crowd(1000, 2, 0), crowd(500, 2, 1, 100)
    precision, recall = precision_recall(real, np.concatenate([crowd(500, 2, 2), far]))
    assert precision == pytest.approx(0.5, abs=0.03) and recall > 0.9
    two_kinds = np.concatenate([crowd(500, 2, 3), crowd(500, 2, 4, 50)])
    precision, recall = precision_recall(two_kinds, crowd(1000, 2, 5))
    assert precision > 0.95 and recall == pytest.approx(0.5, abs=0.03)
    density, cover = density_coverage(two_kinds, crowd(1000, 2, 5))
    assert cover == pytest.approx(0.5, abs=0.05)


def test_copies_of_the_real_ones_have_full_marks_so_copying_is_not_seen():
    real = crowd(200, 8, 0)
    assert precision_recall(real, real) == (1, 1)
    assert density_coverage(real, real)[1] == 1


def test_real_against_real_has_density_1_and_coverage_31_of_32():
    density, cover = density_coverage(crowd(4000, 4, 0), crowd(4000, 4, 1), 5)
    assert density == pytest.approx(1, abs=0.05)
    assert cover == pytest.approx(1 - 2**-5, abs=0.01)


def test_stray_fakes_inflate_recall_and_not_coverage():
    real = np.concatenate([crowd(500, 2, 0), crowd(500, 2, 1, 20)])
    stray = np.concatenate([crowd(490, 2, 2), np.random.default_rng(3).uniform(-100, 100, (10, 2))])
    plain = crowd(490, 2, 2)
    recalls = [precision_recall(real, fake)[1] for fake in (plain, stray)]
    covers = [density_coverage(real, fake)[1] for fake in (plain, stray)]
    assert recalls[1] > recalls[0] + 0.3 and covers[1] == pytest.approx(covers[0], abs=0.02)


def test_far_from_the_origin_and_in_float32_the_same_is_found():
    real, fake, k = CASES[0]
    moved = [(part + 1000).astype("float32") for part in (real, fake)]
    assert all_four(*moved, k) == pytest.approx(all_four(real, fake, k), abs=0.02)


@pytest.mark.parametrize(
    ("k", "words"), [(0, "Received: 0"), (200, "one less than the number of pictures, 200. Received: 200")]
)
def test_impossible_neighbours_are_refused(k, words):
    with pytest.raises(ValueError, match=words):
        precision_recall(CASES[0][0], CASES[0][1], k)
    with pytest.raises(ValueError, match="same width"):
        precision_recall(CASES[0][0], CASES[0][1][:, :3])
