"""FID and KID against outside implementations, closed forms and bugs that were planted on purpose."""

import numpy as np
import pytest
import scipy.linalg
from sklearn.metrics.pairwise import polynomial_kernel

from utils.metrics.distribution import distance_by_sample_size, frechet_distance, kernel_distance


def relu_features(count, width, seed, shift=0.0):
    """Draw correlated features that are never negative, as those of a network with ReLU."""
    mixing = np.random.default_rng(99).normal(size=(width, width)) / np.sqrt(width)
    return np.maximum(np.random.default_rng(seed).normal(size=(count, width)) @ mixing + shift, 0)


def outside_frechet_distance(real, fake):
    real_spread, fake_spread = np.cov(real, rowvar=False), np.cov(fake, rowvar=False)
    root = scipy.linalg.sqrtm(real_spread @ fake_spread).real
    gap = real.mean(axis=0) - fake.mean(axis=0)
    return gap @ gap + np.trace(real_spread + fake_spread - 2 * root)


def outside_kernel_distance(real, fake):
    n, m = len(real), len(fake)
    real_pairs, fake_pairs = polynomial_kernel(real, degree=3), polynomial_kernel(fake, degree=3)
    among_real = (real_pairs.sum() - np.trace(real_pairs)) / (n * (n - 1))
    among_fake = (fake_pairs.sum() - np.trace(fake_pairs)) / (m * (m - 1))
    return among_real + among_fake - 2 * polynomial_kernel(real, fake, degree=3).mean()


def gap_and_spreads(real, fake):
    gap = real.mean(axis=0) - fake.mean(axis=0)
    return gap, np.cov(real, rowvar=False), np.cov(fake, rowvar=False)


def element_wise_root(real, fake):
    gap, s1, s2 = gap_and_spreads(real, fake)
    return gap @ gap + np.trace(s1 + s2 - 2 * np.sqrt(np.abs(s1 @ s2)))


def no_mean_term(real, fake):
    gap, s1, s2 = gap_and_spreads(real, fake)
    return outside_frechet_distance(real, fake) - gap @ gap


def diagonal_only(real, fake):
    gap, s1, s2 = gap_and_spreads(real, fake)
    return gap @ gap + np.sum((np.sqrt(np.diag(s1)) - np.sqrt(np.diag(s2))) ** 2)


def root_counted_once(real, fake):
    gap, s1, s2 = gap_and_spreads(real, fake)
    return gap @ gap + np.trace(s1 + s2 - scipy.linalg.sqrtm(s1 @ s2).real)


def root_of_the_distance(real, fake):
    return np.sqrt(outside_frechet_distance(real, fake))


def self_pairs_kept(real, fake):
    kernel = lambda a, b: polynomial_kernel(a, b, degree=3).mean()  # noqa: E731
    return kernel(real, real) + kernel(fake, fake) - 2 * kernel(real, fake)


def kernel_of(degree=3, gamma=None, across=2):
    def distance(real, fake):
        def off_diagonal(x):
            pairs = polynomial_kernel(x, degree=degree, gamma=gamma)
            return (pairs.sum() - np.trace(pairs)) / (len(x) * (len(x) - 1))

        crossed = polynomial_kernel(real, fake, degree=degree, gamma=gamma).mean()
        return off_diagonal(real) + off_diagonal(fake) - across * crossed

    return distance


FRECHET_BUGS = [element_wise_root, no_mean_term, diagonal_only, root_counted_once, root_of_the_distance]
KERNEL_BUGS = [self_pairs_kept, kernel_of(degree=2), kernel_of(gamma=1.0), kernel_of(across=1)]
SIZES = [(300, 200, 16, 0.3), (700, 700, 64, 0.05)]


def assert_equals_outside(distance, outside, sizes):
    n, m, width, shift = sizes
    real, fake = relu_features(n, width, seed=1), relu_features(m, width, seed=2, shift=shift)
    assert distance(real, fake) == pytest.approx(outside(real, fake), rel=1e-6)


@pytest.mark.parametrize("sizes", SIZES)
def test_frechet_distance_equals_scipy_sqrtm(sizes):
    assert_equals_outside(frechet_distance, outside_frechet_distance, sizes)


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("bug", FRECHET_BUGS)
def test_planted_frechet_bugs_differ_from_scipy_sqrtm(bug, sizes):
    with pytest.raises(AssertionError):
        assert_equals_outside(bug, outside_frechet_distance, sizes)


@pytest.mark.parametrize("sizes", SIZES)
def test_kernel_distance_equals_scikit_learn(sizes):
    assert_equals_outside(kernel_distance, outside_kernel_distance, sizes)


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("bug", KERNEL_BUGS)
def test_planted_kernel_bugs_differ_from_scikit_learn(bug, sizes):
    with pytest.raises(AssertionError):
        assert_equals_outside(bug, outside_kernel_distance, sizes)


def assert_one_dimension_scores_eight(distance):
    def with_moments(mean, spread):
        draws = np.random.default_rng(0).normal(size=(1000, 1))
        return mean + spread * (draws - draws.mean()) / draws.std(ddof=1)

    assert distance(with_moments(0, 1), with_moments(2, 3)) == pytest.approx(8)  # 2^2 + (3 - 1)^2


def test_frechet_distance_of_n01_and_n23_is_eight():
    assert_one_dimension_scores_eight(frechet_distance)


def test_the_mean_term_is_part_of_the_eight():
    def without_mean(real, fake):
        return frechet_distance(real - real.mean(axis=0), fake - fake.mean(axis=0))

    with pytest.raises(AssertionError):
        assert_one_dimension_scores_eight(without_mean)


@pytest.mark.parametrize("distance", [frechet_distance, kernel_distance])
def test_order_of_rows_and_of_arguments_changes_nothing(distance):
    real, fake = relu_features(300, 16, 1), relu_features(200, 16, 2, shift=0.3)
    assert distance(real[::-1], fake) == pytest.approx(distance(real, fake))
    assert distance(fake, real) == pytest.approx(distance(real, fake))
    assert isinstance(distance(real, fake), float)


def test_frechet_distance_to_itself_is_zero():
    real = relu_features(300, 16, 1)
    assert frechet_distance(real, real) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("distance", [frechet_distance, kernel_distance])
def test_distance_grows_with_the_shift(distance):
    readings = [
        distance(relu_features(400, 16, 1), relu_features(400, 16, 2, shift=s)) for s in (0, 0.3, 0.6, 1)
    ]
    assert readings == sorted(readings)
    assert readings[-1] > 10 * abs(readings[0])


def test_fewer_images_than_features_still_give_a_number():
    real, fake = relu_features(10, 64, 1), relu_features(12, 64, 2)
    assert np.isfinite(frechet_distance(real, fake))
    assert frechet_distance(real, real) == pytest.approx(0, abs=1e-5)


def test_dead_and_constant_features_do_no_harm():
    real, fake = relu_features(200, 16, 1), relu_features(200, 16, 2, shift=0.3)
    padded = [np.hstack([x, np.zeros((200, 5)), np.ones((200, 1))]) for x in (real, fake)]
    assert frechet_distance(*padded) == pytest.approx(frechet_distance(real, fake), rel=1e-6)


def bias_readings(distance):
    features = np.random.default_rng(3).normal(size=(4000, 32))
    return distance_by_sample_size(distance, features, sizes=(100, 400, 1600), repeats=8, seed=0).mean(axis=1)


def test_frechet_bias_shrinks_as_one_over_n():
    readings = bias_readings(frechet_distance)
    assert (readings > 0).all()
    assert readings * [100, 400, 1600] == pytest.approx(readings[1] * 400, rel=0.25)


def assert_no_bias(distance):
    assert np.abs(bias_readings(distance)).max() < 0.02


def test_kernel_distance_has_no_bias_at_any_size():
    assert_no_bias(kernel_distance)


@pytest.mark.parametrize("biased", [self_pairs_kept, frechet_distance])
def test_a_biased_distance_is_noticed(biased):
    with pytest.raises(AssertionError):
        assert_no_bias(biased)


def assert_prefers_copies(distance):
    """Copies of training images score better than images that are new, though nobody wants copies."""
    train, copied, fresh = (relu_features(2000, 16, seed) for seed in (1, 1, 2))
    noisy = copied + 0.01 * np.random.default_rng(3).normal(size=copied.shape)
    assert distance(train, noisy) < 0.1 * distance(train, fresh)


def test_frechet_distance_is_blind_to_copying():
    assert_prefers_copies(frechet_distance)

    def against_held_out(
        train, fake
    ):  # as it should be measured: it still does not tell copies from new ones
        return frechet_distance(relu_features(2000, 16, 9), fake)

    with pytest.raises(AssertionError):
        assert_prefers_copies(against_held_out)


def test_the_two_draws_share_no_row():
    def shared_rows(first, second):
        return len(np.intersect1d(first, second))

    features = np.arange(40.0)[:, None]
    assert distance_by_sample_size(shared_rows, features, sizes=(20,), repeats=5).max() == 0


def test_draws_repeat_with_the_seed():
    features = relu_features(100, 4, 1)
    first, again, other = (
        distance_by_sample_size(frechet_distance, features, (20, 50), repeats=2, seed=s) for s in (1, 1, 2)
    )
    assert first.shape == (2, 2)
    assert (first == again).all()
    assert (first != other).any()


def test_sizes_that_do_not_fit_twice_are_refused():
    with pytest.raises(ValueError, match=r"half the 100 rows.*Received: \[10, 51\].*embed more"):
        distance_by_sample_size(frechet_distance, relu_features(100, 4, 1), sizes=(10, 51))


GOOD = np.random.default_rng(0).normal(size=(10, 4))


@pytest.mark.parametrize("distance", [frechet_distance, kernel_distance])
@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (GOOD[:1], r"fake_features must .* at least 2.*Received: shape \(1, 4\).*embed more"),
        (GOOD[:0], r"Received: shape \(0, 4\)"),
        (GOOD[:, :0], r"Received: shape \(10, 0\)"),
        (GOOD[:, :3], r"same width d\. Received: 4 and 3.*same feature network"),
        (GOOD[0], r"Received: shape \(4,\).*network\.embed"),
        (np.zeros((2, 28, 28, 1)), r"Received: shape \(2, 28, 28, 1\)"),
        (np.array([["a"] * 4] * 3), "dtype <U1"),
        (np.where(GOOD > 1, np.nan, GOOD), r"NaN or infinity in \d of 10 rows.*diverged"),
        (GOOD * np.inf, "NaN or infinity in 10 of 10 rows"),
    ],
)
def test_bad_features_are_named(distance, bad, words):
    with pytest.raises(ValueError, match=words):
        distance(GOOD, bad)


def test_eight_bit_features_do_not_overflow():
    real, fake = (np.random.default_rng(s).integers(0, 256, size=(50, 3), dtype="uint8") for s in (1, 2))
    assert kernel_distance(real, fake) == pytest.approx(
        outside_kernel_distance(real * 1.0, fake * 1.0), rel=1e-6
    )
