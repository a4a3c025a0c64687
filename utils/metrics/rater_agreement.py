"""Do raters agree more than by chance: Fleiss' kappa, and Krippendorff's alpha, which takes missing votes."""

import numpy as np

LEVELS = ("nominal", "ordinal", "interval")


def fleiss_kappa(counts):
    """Agreement of equally many raters on each picture, above what their habits give by chance.

    (P - Pe) / (1 - Pe): P the share of pairs of raters that agree, Pe the sum of the squared shares of the
    categories. Where nearly all votes are one category, high agreement goes with a kappa near 0.

    Shapes:  counts (pictures, categories), how many raters chose each; every row has the same sum -> float
    Units:   none: 1 for full agreement, 0 for chance, below 0 for less than chance
    Healthy: 0.43 for the paper's diagnoses of 30 patients by 6 doctors; about 0 for raters who guess
    Source:  Fleiss 1971, Psychological Bulletin 76(5)
    """
    counts = np.asarray(counts, "float64")
    wanted = "Counts must be (pictures, categories): how many raters chose each, in each row equally many."
    if counts.ndim != 2 or counts.size == 0 or not np.isfinite(counts).all() or (counts < 0).any():
        raise ValueError(
            f"{wanted} Received: shape {counts.shape}. Most likely fix: category_counts(votes, categories)."
        )
    raters = counts.sum(axis=1)
    if len(set(raters)) > 1 or raters[0] < 2:
        raise ValueError(
            f"{wanted} Received: {raters.min():g} to {raters.max():g} raters. "
            "Most likely fix: krippendorff_alpha(votes), which takes missing votes."
        )
    shares = counts.sum(axis=0) / counts.sum()
    by_chance = np.square(shares).sum()
    if by_chance == 1:
        raise ValueError(
            "Raters must have used two categories or more. Received: one. "
            "Most likely fix: ask about pictures that differ; on equal ones agreement may be habit."
        )
    agreeing = (counts * (counts - 1)).sum(axis=1) / (raters * (raters - 1))  # pairs of raters, per picture
    return float((agreeing.mean() - by_chance) / (1 - by_chance))


def category_counts(votes, categories):
    """Return (pictures, categories): how many raters chose each, from votes (raters, pictures)."""
    votes = np.asarray(votes)
    unknown = sorted(set(votes.ravel().tolist()) - set(categories), key=str)
    if unknown:
        raise ValueError(
            f"Votes must be among {', '.join(map(str, categories))}. "
            f"Received: {', '.join(map(str, unknown[:5]))}. Most likely fix: name all categories; "
            "krippendorff_alpha takes missing votes."
        )
    return np.stack([(votes == category).sum(axis=0) for category in categories], axis=1)


def krippendorff_alpha(votes, level="nominal"):
    """Agreement of any number of raters, with missing votes: 1 - disagreement seen / expected by chance.

    What differs counts by the level: nominal, all alike; ordinal, by how many votes lie between; interval,
    by the squared difference. Pictures with fewer than two votes say nothing and stay out.

    Shapes:  votes (raters, pictures), numbers, NaN where somebody did not vote -> float
    Units:   none: 1 for full agreement, 0 for chance, below 0 for less than chance
    Healthy: 0.8 and above to rely on, below 0.667 to drop, says the author; pairs of good pictures give less
    Source:  Krippendorff 2011, Computing Krippendorff's Alpha-Reliability
    """
    votes = np.asarray(votes, "float64")
    if votes.ndim != 2 or np.isinf(votes).any():
        raise ValueError(
            "Votes must be (raters, pictures), numbers or NaN. "
            f"Received: shape {votes.shape}. Most likely fix: number the categories, one row per rater."
        )
    if level not in LEVELS:
        raise ValueError(
            f"level must be one of {', '.join(LEVELS)}. Received: {level!r}. "
            'Most likely fix: "ordinal" for opinion scores, "nominal" for left or right.'
        )
    values = np.unique(votes[np.isfinite(votes)])
    counts = np.stack([(votes == value).sum(axis=0) for value in values], axis=1) if len(values) else votes.T
    counts = counts[counts.sum(axis=1) >= 2].astype("float64")  # (pictures, values)
    totals = counts.sum(axis=0)
    if (totals > 0).sum() < 2:
        raise ValueError(
            "Two different votes on pictures with two votes or more are needed. "
            f"Received: {int((totals > 0).sum())}. Most likely fix: let several raters see the same pictures."
        )
    each = counts / (counts.sum(axis=1, keepdims=True) - 1)
    seen = each.T @ counts - np.diag(each.sum(axis=0))  # (values, values): coincidences
    gaps = squared_gaps(values, totals, level)
    expected = (np.outer(totals, totals) * gaps).sum() / (totals.sum() - 1)
    return float(1 - (seen * gaps).sum() / expected)


def squared_gaps(values, totals, level):
    """Return (values, values): how much two votes differ, squared, at this level of measurement."""
    if level == "nominal":
        return 1.0 - np.eye(len(values))
    # where a value stands: itself, or the number of votes up to the middle of its own
    place = values if level == "interval" else np.cumsum(totals) - totals / 2
    return np.square(place[:, None] - place)
