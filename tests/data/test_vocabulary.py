"""Words become numbers, the same ones each time, and what a vocabulary cannot read is named."""

import itertools
import random

import keras
import numpy as np
import pytest

from utils.data.captions import BACKGROUNDS, COLOURS, KINDS, PATTERNS, PHRASINGS, write_caption
from utils.data.vocabulary import (
    LENGTH,
    check_captions,
    learn_vocabulary,
    length_of,
    lower_words,
    token_table,
    tokens_of,
    unknown_words,
    vocabulary_of,
    words_cut_off,
    words_of,
)

CAPTIONS = ["a red t-shirt with a hood", "a blue mug, striped", "A red mug."]


@pytest.fixture(scope="module")
def vectorizer():
    return learn_vocabulary(CAPTIONS, length=8)


def test_padding_is_0_unknown_is_1_and_frequent_words_come_first(vectorizer):
    assert vocabulary_of(vectorizer)[:3] == ("", "[UNK]", "a")
    assert vectorizer.vocabulary_size() == len(vocabulary_of(vectorizer)) == 10
    tokens = tokens_of(vectorizer, ["a purple mug", ""])
    assert tokens.dtype == np.int32 and tokens.shape == (2, 8)
    assert tokens[0].tolist() == [2, 1, vocabulary_of(vectorizer).index("mug"), 0, 0, 0, 0, 0]
    assert not tokens[1].any()
    assert tokens_of(vectorizer, []).shape == (0, 8)


def test_case_and_punctuation_do_not_count_but_the_hyphen_inside_a_word_does(vectorizer):
    first, *others = tokens_of(vectorizer, ["a red t-shirt", "A RED, T-Shirt!", ' - "a"  red.t-shirt-- '])
    assert all((first == other).all() for other in others)
    assert 1 not in first
    assert tokens_of(vectorizer, ["a red t shirt"])[0].tolist() != first.tolist()


def test_the_standard_of_keras_would_drop_the_hyphen():
    """The planted bug: a T-shirt becomes a word that no caption writes."""
    standard = keras.layers.TextVectorization()
    standard.adapt(CAPTIONS)
    assert "t-shirt" not in standard.get_vocabulary() and "tshirt" in standard.get_vocabulary()


def test_words_are_the_same_in_python_and_in_tensorflow():
    letters = random.Random(0)
    captions = ["".join(letters.choices("aZé中7 -'’_.,\t\n", k=12)) for _ in range(2000)]
    lowered = [text.numpy().decode() for text in lower_words(np.array(captions, dtype=object))]
    for caption, text in zip(captions, lowered, strict=True):
        assert [word.lower() for word in words_of(caption)] == text.split(), caption


def test_the_vocabulary_does_not_depend_on_the_order_of_the_captions(vectorizer):
    again = learn_vocabulary(CAPTIONS[::-1], length=8)
    assert vocabulary_of(again) == vocabulary_of(vectorizer)


def test_the_longest_caption_of_the_catalogue_fits():
    products = itertools.product(KINDS, COLOURS, PATTERNS, (0, 1), BACKGROUNDS, range(len(PHRASINGS)))
    captions = [
        write_caption(kind, colour, pattern, KINDS[kind][detail], background, phrasing)
        for kind, colour, pattern, detail, background, phrasing in products
    ]
    vectorizer = learn_vocabulary(captions)
    assert max(len(words_of(caption)) for caption in captions) == 14 <= length_of(vectorizer) == LENGTH
    tokens = tokens_of(vectorizer, captions)
    assert 1 not in tokens and not tokens[:, 14:].any()
    assert len(np.unique(tokens, axis=0)) == len(set(captions))  # no two captions read the same
    assert not any(words_cut_off(vectorizer, caption) for caption in captions[:100])
    assert words_cut_off(learn_vocabulary(captions, length=13), max(captions, key=lambda c: len(words_of(c))))


def test_unknown_words_are_named_as_written_in_order_and_once(vectorizer):
    caption = "A Neon t-shirt with neon FROGS, frogs and a 'women's' mug"
    assert unknown_words(vectorizer, caption) == ("Neon", "FROGS", "and", "women's")
    assert unknown_words(vectorizer, "A RED mug!") == unknown_words(vectorizer, "") == ()


def test_every_unknown_token_is_named(vectorizer):
    for caption in ("a neon mug", "a red mug", "[UNK]", "unk 中文 mug", "T-SHIRT t-shirts"):
        assert (1 in tokens_of(vectorizer, [caption])) == bool(unknown_words(vectorizer, caption)), caption


def test_words_that_find_no_place_are_named(vectorizer):
    caption = "a red mug, a red mug, a red Mug and a Hood"
    assert words_cut_off(vectorizer, caption) == ("Mug", "and", "a", "Hood")
    assert words_cut_off(vectorizer, "a red mug") == ()


def test_the_table_shows_words_tokens_and_what_is_read(vectorizer):
    written, token, read = token_table(vectorizer, "A NEON t-shirt!").splitlines()
    assert written.split() == ["written", "A", "NEON", "t-shirt"]
    assert token.split()[:3] == ["token", "2", "1"] and token.endswith("0 x 5")
    assert read.split() == ["read", "as", "a", "[UNK]", "t-shirt", "padding"]
    assert token_table(vectorizer, "a a a a a a a a mug").count("(cut off)") == 2
    assert "padding" not in token_table(vectorizer, "a " * 8)


def test_a_model_with_the_vocabulary_inside_can_be_saved(vectorizer, tmp_path):
    model = keras.Sequential([keras.Input((), dtype="string"), vectorizer])
    model.save(tmp_path / "reader.keras")
    again = keras.models.load_model(tmp_path / "reader.keras").layers[-1]
    captions = ["a red T-shirt, neon", ""]
    assert (tokens_of(again, captions) == tokens_of(vectorizer, captions)).all()
    assert vocabulary_of(again) == vocabulary_of(vectorizer)


def test_one_string_is_refused_where_a_list_belongs(vectorizer):
    for wants_captions in (learn_vocabulary, lambda caption: tokens_of(vectorizer, caption)):
        with pytest.raises(TypeError, match=r"list of strings.*Received: one str.*\[caption\]"):
            wants_captions("a red mug")


@pytest.mark.parametrize("captions", [[1, 2], ["a mug", None], [b"a mug"], np.zeros(3)])
def test_what_is_no_string_is_refused(captions):
    with pytest.raises(TypeError, match=r"must be strings.*Received: .*number \d.*Most likely fix"):
        learn_vocabulary(captions)


def test_arrays_of_strings_are_captions():
    assert check_captions(np.array(["a mug"])) == check_captions(("a mug",)) == ["a mug"]


@pytest.mark.parametrize("captions", [[], [""], ["...", "- !"]])
def test_captions_without_words_teach_nothing(captions):
    with pytest.raises(ValueError, match=r"captions with words. Received: \d captions.*Most likely fix"):
        learn_vocabulary(captions)


@pytest.mark.parametrize("length", [0, -1, 2.5, None, True])
def test_a_length_that_holds_no_word_is_refused(length):
    with pytest.raises(ValueError, match="1 or more. Received: .*Most likely fix"):
        learn_vocabulary(CAPTIONS, length)
