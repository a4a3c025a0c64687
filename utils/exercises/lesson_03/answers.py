"""Answers to exercises of lesson 03 that no other part of the library needs."""

import keras
import numpy as np
from keras import layers


def build_lone_critic(width=64):
    """Build a critic of points that judges each alone: no batch statistics, one raw score.

    Shapes: (batch, 2) -> (batch, 1)
    Range:  any real number
    Source: Gulrajani et al. 2017, arXiv:1704.00028, section 4: layer instead of batch normalisation
    """
    hidden = []
    for _ in range(2):
        hidden += [layers.Dense(width), layers.LayerNormalization(), layers.LeakyReLU(negative_slope=0.2)]
    return keras.Sequential([layers.Input((2,)), *hidden, layers.Dense(1)])


def averaged_path(path, decay=0.99):
    """Return the moving average after each step of a path of weights, with a warm-up of its decay.

    Shapes: path (steps + 1, ...): the start, then the weights after each step -> as path
    """
    averages = [np.asarray(path[0], "float64")]
    for step, weights in enumerate(path[1:]):
        keep = min(decay, (1 + step) / (10 + step))
        averages.append(keep * averages[-1] + (1 - keep) * np.asarray(weights))
    return np.stack(averages)


def diagnose():
    """Return what failed in the recorded runs, by the gallery's names: {"A": ..., "B": ..., "C": ...}."""
    return {
        "A": "generator far too fast",
        "B": "penalty far too strong",
        "C": "critic without a bound",
    }
