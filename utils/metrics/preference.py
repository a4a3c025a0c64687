"""Which of several methods do people prefer: votes on pairs become strengths, after Bradley and Terry."""

from typing import NamedTuple

import numpy as np

from utils.metrics.opinion import check_confidence

WON, LOST, TIED = 1.0, 0.0, 0.5


class Strengths(NamedTuple):
    """Strengths of the methods and the ends of their intervals, each (methods,)."""

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray


def win_table(first, second, outcome, count, ties="refuse", weights=None):
    """Count wins: place (i, j) holds how often method i beat method j.

    Shapes:  first, second int (n,), methods from 0 to count - 1; outcome (n,): 1 when the first won, 0 when
             the second did, 0.5 for a tie -> (count, count)
    Units:   votes; with ties="half" a tie is half a win for each, which Bradley-Terry does not describe:
             it draws the strengths together
    Healthy: 0 on the diagonal; table + table.T counts the votes on each pair
    Source:  our own; half a win per tie is what Elo does, a model with ties is Davidson 1970, JASA 65(329)
    """
    first, second, outcome = check_votes(first, second, outcome, count)
    if ties not in ("refuse", "half"):
        raise ValueError(f'ties must be "refuse" or "half". Received: {ties!r}. Most likely fix: "half".')
    tied = int((outcome == TIED).sum())
    if tied and ties == "refuse":
        raise ValueError(
            f"Bradley-Terry knows a winner in every vote. Received: {tied} ties in {len(outcome)} votes. "
            'Most likely fix: make raters choose, or count half a win for each: ties="half".'
        )
    weights = np.ones(len(outcome)) if weights is None else weights
    table = np.bincount(first * count + second, weights * outcome, count * count)
    table = table + np.bincount(second * count + first, weights * (1 - outcome), count * count)
    return table.reshape(count, count)


def bradley_terry_step(strengths, wins):
    """One step towards the likeliest strengths, under P(i beats j) = s_i / (s_i + s_j).

    Each new strength is the wins of a method over the sum, over its votes, of 1 / (s_i + s_j), both taken
    at the old strengths; then all are divided by their sum. No step makes the votes less likely.

    Shapes:  strengths (..., methods), wins (..., methods, methods), i beat j, diagonal 0 -> as strengths
    Units:   shares: they add up to 1
    Healthy: after the first step from equal strengths: in the order of wins per vote
    Source:  Hunter 2004, Annals of Statistics 32(1), eq. 3 (MM algorithm; Zermelo 1929)
    """
    votes = wins + np.swapaxes(wins, -1, -2)  # on each pair
    pairs = strengths[..., :, None] + strengths[..., None, :]
    updated = wins.sum(axis=-1) / (votes / pairs).sum(axis=-1)
    return updated / updated.sum(axis=-1, keepdims=True)


def bradley_terry(wins, prior=0.0, tolerance=1e-12, most=100_000):
    """Strengths under which the votes are likeliest.

    Whoever won or lost every vote has no finite strength, and two groups that never met cannot be compared:
    both are refused. A prior adds that many wins to each side of each pair and makes every strength finite.

    Shapes:  wins (..., methods, methods), i beat j -> (..., methods)
    Units:   shares that add up to 1; s_i / (s_i + s_j) is the share of votes that i wins against j
    Healthy: 3 wins against 1 give 0.75 and 0.25; stronger opponents count for more than the rate of wins
    Source:  Bradley & Terry 1952, Biometrika 39; Hunter 2004
    """
    wins = check_wins(wins) + prior * (1 - np.eye(np.shape(wins)[-1]))
    if not comparable(wins).all():
        raise ValueError(
            "Bradley-Terry needs wins in both directions between any two groups of methods. "
            f"Received: {apart(wins)}. Most likely fix: collect more votes, or pass prior=0.5."
        )
    strengths = np.full(wins.shape[:-1], 1 / wins.shape[-1])
    for _ in range(most):
        before, strengths = strengths, bradley_terry_step(strengths, wins)
        if np.abs(strengths / before - 1).max() < tolerance:
            return strengths
    raise ValueError(
        f"Strengths should settle within {most} steps. Received: votes that hardly connect the methods. "
        "Most likely fix: collect votes on more pairs, or pass prior=0.5."
    )


def bradley_terry_interval(
    first,
    second,
    outcome,
    count,
    raters=None,
    ties="refuse",
    prior=0.0,
    confidence=0.95,
    repeats=1_000,
    seed=0,
):
    """Strengths with bootstrap intervals: votes, or all votes of a rater, are drawn again with replacement.

    Shapes:  first, second, outcome (n,) as for win_table; raters (n,), who gave each vote -> Strengths
    Units:   shares that add up to 1
    Healthy: those of equal methods overlap; without raters too narrow where each gave many votes
    Source:  percentile bootstrap, Efron & Tibshirani 1993, chapter 13
    """
    value = bradley_terry(win_table(first, second, outcome, count, ties), prior)
    number = len(outcome)
    unit = np.arange(number) if raters is None else np.unique(raters, return_inverse=True)[1]
    if len(unit) != number or unit.max() < 1:
        raise ValueError(
            f"Raters must name who gave each of the {number} votes, two people or more. Received: "
            f"{len(unit)} names, {len(set(unit))} different. "
            "Most likely fix: leave raters out when one person voted."
        )
    rng, tables = np.random.default_rng(seed), []
    for _ in range(repeats):
        drawn = np.bincount(rng.integers(unit.max() + 1, size=unit.max() + 1), minlength=unit.max() + 1)
        tables.append(win_table(first, second, outcome, count, ties, weights=drawn[unit]))
    tables = np.stack(tables)
    lost = 1 - comparable(tables + prior * (1 - np.eye(count))).mean()
    if lost > 0:
        raise ValueError(
            "Every draw of the votes must let the methods be compared. Received: so few or so one-sided "
            f"votes that {lost:.1%} of the draws leave a method without a win or a loss. "
            "Most likely fix: prior=0.5."
        )
    half = (1 - check_confidence(confidence)) / 2
    low, high = np.quantile(bradley_terry(tables, prior, tolerance=1e-8), [half, 1 - half], axis=0)
    return Strengths(value, low, high)


def comparable(wins):
    """Tell whether wins lead from each method to each other one, by others if need be: bool (...)."""
    reached = (wins > 0) | np.eye(wins.shape[-1], dtype=bool)
    for _ in range(int(wins.shape[-1]).bit_length()):
        reached = reached @ reached  # of truths: by one more go-between, then by twice as many
    return reached.all(axis=(-1, -2))


def apart(wins):
    """Say which methods keep the strengths from being finite."""
    if wins.ndim > 2:
        return "a table in which that fails"
    never = [f"method {i} never won" for i in np.flatnonzero(wins.sum(axis=1) == 0)]
    never += [f"method {i} never lost" for i in np.flatnonzero(wins.sum(axis=0) == 0)]
    return ", ".join(never) or "groups of methods between which all votes go one way, or none was given"


def check_wins(wins):
    """Return the table of wins as float64, or say what is wrong with it."""
    wins = np.asarray(wins, "float64")
    square = wins.ndim >= 2 and wins.shape[-1] == wins.shape[-2] >= 2
    if not square or not np.isfinite(wins).all() or (wins < 0).any():
        raise ValueError(
            "Wins must be (methods, methods) counts, two methods or more, none negative. "
            f"Received: shape {wins.shape}. Most likely fix: win_table(first, second, outcome, count)."
        )
    if np.diagonal(wins, axis1=-2, axis2=-1).any():
        raise ValueError(
            "No method meets itself: the diagonal of the wins must be 0. "
            f"Received: {np.diagonal(wins, axis1=-2, axis2=-1).max():g} on it. "
            "Most likely fix: leave the attention checks out of the votes."
        )
    return wins


def check_votes(first, second, outcome, count):
    """Return the three as arrays, or say what is wrong with them."""
    first, second, outcome = np.asarray(first), np.asarray(second), np.asarray(outcome, "float64")
    whole = first.dtype.kind in "iu" and second.dtype.kind in "iu"
    if not (first.shape == second.shape == outcome.shape == (len(outcome),)) or not outcome.size or not whole:
        raise ValueError(
            "Votes must be three lists of one length: two whole numbers and an outcome for each vote. "
            f"Received: shapes {first.shape}, {second.shape}, {outcome.shape}, dtypes {first.dtype}, "
            f"{second.dtype}. Most likely fix: number the methods from 0."
        )
    if (
        min(first.min(), second.min()) < 0
        or max(first.max(), second.max()) >= count
        or (first == second).any()
    ):
        raise ValueError(
            f"Each vote needs two different methods from 0 to {count - 1}. Received: "
            f"{min(first.min(), second.min())} to {max(first.max(), second.max())}, "
            f"{int((first == second).sum())} votes of a method on itself. "
            "Most likely fix: leave the attention checks out, and count all methods."
        )
    if not np.isin(outcome, (WON, LOST, TIED)).all():
        raise ValueError(
            "Outcomes must be 1 (the first won), 0 (the second won) or 0.5. "
            f"Received: {np.unique(outcome)[:5].tolist()}. Most likely fix: outcome = winner == first."
        )
    return first.astype("int64"), second.astype("int64"), outcome
