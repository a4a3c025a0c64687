"""How sure is a number that is no mean? Measure it again without a tenth of the pictures, ten times."""

import numpy as np
from scipy.special import stdtrit

from utils.metrics.opinion import Interval, check_confidence

GROUPS = 10  # ten leave 9 degrees of freedom: Student's 2.26 in place of 1.96; more cost more measuring


def jackknife_intervals(rows, statistics, confidence=0.95, groups=GROUPS):
    """Numbers of the rows with their intervals, from leaving out one group of rows after the other.

    Drawing again with replacement, as bootstrap_interval does, would put the same picture in twice: FID and
    KID then read too high, and nearest neighbours lie at distance 0. Nothing is there twice here.

    Shapes:  rows (n, d), n of at least `groups`, in no order; statistics: rows -> (m,) -> m Intervals
    Units:   those of the statistics
    Healthy: exactly Student's interval of the group means, where the statistic is a mean of equal groups
    Source:  grouped jackknife, Tukey 1958, Ann. Math. Stat. 29(2), 614; Efron & Tibshirani 1993, chapter 11
    """
    rows = np.asarray(rows)
    if not 2 <= groups <= len(rows):
        raise ValueError(
            f"There must be as many rows as groups, and two groups or more. Received: {len(rows)} rows, "
            f"{groups} groups. Most likely fix: more pictures."
        )
    group = np.arange(len(rows)) % groups
    values = np.asarray(statistics(rows), "float64")
    without = np.array([statistics(rows[group != left_out]) for left_out in range(groups)])  # (groups, m)
    error = np.sqrt((groups - 1) / groups * np.square(without - without.mean(axis=0)).sum(axis=0))
    reach = stdtrit(groups - 1, (1 + check_confidence(confidence)) / 2) * error
    return [Interval(*map(float, ends)) for ends in zip(values, values - reach, values + reach, strict=True)]
