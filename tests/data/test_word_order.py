"""Twins have the same words and another meaning, and no caption comes twice."""

from collections import Counter

import numpy as np
import pytest

from utils.data.vocabulary import learn_vocabulary, tokens_of
from utils.data.word_order import LOOKS, PARTS, PHRASINGS, draw_two_part_captions, write_two_part_caption

EVERY = 8 * 5 * 14 * 13


@pytest.fixture(scope="module")
def drawn():
    return draw_two_part_captions(EVERY)


def check_twins(tokens, answers):
    """Fail unless neighbours are the same words in another order, with the answers exchanged."""
    assert (np.sort(tokens[::2]) == np.sort(tokens[1::2])).all()
    assert (tokens[::2] != tokens[1::2]).any(axis=1).all()
    assert (answers[::2] == answers[1::2, ::-1]).all()
    assert (answers[:, 0] != answers[:, 1]).all()


def test_twins_are_the_same_words_in_another_order(drawn):
    captions, answers = drawn
    tokens = tokens_of(learn_vocabulary(captions, length=10), captions)
    assert not tokens[:, 9:].any()  # at most 9 words
    check_twins(tokens, answers)
    planted = {
        "neighbours are of different pairs": (np.roll(tokens, 1, axis=0), answers),
        "the same caption twice": (np.repeat(tokens[::2], 2, axis=0), answers),
        "the answers were not exchanged": (tokens, np.sort(answers)),
    }
    for bug in planted.values():
        with pytest.raises(AssertionError):
            check_twins(*bug)


def test_the_answers_are_what_the_caption_says(drawn):
    captions, answers = drawn
    assert answers.shape == (EVERY, 2) and answers.dtype == np.int32
    for caption, (body, part) in zip(captions[:500], answers[:500], strict=True):
        for looks, found in (((body, part), 1), ((part, body), 0)):
            said = [
                write_two_part_caption(kind, *(LOOKS[look] for look in looks), phrasing)
                for kind in PARTS
                for phrasing in range(len(PHRASINGS))
            ]
            assert said.count(caption) == found


def test_no_caption_comes_twice_and_every_one_can_be_drawn(drawn):
    captions, answers = drawn
    assert len(set(captions)) == EVERY
    assert set(Counter(answers[:, 0].tolist()).values()) == {EVERY // len(LOOKS)}


def test_captions_read_like_english():
    assert write_two_part_caption("bag", "striped", "dotted") == "a striped bag with a dotted strap"
    assert write_two_part_caption("bag", "dotted", "striped") == "a dotted bag with a striped strap"
    assert write_two_part_caption("mug", "red", "orange", 1) == "an orange handle on a red mug"


def test_a_seed_gives_the_same_captions_and_another_gives_others():
    captions, answers = draw_two_part_captions(100, seed=3)
    again, answers_again = draw_two_part_captions(100, seed=3)
    assert captions == again and (answers == answers_again).all()
    assert captions != draw_two_part_captions(100, seed=4)[0]


@pytest.mark.parametrize("count", [0, 1, 7, -2, EVERY + 2, 2.0, True])
def test_a_count_that_cannot_be_drawn_is_refused(count):
    with pytest.raises(ValueError, match=f"even.*{EVERY}.*Received: {count}.*Most likely fix"):
        draw_two_part_captions(count)
