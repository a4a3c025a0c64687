"""Fidelity bought with diversity: latents nearer to the middle, one table of what that does."""

import numpy as np

from utils.metrics.coverage import precision_recall
from utils.metrics.distribution import kernel_distance


def truncation_table(draw, embed, real_features, latents, shares):
    """Return {share: {"precision", "recall", "kid"}} of pictures drawn from latents times each share.

    Shapes:  draw: (n, latent_dim) -> images; embed: images -> (n, d); real_features (m, d)
    Units:   precision and recall shares from 0 to 1, KID kernel units; a share of 1 leaves the latents alone
    Healthy: with a smaller share recall falls; precision rises only in a generator that takes it: where it
             falls too, latents so short were never seen in training
    Source:  Brock et al. 2018, arXiv:1809.11096, section 3.1; as a factor: Karras et al. 2018,
             arXiv:1812.04948, appendix B
    """
    table = {}
    for share in shares:
        features = embed(draw(np.float32(share) * latents))
        precision, recall = precision_recall(real_features, features)
        kid = kernel_distance(real_features, features)
        table[share] = {"precision": precision, "recall": recall, "kid": kid}
    return table
