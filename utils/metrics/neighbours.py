"""Is it copying? The nearest training image to each generated one."""

import numpy as np

from utils.metrics.distribution import check_features

BLOCK_VALUES = 4_000_000  # 32 MB of float64 distances at a time


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
    indices = np.empty((len(query_features), count), "int64")
    distances = np.empty((len(query_features), count))
    reference_norms = np.square(reference_features).sum(axis=1)
    rows = max(1, BLOCK_VALUES // max(len(reference_features), count * reference_features.shape[1]))
    for start in range(0, len(query_features), rows):
        query = query_features[start : start + rows]
        ranking = reference_norms - 2 * query @ reference_features.T  # (rows, m), |query|^2 left out
        closest = np.argpartition(ranking, count - 1, axis=1)[:, :count]
        # measured again by subtraction: the ranking above cannot tell a copy from a near copy
        gaps = np.linalg.norm(query[:, None] - reference_features[closest], axis=-1)
        order = np.argsort(gaps, axis=1, kind="stable")
        indices[start : start + rows] = np.take_along_axis(closest, order, axis=1)
        distances[start : start + rows] = np.take_along_axis(gaps, order, axis=1)
    return indices, distances
