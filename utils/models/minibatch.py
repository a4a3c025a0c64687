"""Let a discriminator see variety: one number per batch, appended to the features of each image."""

from keras import ops


def append_batch_deviation(features):
    """Append the mean standard deviation over the batch as one more feature, the same for every row.

    Shapes: features (batch, width) -> (batch, width + 1)
    Range:  the last column is 1e-4 for a batch of copies, and of the order of the features otherwise
    Source: Karras et al. 2018, arXiv:1710.10196, section 3, with one group
    """
    deviation = ops.mean(ops.sqrt(ops.var(features, axis=0) + 1e-8))
    return ops.concatenate([features, ops.zeros_like(features[:, :1]) + deviation], axis=1)
