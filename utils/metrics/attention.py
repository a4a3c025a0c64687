"""Votes on pairs, and who gave them: did they look, do they repeat themselves, do they lean to a side."""

import numpy as np

from utils.metrics.opinion import preference_share
from utils.show.ballot import AGAIN, OBVIOUS, RUINED, VOTE

PASSED = 0.8  # share of the obvious pairs: with 5 of them, one slip is forgiven


def attention(votes):
    """What the attention checks say of each rater.

    Shapes:  votes: a list as read_votes gives it -> {rater: {"obvious", "again", "left", "seconds"}}
    Units:   obvious, again: share of right answers and of equal ones, NaN where none was asked; left: share
             of votes for the left side, with its interval; seconds: median per vote
    Healthy: obvious 0.8 and above (guessing: 0.5); again 0.7 and above, lower where two methods are equally
             good; an interval of left that holds 0.5; a second or more
    Source:  screening of raters as in ITU-R BT.500; these checks and limits are ours
    """
    found = {}
    for rater in dict.fromkeys(vote.rater for vote in votes):
        mine = [vote for vote in votes if vote.rater == rater]
        obvious = [not vote.winner.endswith(RUINED) for vote in mine if vote.kind == OBVIOUS]
        real = [vote for vote in mine if vote.kind == VOTE]
        before = {(vote.item, vote.left, vote.right): vote.winner for vote in real}
        swapped = [(vote.winner, before.get((vote.item, vote.right, vote.left))) for vote in mine
                   if vote.kind == AGAIN]  # fmt: skip
        again = [one == other for one, other in swapped if other is not None]
        left = [vote.choice == "left" for vote in real]
        found[rater] = {
            "obvious": float(np.mean(obvious)) if obvious else float("nan"),
            "again": float(np.mean(again)) if again else float("nan"),
            "left": preference_share(sum(left), len(left)) if left else None,
            "seconds": float(np.median([vote.seconds for vote in mine])),
        }
    return found


def attentive(votes, least=PASSED):
    """Return the votes of the raters who passed the obvious pairs; who saw none of them is left out, too."""
    passed = {rater for rater, seen in attention(votes).items() if seen["obvious"] >= least}
    return [vote for vote in votes if vote.rater in passed]


def votes_on_pairs(votes, methods):
    """Return first, second, outcome and raters of the real votes, each (n,), as win_table takes them."""
    place = {method: number for number, method in enumerate(methods)}
    real = [vote for vote in votes if vote.kind == VOTE]
    unknown = sorted({name for vote in real for name in (vote.left, vote.right)} - set(place))
    if unknown or not real:
        raise ValueError(
            f"Votes must be on {', '.join(methods)}. Received: {', '.join(unknown) or 'no votes'}. "
            "Most likely fix: name all methods that were voted on, list(pictures)."
        )
    return (
        np.array([place[vote.left] for vote in real]),
        np.array([place[vote.right] for vote in real]),
        np.array([float(vote.choice == "left") for vote in real]),
        np.array([vote.rater for vote in real]),
    )
