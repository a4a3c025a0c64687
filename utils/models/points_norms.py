"""Discriminators of points with something in their layers: norms, clipped weights, a look at the batch."""

import keras
from keras import layers

from utils.models.minibatch import append_batch_deviation


class Clip(keras.constraints.Constraint):
    """Keeps each weight within a limit, after every step."""

    def __init__(self, limit):
        """Remember the limit."""
        self.limit = limit

    def __call__(self, weights):
        return keras.ops.clip(weights, -self.limit, self.limit)


def build_with_norm(norm, inputs=2, outputs=1, width=128, depth=3, slope=0.2):
    """Build a network of points whose hidden layers end in a norm: norm() is a layer, None leaves it out.

    Shapes: (batch, inputs) -> (batch, outputs)
    Range:  any real number
    Source: batch: Radford et al. 2015, arXiv:1511.06434; layer: Gulrajani et al. 2017, arXiv:1704.00028
    """
    hidden = []
    for _ in range(depth):
        hidden += [layers.Dense(width), *([norm()] if norm else [])]
        hidden.append(layers.LeakyReLU(negative_slope=slope))  # 0.0: a plain ReLU
    return keras.Sequential([layers.Input((inputs,)), *hidden, layers.Dense(outputs)])


def build_spectral(width=128, depth=3):
    """Build a critic of points in which no dense layer stretches by more than 1, by Keras's own wrapper.

    Shapes: (batch, 2) -> (batch, 1)
    Range:  any real number; its slope is at most 1, and mostly far below
    Source: Miyato et al. 2018, arXiv:1802.05957
    """
    plain = build_with_norm(None, width=width, depth=depth)
    wrapped = [
        layers.SpectralNormalization(layer) if isinstance(layer, layers.Dense) else layer
        for layer in plain.layers
    ]
    return keras.Sequential([layers.Input((2,)), *wrapped])


def build_clipped(width=128, limit=0.1, depth=3):
    """Build a critic of points whose weights stay within a limit: the first WGAN's crude bound on its slope.

    Shapes: (batch, 2) -> (batch, 1)
    Range:  any real number
    Source: Arjovsky et al. 2017, arXiv:1701.07875, algorithm 1
    """
    hidden = [layers.Dense(width, "leaky_relu", kernel_constraint=Clip(limit)) for _ in range(depth)]
    return keras.Sequential([layers.Input((2,)), *hidden, layers.Dense(1, kernel_constraint=Clip(limit))])


def build_with_deviation(width=128, depth=3):
    """Build a discriminator of points that is told how much its batch varies.

    Shapes: (batch, 2) -> (batch, 1)
    Range:  any real number
    Source: Karras et al. 2018, arXiv:1710.10196, section 3
    """
    body = build_with_norm(None, 2, width, width, depth)
    points = keras.Input((2,))
    features = layers.LeakyReLU(negative_slope=0.2)(body(points))
    return keras.Model(points, layers.Dense(1)(append_batch_deviation(features)))
