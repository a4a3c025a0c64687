"""Is it copying? The nearest training image to each generated one."""

import numpy as np

from utils.metrics.distribution import check_features

BLOCK_VALUES = (
    1_000_000  # distances at a time: 8 MB are written over and over, which is quicker than new memory
)
GROUP = 16  # reference rows whose smallest distance is looked at first


def nearest_neighbours(query_features, reference_features, count=1):
    """Find the closest reference rows to each query row.

    Shapes:  query_features (n, d), reference_features (m, d) -> indices, distances (n, count), nearest first
    Units:   Euclidean distance in feature units; rows of pixels work too
    Healthy: fresh images lie as far from the training images as held-out real ones do; 0 is a copy
    Source:  Meehan et al. 2020, arXiv:2004.05675 (data copying)
    """
    query_features, reference_features = check_features(
        least=1, query_features=query_features, reference_features=reference_features
    )
    if not 1 <= count <= len(reference_features):
        raise ValueError(
            f"count must be from 1 to the {len(reference_features)} reference rows. Received: {count}. "
            "Most likely fix: ask for fewer neighbours."
        )
    middle = reference_features.mean(axis=0)  # far from the origin the squares would lose their digits
    places = -(-len(reference_features) // GROUP)
    table = ranking_table(reference_features - middle, places * GROUP)  # (d + 1, places * GROUP)
    queries = np.hstack([query_features - middle, np.ones((len(query_features), 1))])
    groups = min(count, places)  # the nearest `count` lie in the `count` groups with the smallest minima
    rows = max(1, BLOCK_VALUES // table.shape[1])
    rankings = np.empty((min(rows, len(queries)), table.shape[1]))
    indices = np.empty((len(queries), count), "int64")
    distances = np.empty((len(queries), count))
    for start in range(0, len(queries), rows):
        block = slice(start, start + rows)
        ranking = np.matmul(queries[block], table, out=rankings[: len(queries[block])])
        ranking = ranking.reshape(-1, GROUP, places)
        near = np.argpartition(ranking.min(axis=1), groups - 1, axis=1)[:, :groups]
        some = np.take_along_axis(ranking, near[:, None], axis=2).reshape(len(ranking), -1)
        best = np.argpartition(some, count - 1, axis=1)[:, :count]
        closest = best // groups * places + np.take_along_axis(near, best % groups, axis=1)
        # measured again by subtraction: the ranking cannot tell a copy from a near copy
        gaps = np.linalg.norm(query_features[block][:, None] - reference_features[closest], axis=-1)
        order = np.argsort(gaps, axis=1, kind="stable")
        indices[block] = np.take_along_axis(closest, order, axis=1)
        distances[block] = np.take_along_axis(gaps, order, axis=1)
    return indices, distances


def ranking_table(rows, columns):
    """Return (d + 1, columns): [query, 1] times it is the squared distance less |query|^2, in one product."""
    table = np.zeros((rows.shape[1] + 1, columns))
    table[:-1, : len(rows)] = -2 * rows.T
    table[-1, : len(rows)] = np.square(rows).sum(axis=1)
    table[-1, len(rows) :] = np.inf  # what only fills the last group is nearest to nobody
    return table
