"""What the latents of a VAE say about the images: those that say nothing have collapsed."""

import numpy as np


def active_units(z_means, threshold=0.01):
    """Count the latents whose posterior mean changes from image to image; the others have collapsed.

    Shapes:  z_means (n, latent_dim), as encode gives them -> int
    Units:   latents, from 0 to latent_dim
    Healthy: most of them; 0 is posterior collapse: the decoder draws the mean image
    Source:  Burda et al. 2015, arXiv:1509.00519, section 5.2
    """
    return int((np.var(np.asarray(z_means, "float64"), axis=0) > threshold).sum())
