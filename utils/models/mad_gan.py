"""Several generators for one modality, and a discriminator that also says which of them drew a point."""

import keras
from keras import layers

from utils.models.points_gan import build_point_generator, hidden_layers, slope_on_both_sides


def build_generators(count, latent_dim=2, width=64, depth=2):
    """Build one network that holds several generators: each draws its share of the batch, in order.

    Shapes: latents (batch, latent_dim), batch a multiple of count -> points (batch, 2); the first
            batch / count rows come from the first generator, and so on
    Range:  any real number
    Source: MAD-GAN, Ghosh et al. 2017, arXiv:1704.02906; there they share layers, here they share nothing
    Errors: ValueError for less than one generator
    """
    check_generators(count)
    latents = keras.Input((latent_dim,))
    shares = keras.ops.split(latents, count, axis=0)
    points = []
    for number, share in enumerate(shares):
        generator = build_point_generator(latent_dim, width, depth)
        generator.name = f"generator_{number}"  # names in one model must differ
        points.append(generator(share))
    return keras.Model(latents, layers.Concatenate(axis=0)(points), name="generators")


def build_which_discriminator(count, width=128, depth=3):
    """Build the network that says of a point which generator drew it, or that it is real.

    Shapes: points (batch, 2) -> (batch, count + 1), the last column stands for "real"
    Range:  any real number: scores, without a softmax
    Source: MAD-GAN, Ghosh et al. 2017, arXiv:1704.02906, section 3.2
    Errors: ValueError for less than one generator
    """
    check_generators(count)
    return keras.Sequential(
        [layers.Input((2,)), *hidden_layers(width, depth, slope_on_both_sides()), layers.Dense(count + 1)],
        name="which_discriminator",
    )


def check_generators(count):
    """Refuse a number of generators that is none."""
    if count < 1:
        raise ValueError(f"There must be one generator or more. Received: {count}. Most likely fix: count=8.")
