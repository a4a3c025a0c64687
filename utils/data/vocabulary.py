"""Words become numbers: a vocabulary learnt from captions, tokens, and what a vocabulary cannot read."""

import itertools
import re

import keras
import numpy as np
import tensorflow as tf

from utils.data.products import is_whole

LENGTH = 16  # words per caption; the longest of the catalogue has 14
PADDING, UNKNOWN = 0, 1  # what the ids 0 and 1 stand for; words begin at 2
WORD = re.compile(r"[^\W_]+(?:['’-]+[^\W_]+)*")  # what lower_words leaves, in the caption as it was written


@keras.saving.register_keras_serializable("course")
def lower_words(captions):
    """Lower the case and drop punctuation, but keep what stands inside a word: "T-shirt!" -> "t-shirt"."""
    captions = tf.strings.lower(captions, encoding="utf-8")
    captions = tf.strings.regex_replace(captions, r"[^\p{L}\p{N}'’-]+", " ")
    captions = tf.strings.regex_replace(captions, r"(^|\s)['’-]+", " ")  # before a word
    return tf.strings.regex_replace(captions, r"['’-]+(\s|$)", " ")  # after a word


def learn_vocabulary(captions, length=LENGTH):
    """Return a TextVectorization that knows the words of these captions, the most frequent ones first."""
    captions = check_captions(captions)
    if not is_whole(length) or length < 1:
        raise ValueError(
            f"The length must be a whole number of words, 1 or more. Received: {length!r}. "
            f"Most likely fix: leave it out, it is {LENGTH} then."
        )
    if not any(map(words_of, captions)):
        raise ValueError(
            f"A vocabulary is learnt from captions with words. Received: {len(captions)} captions without "
            "one. Most likely fix: pass the captions of the training products."
        )
    vectorizer = keras.layers.TextVectorization(standardize=lower_words, output_sequence_length=int(length))
    vectorizer.adapt(np.array(captions, dtype=object))
    return vectorizer


def tokens_of(vectorizer, captions):
    """Return the ids of the words, int32 (count, length): 0 is padding, 1 a word that is not known."""
    captions = check_captions(captions)
    if not captions:
        return np.zeros((0, length_of(vectorizer)), np.int32)
    return np.asarray(vectorizer(tf.constant(captions)), dtype=np.int32)


def vocabulary_of(vectorizer):
    """Return the words that the vectorizer knows, each at the place of its id; "" and "[UNK]" are first."""
    return tuple(map(str, vectorizer.get_vocabulary()))


def words_of(caption):
    """Return the words of a caption as they were written, without punctuation."""
    return WORD.findall(caption)


def length_of(vectorizer):
    """Return how many words of a caption the vectorizer keeps."""
    return vectorizer.compute_output_shape((None,))[1]


def unknown_words(vectorizer, caption):
    """Return the words that the vocabulary lacks, as they were written, in order, each once."""
    (caption,) = check_captions([caption])
    known = set(vocabulary_of(vectorizer))
    missing = {}
    for word in words_of(caption):
        if word.lower() not in known:
            missing.setdefault(word.lower(), word)
    return tuple(missing.values())


def words_cut_off(vectorizer, caption):
    """Return the words at the end for which the length of the vectorizer leaves no place."""
    (caption,) = check_captions([caption])
    return tuple(words_of(caption)[length_of(vectorizer) :])


def token_table(vectorizer, caption):
    """Return three rows of text: the words as written, their tokens, and what the network reads."""
    tokens = [int(token) for token in tokens_of(vectorizer, [caption])[0] if token != PADDING]
    read = [vocabulary_of(vectorizer)[token] for token in tokens]
    columns = list(itertools.zip_longest(words_of(caption), tokens, read, fillvalue="(cut off)"))
    columns.insert(0, ("written", "token", "read as"))
    if len(tokens) < length_of(vectorizer):
        columns.append(("", f"0 x {length_of(vectorizer) - len(tokens)}", "padding"))
    widths = [max(len(str(cell)) for cell in column) for column in columns]
    rows = zip(*columns, strict=True)
    lines = ("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def check_captions(captions):
    """Return the captions as a list of strings, else say what is wrong and its cure."""
    if isinstance(captions, str | bytes):
        raise TypeError(
            f"Captions must be a list of strings. Received: one {type(captions).__name__}, {captions!r}. "
            "Most likely fix: put it into a list, [caption]."
        )
    captions = list(captions)
    for i, caption in enumerate(captions):
        if not isinstance(caption, str):
            raise TypeError(
                f"Captions must be strings. Received: {caption!r} of type {type(caption).__name__} as "
                f"number {i}. Most likely fix: pass products.captions."
            )
    return [str(caption) for caption in captions]
