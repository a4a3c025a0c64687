"""Two rates: their ratio holds, and they end at 0; one rate: it stays, then falls."""

import keras
import numpy as np
import pytest

from utils.training.rates import held_then_falling, two_rates


def test_the_discriminator_learns_faster_in_every_step_and_both_end_at_zero():
    rates = [two_rates(step, 100, 1e-3) for step in range(101)]
    assert all(d == pytest.approx(4 * g) for d, g in rates)
    assert rates[0] == rates[50] == (4e-3, 1e-3) and rates[100] == (0, 0)
    assert rates[75] == pytest.approx((2e-3, 5e-4))
    assert [g for _, g in rates] == sorted((g for _, g in rates), reverse=True)


def test_without_decay_the_rate_stays():
    assert two_rates(99, 100, 1e-3, hold=0.99) == pytest.approx((4e-3, 1e-3))


def stays_then_falls(rate):
    """Tell whether a rate of 2e-3 over 100 steps stays for 60 of them and ends at a fiftieth."""
    first, last = [float(rate(step)) for step in (0, 30, 60)], [float(rate(step)) for step in (100, 150)]
    return np.allclose(first, 2e-3, rtol=1e-5) and np.allclose(last, 4e-5, rtol=1e-5)


def test_the_rates_stay_and_then_fall():
    assert stays_then_falls(held_then_falling(2e-3, 100, hold=0.6, end=0.02))
    assert not stays_then_falls(lambda step: 2e-3)  # planted: it never falls
    falling_all_the_way = keras.optimizers.schedules.CosineDecay(2e-3, 100, alpha=0.02)
    assert not stays_then_falls(falling_all_the_way)  # planted: half the training at small rates
