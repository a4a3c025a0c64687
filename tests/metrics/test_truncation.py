"""On a plane where all is known: nearer to the middle is truer and less diverse."""

import numpy as np
import pytest

from utils.metrics.coverage import precision_recall
from utils.metrics.truncation import truncation_table

RNG = np.random.default_rng(0)
REAL = RNG.normal(size=(600, 2))
LATENTS = RNG.normal(size=(600, 2)).astype("float32")


def wide(latents):
    """A generator whose fakes lie too far out."""
    return 2 * latents


def test_a_smaller_share_buys_precision_with_recall():
    plain, cut = truncation_table(wide, np.asarray, REAL, LATENTS, (1.0, 0.3)).values()
    assert cut["precision"] > plain["precision"] + 0.1 and cut["recall"] < plain["recall"] - 0.1
    shifted = truncation_table(lambda z: z + 8, np.asarray, REAL, LATENTS, (0.3,))  # planted: a wrong middle
    assert shifted[0.3]["precision"] < 0.5


def test_a_share_of_one_is_the_plain_reading_and_the_best_kid_is_that_of_the_right_spread():
    table = truncation_table(wide, np.asarray, REAL, LATENTS, (1.0, 0.5, 0.1))
    assert (table[1.0]["precision"], table[1.0]["recall"]) == precision_recall(REAL, wide(LATENTS))
    assert min(table, key=lambda share: table[share]["kid"]) == 0.5
    assert abs(table[0.5]["kid"]) == pytest.approx(0, abs=0.05)
