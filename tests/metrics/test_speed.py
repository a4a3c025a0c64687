"""Images per second grow when a network takes less time, whatever the first call costs."""

import time

import numpy as np
import pytest

from utils.metrics import speed
from utils.metrics.speed import images_per_second


class Clocked:
    """A network of two inputs that takes a known time, and ten times as long when first called."""

    class Shape:
        def __init__(self, *shape):
            self.shape = shape

    inputs = (Shape(None, 3), Shape(None, 2))

    def __init__(self, seconds):
        self.seconds, self.now, self.shapes = seconds, 0.0, []

    def predict_on_batch(self, inputs):
        self.shapes.append([array.shape for array in inputs])
        self.now += self.seconds * (10 if len(self.shapes) == 1 else 1)


@pytest.mark.parametrize("seconds", [0.5, 2.0])
def test_speed_is_images_by_seconds_after_the_first_call(monkeypatch, seconds):
    network = Clocked(seconds)
    monkeypatch.setattr(speed.time, "perf_counter", lambda: network.now)
    assert images_per_second(network, count=40) == pytest.approx(40 / seconds)
    assert network.shapes == [[(40, 3), (40, 2)]] * 6


def test_a_real_network_is_measured():
    import keras

    network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    start = time.perf_counter()
    rate = images_per_second(network, count=10, repeats=3)
    assert 3 * 10 / (time.perf_counter() - start) < 3 * rate and np.isfinite(rate)
