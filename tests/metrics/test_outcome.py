"""Outcomes by fixed rules, at their edges."""

import pytest

from utils.metrics.outcome import image_outcome, outcome


@pytest.mark.parametrize(
    ("modes", "quality", "expected"),
    [
        (25, 0.99, "trains"),
        (23, 0.4, "trains"),
        (23, 0.39, "blurs"),
        (22, 0.99, "collapses"),
        (25, 0.28, "blurs"),  # points strewn evenly over the square: all modes, none of them sharp
        (1, 1.0, "collapses"),
        (0, 0.0, "diverges"),
        (25, float("nan"), "diverges"),
    ],
)
def test_points(modes, quality, expected):
    assert outcome(modes, 25, quality) == expected


def test_points_strewn_evenly_are_no_success():
    """Planted: modes alone would call an even smear a success."""
    import numpy as np

    from utils.metrics.modes import high_quality, modes_covered
    from utils.training.stability import MODES

    points = np.random.default_rng(0).uniform(-2.5, 2.5, (5_000, 2))
    modes, quality = modes_covered(points, *MODES), high_quality(points, *MODES)
    assert modes == 25 and quality == pytest.approx(0.28, abs=0.02)
    assert outcome(modes, 25, quality) == "blurs"
    assert outcome(modes_covered(MODES.draw(5_000, 1), *MODES), 25, 0.989) == "trains"


@pytest.mark.parametrize(
    ("kinds", "fid", "expected"),
    [
        (16, 2.1, "trains"),
        (16, 200, "blurs"),
        (1, 148.7, "collapses"),
        (5, 1240, "diverges"),
        (0, float("nan"), "diverges"),
    ],
)
def test_pictures(kinds, fid, expected):
    assert image_outcome(kinds, 16, fid) == expected
