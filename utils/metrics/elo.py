"""Elo: a rating that moves with each vote, as in chess; and Bradley-Terry strengths on its scale."""

import numpy as np

from utils.metrics.preference import check_votes

SCALE, START = 400, 1500  # ten to one is 400 points; where everybody begins


def expected_score(own, other):
    """Share of the votes that a rating should win against another.

    Shapes:  own, other: numbers or arrays of one shape -> that shape
    Units:   share, 0 to 1; ratings in Elo points
    Healthy: 0.5 for equal ratings, 0.65 for 108 points more, 10/11 for 400 points more
    Source:  Elo 1978, The Rating of Chessplayers; logistic, as most lists use it
    """
    return 1 / (1 + 10 ** ((np.asarray(other) - np.asarray(own)) / SCALE))


def elo(first, second, outcome, count, k=32, start=START):
    """Ratings after a series of votes: each moves both by k times (what came - what was expected).

    The order of the votes moves the result, and the last ones weigh most. For a finished study take
    bradley_terry; Elo is for votes that go on for ever and methods that change.

    Shapes:  first, second, outcome (n,) as for win_table, ties allowed -> (count,)
    Units:   Elo points; their mean stays at the start
    Healthy: votes at random leave about -+70 points at k = 32: a difference of that size is nothing
    Source:  Elo 1978
    """
    first, second, outcome = check_votes(first, second, outcome, count)
    ratings = [float(start)] * count
    for one, other, result in zip(first.tolist(), second.tolist(), outcome.tolist(), strict=True):
        gain = k * (result - float(expected_score(ratings[one], ratings[other])))
        ratings[one] += gain
        ratings[other] -= gain
    return np.array(ratings)


def elo_by_order(first, second, outcome, count, repeats=200, k=32, seed=0):
    """Return (repeats, count) ratings after the same votes in other orders: their spread is no quality."""
    votes, rng = check_votes(first, second, outcome, count), np.random.default_rng(seed)
    orders = [rng.permutation(len(votes[2])) for _ in range(repeats)]
    return np.array([elo(*(part[order] for part in votes), count, k) for order in orders])


def elo_points(strengths):
    """Bradley-Terry strengths as Elo points: 400 log10 of the strength, moved so that their mean is 1,500.

    Shapes:  strengths (..., methods), above 0 -> as strengths
    Units:   Elo points
    Healthy: 0.75 against 0.25 are 191 points apart; expected_score of two gives back the share
    Source:  the logistic curves of Elo 1978 and Bradley & Terry 1952 are one
    """
    strengths = np.asarray(strengths, "float64")
    if not (strengths > 0).all():
        raise ValueError(
            f"Strengths must be above 0. Received: the least is {strengths.min():g}. "
            "Most likely fix: bradley_terry(wins, prior=0.5)."
        )
    points = SCALE * np.log10(strengths)
    return points - points.mean(axis=-1, keepdims=True) + START
