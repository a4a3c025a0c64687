"""The game's value at the best discriminator is -log 4 + 2 JS, and JS is that of another library."""

import numpy as np
import pytest
from scipy import integrate, stats
from scipy.spatial.distance import jensenshannon

from utils.data.points import grid_of_modes
from utils.metrics.divergences import game_value, js_divergence, optimal_discriminator

LINE, CELL = np.linspace(-12, 14, 26_001, retstep=True)
PAIRS = {(0, 1): 0.0, (1, 1): 0.111421, (2, 0.7): 0.413638, (6, 0.5): 0.693047}


def normal(mean, sigma):
    return stats.norm(mean, sigma).pdf(LINE)


@pytest.mark.parametrize("fake", PAIRS)
def test_the_best_discriminator_is_paid_twice_js_above_minus_log_four(fake):
    p, q = normal(0, 1), normal(*fake)
    best = optimal_discriminator(p, q)
    js = js_divergence(p, q, CELL)
    assert js == pytest.approx(PAIRS[fake], abs=1e-6)
    assert game_value(p, q, best, CELL) == pytest.approx(-np.log(4) + 2 * js, abs=1e-6)
    for worse in (0.9 * best + 0.05, best**1.1, optimal_discriminator(q, p)):
        if not np.allclose(worse, best):
            assert game_value(p, q, worse, CELL) < game_value(p, q, best, CELL)


def test_js_is_the_square_of_scipys_distance_and_that_of_adaptive_quadrature():
    p, q = normal(0, 1), normal(1.3, 0.6)
    assert js_divergence(p, q, CELL) == pytest.approx(jensenshannon(p, q) ** 2, abs=1e-9)

    def integrand(x):
        a, b = stats.norm(0, 1).pdf(x), stats.norm(1.3, 0.6).pdf(x)
        return (a * np.log(2 * a / (a + b)) + b * np.log(2 * b / (a + b))) / 2

    assert js_divergence(p, q, CELL) == pytest.approx(integrate.quad(integrand, -8, 6)[0], abs=1e-7)


def test_js_cannot_tell_how_far_apart_two_densities_lie():
    p = np.where(np.abs(LINE) < 1, 0.5, 0)
    near, far = (np.where(np.abs(LINE - shift) < 1, 0.5, 0) for shift in (3, 11))
    assert js_divergence(p, near, CELL) == pytest.approx(np.log(2), abs=1e-3)
    assert js_divergence(p, far, CELL) == pytest.approx(js_divergence(p, near, CELL), abs=1e-9)
    assert js_divergence(p, p, CELL) == 0
    assert js_divergence(p, near, CELL) == js_divergence(near, p, CELL)


def test_the_best_discriminator_says_half_where_it_cannot_tell_and_nothing_where_nothing_lies():
    best = optimal_discriminator([1e-300, 2, 0, 0.1, 0], [1e-300, 0, 3, 0.3, 0])
    assert best[:4] == pytest.approx([0.5, 1, 0, 0.25]) and np.isnan(best[4])


def test_an_undecided_discriminator_is_paid_minus_log_four():
    p, q = normal(0, 1), normal(3, 1)
    assert game_value(p, q, 0.5, CELL) == pytest.approx(-np.log(4), abs=1e-9)


def test_the_same_holds_on_a_plane():
    steps, step = np.linspace(-4, 4, 801, retstep=True)
    lattice = np.stack(np.meshgrid(steps, steps), axis=-1)
    p, q = grid_of_modes(3, 1.0, 0.2).density(lattice), grid_of_modes(1, 1.0, 0.9).density(lattice)
    value = game_value(p, q, optimal_discriminator(p, q), step**2)
    assert value == pytest.approx(-np.log(4) + 2 * js_divergence(p, q, step**2), abs=1e-3)
