"""How many votes does it take? Studies simulated, and how many of them would have found the difference."""

import numpy as np
from scipy.special import ndtri, stdtrit

from utils.metrics.opinion import check_confidence

LEAST, MOST = 8, 200_000  # votes


def study_power(share, votes, pictures=None, scatter=0.0, confidence=0.95, repeats=4_000, seed=0):
    """Share of simulated studies whose interval lies wholly on the right side of one half.

    With pictures, the votes are spread over that many, each with a share of its own (mean `share`, standard
    deviation `scatter`), and the interval is Student's over the pictures. More votes on the same few
    pictures then help little. Without, all votes are independent, and the interval is Wilson's.

    Shapes:  share (), votes (), pictures () -> float
    Units:   share of studies, 0 to 1; at share 0.5 it is the share of false alarms, on both sides
    Healthy: 0.8 at 194 votes for a true share of 0.6, at 783 votes for 0.55; at most 0.05 for 0.5
    Source:  simulation; Wilson 1927; power as in Cohen 1988, chapter 6
    """
    check_plan(share, votes, pictures, scatter)
    rng, chance = np.random.default_rng(seed), (1 + check_confidence(confidence)) / 2
    if pictures is None:
        won = rng.binomial(votes, share, repeats) / votes
        z = ndtri(chance)
        # Wilson's interval leaves out one half where the score test rejects it
        found = np.abs(won - 0.5) > z * np.sqrt(0.25 / votes)
    else:
        each = votes // pictures
        won = rng.binomial(each, picture_shares(rng, share, scatter, (repeats, pictures))) / each
        error = won.std(axis=1, ddof=1) / np.sqrt(pictures)
        found = np.abs(won.mean(axis=1) - 0.5) > stdtrit(pictures - 1, chance) * error
        won = won.mean(axis=1)
    right_side = (won > 0.5) == (share > 0.5) if share != 0.5 else True
    return float((found & right_side).mean())


def votes_needed(share, power=0.8, pictures=None, scatter=0.0, confidence=0.95, repeats=4_000, seed=0):
    """About the fewest votes with which this share of studies finds the difference; None if no number does.

    Shapes:  share (), power (), pictures () -> int or None
    Units:   votes; by simulation, so within about 5 % of the truth; pictures: a multiple of their number
    Healthy: 194 for a true share of 0.6, 783 for 0.55: half the difference costs four times the votes
    Source:  simulation, by halving the range
    """
    step = pictures or 1

    def enough(groups):
        return study_power(share, step * groups, pictures, scatter, confidence, repeats, seed) >= power

    low, high = 0, -(-LEAST // step)
    while not enough(high):
        low, high = high, 2 * high
        if high * step > MOST:
            return None
    while high - low > max(1, high // 200):
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return step * high


def picture_shares(rng, share, scatter, shape):
    """Draw the true share of each picture from a beta distribution of this mean and standard deviation."""
    if scatter == 0:
        return np.full(shape, share)
    size = share * (1 - share) / scatter**2 - 1
    return rng.beta(share * size, (1 - share) * size, shape)


def check_plan(share, votes, pictures, scatter):
    """Refuse a study that cannot be held."""
    if not 0 < share < 1 or votes < LEAST:
        raise ValueError(
            f"A study needs a share between 0 and 1 and {LEAST} votes or more. Received: share {share}, "
            f"{votes} votes. Most likely fix: share=0.6 if 60 of 100 should prefer the better picture."
        )
    if pictures is None and scatter:
        raise ValueError(
            f"Shares scatter over pictures. Received: scatter {scatter} and no pictures. "
            "Most likely fix: pictures=50."
        )
    if pictures is not None and (pictures < 2 or votes < pictures):
        raise ValueError(
            f"Two pictures or more, each with a vote, are needed. Received: {pictures} pictures, {votes} "
            "votes. Most likely fix: votes = pictures * raters."
        )
    if not 0 <= scatter < np.sqrt(share * (1 - share)):
        raise ValueError(
            f"The scatter of shares around {share} must be below {np.sqrt(share * (1 - share)):.2f}. "
            f"Received: {scatter}. Most likely fix: 0.1 to 0.2."
        )
