"""Other right answers to the exercises of lesson 08 pass, and what their texts claim is true."""

import numpy as np
import pytest
import scipy.linalg
import tensorflow as tf
from keras import ops
from scipy.spatial.distance import cdist
from scipy.stats import t
from sklearn.metrics.pairwise import polynomial_kernel
from sklearn.neighbors import NearestNeighbors

from utils.exercises import check, find
from utils.exercises.lesson_08.frechet import FEW
from utils.exercises.lesson_08.window import by_gauss
from utils.metrics.coverage import precision_recall
from utils.metrics.distribution import frechet_distance, kernel_distance
from utils.metrics.opinion import mean_opinion_score
from utils.metrics.preference import bradley_terry, bradley_terry_step
from utils.metrics.restoration import window_similarity
from utils.metrics.robustness import pgd_step


def opinion_by_scipy(scores, confidence=0.95, scale=(1, 5)):
    ends = t.interval(
        confidence, len(scores) - 1, np.mean(scores), np.std(scores, ddof=1) / len(scores) ** 0.5
    )
    return [np.mean(scores), *ends]


def opinion_by_hand(scores, confidence=0.95, scale=(1, 5)):
    n, mean = len(scores), sum(scores) / len(scores)
    variance = sum((score - mean) ** 2 for score in scores) / (n - 1)
    reach = t.ppf(0.5 + confidence / 2, n - 1) * (variance / n) ** 0.5
    return mean, mean - reach, mean + reach


def step_in_a_loop(strengths, wins):
    new = []
    for i, mine in enumerate(strengths):
        others = [j for j in range(len(strengths)) if j != i]
        below = sum((wins[i, j] + wins[j, i]) / (mine + strengths[j]) for j in others)
        new.append(sum(wins[i]) / below)
    return [strength / sum(new) for strength in new]


def step_by_expected_wins(strengths, wins):
    """The old strength times wins over expected wins: the same step."""
    expected = (wins + wins.T) * strengths[:, None] / (strengths[:, None] + strengths)
    new = strengths * wins.sum(1) / expected.sum(1)
    return new / new.sum()


def similarity_by_products(x, y, average, data_range):
    m, n = average(x), average(y)
    c1, c2 = 1e-4 * data_range**2, 9e-4 * data_range**2
    both = average((x - y) ** 2) - (m - n) ** 2  # variance of the difference
    variances = average(x**2) + average(y**2) - m**2 - n**2
    return [(2 * m * n + c1) / (m * m + n * n + c1), (variances - both + c2) / (variances + c2)]


def frechet_by_sqrtm(real_features, fake_features):
    first, second = np.cov(real_features.T), np.cov(fake_features.T)
    root = scipy.linalg.sqrtm(np.atleast_2d(first @ second if first.ndim else first * second))
    gap = real_features.mean(0) - fake_features.mean(0)
    spread = np.trace(np.atleast_2d(first + second))
    return (gap**2).sum() + spread - 2 * np.trace(root).real


def frechet_by_eigenvalues(real_features, fake_features):
    first, second = (np.atleast_2d(np.cov(part, rowvar=False)) for part in (real_features, fake_features))
    roots = np.sqrt(np.linalg.eigvals(first @ second).astype(complex)).real  # dropped at the end
    gap = real_features.mean(0) - fake_features.mean(0)
    return float(gap @ gap + np.trace(first) + np.trace(second) - 2 * roots.sum())


def kernel_by_scikit_learn(real_features, fake_features):
    def among(features):
        k = polynomial_kernel(features, degree=3)
        return k[~np.eye(len(k), dtype=bool)].mean()

    across = polynomial_kernel(real_features, fake_features, degree=3).mean()
    return among(real_features) + among(fake_features) - 2 * across


def kernel_in_tensorflow(real_features, fake_features):
    def k(a, b):
        return (tf.matmul(a, b, transpose_b=True) / a.shape[1] + 1) ** 3

    def among(a):
        n = len(a)
        return (tf.reduce_sum(k(a, a)) - tf.linalg.trace(k(a, a))) / (n * (n - 1))

    return among(real_features) + among(fake_features) - 2 * tf.reduce_mean(k(real_features, fake_features))


def precision_by_sorting(real_features, fake_features, k=3):
    def share(points, centres):
        radii = np.sort(cdist(centres, centres), axis=1)[:, k]
        return (cdist(points, centres) <= radii).any(axis=1).mean()

    return share(fake_features, real_features), share(real_features, fake_features)


def precision_in_a_loop(real_features, fake_features, k=3):
    def share(points, centres):
        tree = NearestNeighbors(n_neighbors=k).fit(centres)
        radii = tree.kneighbors()[0][:, -1]  # without itself
        inside = [any(np.linalg.norm(p - c) < r for c, r in zip(centres, radii, strict=True)) for p in points]
        return sum(inside) / len(inside)

    return [share(fake_features, real_features), share(real_features, fake_features)]


def step_in_keras(images, slope, clean, budget, step_size, norm="inf"):
    if norm == "inf":
        moved = images + step_size * ops.sign(slope)
        return ops.clip(ops.clip(moved, clean - budget, clean + budget), -1, 1)
    change = images + step_size * slope / ops.sqrt(ops.sum(slope**2, (1, 2, 3), keepdims=True)) - clean
    length = ops.sqrt(ops.sum(ops.square(change), axis=(1, 2, 3), keepdims=True))
    return ops.clip(clean + change * ops.minimum(1.0, budget / length), -1, 1)


def step_picture_by_picture(images, slope, clean, budget, step_size, norm="inf"):
    moved = []
    for image, uphill, start in zip(images, slope, clean, strict=True):
        if norm == "inf":
            image = np.clip(image + step_size * np.sign(uphill), start - budget, start + budget)
        else:
            image = image + step_size * uphill / np.linalg.norm(uphill)
            if (length := np.linalg.norm(image - start)) > budget:
                image = start + (image - start) * budget / length
        moved.append(np.clip(image, -1, 1))
    return np.stack(moved)


RIGHT = {
    "8.1": {"scipy": opinion_by_scipy, "by hand": opinion_by_hand},
    "8.2": {"a loop": step_in_a_loop, "expected wins": step_by_expected_wins},
    "8.3": {"by the difference": similarity_by_products},
    "8.4": {"sqrtm": frechet_by_sqrtm, "eigenvalues": frechet_by_eigenvalues},
    "8.5": {"scikit-learn": kernel_by_scikit_learn, "tensorflow": kernel_in_tensorflow},
    "8.6": {"sorting": precision_by_sorting, "a loop": precision_in_a_loop},
    "8.7": {"keras": step_in_keras, "picture by picture": step_picture_by_picture},
}


@pytest.mark.parametrize(("key", "name"), [(key, name) for key in RIGHT for name in RIGHT[key]])
def test_a_right_answer_of_another_kind_passes(key, name, capsys):
    for _ in range(3):  # other inputs each time
        assert check(key, RIGHT[key][name]) is RIGHT[key][name]
        assert capsys.readouterr().out.startswith(f"✓ {key} ")


def kernel_with_diagonal(real_features, fake_features):
    mean = lambda a, b: np.mean((a @ b.T / a.shape[1] + 1) ** 3)  # noqa: E731
    return (
        mean(real_features, real_features)
        + mean(fake_features, fake_features)
        - 2 * mean(real_features, fake_features)
    )


def precision_that_counts_itself(real_features, fake_features, k=3):
    def share(points, centres):
        radii = NearestNeighbors(n_neighbors=k).fit(centres).kneighbors(centres)[0][:, -1]
        return (cdist(points, centres) <= radii).any(axis=1).mean()

    return share(fake_features, real_features), share(real_features, fake_features)


def descent(images, slope, clean, budget, step_size, norm="inf"):
    return step_in_keras(images, -slope, clean, budget, step_size, norm)


def unprojected(images, slope, clean, budget, step_size, norm="inf"):
    direction = np.sign(slope) if norm == "inf" else slope / np.sqrt((slope**2).sum((1, 2, 3), keepdims=True))
    return tf.clip_by_value(images + step_size * direction, -1, 1)


def frechet_with_early_real(real_features, fake_features):
    first, second = (np.atleast_2d(np.cov(part, rowvar=False)) for part in (real_features, fake_features))
    gap = real_features.mean(0) - fake_features.mean(0)
    return (
        gap @ gap + np.trace(first + second) - 2 * np.sum(np.real(np.linalg.eigvals(first @ second)) ** 0.5)
    )


WRITTEN = {
    "8.1 the normal quantile stands where Student's belongs": lambda scores, confidence=0.95, scale=(1, 5): (
        scores.mean(),
        *scores.mean() + np.array([-1, 1]) * abs(scipy.special.ndtri((1 - confidence) / 2))
        * (scores.var(ddof=1) / len(scores)) ** 0.5,
    ),
    "8.2 this is the rate of wins": lambda strengths, wins: (
        (rate := wins.sum(1) / (wins.sum(1) + wins.sum(0))) / rate.sum()
    ),
    "8.3 the means are not subtracted": lambda x, y, average, data_range: (
        window_similarity(x, y, average, data_range)[0],
        (2 * average(x * y) + (0.03 * data_range) ** 2)
        / (average(x**2) + average(y**2) + (0.03 * data_range) ** 2),
    ),
    "8.4 the imaginary part is dropped too early": frechet_with_early_real,
    "8.5 pictures are compared with themselves": kernel_with_diagonal,
    "8.6 pictures count themselves as neighbours": precision_that_counts_itself,
    "8.7 the step goes downhill": descent,
    "8.7 the budget is not kept": unprojected,
}  # fmt: skip


@pytest.mark.parametrize("name", WRITTEN)
def test_wrong_answers_as_people_write_them_are_named(name, capsys):
    key = name.split()[0]
    assert check(key, WRITTEN[name]) is find(key).reference
    assert capsys.readouterr().out.startswith(f"✗ {name}: ")


def test_every_other_wrong_answer_hears_what_differs(capsys):
    told = {
        ("8.1", lambda scores, confidence=0.95, scale=(1, 5): 4.0): (
            "the kind of result is off: expected 3 results, received a float"
        ),
        (
            "8.1",
            lambda scores: (1, 2, 3),
        ): "its arguments are (scores): it must take (scores, confidence=0.95",
        ("8.2", lambda strengths, wins: bradley_terry_step(strengths, wins)[:1]): (
            "the result has the wrong shape: expected shape (2,), received shape (1,)"
        ),
        (
            "8.2",
            lambda strengths, wins: bradley_terry(wins),
        ): "the result differs: for strengths = [0.5, 0.3, 0.2]",
        ("8.3", lambda x, y, average, data_range: (1.0, 1.0)): (
            "the luminance differs: for x = [0.2, 0.4], y = [0.3, 0.7], one window, data_range = 1 expected 0"
        ),
        ("8.4", lambda real_features, fake_features: 1 + frechet_distance(real_features, fake_features)): (
            "fake_features = [[1, 3], [0, 5], [2, 1], [1, -1]] expected 7.31, received 8.31"
        ),
        ("8.5", lambda real_features, fake_features: 0.5 * kernel_distance(real_features, fake_features)): (
            "the result differs: for real_features = [1, 0]"
        ),
        (
            "8.6",
            lambda real_features, fake_features, k=3: precision_recall(real_features, fake_features, k)[0],
        ): ("expected a pair, received a float"),
        (
            "8.7",
            lambda images, *rest: images,
        ): "the result differs: for images = [0.1, 0, -1], slope = [3, 0.5, -2], clean = [0, 0, -1]",
    }
    for (key, attempt), text in told.items():
        check(key, attempt)
        assert text in capsys.readouterr().out


# --- what the texts claim


def test_a_step_from_equal_strengths_ranks_by_wins_per_vote_and_many_steps_settle_in_either_way():
    wins = np.array([[0.0, 4.0, 9.0], [2.0, 0.0, 3.0], [1.0, 5.0, 0.0]])
    exercise = find("8.2")
    both = [np.full(3, 1 / 3), np.full(3, 1 / 3)]
    cyclic = exercise.mistakes["new strengths are used before the step is over"].wrong
    first = bradley_terry_step(both[0], wins)
    assert np.argsort(first).tolist() == np.argsort(wins.sum(1) / (wins + wins.T).sum(1)).tolist()
    for _ in range(500):
        both = [bradley_terry_step(both[0], wins), cyclic(both[1], wins)]
    assert both[0] == pytest.approx(both[1], rel=1e-9) == bradley_terry(wins)
    per_loss = exercise.mistakes["these are wins per loss"].wrong
    assert per_loss(np.full(2, 0.5), np.array([[0.0, 3.0], [1.0, 0.0]])) == pytest.approx([0.9, 0.1])


def test_the_normal_quantile_is_student_s_for_many_scores_and_not_for_four():
    wrong = find("8.1").mistakes["the normal quantile stands where Student's belongs"].wrong
    for count, share in ((4, 1.96 / 3.18), (4000, 1.0)):
        scores = np.resize([2.0, 4.0], count)
        mean, low, _ = mean_opinion_score(scores)
        assert (mean - wrong(scores)[1]) / (mean - low) == pytest.approx(share, abs=2e-3)


def test_an_inverted_picture_gets_full_marks_where_the_pattern_is_not_compared():
    x = np.random.default_rng(0).uniform(0, 1, (1, 12, 12))
    inverted, exercise = 1 - x, find("8.3")
    assert window_similarity(x, inverted, by_gauss(12, 12), 1)[1].max() < 0
    for name in ("the pattern is not compared", "the sign of the covariance is lost"):
        assert exercise.mistakes[name].wrong(x, inverted, by_gauss(12, 12), 1)[1] == pytest.approx(1)
    luminance, contrast = window_similarity(x, x, by_gauss(12, 12), 1)
    assert luminance == pytest.approx(1) and contrast == pytest.approx(1)
    for name in ("the factor 2 of the means is missing", "the means are not squared"):
        assert np.abs(exercise.mistakes[name].wrong(x, x, by_gauss(12, 12), 1)[0] - 1).max() > 0.1


def test_an_eigenvalue_a_little_below_zero_makes_the_early_answer_no_number():
    early = find("8.4").mistakes["the imaginary part is dropped too early"].wrong
    assert np.isnan(early(FEW[:3], FEW[3:]))
    late = frechet_by_eigenvalues(FEW[:3], FEW[3:])
    assert late == pytest.approx(frechet_distance(FEW[:3], FEW[3:]), rel=1e-5)
    plenty = np.random.default_rng(0).normal(size=(2, 100, 3))  # more pictures than features: nothing to drop
    assert early(*plenty) == pytest.approx(frechet_distance(*plenty))


def test_separate_roots_are_right_only_along_the_same_axes():
    separate = find("8.4").mistakes["each spread has its own root"].wrong
    rng = np.random.default_rng(1)
    real = rng.normal(size=(500, 2)) * [1, 5]
    assert separate(real, 2 * real) == pytest.approx(frechet_distance(real, 2 * real))
    tilted = real @ np.array([[1, 1], [-1, 1]]) / np.sqrt(2)
    assert separate(real, tilted) > 1.2 * frechet_distance(real, tilted)


def test_the_biased_distances_do_not_average_zero():
    rng = np.random.default_rng(2)
    draws = [rng.normal(size=(2, 50, 8)) for _ in range(200)]

    def average(distance):
        return np.mean([distance(*draw) for draw in draws])

    exercise = find("8.5")
    assert abs(average(kernel_distance)) < 0.01
    for name in ("pictures are compared with themselves", "below 0 is cut off", "a root is taken"):
        assert average(exercise.mistakes[name].wrong) > 0.01, name
    assert average(frechet_distance) > 0.3


def test_one_stray_opens_the_door_where_all_balls_are_as_large_as_the_largest():
    real = np.concatenate([np.random.default_rng(0).normal(size=(200, 2)), [[60.0, 0]]])
    junk = np.random.default_rng(1).uniform(-40, 40, (200, 2))
    largest = find("8.6").mistakes["all balls are as large as the largest"].wrong
    assert precision_recall(real, junk)[0] < 0.4 and largest(real, junk)[0] == 1


def test_without_the_way_back_the_change_grows_from_step_to_step():
    clean = np.zeros((1, 2, 2, 1), np.float32)
    slope, wrong = np.ones_like(clean), find("8.7").mistakes["the budget is not kept"].wrong
    kept, lost = clean, clean
    for _ in range(10):
        kept = pgd_step(kept, slope, clean, 0.1, 0.05)
        lost = wrong(lost, slope, clean, 0.1, 0.05)
    assert kept.max() == pytest.approx(0.1) and lost.max() == pytest.approx(0.5)
