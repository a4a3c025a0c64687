"""The smallest networks of the course: a generator and a discriminator of points on a plane."""

import keras
from keras import layers


def build_point_generator(latent_dim=2, width=128, depth=3):
    """Build the network that turns latents into points.

    Shapes: (batch, latent_dim) -> (batch, 2)
    Range:  any real number: a plane has no border
    Source: the toy networks of Metz et al. 2016, arXiv:1611.02163, wider
    """
    return keras.Sequential(
        [layers.Input((latent_dim,)), *hidden_layers(width, depth), layers.Dense(2)], name="generator"
    )


def build_point_discriminator(width=128, depth=3):
    """Build the network that scores points: high for real, low for fake, without a sigmoid.

    Shapes: (batch, 2) -> (batch, 1)
    Range:  any real number; 0 means undecided
    Source: the toy networks of Metz et al. 2016, arXiv:1611.02163, wider
    """
    return keras.Sequential(
        [layers.Input((2,)), *hidden_layers(width, depth), layers.Dense(1)], name="discriminator"
    )


def hidden_layers(width, depth):
    """Return dense layers with a slope on both sides of 0, so that no unit falls silent for good."""
    return [
        layers.Dense(
            width, activation=keras.layers.LeakyReLU(negative_slope=0.2), kernel_initializer="he_normal"
        )
        for _ in range(depth)
    ]
