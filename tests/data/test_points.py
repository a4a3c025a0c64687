"""Points on a plane come from the density that is computed for them, and batches are always fresh."""

from dataclasses import dataclass

import numpy as np
import pytest
from scipy import stats

from utils.data.points import Modes, grid_of_modes, make_points, ring_of_modes


@dataclass
class WrongDensity:
    """A planted bug: the height of a Gaussian on a line, not on a plane."""

    modes: Modes

    def density(self, points):
        return self.modes.density(points) * np.sqrt(2 * np.pi) * self.modes.sigma


def mass(density, reach=4.0, count=1_600):
    """The integral of a density over a square, by the midpoint rule."""
    steps = (np.arange(count) + 0.5) / count * 2 * reach - reach
    lattice = np.stack(np.meshgrid(steps, steps), axis=-1)
    return density(lattice).sum() * (2 * reach / count) ** 2


@pytest.mark.parametrize("modes", [grid_of_modes(3), ring_of_modes(5)], ids=["grid", "ring"])
def test_a_density_holds_all_of_the_mass(modes):
    assert mass(modes.density) == pytest.approx(1, abs=1e-6)
    assert mass(WrongDensity(modes).density) != pytest.approx(1, abs=0.1)


def test_the_density_is_that_of_scipy():
    modes = grid_of_modes(side=2, spacing=0.3, sigma=0.2)
    points = np.random.default_rng(0).normal(size=(20, 2))
    theirs = np.mean([stats.multivariate_normal(c, 0.2**2).pdf(points) for c in modes.centres], axis=0)
    assert modes.density(points) == pytest.approx(theirs, rel=1e-9)


def spreads(points, modes):
    """How far points lie from the nearest centre, per axis, and how even the modes are."""
    nearest = np.linalg.norm(points[:, None] - modes.centres, axis=-1).argmin(axis=1)
    shares = np.bincount(nearest, minlength=len(modes.centres)) / len(points)
    return (points - modes.centres[nearest]).std(), shares.min() * len(modes.centres)


def test_points_are_drawn_from_that_density():
    modes = grid_of_modes()
    sigma, least = spreads(modes.draw(20_000, seed=1), modes)
    assert sigma == pytest.approx(0.05, rel=0.02) and least > 0.85
    assert np.array_equal(modes.draw(5, seed=1), modes.draw(5, seed=1))
    assert not np.array_equal(modes.draw(5, seed=1), modes.draw(5, seed=2))
    one_missing = Modes(modes.centres[1:], 0.05).draw(20_000, seed=1)
    assert spreads(one_missing, modes)[1] == 0


def test_batches_follow_the_same_density_and_never_come_twice():
    modes = ring_of_modes()
    batches = [batch.numpy() for batch in make_points(modes, 50, seed=3).take(300)]
    assert batches[0].shape == (50, 2) and batches[0].dtype == np.float32
    sigma, least = spreads(np.concatenate(batches), modes)
    assert sigma == pytest.approx(0.05, rel=0.02) and least > 0.85
    assert len({batch.tobytes() for batch in batches}) == 300
    again = [batch.numpy() for batch in make_points(modes, 50, seed=3).take(300)]
    assert np.array_equal(batches, again)
    other = next(iter(make_points(modes, 50, seed=4))).numpy()
    assert not np.array_equal(batches[0], other)
