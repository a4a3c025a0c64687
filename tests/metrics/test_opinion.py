"""Intervals equal SciPy's, statsmodels' and the NIST handbook's, and cover what they promise."""

import numpy as np
import pytest
from scipy.stats import binomtest, bootstrap, t

from utils.metrics.opinion import Interval, bootstrap_interval, mean_opinion_score, preference_share

RNG = np.random.default_rng(0)
SCORES = RNG.integers(1, 6, 40).astype(float)


def with_moments(count, mean, spread):
    draws = np.random.default_rng(1).normal(size=count)
    return mean + spread * (draws - draws.mean()) / draws.std(ddof=1)


def outside_mean_opinion_score(scores):
    error = scores.std(ddof=1) / np.sqrt(len(scores))
    return scores.mean(), *t.interval(0.95, len(scores) - 1, loc=scores.mean(), scale=error)


def assert_equals_scipy(metric):
    for count in (3, 10, 40):
        assert tuple(metric(SCORES[:count])) == pytest.approx(
            outside_mean_opinion_score(SCORES[:count]), rel=1e-9
        )


def half_widths(factor):
    def wrong(scores):
        return Interval(scores.mean(), scores.mean() - factor(scores), scores.mean() + factor(scores))

    return wrong


def test_the_interval_of_a_mean_equals_scipy():
    assert_equals_scipy(mean_opinion_score)


@pytest.mark.parametrize(
    "bug",
    [
        half_widths(lambda x: 1.96 * x.std(ddof=1) / np.sqrt(len(x))),  # normal, not Student
        half_widths(lambda x: t.ppf(0.975, len(x) - 1) * x.std() / np.sqrt(len(x))),  # n, not n - 1
        half_widths(lambda x: t.ppf(0.95, len(x) - 1) * x.std(ddof=1) / np.sqrt(len(x))),  # one-sided
        half_widths(lambda x: t.ppf(0.975, len(x) - 1) * x.std(ddof=1)),  # spread of a score, not of the mean
    ],
)
def test_planted_intervals_differ_from_scipy(bug):
    with pytest.raises(AssertionError):
        assert_equals_scipy(bug)


def test_the_interval_is_that_of_the_nist_handbook():
    # NIST/SEMATECH e-Handbook, 1.3.5.2, ZARR13.DAT: N 195, mean 9.261460, standard deviation 0.022789
    found = mean_opinion_score(with_moments(195, 9.261460, 0.022789), scale=(9, 10))
    assert found == pytest.approx((9.261460, 9.258242, 9.264679), abs=1.5e-6)


def test_thirty_raters_do_not_tell_4_2_from_4_1():
    found = mean_opinion_score(np.clip(with_moments(30, 4.2, 0.9), 0, 7), scale=(0, 7))
    assert found.high - found.value == pytest.approx(0.34, abs=0.01) and found.low < 4.1


def coverage(interval, draw, truth, studies=600):
    """How often the interval of a study holds the truth."""
    rng = np.random.default_rng(2)
    found = [interval(draw(rng)) for _ in range(studies)]
    return np.mean([one.low <= truth <= one.high for one in found])


def test_95_of_100_studies_hold_the_truth():
    def draw(rng):
        return rng.choice([1, 2, 3, 4, 5], 12, p=[0.1, 0.2, 0.3, 0.3, 0.1]).astype(float)

    assert coverage(mean_opinion_score, draw, 3.1) == pytest.approx(0.95, abs=0.03)
    narrow = half_widths(lambda x: x.std() / np.sqrt(len(x)))  # planted: one standard error
    assert coverage(narrow, draw, 3.1) < 0.75


def test_the_bootstrap_equals_scipys_up_to_chance():
    rows = RNG.normal(3, 1, 60)
    low, high = bootstrap(
        (rows,), np.mean, method="percentile", n_resamples=20_000, rng=np.random.default_rng(1)
    ).confidence_interval
    found = bootstrap_interval(rows, repeats=20_000)
    assert found.value == rows.mean()
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.01)


def test_raters_drawn_whole_hold_the_truth_and_single_votes_do_not():
    def draw(rng):  # ten raters, each strict or mild, thirty scores each
        return np.clip(3 + rng.normal(size=(10, 1)) / 2 + rng.normal(size=(10, 30)) / 2, 1, 5)

    def whole(table):
        return bootstrap_interval(table, repeats=200)

    def one_by_one(table):  # planted: votes of one rater taken for independent
        return bootstrap_interval(table.ravel(), repeats=200)

    assert coverage(whole, draw, 3, studies=200) > 0.85
    assert coverage(one_by_one, draw, 3, studies=200) < 0.5


def test_missing_scores_are_left_out_and_the_seed_decides():
    table = np.array([[1, 2, np.nan], [3, np.nan, 5], [2, 2, 2], [4, 4, np.nan]])
    assert bootstrap_interval(table).value == pytest.approx(np.nanmean(table))
    assert bootstrap_interval(table, seed=1) == bootstrap_interval(table, seed=1)
    assert bootstrap_interval(table, np.nanmax).value == 5


# statsmodels 0.15.0, proportion_confint(wins, votes, method="wilson")
STATSMODELS = {
    (60, 100): (0.5020025867910618, 0.6905987135675411),
    (20, 20): (0.8388748419471804, 1.0),
    (0, 20): (0.0, 0.1611251580528194),
    (600, 1000): (0.5693094295142662, 0.6299252187886226),
}


def assert_is_wilson(metric):
    for (wins, votes), ends in STATSMODELS.items():
        found = metric(wins, votes)
        assert found.value == wins / votes
        assert (found.low, found.high) == pytest.approx(ends, abs=1e-9)
        scipys = binomtest(wins, votes).proportion_ci(method="wilson")
        assert (found.low, found.high) == pytest.approx((scipys.low, scipys.high), abs=1e-9)


def wald(wins, votes):
    share = wins / votes
    reach = 1.959964 * np.sqrt(share * (1 - share) / votes)
    return Interval(share, share - reach, share + reach)


def test_the_interval_of_a_share_equals_statsmodels_and_scipy():
    assert_is_wilson(preference_share)
    with pytest.raises(AssertionError):
        assert_is_wilson(wald)
    assert wald(20, 20)[1:] == (1, 1)  # why not: as if twenty votes proved it for ever


@pytest.mark.parametrize(
    ("scores", "settings", "words"),
    [
        ([3.0], {}, "at least 2 finite numbers.*Received: 1 finite of 1"),
        ([3.0, np.nan], {}, r"1 finite of 2.*leave out who did not vote"),
        ([50.0, 80.0], {}, r"from 1 to 5\. Received: 50 to 80.*scale=\(0, 100\)"),
        ([[1.0, 2.0], [2.0, 3.0]], {}, r"one number per rater.*shape \(2, 2\).*np\.nanmean"),
        ([3.0, 4.0], {"confidence": 95}, "between 0 and 1. Received: 95"),
    ],
)
def test_scores_that_give_no_interval_are_refused(scores, settings, words):
    with pytest.raises(ValueError, match=words):
        mean_opinion_score(scores, **settings)


def test_impossible_shares_and_single_rows_are_refused():
    with pytest.raises(ValueError, match="Received: 5 of 4"):
        preference_share(5, 4)
    with pytest.raises(ValueError, match="Received: 0 of 0"):
        preference_share(0, 0)
    with pytest.raises(ValueError, match=r"n of at least 2\. Received: shape \(1, 4\)"):
        bootstrap_interval(np.ones((1, 4)))
