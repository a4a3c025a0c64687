"""Nearest neighbours: exact against scikit-learn, and a copy is a copy."""

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from utils.metrics import neighbours
from utils.metrics.neighbours import nearest_neighbours

RNG = np.random.default_rng(0)
REFERENCE = RNG.normal(size=(500, 8))
QUERY = RNG.normal(size=(60, 8))


def farthest(query, reference, count=1):
    indices, distances = nearest_neighbours(query, reference, len(reference))
    return indices[:, -count:], distances[:, -count:]


def squared(query, reference, count=1):
    indices, distances = nearest_neighbours(query, reference, count)
    return indices, distances**2


def swapped(query, reference, count=1):
    return nearest_neighbours(reference[: len(query)], query, count)


def assert_equals_scikit_learn(search, count):
    distances, indices = NearestNeighbors(n_neighbors=count).fit(REFERENCE).kneighbors(QUERY)
    found, gaps = search(QUERY, REFERENCE, count)
    assert found.shape == gaps.shape == (60, count)
    assert (found == indices).all()
    assert gaps == pytest.approx(distances, rel=1e-9)


@pytest.mark.parametrize("count", [1, 3, 500])
def test_neighbours_equal_scikit_learn(count):
    assert_equals_scikit_learn(nearest_neighbours, count)


@pytest.mark.parametrize("bug", [farthest, squared, swapped])
def test_planted_bugs_differ_from_scikit_learn(bug):
    with pytest.raises(AssertionError):
        assert_equals_scikit_learn(bug, 3)


def test_small_blocks_find_the_same(monkeypatch):
    whole = nearest_neighbours(QUERY, REFERENCE, 2)
    monkeypatch.setattr(neighbours, "BLOCK_VALUES", 500 * 7)  # 7 rows at a time, 60 is no multiple
    parts = nearest_neighbours(QUERY, REFERENCE, 2)
    assert (whole[0] == parts[0]).all()
    assert whole[1] == pytest.approx(parts[1])


@pytest.mark.parametrize("size", [1, 15, 16, 17, 33, 100])
def test_groups_that_do_not_fill_up_lose_nobody(size):
    reference = REFERENCE[:size]
    for count in {1, size // 2 + 1, size}:
        distances, indices = NearestNeighbors(n_neighbors=count).fit(reference).kneighbors(QUERY)
        found, gaps = nearest_neighbours(QUERY, reference, count)
        assert (found == indices).all()
        assert gaps == pytest.approx(distances, rel=1e-9)


def test_neighbours_that_share_a_group_are_all_found(monkeypatch):
    monkeypatch.setattr(neighbours, "GROUP", 500)  # one group holds everybody
    assert_equals_scikit_learn(nearest_neighbours, 3)
    monkeypatch.setattr(neighbours, "GROUP", 1)  # everybody is a group
    assert_equals_scikit_learn(nearest_neighbours, 3)


def test_a_copy_lies_at_exactly_zero_even_far_from_the_origin():
    reference = (REFERENCE + 1e6).astype("float32")
    indices, distances = nearest_neighbours(reference[[7, 3]], reference)
    assert indices.tolist() == [[7], [3]]
    assert distances.tolist() == [[0.0], [0.0]]


def test_one_query_and_one_reference_are_enough():
    assert nearest_neighbours(QUERY[:1], REFERENCE[:1])[0].tolist() == [[0]]


@pytest.mark.parametrize("count", [0, -1, 501])
def test_impossible_counts_are_refused(count):
    with pytest.raises(ValueError, match=rf"from 1 to the 500 reference rows\. Received: {count}"):
        nearest_neighbours(QUERY, REFERENCE, count)


def test_different_widths_are_refused_by_name():
    with pytest.raises(ValueError, match="query_features and reference_features must have the same width"):
        nearest_neighbours(QUERY[:, :3], REFERENCE)


def test_nan_queries_are_refused_by_name():
    with pytest.raises(ValueError, match="query_features must be finite"):
        nearest_neighbours(QUERY * np.nan, REFERENCE)
