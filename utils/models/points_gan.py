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
        [layers.Input((latent_dim,)), *hidden_layers(width, depth, "relu"), layers.Dense(2)],
        name="generator",
    )


def build_point_discriminator(width=128, depth=3):
    """Build the network that scores points: high for real, low for fake, without a sigmoid.

    Shapes: (batch, 2) -> (batch, 1)
    Range:  any real number; 0 means undecided
    Source: the toy networks of Metz et al. 2016, arXiv:1611.02163, wider
    """
    return keras.Sequential(
        [layers.Input((2,)), *hidden_layers(width, depth, slope_on_both_sides()), layers.Dense(1)],
        name="discriminator",
    )


def hidden_layers(width, depth, activation):
    """Return dense layers, small at first: steeper ones make the game wilder."""
    return [layers.Dense(width, activation=activation) for _ in range(depth)]


def slope_on_both_sides():
    """Return the activation of a discriminator: where it is flat, the generator learns nothing."""
    return layers.LeakyReLU(negative_slope=0.2)
