"""The average starts quickly and remembers long."""

import keras
import numpy as np
import pytest

from utils.training.ema import ema_decay_at, update_average


def average_after(steps, decay_at):
    """Return the average of a weight that is 1 from the first step on, after starting from 0."""
    average, network = (
        keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)]) for _ in "ab"
    )
    average.layers[0].kernel.assign([[0.0]])
    network.layers[0].kernel.assign([[1.0]])
    for step in range(steps):
        update_average(average, network, decay_at(step))
    return float(np.asarray(average.layers[0].kernel)[0, 0])


def test_the_warm_up_forgets_the_first_noise():
    assert average_after(100, lambda step: ema_decay_at(step, 0.999)) > 0.99
    assert average_after(100, lambda step: 0.999) < 0.1  # the planted bug: a fixed decay


def test_decay_rises_to_its_limit_and_stays():
    decays = [float(ema_decay_at(step, 0.99)) for step in (0, 10, 100, 10_000)]
    assert decays == pytest.approx([0.1, 0.55, 101 / 110, 0.99], rel=1e-6)


def test_statistics_of_batch_normalisation_are_averaged_too():
    average, network = (
        keras.Sequential([keras.Input((2,)), keras.layers.BatchNormalization()]) for _ in "ab"
    )
    network.layers[0].moving_mean.assign([4.0, 4.0])
    update_average(average, network, 0.5)
    assert np.asarray(average.layers[0].moving_mean) == pytest.approx([2.0, 2.0])
