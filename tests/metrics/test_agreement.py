"""Agreement counts products of which all modalities tell all the same, and chance is what it says."""

import numpy as np
import pytest

from utils.data import load_products
from utils.data.captions import COLOURS, KINDS, PATTERNS, write_caption
from utils.metrics.agreement import agreement_by_chance, modality_agreement, pairwise_agreement
from utils.metrics.sentences import read_sentences, sentence_share, sentences, spoken

ONE = {
    "kind": np.array(["mug", "mug"]),
    "colour": np.array(["red", "blue"]),
    "pattern": np.array(["plain"] * 2),
}


def with_word(name, place, word):
    """Return ONE with one word changed."""
    words = ONE[name].tolist()
    words[place] = word
    return ONE | {name: np.array(words)}


def uniform(count, seed):
    rng = np.random.default_rng(seed)
    values = {"kind": list(KINDS), "colour": list(COLOURS), "pattern": list(PATTERNS)}
    return {name: rng.choice(words, count) for name, words in values.items()}


def assert_is_agreement(measure):
    assert measure({"picture": ONE, "words": ONE, "sound": ONE})["all"] == 1
    apart = {"picture": ONE, "words": ONE, "sound": with_word("colour", 1, "red")}
    assert measure(apart) == {"kind": 1, "colour": 0.5, "pattern": 1, "all": 0.5}
    each_once = {
        "picture": with_word("kind", 0, "hat"),
        "words": with_word("pattern", 1, "dotted"),
        "sound": ONE,
    }
    assert measure(each_once) == {"kind": 0.5, "colour": 1, "pattern": 0.5, "all": 0}
    unread = with_word("kind", 0, "")
    assert measure({"picture": unread, "words": unread, "sound": unread})["all"] == 0.5


def test_agreement_is_of_all_attributes_in_all_modalities():
    assert_is_agreement(modality_agreement)


def mean_of_pairs(readings):
    pairs = pairwise_agreement(readings)
    return modality_agreement(readings) | {"all": sum(pairs.values()) / len(pairs)}


def product_of_attributes(readings):
    scores = modality_agreement(readings)
    return scores | {"all": scores["kind"] * scores["colour"] * scores["pattern"]}


def unread_agrees(readings):
    return modality_agreement(
        {k: {n: np.char.add("x", w) for n, w in v.items()} for k, v in readings.items()}
    )


def without_sound(readings):
    return modality_agreement({name: words for name, words in readings.items() if name != "sound"})


@pytest.mark.parametrize("bug", [mean_of_pairs, product_of_attributes, unread_agrees, without_sound])
def test_what_is_often_taken_for_it_is_not(bug):
    with pytest.raises(AssertionError):
        assert_is_agreement(bug)


def test_each_two_agree_more_often_than_all_three():
    told = {"picture": ["hat", "hat", "mug", "mug"], "words": ["hat", "mug", "mug", "mug"]}
    told["sound"] = ["hat", "hat", "mug", "cap"]
    rest = {"colour": np.array(["red"] * 4), "pattern": np.array(["plain"] * 4)}
    readings = {modality: rest | {"kind": np.array(kinds)} for modality, kinds in told.items()}
    assert pairwise_agreement(readings) == {
        "picture, words": 0.75,
        "picture, sound": 0.75,
        "words, sound": 0.5,
    }
    assert modality_agreement(readings)["all"] == 0.5


def test_chance_is_what_independent_draws_have():
    drawn = {name: uniform(100_000, seed) for seed, name in enumerate(("picture", "words", "sound"))}
    chance, found = agreement_by_chance(drawn), modality_agreement(drawn)
    assert [chance[name] for name in ("kind", "colour", "pattern")] == pytest.approx(
        [1 / 256, 1 / 100, 1 / 25], rel=0.02
    )
    assert chance["all"] == pytest.approx(1 / 640_000, rel=0.02)
    assert [found[name] for name in ("kind", "colour", "pattern")] == pytest.approx(
        [1 / 256, 1 / 100, 1 / 25], rel=0.15
    )


def test_a_modality_that_always_tells_the_same_has_more_chance():
    stuck = {name: np.repeat(words[:1], 2000) for name, words in ONE.items()}
    drawn = {"picture": stuck, "words": stuck, "sound": uniform(2000, 0)}
    assert agreement_by_chance(drawn)["colour"] == pytest.approx(0.1, abs=0.03)
    assert agreement_by_chance({"picture": stuck, "words": stuck})["all"] == 1
    nothing = {name: np.full(2000, "") for name in ONE}
    assert agreement_by_chance({"picture": nothing, "words": stuck})["all"] == 0


@pytest.mark.parametrize(
    "readings",
    [
        {"picture": ONE},
        {"picture": ONE, "words": {name: words[:1] for name, words in ONE.items()}},
        {"picture": ONE, "words": {"kind": ONE["kind"]}},
        {"picture": {n: w[:0] for n, w in ONE.items()}, "words": {n: w[:0] for n, w in ONE.items()}},
    ],
    ids=["one modality", "fewer products", "no colour", "no product"],
)
def test_readings_that_do_not_belong_together_are_refused(readings):
    with pytest.raises(ValueError, match="Received: .*Most likely fix"):
        modality_agreement(readings)


# Sentences


def test_every_caption_of_the_catalogue_is_a_sentence_and_is_read_right():
    products = load_products("catalogue", "test")
    assert sentence_share(products.captions) == 1
    read = read_sentences(products.captions)
    for name in ("kind", "colour", "pattern", "detail"):
        assert (read[name] == products.attributes[name]).all()
    assert len(sentences()) == len(set(sentences()))


@pytest.mark.parametrize(
    "caption",
    [
        "a orange mug with a lid",
        "a red trousers with long legs",
        "a red mug with long legs",
        "a red mug",
        "mug red a with lid a",
        "a red plain mug with a lid",
        "",
    ],
)
def test_one_wrong_word_makes_it_none(caption):
    assert sentence_share([caption, "a red mug with a lid"]) == 0.5
    assert read_sentences([caption])["kind"].tolist() == [""]


def test_commas_and_capitals_are_not_heard():
    caption = write_caption("mug", "red", "striped", "a lid", "white", 5)
    assert "," in caption and sentence_share([caption, caption.upper(), spoken(caption)]) == 1
    with pytest.raises(ValueError, match=r"put it into a list, \[caption\]"):
        sentence_share(caption)
