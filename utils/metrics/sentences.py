"""Is a row of words a sentence of the catalogue, and what does it say? The grammar reads, no network."""

import functools
import itertools

import numpy as np

from utils.data.captions import BACKGROUNDS, COLOURS, KINDS, PATTERNS, PHRASINGS, write_caption
from utils.data.vocabulary import words_of

SAID = ("kind", "colour", "pattern", "detail")  # of every sentence; the background is not always said


def spoken(caption):
    """Return a caption as it is spoken: lower case, single spaces, no commas."""
    return " ".join(words_of(caption.lower()))


@functools.cache
def sentences():
    """Return every sentence that the grammar can say, with what it says: {sentence: {name: word}}."""
    found = {}
    for kind, colour, pattern in itertools.product(KINDS, COLOURS, PATTERNS):
        for detail, background, phrasing in itertools.product(
            KINDS[kind], BACKGROUNDS, range(len(PHRASINGS))
        ):
            words = (kind, colour, pattern, detail)
            sentence = spoken(write_caption(*words, background, phrasing))
            found[sentence] = dict(zip(SAID, words, strict=True))
    return found


def read_sentences(captions):
    """Say what each caption says: {name: str (n,)}, "" for all of them where it is no sentence."""
    said = [sentences().get(spoken(caption), {}) for caption in captions]
    return {name: np.array([words.get(name, "") for words in said]) for name in SAID}


def sentence_share(captions):
    """Return the share of captions that the catalogue's grammar could have said.

    A caption with one wrong word ("a orange mug", "trousers with a lid") is none.

    Shapes:  n strings -> float
    Units:   share, 0 to 1
    Healthy: 1.0 for real captions, 0 for their words in random order
    Source:  membership, as a compiler judges a program; the grammar is that of write_caption
    """
    if isinstance(captions, str) or not len(captions):
        raise ValueError(
            f"Captions must be a list of strings, one or more. Received: {captions!r}. "
            "Most likely fix: put it into a list, [caption]."
        )
    return float(np.mean(read_sentences(captions)["kind"] != ""))
