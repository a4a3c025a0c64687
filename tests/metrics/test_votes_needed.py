"""Simulated power equals the exact sum; few pictures with many votes each are few."""

import numpy as np
import pytest
from scipy.stats import binom

from utils.metrics.opinion import preference_share
from utils.metrics.votes_needed import study_power, votes_needed


def exact_power(share, votes):
    """Chance that Wilson's interval lies above one half: a sum over all outcomes."""
    return sum(binom.pmf(k, votes, share) for k in range(votes + 1) if preference_share(k, votes).low > 0.5)


def assert_equals_the_sum(power):
    for share, votes in ((0.6, 100), (0.6, 194), (0.55, 783), (0.8, 20)):
        assert power(share, votes) == pytest.approx(exact_power(share, votes), abs=0.02)


def test_power_equals_the_exact_sum():
    assert_equals_the_sum(study_power)
    assert study_power(0.4, 194) == pytest.approx(study_power(0.6, 194), abs=0.02)


@pytest.mark.parametrize(
    "bug",
    [
        lambda share, votes: study_power(share, votes // 2),
        lambda share, votes: 1 - study_power(share, votes),
        lambda share, votes: study_power(share, votes, confidence=0.8),
    ],
)
def test_planted_powers_differ_from_the_sum(bug):
    with pytest.raises(AssertionError):
        assert_equals_the_sum(bug)


def test_a_study_finds_nothing_where_nothing_is():
    assert study_power(0.5, 200) <= 0.07
    assert study_power(0.5, 2_000, pictures=20, scatter=0.2) == pytest.approx(0.05, abs=0.02)


def test_votes_needed_are_those_of_the_textbook():
    # normal approximation: (1.96 * 0.5 + 0.8416 * sqrt(p (1 - p)))^2 / (p - 0.5)^2
    for share, textbook in ((0.6, 194), (0.55, 783)):
        assert votes_needed(share) == pytest.approx(textbook, rel=0.06)


def test_more_votes_on_the_same_few_pictures_do_not_help():
    few, many = (study_power(0.55, votes, pictures=20, scatter=0.15) for votes in (400, 20_000))
    assert many < 0.5 and many - few < 0.3
    assert study_power(0.55, 20_000) > 0.99  # planted: votes on one picture taken for independent
    assert votes_needed(0.55, pictures=20, scatter=0.15) is None
    assert votes_needed(0.6, pictures=100, scatter=0.15) % 100 == 0


def test_the_seed_decides():
    assert study_power(0.6, 100, seed=1) == study_power(0.6, 100, seed=1) != study_power(0.6, 100, seed=2)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ((1.0, 100), "between 0 and 1"),
        ((0.6, 7), "8 votes or more"),
        ((0.6, 100, None, 0.1), "no pictures"),
        ((0.6, 100, 1), "Two pictures or more"),
        ((0.6, 100, 200), "200 pictures, 100 votes"),
        ((0.6, 100, 10, 0.5), "must be below 0.49"),
    ],
)
def test_studies_that_cannot_be_held_are_refused(settings, words):
    with pytest.raises(ValueError, match=words):
        study_power(*settings)


def test_shares_of_pictures_have_the_mean_and_scatter_that_were_asked_for():
    from utils.metrics.votes_needed import picture_shares

    shares = picture_shares(np.random.default_rng(0), 0.6, 0.1, 100_000)
    assert (shares.mean(), shares.std()) == pytest.approx((0.6, 0.1), abs=2e-3)
