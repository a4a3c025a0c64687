"""What distances between crowds cost beside outside implementations: python tests/benchmarks/metrics.py.

10,000 x 64 features on each side, as our networks give them. Run it on one core:
OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 taskset -c 0 python tests/benchmarks/metrics.py
"""

import argparse
import time

import numpy as np
import scipy.linalg
from scipy.stats import mannwhitneyu
from sklearn.metrics import pairwise_distances
from sklearn.metrics.pairwise import polynomial_kernel
from sklearn.neighbors import NearestNeighbors

from utils.metrics.coverage import density_coverage, precision_recall
from utils.metrics.distribution import frechet_distance, kernel_distance
from utils.metrics.memorisation import memorisation
from utils.metrics.neighbours import nearest_neighbours

WIDTH = 64
LIMIT = 1e-6  # relative difference of the values


def crowd(count, seed, shift=0.0):
    """Draw features that hang together and are never negative, as those of a network with ReLU."""
    mixing = np.random.default_rng(99).normal(size=(WIDTH, WIDTH)) / np.sqrt(WIDTH)
    return np.maximum(np.random.default_rng(seed).normal(size=(count, WIDTH)) @ mixing + shift, 0)


def frechet_by_scipy(real, fake):
    """The formula of the paper with SciPy's root of a matrix."""
    real_spread, fake_spread = np.cov(real, rowvar=False), np.cov(fake, rowvar=False)
    gap = real.mean(axis=0) - fake.mean(axis=0)
    root = scipy.linalg.sqrtm(real_spread @ fake_spread)
    return gap @ gap + np.trace(real_spread + fake_spread) - 2 * np.trace(root).real


def kernel_by_scikit_learn(real, fake):
    """The unbiased estimate from three whole kernel matrices."""
    n, m = len(real), len(fake)
    among_real, among_fake = polynomial_kernel(real, degree=3), polynomial_kernel(fake, degree=3)
    return (
        (among_real.sum() - np.trace(among_real)) / (n * (n - 1))
        + (among_fake.sum() - np.trace(among_fake)) / (m * (m - 1))
        - 2 * polynomial_kernel(real, fake, degree=3).mean()
    )


def radii(features, k):
    """Return the distance of each row to its k-th neighbour, as prdc does it."""
    return np.partition(pairwise_distances(features), k, axis=1)[:, k]


def precision_recall_by_prdc(real, fake, k=3):
    """The algorithm of github.com/clovaai/generative-evaluation-prdc."""
    across = pairwise_distances(real, fake)
    precision = (across < radii(real, k)[:, None]).any(axis=0).mean()
    return precision, (across < radii(fake, k)[None, :]).any(axis=1).mean()


def density_coverage_by_prdc(real, fake, k=5):
    """The algorithm of github.com/clovaai/generative-evaluation-prdc."""
    across, reach = pairwise_distances(real, fake), radii(real, k)
    density = (across < reach[:, None]).sum(axis=0).mean() / k
    return density, (across.min(axis=1) < reach).mean()


def nearest_by_scikit_learn(real, fake, k=6):
    """Return the distances to the nearest of the real ones, by scikit-learn's quickest way at this width."""
    return NearestNeighbors(n_neighbors=k).fit(real).kneighbors(fake)[0]


def ratios_by_scikit_learn(real, fake):
    """Return distance to the nearest by the mean distance to the next five."""
    distances = nearest_by_scikit_learn(real, fake)
    return distances[:, 0] / distances[:, 1:].mean(axis=1)


def closer_by_scipy(real, held_out, fake):
    """Return the share of pairs in which the fake is nearer, as SciPy's test of ranks counts it."""
    held_out, fake = ratios_by_scikit_learn(real, held_out), ratios_by_scikit_learn(real, fake)
    return mannwhitneyu(held_out, fake).statistic / (len(held_out) * len(fake))


def measure(ours, theirs, inputs, repeats):
    """Return both results and the least CPU seconds of each, in turns; what is quick is run for a second."""
    seconds = {ours: [], theirs: []}
    while len(seconds[ours]) < repeats or sum(seconds[ours]) < 1:
        results = []
        for work in (ours, theirs):
            start = time.process_time()
            results.append(work(*inputs))
            seconds[work].append(time.process_time() - start)
    return *results, min(seconds[ours]), min(seconds[theirs])


def main():
    """Print one line per metric."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000, help="features on each side")
    parser.add_argument("--repeats", type=int, default=3)
    chosen = parser.parse_args()
    real, fake, held_out = (crowd(chosen.count, seed, shift) for seed, shift in ((1, 0), (2, 0.1), (3, 0)))
    lines = (
        ("frechet_distance", "SciPy's sqrtm", frechet_distance, frechet_by_scipy, (real, fake)),
        ("kernel_distance", "scikit-learn's kernels", kernel_distance, kernel_by_scikit_learn, (real, fake)),
        ("precision_recall", "prdc's algorithm", precision_recall, precision_recall_by_prdc, (real, fake)),
        ("density_coverage", "prdc's algorithm", density_coverage, density_coverage_by_prdc, (real, fake)),
        (
            "nearest_neighbours, 6",
            "scikit-learn",
            lambda real, fake: nearest_neighbours(fake, real, 6)[1],
            nearest_by_scikit_learn,
            (real, fake),
        ),
        (
            "memorisation",
            "scikit-learn, SciPy",
            lambda *crowds: memorisation(*crowds).closer.value,
            closer_by_scipy,
            (real, held_out, fake),
        ),
    )
    print(f"{chosen.count:,} x {WIDTH} features on each side, CPU seconds, best of {chosen.repeats}")
    print(f"{'':22}{'ours':>8}{'theirs':>8}{'ratio':>7}  {'difference':>10}")
    apart = []
    for name, peer, ours, theirs, inputs in lines:
        value, expected, seconds, peer_seconds = measure(ours, theirs, inputs, chosen.repeats)
        apart.append(np.max(np.abs(np.subtract(value, expected)) / np.abs(expected)))
        ratio = peer_seconds / seconds
        print(f"{name:22}{seconds:8.4f}{peer_seconds:8.4f}{ratio:6.2f}x  {apart[-1]:10.0e}  {peer}")
    print(f"all within {LIMIT:.0e} of each other: {'yes' if max(apart) < LIMIT else 'no'}")


if __name__ == "__main__":
    main()
