"""All edits are found, the attack finds the dearest, and random edits are as many."""

import numpy as np
import pytest

from utils.data.captions import COLOURS, KINDS, PATTERNS, read_caption
from utils.metrics.caption_attacks import (
    SYNONYMS,
    attack_captions,
    caption_curve,
    edit_at_random,
    edits_of,
)

CAPTIONS = ["a red striped mug with a lid", "a blue plain t-shirt, with short sleeves"]
WEIGHTS = {"red": 5, "striped": 3, "mug": 4, "blue": 2, "plain": 1, "t-shirt": 6}


def words_lost(captions, which):
    """A price: how much the words weigh that a caption no longer holds."""
    originals = [CAPTIONS[place].replace(",", "").split() for place in which]
    return [
        sum(WEIGHTS.get(word, 0) for word in original if word not in caption.replace(",", "").split())
        for caption, original in zip(captions, originals, strict=True)
    ]


def distance(one, other):
    """Letters to change, insert, delete or exchange with the next, to come from one text to the other."""
    table = np.add.outer(np.arange(len(one) + 1), np.arange(len(other) + 1))
    for i, a in enumerate(one, 1):
        for j, b in enumerate(other, 1):
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[-1, -1]


def test_edits_of_a_word_are_those_that_can_be_counted():
    assert edits_of("red", "typo") == ["erd", "rde", "ed", "rd", "re"]
    assert edits_of("a", "typo") == [] and edits_of("", "typo") == [] and edits_of("oo", "typo") == ["o"]
    assert edits_of("A Red mug", "synonym") == ["A scarlet mug", "A crimson mug", "A Red cup"]
    assert edits_of("red mug, lid", "order") == ["mug red, lid", "lid mug, red", "red lid, mug"]
    assert edits_of("red red", "order") == []
    with pytest.raises(ValueError, match="typo, synonym, order. Received: 'noise'"):
        edits_of("red", "noise")


def assert_one_slip(edits):
    for caption in CAPTIONS:
        for edit in edits(caption):
            assert distance(caption, edit) == 1
            assert len(edit.split()) == len(caption.split()), "a slip of one word, none is lost"


def test_every_typo_is_one_slip_of_a_finger():
    assert_one_slip(lambda caption: edits_of(caption, "typo"))
    with pytest.raises(AssertionError):  # planted: whole words are lost
        assert_one_slip(lambda caption: [" ".join(caption.split()[1:])])
    with pytest.raises(AssertionError):  # planted: two slips for one
        assert_one_slip(lambda caption: [edits_of(edits_of(caption, "typo")[5], "typo")[-1]])


def test_swapping_words_keeps_all_of_them_and_the_commas_in_their_place():
    for caption in CAPTIONS:
        for edit in edits_of(caption, "order"):
            assert sorted(edit.replace(",", "").split()) == sorted(caption.replace(",", "").split())
            assert [word.endswith(",") for word in edit.split()] == [
                word.endswith(",") for word in caption.split()
            ]


def test_no_synonym_is_the_name_of_another_product():
    names = {*KINDS, *COLOURS, *PATTERNS}
    assert set(SYNONYMS) <= names
    assert not names & {other for others in SYNONYMS.values() for other in others}
    assert read_caption("a red striped mug with a lid")["kind"] == "mug"


def by_trying_all(edits):
    """The highest price after that many edits, over all ways to make them."""
    found = []
    for place, caption in enumerate(CAPTIONS):
        reached = {caption}
        for _ in range(edits):
            reached = {edit for one in reached for edit in edits_of(one, "synonym")}
        found.append(max(words_lost(sorted(reached), [place] * len(reached))))
    return found


def assert_finds_the_dearest(attack):
    for edits in (1, 2):
        attacked = attack(words_lost, CAPTIONS, "synonym", edits)
        assert words_lost(attacked, [0, 1]) == by_trying_all(edits)


@pytest.mark.parametrize(
    "bug",
    [
        lambda price, captions, kind, edits: edit_at_random(captions, kind, edits),
        lambda price, captions, kind, edits: attack_captions(  # the cheapest
            lambda *some: -np.array(price(*some)), captions, kind, edits
        ),
        lambda price, captions, kind, edits: attack_captions(price, captions, kind, 1),
        lambda price, captions, kind, edits: attack_captions(price, captions[::-1], kind, edits)[::-1],
    ],
)
def test_the_attack_finds_what_trying_all_finds_and_planted_bugs_do_not(bug):
    assert_finds_the_dearest(attack_captions)
    with pytest.raises(AssertionError):
        assert_finds_the_dearest(bug)


def test_random_edits_are_as_many_and_the_seed_decides():
    for edits in (1, 2):
        edited = edit_at_random(CAPTIONS, "typo", edits)
        assert all(0 < distance(*pair) <= edits for pair in zip(CAPTIONS, edited, strict=True))
    two_letters = {edit_at_random(["of a"], "order", edits, seed=3)[0] for edits in (1, 2)}
    assert two_letters == {"a of"}  # swapped back would be no edit at all
    assert edit_at_random(CAPTIONS, "typo", seed=1) == edit_at_random(CAPTIONS, "typo", seed=1)
    assert edit_at_random(CAPTIONS, "typo", seed=1) != edit_at_random(CAPTIONS, "typo", seed=2)


def test_curves_begin_together_and_the_worst_lies_above_random():
    curve = caption_curve(words_lost, CAPTIONS, "typo", most=2)
    assert all(row.shape == (3, 2) and row.dtype == "float64" for row in curve.values())
    assert (curve["clean"] == 0).all() and (curve["random"][0] == 0).all() and (curve["worst"][0] == 0).all()
    assert (curve["worst"][1:] >= curve["random"][1:]).all()
    assert curve["worst"].tolist() == [[0, 0], [5, 6], [9, 8]]  # the dearest word, then the next


def test_captions_that_cannot_be_edited_stay_as_they_are():
    assert attack_captions(words_lost, ["a", ""], "synonym") == ["a", ""]
    assert edit_at_random(["a", ""], "order") == ["a", ""]
    curve = caption_curve(lambda captions, which: np.zeros(len(captions)), ["a"], "order", most=1)
    assert curve["worst"].tolist() == [[0], [0]]


def test_a_price_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"one finite number per caption.*shape \(\)"):
        attack_captions(lambda captions, which: 1.0, CAPTIONS, "typo")
