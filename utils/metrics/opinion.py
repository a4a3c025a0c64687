"""What people say of pictures, as a mean opinion score or a share of votes, and how sure that number is."""

from typing import NamedTuple

import numpy as np
from scipy.special import ndtri, stdtrit


class Interval(NamedTuple):
    """A number and the two ends of its interval."""

    value: float
    low: float
    high: float


def mean_opinion_score(scores, confidence=0.95, scale=(1, 5)):
    """Mean of the scores, with Student's interval: mean -+ t s / sqrt(n).

    The scores must be independent: one per rater. Who rated many pictures counts once, with their mean.
    Near an end of the scale the interval can leave it; bootstrap_interval cannot.

    Shapes:  scores (n,), n of at least 2 -> Interval(value, low, high)
    Units:   points of the scale
    Healthy: 30 raters with a spread of 0.9 points leave -+0.34: 4.2 and 4.1 are then not told apart
    Source:  Student 1908, Biometrika 6; mean opinion scores: ITU-T P.800
    """
    scores = check_scores(scores, scale)
    if scores.ndim != 1:
        raise ValueError(
            f"Scores must be (n,), one number per rater. Received: shape {scores.shape}. "
            "Most likely fix: np.nanmean(table, axis=1), the mean of each rater."
        )
    tail = stdtrit(len(scores) - 1, (1 + check_confidence(confidence)) / 2)  # quantile of Student's t
    reach = tail * scores.std(ddof=1) / np.sqrt(len(scores))
    return Interval(float(scores.mean()), float(scores.mean() - reach), float(scores.mean() + reach))


def bootstrap_interval(rows, statistic=np.nanmean, confidence=0.95, repeats=2_000, seed=0):
    """A statistic of the rows, with the middle of what it is for rows drawn again with replacement.

    A row is what would be drawn anew in another study: all scores of one rater, or of one picture. Votes
    of one rater are no independent rows: drawn one by one they make the interval too narrow.

    Shapes:  rows (n, ...), n of at least 2; statistic: rows -> one number -> Interval(value, low, high)
    Units:   those of the statistic
    Healthy: as wide as Student's interval for the mean of many independent scores
    Source:  percentile bootstrap, Efron & Tibshirani 1993, chapter 13
    """
    rows = np.asarray(rows, "float64")
    if rows.ndim == 0 or len(rows) < 2:
        raise ValueError(
            f"Rows must be (n, ...) with n of at least 2. Received: shape {rows.shape}. "
            "Most likely fix: one row per rater (or per picture)."
        )
    rng = np.random.default_rng(seed)
    draws = [statistic(rows[rng.integers(len(rows), size=len(rows))]) for _ in range(repeats)]
    half = (1 - check_confidence(confidence)) / 2
    low, high = np.quantile(draws, [half, 1 - half])
    return Interval(float(statistic(rows)), float(low), float(high))


def preference_share(wins, votes, confidence=0.95):
    """Share of votes that a method won, with Wilson's interval, which holds at 0 and at all votes, too.

    Shapes:  wins (), votes () -> Interval(value, low, high)
    Units:   share, 0 to 1; votes must be independent, see bootstrap_interval
    Healthy: 60 of 100: 0.50 to 0.69, so just different from chance; 20 of 20: 0.84 to 1, never 1 to 1
    Source:  Wilson 1927, JASA 22(158)
    """
    if not 0 <= wins <= votes or votes < 1:
        raise ValueError(
            f"Wins must be from 0 to the number of votes, at least 1. Received: {wins} of {votes}. "
            "Most likely fix: preference_share(wins, wins + losses)."
        )
    z = ndtri((1 + check_confidence(confidence)) / 2)
    share = wins / votes
    centre = (share + z**2 / (2 * votes)) / (1 + z**2 / votes)
    reach = z * np.sqrt(share * (1 - share) / votes + z**2 / (4 * votes**2)) / (1 + z**2 / votes)
    return Interval(share, max(0.0, float(centre - reach)), min(1.0, float(centre + reach)))


def check_scores(scores, scale):
    """Return the scores as float64, or say what is wrong with them."""
    scores = np.asarray(scores, "float64")
    low, high = scale
    wanted = f"Scores must be at least 2 finite numbers from {low} to {high}."
    if scores.size < 2 or not np.isfinite(scores).all():
        raise ValueError(
            f"{wanted} Received: {int(np.isfinite(scores).sum())} finite of {scores.size}. "
            "Most likely fix: leave out who did not vote: scores[np.isfinite(scores)]."
        )
    if scores.min() < low or scores.max() > high:
        raise ValueError(
            f"{wanted} Received: {scores.min():g} to {scores.max():g}. "
            "Most likely fix: say what people could choose from, as in scale=(0, 100)."
        )
    return scores


def check_confidence(confidence):
    """Return the confidence when it lies between 0 and 1."""
    if not 0 < confidence < 1:
        raise ValueError(
            f"Confidence must lie between 0 and 1. Received: {confidence}. Most likely fix: 0.95."
        )
    return confidence
