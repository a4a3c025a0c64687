"""Two rates: their ratio holds, and they end at 0."""

import pytest

from utils.training.rates import two_rates


def test_the_discriminator_learns_faster_in_every_step_and_both_end_at_zero():
    rates = [two_rates(step, 100, 1e-3) for step in range(101)]
    assert all(d == pytest.approx(4 * g) for d, g in rates)
    assert rates[0] == rates[50] == (4e-3, 1e-3) and rates[100] == (0, 0)
    assert rates[75] == pytest.approx((2e-3, 5e-4))
    assert [g for _, g in rates] == sorted((g for _, g in rates), reverse=True)


def test_without_decay_the_rate_stays():
    assert two_rates(99, 100, 1e-3, hold=0.99) == pytest.approx((4e-3, 1e-3))
