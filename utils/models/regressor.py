"""The first guess: a network that adds to a degraded picture what is missing, soft where it cannot know."""

import keras
from keras import layers


def build_regressor(width=32, channels=3):
    """Build the network that restores a picture at once. Its layer "features" holds what it is sure of.

    Shapes: degraded (batch, height, width, channels), sides divisible by 4 -> the same;
            "features" (batch, height / 2, width / 2, width)
    Range:  [-1, 1] in, about as much out
    Source: U-Net: Ronneberger et al. 2015, arXiv:1505.04597; residual learning: Zhang et al. 2017,
            arXiv:1608.03981
    """
    degraded = keras.Input((None, None, channels), name="degraded")
    half = layers.Conv2D(width, 4, strides=2, padding="same")(degraded)
    half = residual_blocks(half, 3)
    quarter = layers.Conv2D(2 * width, 2, strides=2)(half)
    quarter = residual_blocks(quarter, 3)
    features = half + layers.Conv2DTranspose(width, 2, strides=2)(quarter)
    features = residual_blocks(features, 2)
    features = layers.Identity(name="features")(features)
    return keras.Model(degraded, degraded + to_picture(residual_block(features), channels), name="regressor")


def residual_blocks(x, count):
    """Send maps through residual blocks, one after the other."""
    for _ in range(count):
        x = residual_block(x)
    return x


def residual_block(x):
    """Add to maps what two convolutions find in them; without a find they pass as they are (EDSR, 2017)."""
    width = x.shape[-1]
    found = layers.Conv2D(width, 3, padding="same", activation="relu")(x)
    return x + layers.Conv2D(width, 3, padding="same", kernel_initializer=near_zero())(found)


def to_picture(x, channels, use_bias=True):
    """Draw maps of half the size as what is to be added to a picture: near 0 at first."""
    draw = layers.Conv2DTranspose(
        channels, 4, strides=2, padding="same", use_bias=use_bias, kernel_initializer=near_zero()
    )
    return draw(x)


def near_zero():
    """Return an initializer of a tenth of the usual standard deviation: the layer adds little at first."""
    return keras.initializers.VarianceScaling(0.01)
