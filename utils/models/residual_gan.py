"""A deeper generator and discriminator: every block adds to a map, and starts by adding nearly nothing."""

import keras
from keras import layers

from utils.models.attention import SelfAttention
from utils.models.gan import check_sizes
from utils.models.regressor import near_zero


def residual_block(x, width):
    """Add to a map what two convolutions find in it: at first nearly nothing, so depth costs nothing.

    Shapes: x (batch, height, width, any channels) -> (batch, height, width, width)
    Range:  any real number; nothing bends what passes by
    Source: He et al. 2016, arXiv:1603.05027; a last layer that starts near 0: Zhang et al. 2019,
            arXiv:1901.09321
    """
    way = x if x.shape[-1] == width else layers.Conv2D(width, 1, use_bias=False)(x)
    found = layers.Conv2D(width, 3, padding="same")(layers.LeakyReLU(negative_slope=0.2)(x))
    found = layers.LeakyReLU(negative_slope=0.2)(found)
    return way + layers.Conv2D(width, 3, padding="same", kernel_initializer=near_zero())(found)


def build_residual_generator(latent_dim=24, width=32, image_size=32, channels=3, depth=1, attention=False):
    """Build a generator whose blocks add to the map; `depth` blocks stand at each of three sizes.

    Shapes: (batch, latent_dim) -> (batch, image_size, image_size, channels)
    Range:  [-1, 1], by tanh
    Source: blocks: Miyato et al. 2018, arXiv:1802.05957, table 4; attention at half the size: Zhang et al.
            2018, arXiv:1805.08318
    """
    small = check_sizes(width, image_size) // 4
    latents = keras.Input((latent_dim,), name="latents")
    x = layers.Dense(small * small * 2 * width, use_bias=False)(latents)
    x = layers.BatchNormalization()(layers.Reshape((small, small, 2 * width))(x))  # (batch, 8, 8, 64)
    for number, channel_count in enumerate((2 * width, width, width // 2)):
        if number:
            x = layers.UpSampling2D(2)(x)  # each pixel four times: no place is drawn more often than others
        for _ in range(depth):
            x = residual_block(x, channel_count)
        if attention and number == 1:
            x = SelfAttention()(x)
        if number < 2:
            x = layers.BatchNormalization()(x)
    x = layers.LeakyReLU(negative_slope=0.2)(layers.BatchNormalization()(x))  # (batch, 32, 32, 16)
    images = layers.Conv2D(channels, 3, padding="same", activation="tanh")(x)
    return keras.Model(latents, images, name="residual_generator")


def build_residual_discriminator(width=24, image_size=32, channels=3, depth=1, attention=False):
    """Build a discriminator whose blocks add to the map; `depth` blocks stand at each of three sizes.

    Shapes: (batch, image_size, image_size, channels) -> (batch, 1)
    Range:  any real number; 0 means undecided; each image is judged alone
    Source: as build_residual_generator, without normalisation
    """
    check_sizes(width, image_size)
    images = keras.Input((image_size, image_size, channels), name="images")
    x = layers.Conv2D(width, 4, strides=2, padding="same")(images)  # (batch, 16, 16, 24)
    for number, channel_count in enumerate((width, 2 * width, 4 * width)):
        if number:
            x = layers.AveragePooling2D(2, padding="same")(x)
        for _ in range(depth):
            x = residual_block(x, channel_count)
        if attention and number == 0:
            x = SelfAttention()(x)
    x = layers.LeakyReLU(negative_slope=0.2)(x)  # (batch, 4, 4, 96)
    return keras.Model(images, layers.Dense(1)(layers.Flatten()(x)), name="residual_discriminator")
