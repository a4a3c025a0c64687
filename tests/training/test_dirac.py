"""The smallest GAN turns around its solution; R1 lets it arrive."""

import numpy as np
import pytest

from utils.training.dirac import dirac_eigenvalues, dirac_path


def radius(**settings):
    """Distance from the solution at the end."""
    return float(np.hypot(*dirac_path(**settings)[-1]))


def test_simultaneous_steps_spiral_out_alternating_ones_turn_and_r1_arrives():
    assert radius() > 1.6
    assert 1.2 < radius(alternate=True) < 1.6
    assert radius(gamma=1.0) < 1e-4
    assert radius(gamma=-0.1) > 1.6  # planted: a penalty with the wrong sign


def test_the_first_step_is_known():
    slope = 1 / (1 + np.exp(-1))  # sigmoid(psi * theta) = sigmoid(1)
    assert dirac_path(1)[1] == pytest.approx((1 + 0.1 * slope, 1 - 0.1 * slope))


def test_eigenvalues_are_those_of_the_quadratic():
    """The eigenvalues solve x (x + gamma) + 1 / 4 = 0."""
    for gamma in (0.0, 0.5, 1.0, 2.0):
        for value in dirac_eigenvalues(gamma):
            assert abs(value * (value + gamma) + 0.25) < 1e-7
    assert np.allclose(dirac_eigenvalues(0.0).real, 0)
    assert dirac_eigenvalues(0.5).real == pytest.approx([-0.25, -0.25])


def test_the_flow_near_the_solution_follows_its_eigenvalues():
    path = dirac_path(2_000, learning_rate=0.01, gamma=0.5, start=(1e-3, 0.0))
    radii = np.hypot(*path.T)
    fall = np.log(radii[-1] / radii[0]) / (2_000 * 0.01)
    assert fall == pytest.approx(-0.25, abs=0.02)


def test_too_much_of_the_penalty_is_slow():
    assert radius(gamma=10.0) > 100 * radius(gamma=1.0)


def test_momentum_makes_the_turning_worse():
    assert radius(alternate=True, beta_1=0.9) > 2 * radius(alternate=True)
