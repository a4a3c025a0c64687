"""Bradley-Terry equals a published fit, choix, scikit-learn and a search; Elo equals its worked example."""

import numpy as np
import pytest
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from utils.metrics.elo import elo, elo_by_order, elo_points, expected_score
from utils.metrics.preference import (
    bradley_terry,
    bradley_terry_interval,
    bradley_terry_step,
    win_table,
)

# American League East 1987: Milwaukee, Detroit, Toronto, New York, Boston, Cleveland, Baltimore
# (Agresti, Categorical Data Analysis, section 10.6; data set `baseball` of the R package BradleyTerry2)
BASEBALL = np.array(
    [
        [0, 7, 9, 7, 7, 9, 11],
        [6, 0, 7, 5, 11, 9, 9],
        [4, 6, 0, 7, 7, 8, 12],
        [6, 8, 6, 0, 6, 7, 10],
        [6, 2, 6, 7, 0, 7, 12],
        [4, 4, 5, 6, 6, 0, 6],
        [2, 4, 1, 3, 1, 7, 0],
    ]
)
PUBLISHED = [1.5814, 1.4364, 1.2945, 1.2476, 1.1077, 0.6839, 0]  # log strengths over Baltimore, its vignette
CHOIX = [
    0.21891802,
    0.18937892,
    0.16432178,
    0.15679814,
    0.13632464,
    0.08922794,
    0.04503056,
]  # 0.4.1, mm_pairwise


def votes_of(wins):
    """One vote for each win of the table, as first, second, outcome; half of them the other way round."""
    winners, losers = np.nonzero(wins)
    counts = wins[winners, losers]
    winners, losers = np.repeat(winners, counts), np.repeat(losers, counts)
    turned = np.arange(len(winners)) % 2 == 1
    return np.where(turned, losers, winners), np.where(turned, winners, losers), np.where(turned, 0.0, 1.0)


def random_wins(count, seed):
    rng = np.random.default_rng(seed)
    votes, strengths = rng.integers(0, 30, (count, count)), rng.dirichlet(np.ones(count)) + 0.05
    votes = np.triu(votes, 1)
    won = rng.binomial(votes, strengths[:, None] / (strengths[:, None] + strengths))
    return won + (votes - won).T


def by_search(wins):
    """The likeliest strengths, by a general search over their logarithms in float64."""

    def cost(logs):
        gaps = np.append(logs, 0)[:, None] - np.append(logs, 0)
        chances = 1 / (1 + np.exp(gaps))  # that the column beats the row
        slope = (wins * -chances).sum(axis=1) + (wins.T * chances.T).sum(axis=1)
        return (wins * np.logaddexp(0, -gaps)).sum(), slope[:-1]

    found = minimize(cost, np.zeros(len(wins) - 1), jac=True, method="BFGS", options={"gtol": 1e-9})
    strengths = np.exp(np.append(found.x, 0))
    return strengths / strengths.sum()


def by_logistic_regression(wins):
    first, second, outcome = votes_of(wins)
    gaps = np.eye(len(wins))[first] - np.eye(len(wins))[second]
    model = LogisticRegression(C=np.inf, fit_intercept=False, tol=1e-10, max_iter=10_000)
    strengths = np.exp(model.fit(gaps, outcome).coef_[0])
    return strengths / strengths.sum()


TABLES = [BASEBALL, random_wins(4, 1), random_wins(9, 2)]


def assert_equals_a_search(fit):
    for wins in TABLES:
        assert fit(wins) == pytest.approx(by_search(wins), rel=1e-6)


def iterated(step):
    def fit(wins):
        strengths = np.full(len(wins), 1 / len(wins))
        for _ in range(2_000):
            strengths = step(strengths, wins)
        return strengths

    return fit


def share_of_wins(wins):
    return wins.sum(axis=1) / wins.sum()


def rate_of_wins(wins):
    rates = wins.sum(axis=1) / (wins + wins.T).sum(axis=1)
    return rates / rates.sum()


def wins_in_place_of_votes(strengths, wins):
    pairs = strengths[:, None] + strengths
    updated = wins.sum(axis=1) / (wins / pairs).sum(axis=1)
    return updated / updated.sum()


def test_strengths_equal_the_published_fit_and_choix():
    strengths = bradley_terry(BASEBALL)
    assert np.log(strengths / strengths[-1]) == pytest.approx(PUBLISHED, abs=5e-5)
    assert strengths == pytest.approx(CHOIX, abs=1e-8)


def test_strengths_equal_a_search_and_scikit_learn():
    assert_equals_a_search(bradley_terry)
    assert_equals_a_search(iterated(bradley_terry_step))
    for wins in TABLES:
        assert bradley_terry(wins) == pytest.approx(by_logistic_regression(wins), rel=1e-4)


@pytest.mark.parametrize(
    "bug",
    [
        share_of_wins,
        rate_of_wins,
        lambda wins: bradley_terry(wins.T),
        lambda wins: bradley_terry_step(np.full(len(wins), 1 / len(wins)), wins),  # one step is not the end
        iterated(wins_in_place_of_votes),
        lambda wins: bradley_terry(wins, prior=0.5),
    ],
)
def test_planted_strengths_differ_from_a_search(bug):
    with pytest.raises(AssertionError):
        assert_equals_a_search(bug)


def test_two_methods_get_their_share_of_the_votes():
    assert bradley_terry([[0, 3], [1, 0]]) == pytest.approx([0.75, 0.25])


def test_stronger_opponents_count_for_more_than_the_rate_of_wins():
    # 0 and 1 won 60 % each; 1 won against the weak last one, 0 against the good third
    wins = np.array([[0, 50, 70, 0], [50, 0, 0, 70], [30, 0, 0, 85], [0, 30, 15, 0]])
    rates = wins.sum(axis=1) / (wins + wins.T).sum(axis=1)
    strengths = bradley_terry(wins)
    assert rates[0] == rates[1] == 0.6 and strengths[0] > 1.2 * strengths[1]


def test_no_step_makes_the_votes_less_likely():
    def log_likelihood(strengths):
        chances = strengths[:, None] / (strengths[:, None] + strengths)
        return (BASEBALL * np.log(chances)).sum()

    strengths, seen = np.random.default_rng(0).dirichlet(np.ones(7)), []
    for _ in range(30):
        seen.append(log_likelihood(strengths))
        strengths = bradley_terry_step(strengths, BASEBALL)
        assert strengths.sum() == pytest.approx(1)
    assert (np.diff(seen) >= -1e-9).all() and seen[-1] > seen[0] + 1
    worse = [log_likelihood(strengths), log_likelihood(bradley_terry_step(strengths, BASEBALL.T))]
    assert worse[1] < worse[0]  # planted: losses for wins


def test_a_stack_of_tables_is_solved_as_each_alone():
    stack = np.stack([random_wins(5, seed) + 1 - np.eye(5) for seed in (1, 2, 3)])
    assert bradley_terry(stack) == pytest.approx(np.stack([bradley_terry(one) for one in stack]), rel=1e-9)


def test_the_table_counts_each_vote_for_its_winner():
    def assert_counts(counter):
        assert counter(*votes_of(BASEBALL), 7) == pytest.approx(BASEBALL)

    assert_counts(win_table)
    with pytest.raises(AssertionError):  # planted: the first of a pair always wins
        assert_counts(
            lambda first, second, outcome, count: win_table(first, second, np.ones(len(first)), count)
        )
    with pytest.raises(AssertionError):
        assert_counts(lambda *votes: win_table(*votes).T)


def test_ties_are_refused_or_count_half_to_each():
    votes = [0, 0, 1], [1, 1, 0], [1, 0.5, 0]
    with pytest.raises(ValueError, match='a winner in every vote. Received: 1 ties in 3.*ties="half"'):
        win_table(*votes, 2)
    assert win_table(*votes, 2, ties="half").tolist() == [[0, 2.5], [0.5, 0]]
    with pytest.raises(ValueError, match="'lost'"):
        win_table(*votes, 2, ties="lost")
    tied = [0, 0, 0, 1] + [0] * 20, [1, 1, 1, 0] + [1] * 20, [1, 1, 1, 1] + [0.5] * 20
    drawn_together = bradley_terry(win_table(*tied, 2, ties="half"))
    assert bradley_terry([[0, 3], [1, 0]])[0] == 0.75 and drawn_together[0] == pytest.approx(13 / 24)


@pytest.mark.parametrize(
    ("wins", "words"),
    [
        ([[0, 3], [0, 0]], "method 1 never won, method 0 never lost.*prior=0.5"),
        (np.kron(np.eye(2), [[0, 1], [1, 0]]), "groups of methods between which all votes go one way"),
        ([[0, 1, 1], [1, 0, 1], [0, 0, 0]], "method 2 never won"),
        ([[1, 2], [1, 0]], "diagonal of the wins must be 0. Received: 1"),
        ([[0, -1], [1, 0]], "none negative"),
        ([0, 1], r"Received: shape \(2,\).*win_table"),
    ],
)
def test_tables_without_an_answer_are_refused(wins, words):
    with pytest.raises(ValueError, match=words):
        bradley_terry(wins)


def test_a_prior_makes_every_strength_finite_and_fades_with_the_votes():
    assert bradley_terry([[0, 3], [0, 0]], prior=0.5) == pytest.approx([3.5 / 4, 0.5 / 4])
    assert bradley_terry(1000 * BASEBALL, prior=0.5) == pytest.approx(bradley_terry(BASEBALL), rel=1e-3)


def test_intervals_hold_the_truth_as_often_as_they_promise():
    truth, rng, held = np.array([0.5, 0.3, 0.2]), np.random.default_rng(4), []
    first, second = (np.tile(side, 40) for side in ([0, 0, 1], [1, 2, 2]))
    for _ in range(120):
        outcome = (rng.random(120) < truth[first] / (truth[first] + truth[second])) * 1.0
        found = bradley_terry_interval(first, second, outcome, 3, repeats=200)
        assert (found.low <= found.value).all() and (found.value <= found.high).all()
        held.append((found.low <= truth) & (truth <= found.high))
    assert np.mean(held) == pytest.approx(0.95, abs=0.04)


def test_votes_of_one_rater_are_drawn_together():
    # twenty raters with one taste each, thirty votes each: single votes look far surer than they are
    rng = np.random.default_rng(5)
    raters = np.repeat(np.arange(20), 30)
    outcome = (rng.random(600) < np.repeat(rng.beta(2, 2, 20), 30)) * 1.0
    votes = np.zeros(600, int), np.ones(600, int), outcome
    alone = bradley_terry_interval(*votes, 2, repeats=300)
    whole = bradley_terry_interval(*votes, 2, raters=raters, repeats=300)
    wide = [found.high[0] - found.low[0] for found in (alone, whole)]
    assert wide[1] > 2 * wide[0] and alone.value == pytest.approx(whole.value)


def test_too_few_votes_for_an_interval_are_refused_and_a_prior_mends_it():
    votes = [0, 0, 0, 1], [1, 1, 1, 0], [1.0, 1.0, 1.0, 1.0]
    with pytest.raises(ValueError, match="% of the draws leave a method.*prior=0.5"):
        bradley_terry_interval(*votes, 2)
    found = bradley_terry_interval(*votes, 2, prior=0.5)
    assert np.isfinite(found.low).all() and found.high[0] < 1
    with pytest.raises(ValueError, match="two people or more. Received: 4 names, 1 different"):
        bradley_terry_interval(*votes, 2, raters=["a"] * 4)


@pytest.mark.parametrize(
    ("votes", "words"),
    [
        (([0, 1], [1], [1, 0]), "three lists of one length"),
        (([], [], []), "three lists of one length"),
        (([0.0], [1.0], [1]), "number the methods from 0"),
        (([0], [2], [1]), "from 0 to 1. Received: 0 to 2"),
        (([1], [1], [1]), "1 votes of a method on itself.*attention checks"),
        (([0], [1], [2]), "Outcomes must be 1"),
        (([0], [1], [np.nan]), "Outcomes must be 1"),
    ],
)
def test_votes_that_are_none_are_refused(votes, words):
    with pytest.raises(ValueError, match=words):
        win_table(*votes, 2)


# --- Elo


def test_expected_scores_are_those_of_the_worked_example():
    # Wikipedia, "Elo rating system": a player of 1613 against five opponents, in two digits
    opponents = np.array([1609, 1477, 1388, 1586, 1720])
    assert np.round(expected_score(1613, opponents), 2).tolist() == [0.51, 0.69, 0.79, 0.54, 0.35]
    gained = 1613 + 32 * (2.5 - expected_score(1613, opponents).sum())
    assert gained == pytest.approx(1601, abs=0.5)
    assert expected_score(1500, 1392) == pytest.approx(0.65, abs=0.001)
    assert expected_score(1900, 1500) == pytest.approx(10 / 11)


def assert_a_win_of_equals_gains_half_of_k(rate):
    assert rate([0], [1], [1.0], 2) == pytest.approx([1516, 1484])
    assert rate([0, 1], [1, 0], [1.0, 0.5], 2) == pytest.approx(
        [1516 + 32 * (0.5 - 0.545922), 1484 - 32 * (0.5 - 0.545922)], abs=1e-3
    )


def test_ratings_move_by_k_times_the_surprise_and_their_mean_stays():
    assert_a_win_of_equals_gains_half_of_k(elo)
    with pytest.raises(AssertionError):  # planted: the winner is the second
        assert_a_win_of_equals_gains_half_of_k(lambda a, b, o, n: elo(b, a, o, n))
    with pytest.raises(AssertionError):  # planted: no expectation
        assert_a_win_of_equals_gains_half_of_k(
            lambda a, b, o, n: np.full(n, 1500) + 32 * (np.bincount(a, o, n) - np.bincount(b, o, n))
        )
    assert elo(*votes_of(BASEBALL), 7).mean() == pytest.approx(1500)


def test_the_order_of_the_votes_moves_elo_and_not_bradley_terry():
    rng = np.random.default_rng(0)
    first, second = np.tile([0, 0, 1], 200), np.tile([1, 2, 2], 200)
    outcome = rng.integers(0, 2, 600) * 1.0
    spread = elo_by_order(first, second, outcome, 3).std(axis=0)
    assert spread.max() < 90 and spread.min() > 20
    order = rng.permutation(600)
    tables = [win_table(a, b, o, 3) for a, b, o in
              ((first, second, outcome), (first[order], second[order], outcome[order]))]  # fmt: skip
    assert (tables[0] == tables[1]).all()


def test_elo_points_give_back_the_shares_of_bradley_terry():
    strengths = bradley_terry(BASEBALL)
    points = elo_points(strengths)
    assert points.mean() == pytest.approx(1500)
    shares = strengths[:, None] / (strengths[:, None] + strengths)
    assert expected_score(points[:, None], points) == pytest.approx(shares)
    assert np.ptp(elo_points([0.75, 0.25])) == pytest.approx(191, abs=0.5)
    with pytest.raises(ValueError, match="above 0. Received: the least is 0"):
        elo_points([1, 0])
