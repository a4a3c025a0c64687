"""What is held out is the asked share, evenly spread, and never a whole pair of words."""

from collections import Counter
from itertools import combinations, product

import numpy as np
import pytest

from utils.data import load_products
from utils.data.captions import COLOURS, KINDS, PATTERNS
from utils.data.combinations import held_out_combinations, is_held_out

EVERY = list(product(KINDS, COLOURS, PATTERNS))


def pairs(triples):
    return {(i, j, triple[i], triple[j]) for triple in triples for i, j in combinations(range(3), 2)}


def assert_fair_tenth(held):
    assert len(held) == len(set(held)) == 80
    assert set(held) <= set(EVERY)
    assert pairs(set(EVERY) - set(held)) == pairs(EVERY), "a pair of words never occurs in training"
    for place, values in enumerate((KINDS, COLOURS, PATTERNS)):
        hits = Counter(triple[place] for triple in held)
        assert max(hits[v] for v in values) - min(hits[v] for v in values) <= 2


@pytest.mark.parametrize("seed", range(5))
def test_a_tenth_is_held_out_evenly_and_every_pair_is_still_seen(seed):
    assert_fair_tenth(held_out_combinations(seed=seed))


@pytest.mark.parametrize(
    "bug",
    [
        lambda: [triple for triple in EVERY if triple[1] == "red"],  # a whole colour, and 80 by chance
        lambda: [],
        lambda: EVERY[:80],
        lambda: held_out_combinations()[:-1] * 2,
        lambda: held_out_combinations(share=0.2),
        lambda: [EVERY[i] for i in np.random.default_rng(0).permutation(800)[:80]],  # by chance: uneven
    ],
    ids=["a whole colour", "nothing", "the first", "twice", "too many", "at random"],
)
def test_planted_choices_are_noticed(bug):
    with pytest.raises(AssertionError):
        assert_fair_tenth(bug())


def test_the_share_is_the_share_held_out():
    for share in (0, 0.05, 0.25, 0.5):
        assert len(held_out_combinations(share)) == round(800 * share)


def test_the_choice_repeats_with_the_seed_and_differs_between_seeds():
    assert held_out_combinations(seed=3) == held_out_combinations(seed=3)
    assert len(set(held_out_combinations(seed=3)) & set(held_out_combinations(seed=4))) < 40


@pytest.mark.parametrize("share", [-0.1, 0.9, 1, 2])
def test_a_share_that_loses_a_pair_is_refused(share):
    with pytest.raises(ValueError, match=r"from 0 to about 0\.7.*Received: .*Most likely fix: share=0\.1"):
        held_out_combinations(share)


def test_products_are_told_apart_by_all_three_words():
    attributes = {
        "kind": np.array(["mug", "mug", "lamp", "mug"]),
        "colour": np.array(["red", "blue", "red", "red"]),
        "pattern": np.array(["plain", "plain", "plain", "dotted"]),
        "detail": np.array(["a lid", "a lid", "a cone shade", "no lid"]),
    }
    held = is_held_out(attributes, [("mug", "red", "plain")])
    assert held.dtype == bool and held.tolist() == [True, False, False, False]
    assert not is_held_out(attributes, []).any()


def test_a_tenth_of_the_catalogue_is_held_out():
    attributes = load_products("catalogue", count=2000).attributes
    held = is_held_out(attributes, held_out_combinations())
    assert held.mean() == pytest.approx(0.1, abs=0.03)
    seen = set(zip(*(attributes[n][~held].tolist() for n in ("kind", "colour", "pattern")), strict=True))
    assert not seen & set(held_out_combinations())
