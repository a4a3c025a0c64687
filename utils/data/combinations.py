"""Which combinations of kind, colour and pattern are kept out of training, to ask for what was never seen."""

import numpy as np

from utils.data.captions import COLOURS, KINDS, PATTERNS


def held_out_combinations(share=0.1, seed=0):
    """Choose (kind, colour, pattern) triples to keep out of training; every pair of words stays in it.

    Shapes:  -> list of share * 800 triples of str, in the order of the catalogue
    Range:   share from 0 up to about 0.7; the default holds out 80
    Source:  compositional generalisation, as in Lake and Baroni 2018, arXiv:1711.00350
    Errors:  ValueError for a share that leaves a pair of words without a product
    """
    held = np.zeros((len(KINDS), len(COLOURS), len(PATTERNS)))  # 1 where a combination is held out
    ties = 1e-6 * np.random.default_rng(seed).random(held.shape)
    values_and_pairs = [(1, 2), (0, 2), (0, 1), (2,), (1,), (0,)]  # the axes that each averages over
    for _ in range(round(share * held.size)):
        crowding = sum(held.mean(axis=axes, keepdims=True) for axes in values_and_pairs)
        held.flat[np.argmin(crowding + ties + 10 * held)] = 1  # the least crowded that is still free
    if share < 0 or any((held.mean(axis=axis) == 1).any() for axis in (0, 1, 2)):
        raise ValueError(
            "The share must be from 0 to about 0.7, so that every pair of words stays in training. "
            f"Received: {share}. Most likely fix: share=0.1."
        )
    names = tuple(KINDS), tuple(COLOURS), PATTERNS
    return [tuple(words[i] for words, i in zip(names, place, strict=True)) for place in np.argwhere(held)]


def is_held_out(attributes, combinations):
    """Tell of each product whether its kind, colour and pattern are among these triples: bool (n,)."""
    wanted = set(combinations)
    shown = zip(*(attributes[name].tolist() for name in ("kind", "colour", "pattern")), strict=True)
    return np.array([triple in wanted for triple in shown], dtype=bool)
