"""How far two crowds of images are apart: FID and KID, from features, in float64."""

import numpy as np


def check_features(least=2, **named):
    """Return the named arrays as float64 (n, d), or raise a ValueError that says what is wrong with which."""
    checked = []
    for name, features in named.items():
        features = np.asarray(features)
        wanted = f"{name} must be finite numbers of shape (n, d) with n of at least {least}."
        if features.ndim != 2 or features.dtype.kind not in "fiu":
            raise ValueError(
                f"{wanted} Received: shape {features.shape}, dtype {features.dtype}. "
                "Most likely fix: pass network.embed(images), one row per image."
            )
        if len(features) < least or features.shape[1] == 0:
            raise ValueError(
                f"{wanted} Received: shape {features.shape}. "
                "Most likely fix: embed more images; 2,000 or more give a steady number."
            )
        features = features.astype("float64", copy=False)
        if not np.isfinite(features).all():
            rows = int((~np.isfinite(features)).any(axis=1).sum())
            raise ValueError(
                f"{wanted} Received: NaN or infinity in {rows} of {len(features)} rows. "
                "Most likely fix: the generator has diverged; look at its images and its losses first."
            )
        checked.append(features)
    widths = [features.shape[1] for features in checked]
    if len(set(widths)) > 1:
        raise ValueError(
            f"{' and '.join(named)} must have the same width d. "
            f"Received: {' and '.join(map(str, widths))}. "
            "Most likely fix: embed both with the same feature network."
        )
    return checked


def frechet_distance(real_features, fake_features):
    """Squared distance of two Gaussians fitted to the features: FID.

    |mean1 - mean2|^2 + trace(S1 + S2 - 2 (S1 S2)^(1/2)). With n of d or fewer the covariances are
    singular: the number exists, and it is mostly bias. Compare only equal n and the same network.

    Shapes:  real_features (n, d), fake_features (m, d) -> float
    Units:   squared feature units; in our features a generator stuck at the real mean scores 100
    Healthy: real against real about 1,100 / n, so 0.2 at n = 5,000: never 0, this bias is no quality
    Source:  Heusel et al. 2017, arXiv:1706.08500, eq. 6
    """
    real_features, fake_features = check_features(real_features=real_features, fake_features=fake_features)
    real_mean, real_spread = gaussian_of(real_features)
    fake_mean, fake_spread = gaussian_of(fake_features)
    mean_gap = real_mean - fake_mean
    # S1 S2 is not symmetric; sqrt(S1) S2 sqrt(S1) is, and has the same eigenvalues
    values, vectors = np.linalg.eigh(real_spread)
    real_root = (vectors * np.sqrt(values.clip(min=0))) @ vectors.T
    shared = np.linalg.eigvalsh(real_root @ fake_spread @ real_root).clip(min=0)
    return float(mean_gap @ mean_gap + np.trace(real_spread + fake_spread) - 2 * np.sqrt(shared).sum())


def gaussian_of(features):
    """Return the mean (d,) and the covariance (d, d) of features (n, d)."""
    mean = features.mean(axis=0)
    centred = features - mean
    return mean, centred.T @ centred / (len(features) - 1)


def kernel_distance(real_features, fake_features):
    """Squared maximum mean discrepancy with the kernel (x . y / d + 1)^3, unbiased: KID.

    Shapes:  real_features (n, d), fake_features (m, d) -> float
    Units:   kernel units, not multiplied by 100 or 1,000
    Healthy: 0 on average for real against real at every n, so a little below 0 is right too; ours -0.003
    Source:  Binkowski et al. 2018, arXiv:1801.01401, eq. 4 and section 3
    """
    real_features, fake_features = check_features(real_features=real_features, fake_features=fake_features)
    n, m = len(real_features), len(fake_features)
    # an image is always like itself: pairs of one image with itself would add a bias, they stay out
    among_real = (_kernel_sum(real_features, real_features) - _self_sum(real_features)) / (n * (n - 1))
    among_fake = (_kernel_sum(fake_features, fake_features) - _self_sum(fake_features)) / (m * (m - 1))
    across = _kernel_sum(real_features, fake_features) / (n * m)
    return float(among_real + among_fake - 2 * across)


def _kernel_sum(left, right, rows=512):
    """Sum the kernel over all pairs, a block of rows at a time so that memory stays small."""
    total = 0.0
    for start in range(0, len(left), rows):
        likeness = left[start : start + rows] @ right.T / left.shape[1] + 1  # (rows, m)
        total += np.einsum("ij,ij,ij->", likeness, likeness, likeness)
    return total


def _self_sum(features):
    """Sum the kernel over the pairs of a row with itself."""
    return ((np.square(features).sum(axis=1) / features.shape[1] + 1) ** 3).sum()


def distance_by_sample_size(distance, features, sizes, repeats=10, seed=0):
    """Return (len(sizes), repeats) distances between two disjoint draws of each size from the same features.

    The truth is 0 everywhere; what is read above it is the bias of the distance.
    """
    features = np.asarray(features)
    if len(features) < 2 * max(sizes) or min(sizes) < 2:
        raise ValueError(
            f"Sizes must be from 2 to half the {len(features)} rows: two disjoint draws are compared. "
            f"Received: {list(sizes)}. Most likely fix: embed more images or ask for smaller sizes."
        )
    rng = np.random.default_rng(seed)
    readings = np.empty((len(sizes), repeats))
    for row, size in enumerate(sizes):
        for repeat in range(repeats):
            picked = rng.permutation(len(features))[: 2 * size]
            readings[row, repeat] = distance(features[picked[:size]], features[picked[size:]])
    return readings
