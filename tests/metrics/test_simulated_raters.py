"""Simulated raters have the taste they were given, and those who do not look are told by it."""

import numpy as np

from utils.metrics.attention import attention, attentive, votes_on_pairs
from utils.metrics.preference import bradley_terry, win_table
from utils.metrics.simulated_raters import simulated_votes
from utils.show.ballot import AGAIN, OBVIOUS, VOTE

TASTE = {"a": 0.5, "b": 0.3, "c": 0.2}


def test_a_study_finds_the_taste_again():
    votes = simulated_votes(TASTE, items=10, count=60, raters=60, seed=1)
    first, second, outcome, _ = votes_on_pairs(votes, list(TASTE))
    found = bradley_terry(win_table(first, second, outcome, 3))
    assert np.allclose(found, list(TASTE.values()), atol=0.03)
    turned = bradley_terry(win_table(first, second, 1 - outcome, 3))  # planted: the loser is counted
    assert not np.allclose(turned, list(TASTE.values()), atol=0.03)


def test_those_who_do_not_look_are_found_and_no_other():
    votes = simulated_votes(TASTE, items=10, count=200, raters=12, careless=3, seed=2)
    seen = attention(votes)
    careless = [f"rater {number}" for number in (10, 11, 12)]
    assert max(seen[rater]["obvious"] for rater in careless) < 0.9
    assert max(seen[rater]["seconds"] for rater in careless) < 1
    assert {vote.rater for vote in attentive(votes)}.isdisjoint(careless)
    assert len({vote.rater for vote in attentive(votes)}) == 9
    none = simulated_votes(TASTE, items=10, count=200, raters=12, seed=2)  # planted: nobody is careless
    assert len({vote.rater for vote in attentive(none)}) == 12


def test_votes_come_as_from_the_file_and_the_same_seed_gives_the_same():
    votes = simulated_votes(TASTE, items=4, count=20, raters=2, seed=3)
    assert votes == simulated_votes(TASTE, items=4, count=20, raters=2, seed=3)
    assert votes != simulated_votes(TASTE, items=4, count=20, raters=2, seed=4)
    mine = [vote for vote in votes if vote.rater == "rater 1"]
    assert [vote.trial for vote in mine] == list(range(24))
    kinds = [vote.kind for vote in mine]
    assert kinds.count(VOTE) == 20 and kinds.count(AGAIN) == kinds.count(OBVIOUS) == 2
