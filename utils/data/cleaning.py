"""Data before models: photos that are there twice, photos of nothing, labels that do not fit."""

import numpy as np

from utils.data.images import describe

SIDE = 16  # pixels of the small picture in which copies are alike and the noise of a camera is gone
ALIKE = 0.99  # correlation of two small pictures; two shirts in the same pose reach 0.988
CONTENT = 6.0  # grey levels; a picture with less difference in it shows nothing


def small_pictures(images):
    """Return each picture as 16 x 16 mean colours, from 0 to 255.

    Shapes: images uint8 (n, height, width, channels), sides of 16 pixels or more -> (n, 16, 16, channels)
    """
    images = np.asarray(images)
    if images.dtype != np.uint8 or images.ndim != 4 or min(images.shape[1:3], default=0) < SIDE:
        raise ValueError(
            f"Photos to clean must be uint8 (n, height, width, channels), {SIDE} pixels or more. "
            f"Received: {describe(images)}. Most likely fix: pass products.images as they were loaded."
        )
    means = images.astype("float32")
    for axis in (1, 2):
        size = means.shape[axis]
        edges = np.arange(SIDE) * size // SIDE
        counts = np.diff([*edges, size]).reshape([-1 if place == axis else 1 for place in range(4)])
        means = np.add.reduceat(means, edges, axis=axis) / counts
    return means


def near_blank(images, content=CONTENT):
    """Find photos that show nothing: in no colour do the places of their small pictures differ.

    Shapes:  images uint8 (n, height, width, channels) -> indices (found,), the emptiest first
    Units:   standard deviation over 256 places, of the colour that differs most; from 0 to 127
    Healthy: none or few: none of 3,068 photos of clothes
    Source:  ours; look at what is found before anything is removed
    """
    deviations = small_pictures(images).std(axis=(1, 2)).max(axis=1)  # red and blue may be the same grey
    found = np.flatnonzero(deviations < content)
    return found[np.argsort(deviations[found], kind="stable")]


def near_duplicates(images, alike=ALIKE):
    """Find pairs of photos that are one: lighter, sharper or compressed more, but the same.

    Shapes:  images uint8 (n, height, width, channels) -> pairs (found, 2) of indices, the most alike first
    Units:   alike is a correlation, 1 for the same picture up to light and contrast
    Healthy: few; photos without content are left out, for they are all alike
    Source:  small pictures, as in perceptual hashing; correlation in place of a hash's bits
    """
    rows = small_pictures(images).reshape(len(images), -1)
    rows = rows - rows.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    shows_something = lengths[:, 0] >= CONTENT * rows.shape[1] ** 0.5
    rows = rows / np.maximum(lengths, 1e-9)
    found, likeness = [], []
    for first in np.flatnonzero(shows_something):
        correlations = rows[first + 1 :] @ rows[first]
        others = first + 1 + np.flatnonzero((correlations >= alike) & shows_something[first + 1 :])
        found += [(int(first), int(other)) for other in others]
        likeness += correlations[others - first - 1].tolist()
    order = np.argsort(likeness, kind="stable")[::-1]
    return np.array(found, int).reshape(-1, 2)[order]


def suspicious_labels(class_ids, neighbours, agree=0.8):
    """Find photos whose neighbours nearly all say the same other class.

    Shapes:  class_ids (n,), neighbours (n, k): for each photo the indices of those most like it, itself not
             among them -> indices (found,), the class that the neighbours say (found,)
    Units:   agree is a share of the k neighbours
    Healthy: few per hundred; among them wrong labels, and right ones of unusual products: look at each
    Source:  edited nearest neighbours, Wilson 1972, doi:10.1109/TSMC.1972.4309137
    """
    class_ids, neighbours = np.asarray(class_ids), np.asarray(neighbours)
    if neighbours.ndim != 2 or len(neighbours) != len(class_ids):
        raise ValueError(
            f"neighbours must be (n, k), a row for each of the {len(class_ids)} photos. Received: shape "
            f"{neighbours.shape}. Most likely fix: nearest_neighbours(features, features, k + 1)[0][:, 1:]."
        )
    votes = np.zeros((len(class_ids), class_ids.max() + 1))
    for column in neighbours.T:
        votes[np.arange(len(votes)), class_ids[column]] += 1
    said, share = votes.argmax(axis=1), votes.max(axis=1) / neighbours.shape[1]
    found = np.flatnonzero((said != class_ids) & (share >= agree))
    found = found[np.argsort(-share[found], kind="stable")]
    return found, said[found]


def kept_by_cleaning(images):
    """Say which photos stay: not the blank ones, and of each pair only the first.

    Shapes: images uint8 (n, height, width, channels) -> True or False (n,)
    """
    kept = np.ones(len(images), bool)
    kept[near_blank(images)] = False
    kept[near_duplicates(images)[:, 1]] = False
    return kept
