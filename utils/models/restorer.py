"""A VAE under a condition: the picture says how unsure its first guess is, latents say what it missed."""

import keras
from keras import layers, ops

from utils.models.regressor import near_zero, residual_block, to_picture

BOUND = 6.0  # of a log-variance: an exponential that runs away ends a training


def product_of_gaussians(mean_1, log_var_1, mean_2, log_var_2):
    """Return (mean, log_var) of what two Gaussians say together of one number: their product, normalised.

    A precision is 1 / variance. The precisions add up, and each mean has its precision as weight.

    Shapes: all alike, (batch, latent_dim) for example -> mean and log_var of the same shape
    Range:  the mean lies between both means; the variance is smaller than both
    Source: Sonderby et al. 2016, arXiv:1602.02282: a prior and what a picture says of the same latents
    """
    log_precision = ops.logaddexp(-log_var_1, -log_var_2)
    weight_1 = ops.exp(-log_var_1 - log_precision)
    weight_2 = ops.exp(-log_var_2 - log_precision)  # both weights add up to 1
    return weight_1 * mean_1 + weight_2 * mean_2, -log_precision


def build_prior(width=32, latent_channels=8):
    """Build the network that says how unsure the guess is: the prior N(0, exp(z_log_var)) of the latents.

    Its mean can stay 0: what a mean could tell is in the guess. Beside it the network says what a latent
    would draw here, along an edge for example: the gates of the decoder.

    Shapes: features (batch, height / 2, width / 2, width) -> z_log_var (batch, height / 4, width / 4,
            latent_channels), gates (batch, height / 2, width / 2, width)
    Range:  z_log_var from -6 to 6, gates any real number
    Source: a prior under a condition: Sohn et al. 2015 (NeurIPS 28)
    """
    features = keras.Input((None, None, width), name="features")
    x = residual_block(layers.Conv2D(2 * width, 2, strides=2)(features))
    gates = layers.Conv2D(width, 3, padding="same")(features)
    return keras.Model(features, [log_variances(x, latent_channels), gates], name="prior")


def build_posterior(width=32, latent_channels=8, channels=3):
    """Build the network that knows the answer: it says in latents where the first guess was wrong.

    Shapes: errors (batch, height, width, channels), in standard deviations; features (batch, height / 2,
            width / 2, width) -> z_mean and z_log_var (batch, height / 4, width / 4, latent_channels)
    Range:  z_mean any real number, z_log_var from -6 to 6
    Source: recognition network: Sohn et al. 2015 (NeurIPS 28); errors in the place of pictures: ours, else
            the latents fell silent in the first hundred steps
    """
    errors = keras.Input((None, None, channels), name="errors")
    features = keras.Input((None, None, width), name="features")
    x = layers.Conv2D(width, 4, strides=2, padding="same")(errors) + layers.Conv2D(width, 1)(features)
    x = residual_block(x)
    x = layers.Conv2D(width, 2, strides=2)(x)
    x = residual_block(x)
    z_mean = layers.Conv2D(latent_channels, 3, padding="same", name="z_mean")(x)
    z_log_var = log_variances(x, latent_channels)
    return keras.Model([errors, features], [z_mean, z_log_var], name="posterior")


def build_residual_decoder(width=32, latent_channels=8, channels=3):
    """Build the light network that draws, of gates and latents, what is to be added to the first guess.

    It is linear in the latents: it runs once per sample, and opposite latents draw opposite residuals.

    Shapes: gates (batch, height / 2, width / 2, width), z (batch, height / 4, width / 4, latent_channels)
            -> (batch, height, width, channels)
    Range:  any real number, near 0 at first; it is the difference of two pictures
    Source: residual learning: Zhang et al. 2017, arXiv:1608.03981; a covariance read off the picture: Dorta
            et al. 2018, arXiv:1802.07079
    """
    gates = keras.Input((None, None, width), name="gates")
    z = keras.Input((None, None, latent_channels), name="z")
    heard = layers.Conv2DTranspose(
        width, 4, strides=2, padding="same", use_bias=False, kernel_initializer=near_zero()
    )  # latents that shout from the start are silenced by the prior before the posterior has learned to speak
    return keras.Model([gates, z], to_picture(gates * heard(z), channels, False), name="residual_decoder")


def log_variances(x, latent_channels):
    """Read log-variances off maps: near 0 at first, and never beyond BOUND."""
    head = layers.Conv2D(latent_channels, 3, padding="same", kernel_initializer=near_zero(), name="z_log_var")
    return BOUND * ops.tanh(head(x) / BOUND)
