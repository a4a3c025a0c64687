"""Picture, sentence and chime are of the same product, in every batch, and look-alikes differ in one word."""

import numpy as np
import pytest

from utils.data.triples import KINDS, LENGTH, PATTERNS, captions_of, load_triples, look_alikes, make_triples
from utils.data.vocabulary import learn_vocabulary, tokens_of
from utils.metrics.agreement import modality_agreement
from utils.metrics.readings import read_products


@pytest.fixture(scope="module")
def triples():
    return load_triples("test", 400)


def assert_belong_together(pictures, captions, spectrograms):
    assert modality_agreement(read_products(pictures, captions, spectrograms))["all"] > 0.97


def test_all_three_tell_of_the_same_product(triples):
    assert len(triples) == 400
    assert_belong_together(triples.pictures, triples.captions, triples.spectrograms)


def test_the_neighbours_sound_would_be_noticed(triples):
    with pytest.raises(AssertionError):
        assert_belong_together(triples.pictures, triples.captions, np.roll(triples.spectrograms, 1, axis=0))


def test_every_sentence_fits_and_is_told_again(triples):
    vectorizer = learn_vocabulary(triples.captions, LENGTH)
    tokens = tokens_of(vectorizer, triples.captions)
    assert captions_of(vectorizer, tokens) == list(triples.captions)
    longest = load_triples("train", 3_000).captions
    assert max(len(caption.split()) for caption in longest) == LENGTH


def numbered(count=40):
    """Return parts in which every row carries its own number."""
    rows = np.arange(count)
    return (
        np.repeat(rows[:, None], 3, axis=1).astype("float32"),
        rows[:, None],
        rows[:, None].astype("float32"),
    )


@pytest.mark.parametrize("grouped", [False, True])
def test_batches_keep_products_together(grouped):
    attributes = {
        "kind": np.array(["mug", "hat"] * 20),
        "colour": np.array(["red"] * 20 + ["blue"] * 20),
        "pattern": np.array(["plain", "plain", "dotted", "dotted"] * 10),
    }
    groups = look_alikes(attributes) if grouped else None
    batches = make_triples(*numbered(), batch_size=9, seed=1, groups=groups).take(50)
    seen = []
    for pictures, tokens, sounds in batches.as_numpy_iterator():
        assert len(tokens) == (8 if grouped else 9) and tokens.dtype == np.int32
        assert (pictures == tokens).all() and (sounds == tokens).all()
        seen.append(tokens[:, 0])
        if grouped:
            for rows in tokens[:, 0].reshape(-1, 2):  # two patterns of one kind and colour
                assert len(set(attributes["kind"][rows])) == len(set(attributes["colour"][rows])) == 1
                assert len(set(attributes["pattern"][rows])) == 2
    assert set(np.concatenate(seen)) == set(range(40))
    assert not np.array_equal(seen[0], seen[1])


def test_a_combination_without_a_product_is_filled_from_its_group():
    attributes = {
        "kind": np.array(["mug", "mug", "hat"]),
        "colour": np.array(["red", "red", "red"]),
        "pattern": np.array(["plain", "dotted", "plain"]),
    }
    groups = look_alikes(attributes)
    assert groups.shape == (2, 2, 1)
    assert sorted(groups[0].ravel()) == [0, 1] and groups[1].ravel().tolist() == [2, 2]


def test_the_assortment_is_what_shows_its_pattern_and_others_can_be_asked_for(triples):
    assert set(triples.attributes["kind"]) == set(KINDS) and set(triples.attributes["pattern"]) == set(
        PATTERNS
    )
    watches = load_triples("test", 5, kinds=("watch",), patterns=("checked",))
    assert len(watches) == 5 and all("checked watch" in caption for caption in watches.captions)
