"""Raters whose taste is known: what a study finds can then be compared with what it should find."""

import numpy as np

from utils.show.ballot import OBVIOUS, RUINED, Vote, plan_votes

SLIPS = 0.03  # share of the obvious pairs that a careful rater gets wrong
SECONDS = 2.0  # a careful vote, at the median; one that does not look takes a fifth


def simulated_votes(strengths, items, count, raters, careless=0, seed=0):
    """Return the votes of `raters` people on `items` pictures, the last `careless` of them without looking.

    Shapes:  strengths {method: number above 0}; count: votes of each rater, checks not counted -> list of
             Vote, as read_votes gives it
    Units:   i is chosen over j in a share s_i / (s_i + s_j) of the votes, whatever the picture and the side
    Healthy: bradley_terry finds the strengths again; attention finds the careless
    Source:  the model of Bradley & Terry 1952, Biometrika 39
    """
    rng, methods, votes = np.random.default_rng(seed), list(strengths), []
    for rater in range(raters):
        looks = rater < raters - careless
        trials = plan_votes(methods, items, count, int(rng.integers(2**31)))
        for number, trial in enumerate(trials):
            left = chance_of_left(trial, strengths) if looks else 0.5
            choice = "left" if rng.random() < left else "right"
            seconds = SECONDS * np.exp(rng.normal(0, 0.3)) / (1 if looks else 5)
            votes.append(
                Vote(f"rater {rater + 1}", "simulated", number, *trial, choice, round(float(seconds), 2))
            )
    return votes


def chance_of_left(trial, strengths):
    """Return the share of careful people who choose the left picture of a trial."""
    if trial.kind == OBVIOUS:
        return SLIPS if trial.left.endswith(RUINED) else 1 - SLIPS
    return strengths[trial.left] / (strengths[trial.left] + strengths[trial.right])
