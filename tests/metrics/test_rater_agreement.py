"""Kappa and alpha equal statsmodels, the krippendorff package and the worked examples in print."""

import numpy as np
import pytest

from utils.metrics.rater_agreement import category_counts, fleiss_kappa, krippendorff_alpha

# Ten subjects, fourteen raters, five categories: the worked example of Wikipedia, "Fleiss' kappa", 0.210
WORKED = np.array(
    [[0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
     [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7]]
)  # fmt: skip
n = np.nan
# Krippendorff 2011: four observers, twelve units, missing data; and what he prints for it
EXAMPLE = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, n, n, n],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, n, 3],
        [n, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, n],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, n],
    ]
)
PRINTED = {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849}
# krippendorff 0.9.0 on EXAMPLE and on scores()
PACKAGE = {
    "nominal": (0.743421052631579, 0.2728555933687583),
    "ordinal": (0.8153875037548814, 0.7296147944022645),
    "interval": (0.8491071428571428, 0.7274963702507382),
}


def random_counts():
    rng = np.random.default_rng(5)
    return np.stack([np.bincount(rng.choice(4, 7, p=p), minlength=4) for p in rng.dirichlet(np.ones(4), 40)])


def scores():
    """Eight raters, sixty pictures, two of five votes missing."""
    rng = np.random.default_rng(6)
    truth = rng.integers(1, 6, 60)
    votes = np.clip(truth + rng.integers(-1, 2, (8, 60)), 1, 5).astype(float)
    votes[rng.random(votes.shape) < 0.4] = np.nan
    return votes


def assert_equals_statsmodels(kappa):  # 0.15.0, statsmodels.stats.inter_rater.fleiss_kappa
    assert kappa(WORKED) == pytest.approx(0.20993070442195522, rel=1e-9)
    assert kappa(random_counts()) == pytest.approx(0.15835190582318992, rel=1e-9)


def pairs_with_oneself(counts):
    raters, shares = counts.sum(axis=1), counts.sum(axis=0) / counts.sum()
    seen, chance = (np.square(counts / raters[:, None])).sum(axis=1).mean(), np.square(shares).sum()
    return (seen - chance) / (1 - chance)


def agreement_alone(counts):
    raters = counts[0].sum()
    return (counts * (counts - 1)).sum() / (len(counts) * raters * (raters - 1))


def chance_of_equal_categories(counts):
    chance = 1 / counts.shape[1]
    return (agreement_alone(counts) - chance) / (1 - chance)


def test_kappa_equals_statsmodels_and_the_worked_example():
    assert_equals_statsmodels(fleiss_kappa)
    assert round(fleiss_kappa(WORKED), 3) == 0.210


@pytest.mark.parametrize("bug", [pairs_with_oneself, agreement_alone, chance_of_equal_categories])
def test_planted_kappas_differ_from_statsmodels(bug):
    with pytest.raises(AssertionError):
        assert_equals_statsmodels(bug)


def test_raters_who_guess_agree_often_and_have_no_kappa():
    votes = (np.random.default_rng(0).random((2, 20_000)) < 0.05) * 1
    counts = category_counts(votes, (0, 1))
    assert agreement_alone(counts) == pytest.approx(0.905, abs=0.01)
    assert fleiss_kappa(counts) == pytest.approx(0, abs=0.03)


def test_full_agreement_is_one_and_each_other_is_below():
    assert fleiss_kappa([[3, 0], [0, 3]]) == pytest.approx(1)
    assert fleiss_kappa([[1, 1], [1, 1]]) == pytest.approx(-1)
    assert krippendorff_alpha([[1, 2, 3], [1, 2, 3]]) == pytest.approx(1)


def by_pairs(votes, level):
    """Alpha from its definition: pairs of votes within pictures against pairs of all votes, in loops."""
    kept = [[vote for vote in picture if np.isfinite(vote)] for picture in np.asarray(votes).T]
    kept = [picture for picture in kept if len(picture) > 1]
    pool = sorted(vote for picture in kept for vote in picture)

    def gap(a, b):
        if level == "nominal":
            return float(a != b)
        if level == "interval":
            return (a - b) ** 2
        low, high = min(a, b), max(a, b)
        between = sum(low <= vote <= high for vote in pool)
        return (between - (pool.count(low) + pool.count(high)) / 2) ** 2 if a != b else 0.0

    seen = sum(sum(gap(a, b) for a in picture for b in picture) / (len(picture) - 1) for picture in kept)
    expected = sum(gap(a, b) for a in pool for b in pool) / (len(pool) - 1)
    return 1 - seen / expected


def assert_equals_the_package(alpha):
    for level, (example, random) in PACKAGE.items():
        assert alpha(EXAMPLE, level) == pytest.approx(example, rel=1e-9)
        assert alpha(scores(), level) == pytest.approx(random, rel=1e-9)


def test_alpha_equals_the_package_its_definition_and_the_printed_values():
    assert_equals_the_package(krippendorff_alpha)
    assert_equals_the_package(by_pairs)
    for level, printed in PRINTED.items():
        assert krippendorff_alpha(EXAMPLE, level) == pytest.approx(printed, abs=5.1e-4)


@pytest.mark.parametrize(
    "bug",
    [
        lambda votes, level: krippendorff_alpha(votes, "nominal"),
        lambda votes, level: krippendorff_alpha(np.nan_to_num(votes), level),  # missing is taken for a vote
        lambda votes, level: krippendorff_alpha(votes[:, np.isfinite(votes).all(axis=0)], level),
    ],
)
def test_planted_alphas_differ_from_the_package(bug):
    with pytest.raises(AssertionError):
        assert_equals_the_package(bug)


def test_numbers_of_ordinal_categories_do_not_matter_and_those_of_intervals_do():
    votes = scores()
    stretched = votes**3
    assert krippendorff_alpha(stretched, "ordinal") == pytest.approx(krippendorff_alpha(votes, "ordinal"))
    assert krippendorff_alpha(stretched, "interval") != pytest.approx(
        krippendorff_alpha(votes, "interval"), abs=1e-3
    )
    assert krippendorff_alpha(3 * votes + 1, "interval") == pytest.approx(
        krippendorff_alpha(votes, "interval")
    )


def test_votes_are_counted_by_category():
    votes = np.array([["left", "left"], ["right", "left"]])
    assert category_counts(votes, ("left", "right")).tolist() == [[1, 1], [2, 0]]
    with pytest.raises(ValueError, match="among left, up. Received: right"):
        category_counts(votes, ("left", "up"))


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ([3, 0], r"Received: shape \(2,\).*category_counts"),
        ([[3, 0], [1, 1]], "Received: 2 to 3 raters.*krippendorff_alpha"),
        ([[1, 0], [0, 1]], "Received: 1 to 1 raters"),
        ([[3, 0], [3, 0]], "two categories or more. Received: one"),
        ([[-1, 4], [3, 0]], "in each row equally many"),
    ],
)
def test_counts_without_a_kappa_are_refused(counts, words):
    with pytest.raises(ValueError, match=words):
        fleiss_kappa(counts)


@pytest.mark.parametrize(
    ("votes", "level", "words"),
    [
        ([1, 2], "nominal", r"\(raters, pictures\).*shape \(2,\)"),
        ([[1, 2], [1, 2]], "ratio", "nominal, ordinal, interval. Received: 'ratio'"),
        ([[1, 1], [1, 1]], "nominal", "Two different votes.*Received: 1"),
        ([[1, 2], [n, n]], "nominal", "Received: 0.*several raters see the same"),
        ([[n, n]], "nominal", "Received: 0"),
    ],
)
def test_votes_without_an_alpha_are_refused(votes, level, words):
    with pytest.raises(ValueError, match=words):
        krippendorff_alpha(votes, level)
