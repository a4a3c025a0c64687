"""Has it learnt by heart? Nearest training images of generated ones, against those of a held-out set."""

from typing import NamedTuple

import numpy as np

from utils.metrics.distribution import check_features
from utils.metrics.neighbours import nearest_neighbours
from utils.metrics.opinion import Interval, preference_share

OTHERS = 5  # training images, after the nearest, that say how far apart images of this kind lie
TAIL = 0.01  # share of the held-out images that lie as near by chance: where copies are looked for
LEAST = 100  # images, so that one of the held-out ones is in the tail


class Memorisation(NamedTuple):
    """What a search for copies found; pairs[0] is the generated image most like a copy, and its original."""

    closer: Interval
    copied: Interval
    pairs: np.ndarray  # (m, 2): generated image, its nearest training image; most like a copy first


def memorisation(train_features, held_out_features, fake_features):
    """Do generated images lie nearer to the training images than images do that training never saw?

    Held-out images are what a perfect generator would draw. Each image gets one number: the distance to its
    nearest training image by the mean distance to the next five, so that images of a dense class are no
    suspects. `closer` compares all of them; it hardly moves when few are copies. `copied` looks at the tail
    alone: how many more of the fakes are as near as the nearest 1 % of the held-out ones.

    Shapes:  train_features (n, d), held_out_features (h, d), fake_features (m, d), h and m of at least 100
             -> Memorisation(closer, copied, pairs)
    Units:   closer: share of pairs (fake, held-out) in which the fake is nearer; copied: share of the fakes
    Healthy: closer 0.5, copied 0 (a little below is right, too); copied.low above 0: look at the pairs.
             Bad images lie far from all training images: closer below 0.5 is no merit
    Source:  Meehan et al. 2020, arXiv:2004.05675 (against held-out images); distance by those of other
             neighbours: Carlini et al. 2023, arXiv:2301.13188; the tail is ours. Intervals: Wilson's, for
             closer with the smaller of m and h (never too narrow), for copied as in Newcombe 1998
    """
    train_features, held_out_features, fake_features = check_features(
        least=LEAST,
        train_features=train_features,
        held_out_features=held_out_features,
        fake_features=fake_features,
    )
    held_out, _ = nearness(held_out_features, train_features)
    fake, nearest = nearness(fake_features, train_features)
    order = np.argsort(fake, kind="stable")
    pairs = np.stack([order, nearest[order]], axis=1)
    return Memorisation(closer(held_out, fake), copied(held_out, fake), pairs)


def nearness(features, train_features):
    """Return the distance to the nearest training image by that to the next ones, and which it is."""
    indices, distances = nearest_neighbours(features, train_features, OTHERS + 1)
    others = distances[:, 1:].mean(axis=1)
    # all of them at 0: copies of an image that the training set holds many times
    return np.divide(distances[:, 0], others, out=np.zeros(len(others)), where=others > 0), indices[:, 0]


def closer(held_out, fake):
    """Return the share of pairs in which the fake is nearer; a tie counts half (Mann & Whitney)."""
    held_out = np.sort(held_out)
    nearer = len(held_out) - np.searchsorted(held_out, fake, "right")
    ties = np.searchsorted(held_out, fake, "right") - np.searchsorted(held_out, fake, "left")
    share = float((nearer + ties / 2).mean() / len(held_out))
    count = min(len(held_out), len(fake))
    return preference_share(share * count, count)


def copied(held_out, fake):
    """Return how many more of the fakes than of the held-out images lie in the tail, as a share."""
    rank = max(1, round(TAIL * len(held_out)))
    limit = np.sort(held_out)[rank - 1]
    inside = preference_share(int((fake < limit).sum()), len(fake))
    chance = preference_share(rank, len(held_out))
    difference = inside.value - chance.value
    low = difference - np.hypot(inside.value - inside.low, chance.high - chance.value)
    high = difference + np.hypot(inside.high - inside.value, chance.value - chance.low)
    return Interval(*(min(1.0, float(part / (1 - chance.value))) for part in (difference, low, high)))
