"""How sure a restorer is of each pixel: the mean of its samples, and how far they lie apart."""

from keras import ops


def confidence(samples):
    """Return the mean picture of several samples and, for each pixel, how far they lie from it.

    The channels share one number: the root of their mean variance, as the length of a distance has it.

    Shapes:  samples (k, n, height, width, channels) -> mean (n, height, width, channels),
             spread (n, height, width)
    Units:   as the pictures; the variance is divided by k, so that one sample has the spread 0
    Healthy: 0 where all samples agree; large where they had to invent what the picture did not show
    Source:  mean and spread of VAE samples: Prakash et al. 2021, arXiv:2006.06072
    """
    mean = ops.mean(samples, axis=0)
    variance = ops.mean(ops.square(samples - mean), axis=0)  # (n, height, width, channels)
    return mean, ops.sqrt(ops.mean(variance, axis=-1))
