"""The two halves of a VAE for small product pictures: images to Gaussians of latents, latents to images."""

import keras
from keras import layers, ops

from utils.models.gan import check_sizes


def build_encoder(latent_dim=16, width=32, image_size=28, channels=1):
    """Build the network that says of each image which latents could have drawn it: a Gaussian.

    Shapes: (batch, image_size, image_size, channels) -> z_mean, z_log_var, each (batch, latent_dim)
    Range:  any real number; z_log_var is the logarithm of a variance, so 0 means variance 1
    Source: Kingma and Welling 2013, arXiv:1312.6114, with convolutions
    """
    check_sizes(width, image_size)
    images = keras.Input((image_size, image_size, channels), name="images")
    x = layers.Conv2D(width, 4, strides=2, padding="same", activation="relu")(images)  # (batch, 14, 14, 32)
    x = layers.Conv2D(2 * width, 4, strides=2, padding="same", activation="relu")(x)  # (batch, 7, 7, 64)
    x = layers.Flatten()(x)
    z_mean = layers.Dense(latent_dim, name="z_mean")(x)
    z_log_var = layers.Dense(latent_dim, name="z_log_var")(x)
    return keras.Model(images, [z_mean, z_log_var], name="encoder")


def build_decoder(latent_dim=16, width=32, image_size=28, channels=1):
    """Build the network that draws the image of given latents.

    Shapes: (batch, latent_dim) -> (batch, image_size, image_size, channels)
    Range:  [-1, 1], by tanh; so are the real images
    Source: Kingma and Welling 2013, arXiv:1312.6114, with transposed convolutions
    """
    small = check_sizes(width, image_size) // 4
    return keras.Sequential(
        [
            layers.Input((latent_dim,), name="z"),
            layers.Dense(small * small * 2 * width, activation="relu"),
            layers.Reshape((small, small, 2 * width)),  # (batch, 7, 7, 64)
            layers.Conv2DTranspose(width, 4, strides=2, padding="same", activation="relu"),  # 14 x 14 x 32
            layers.Conv2DTranspose(channels, 4, strides=2, padding="same", activation="tanh"),  # 28 x 28
        ],
        name="decoder",
    )


def reparameterise(z_mean, z_log_var, noise):
    """Draw latents from their Gaussian so that the gradient passes: the chance stands outside, in the noise.

    Shapes: z_mean, z_log_var, noise (batch, latent_dim) -> z (batch, latent_dim)
    Range:  mean z_mean, standard deviation exp(z_log_var / 2), for noise from N(0, 1)
    Source: Kingma and Welling 2013, arXiv:1312.6114, section 2.4
    """
    return z_mean + ops.exp(0.5 * z_log_var) * noise
