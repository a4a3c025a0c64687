"""Products in three modalities: a picture, a sentence and a chime of each, all in the same order."""

from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from utils.data.captions import write_caption
from utils.data.chimes import draw_spectrograms
from utils.data.images import scale_images
from utils.data.sources import load_products
from utils.data.vocabulary import vocabulary_of

SAID = ("kind", "colour", "pattern", "detail", "background")
LENGTH = 8  # words of the longest sentence: "an orange zigzag bottle with a screw top"
# What shows its pattern at 32 x 32 pixels: on a watch or a pump it covers too few of them, and checks are
# taken for stripes. No trousers: "a pair of" moves every word that follows, and no generator ever said it.
KINDS = ("t-shirt", "dress", "skirt", "coat", "handbag", "backpack", "hat", "bottle")
PATTERNS = ("plain", "striped", "dotted", "zigzag")
FIRST = {"train": 0, "test": 10_000_000}  # number of the first chime, as in the catalogue


@dataclass(frozen=True, eq=False)
class Triples:
    """Pictures, sentences and sounds of the same products, and what they all tell."""

    pictures: np.ndarray  # float32 (n, 32, 32, 3) in [-1, 1]
    captions: tuple[str, ...]  # "a red striped mug with a lid"
    spectrograms: np.ndarray  # float32 (n, 48, 40, 1) in [-1, 1]
    attributes: dict[str, np.ndarray]  # name -> str (n,)

    def __len__(self):
        return len(self.pictures)


def load_triples(split="train", count=8_000, seed=0, kinds=KINDS, patterns=PATTERNS):
    """Load catalogue products with the first phrasing of their caption and with their chime."""
    products = load_products("catalogue", split)
    kept = np.isin(products.attributes["kind"], kinds) & np.isin(products.attributes["pattern"], patterns)
    kept = np.flatnonzero(kept)[:count]
    attributes = {name: words[kept] for name, words in products.attributes.items()}
    rows = zip(*(attributes[name].tolist() for name in SAID), strict=True)
    return Triples(
        pictures=scale_images(products.images[kept]),
        captions=tuple(write_caption(*row) for row in rows),
        spectrograms=draw_spectrograms(attributes, seed, FIRST[split]),
        attributes=attributes,
    )


def look_alikes(attributes, alike=("kind", "colour"), apart="pattern"):
    """Return rows of products that differ in one attribute: int64 (groups, values, rows to choose from).

    Among any 64 products hardly two share kind and colour, so a joint discriminator could tell what belongs
    together without ever looking at the pattern. In a group nothing but the pattern tells.
    """
    values = np.unique(attributes[apart])
    groups = {}
    for row, words in enumerate(zip(*(attributes[name].tolist() for name in (*alike, apart)), strict=True)):
        groups.setdefault(words[:-1], {value: [] for value in values})[words[-1]].append(row)
    most = max(len(rows) for group in groups.values() for rows in group.values())
    table = np.empty((len(groups), len(values), most), "int64")
    for place, group in enumerate(groups.values()):
        everyone = sum(group.values(), [])
        for column, rows in enumerate(group.values()):
            table[place, column] = np.resize(rows or everyone, most)  # a combination without product: another
    return table


def make_triples(picture_codes, tokens, sound_codes, batch_size, seed=0, groups=None):
    """Make an endless dataset of batches (picture_codes, tokens, sound_codes), anew each time.

    With the groups of look_alikes a batch is made of whole groups, one product of each value; its size is
    rounded down to whole groups.
    """
    counts = {len(picture_codes), len(tokens), len(sound_codes)}
    if len(counts) > 1 or not 0 < batch_size <= len(tokens):
        raise ValueError(
            "Codes and tokens must be of the same products, as many as a batch or more. Received: "
            f"{len(picture_codes)} picture codes, {len(tokens)} sentences, {len(sound_codes)} sound codes, "
            f"batch_size={batch_size}. Most likely fix: make all three from one load_triples(...)."
        )
    parts = picture_codes, tf.constant(tokens, tf.int32), sound_codes
    if groups is None:
        rows = tf.data.Dataset.range(len(tokens)).shuffle(len(tokens), seed).repeat().batch(batch_size)
    else:
        rows = tf.data.Dataset.counter().map(lambda number: rows_of(groups, batch_size, number, seed))
    return rows.map(lambda chosen: tuple(tf.gather(part, chosen) for part in parts)).prefetch(2)


def rows_of(groups, batch_size, number, seed):
    """Draw the rows of one batch: some groups, and of each value in them one product."""
    count, values, most = groups.shape
    shape = max(1, batch_size // values), values
    keys = tf.stack([tf.cast(number, tf.int32), seed])
    group = tf.random.stateless_uniform((shape[0], 1), keys, 0, count, tf.int32)
    which = tf.random.stateless_uniform(shape, keys + [0, 1], 0, most, tf.int32)
    value = tf.broadcast_to(tf.range(values), shape)
    places = tf.stack([tf.broadcast_to(group, shape), value, which], axis=-1)
    return tf.reshape(tf.gather_nd(tf.constant(groups), places), [-1])


def captions_of(vectorizer, tokens):
    """Return the sentences that rows of tokens stand for; padding is silent wherever it stands."""
    words = np.array(vocabulary_of(vectorizer), dtype=object)
    return [" ".join(words[token] for token in row if token) for row in np.asarray(tokens)]
