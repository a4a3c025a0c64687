"""Captions say the attributes, all of them and nothing else."""

import itertools

import pytest

from utils.data.captions import (
    BACKGROUNDS,
    COLOURS,
    KINDS,
    PATTERNS,
    PHRASINGS,
    read_caption,
    write_caption,
)

PRODUCTS = [
    {"kind": kind, "colour": colour, "pattern": pattern, "detail": detail, "background": background}
    for kind, details in KINDS.items()
    for colour, pattern, detail, background in itertools.product(COLOURS, PATTERNS, details, BACKGROUNDS)
]


def check_round_trip(product, caption):
    """Fail unless the caption says what the product is; only the background may stay unsaid."""
    said = read_caption(caption)
    assert {**product, **said} == product, caption
    assert set(product) - set(said) <= {"background"}, caption


@pytest.mark.parametrize("phrasing", range(len(PHRASINGS)))
def test_every_product_is_read_back_from_every_phrasing(phrasing):
    for product in PRODUCTS:
        check_round_trip(product, write_caption(**product, phrasing=phrasing))


@pytest.mark.parametrize("changed", ["kind", "colour", "pattern", "detail", "background"])
def test_a_caption_that_is_wrong_in_one_word_is_rejected(changed):
    right = {"kind": "mug", "colour": "red", "pattern": "dotted", "detail": "a lid", "background": "white"}
    wrong = {"kind": "lamp", "colour": "blue", "pattern": "plain", "detail": "no lid", "background": "studio"}
    other = {**right, changed: wrong[changed]}
    if changed == "kind":
        other["detail"] = "a cone shade"
    check_round_trip(right, write_caption(**right, phrasing=1))
    with pytest.raises(AssertionError):
        check_round_trip(right, write_caption(**other, phrasing=1))


def test_captions_read_like_english():
    words = {"colour": "red", "pattern": "striped", "background": "studio"}
    assert (
        write_caption("t-shirt", detail="long sleeves", **words) == "a red striped t-shirt with long sleeves"
    )
    words |= {"colour": "orange", "pattern": "plain"}
    assert write_caption("mug", detail="a lid", **words) == "an orange mug with a lid"
    assert (
        write_caption("trousers", detail="short legs", phrasing=4, **words)
        == "a pair of trousers with short legs, orange and plain"
    )


def test_no_two_phrasings_are_the_same():
    product = PRODUCTS[0]
    captions = {write_caption(**product, phrasing=number) for number in range(len(PHRASINGS))}
    assert len(captions) == len(PHRASINGS) >= 4


@pytest.mark.parametrize(
    "caption",
    ["", "a nice thing", "a red mug", "a red blue mug with a lid", "a red mug and a cap with a lid"],
)
def test_a_foreign_caption_is_refused_with_the_words_that_were_expected(caption):
    with pytest.raises(ValueError, match=r"says exactly one of .*Received.*Most likely fix"):
        read_caption(caption)
