"""Answers to exercises of lesson 07 that no other part of the library needs."""

from keras import ops


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


def half_size_pair(clean):
    """Return (degraded, clean): what half the size leaves of the pictures, and the pictures as they came.

    Each block of 2 x 2 pixels becomes its mean; the degraded picture shows that mean in all four places.

    Shapes: clean (n, height, width, channels), height and width even -> two of the same shape
    Range:  that of the pictures
    Source: our own choice; the target needs no label, since the picture is its own answer
    """
    count, height, width, channels = clean.shape
    blocks = clean.reshape(count, height // 2, 2, width // 2, 2, channels)
    small = blocks.mean(axis=(2, 4))  # (n, height / 2, width / 2, channels)
    return small.repeat(2, axis=1).repeat(2, axis=2), clean
