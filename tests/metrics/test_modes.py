"""Modes are counted by the points that lie on them, and a generator that forgets some is found out."""

import numpy as np
import pytest

from utils.data.points import grid_of_modes
from utils.metrics.modes import high_quality, modes_covered, on_a_mode

GRID = grid_of_modes()
REAL = GRID.draw(20_000, seed=0)


def test_real_points_cover_all_modes_and_almost_all_lie_on_one():
    assert modes_covered(REAL, *GRID) == 25
    assert high_quality(REAL, *GRID) == pytest.approx(1 - np.exp(-4.5), abs=0.003)  # of a round Gaussian


def test_noise_hits_modes_only_by_their_area():
    noise = np.random.default_rng(0).uniform(-2.5, 2.5, (40_000, 2))
    assert high_quality(noise, *GRID) == pytest.approx(25 * np.pi * 0.15**2 / 25, abs=0.005)
    assert modes_covered(noise, *GRID) == 0  # 0.28 % of it lies on each: too few to count as found


@pytest.mark.parametrize("found", [0, 1, 12, 24])
def test_a_generator_that_forgets_modes_is_found_out(found):
    centres = GRID.centres[:found] if found else np.array([[9.0, 9.0]])
    points = np.repeat(centres, 200, axis=0)
    assert modes_covered(points, *GRID) == found
    assert high_quality(points, *GRID) == float(found > 0)


def test_points_between_modes_are_on_none():
    places = np.array([[0.0, 0.0], [0.149, 0.0], [0.151, 0.0], [0.5, 0.5]])
    centre = int(on_a_mode(places, *GRID)[0])
    assert np.array_equal(GRID.centres[centre], [0, 0])
    assert on_a_mode(places, *GRID).tolist() == [centre, centre, -1, -1]
    assert high_quality(places, *GRID) == 0.5


def test_a_few_stray_points_make_no_mode():
    points = np.concatenate(
        [np.repeat(GRID.centres[:1], 996, axis=0), np.repeat(GRID.centres[1:2], 4, axis=0)]
    )
    assert modes_covered(points, *GRID) == 1
    five = np.concatenate([points[1:], GRID.centres[1:2]])
    assert modes_covered(five, *GRID) == 2
