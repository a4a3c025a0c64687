"""How fast a network makes images on this machine."""

import time

import numpy as np


def images_per_second(network, count=200, repeats=5):
    """Return how many images a generator or decoder makes in a second, all in one call.

    Shapes:  network: a Keras model of any inputs; its weights do not matter -> float
    Units:   images per second on the clock; the median of `repeats` calls after one that compiles
    Healthy: differs from machine to machine and with other work on it: compare only what ran side by side
    Source:  our own
    """
    rng = np.random.default_rng(0)
    inputs = [rng.standard_normal((count, *tensor.shape[1:])).astype("float32") for tensor in network.inputs]
    inputs = inputs if len(inputs) > 1 else inputs[0]
    network.predict_on_batch(inputs)
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        network.predict_on_batch(inputs)
        seconds.append(time.perf_counter() - start)
    return count / float(np.median(seconds))
