"""What the latents of a VAE say about the images: those that say nothing have collapsed."""

import numpy as np


def latent_variances(z_means):
    """Measure how far the posterior mean of each latent moves from image to image.

    Shapes:  z_means (n, latent_dim), as vae.encode(images)[0] gives them -> float64 (latent_dim,)
    Units:   variances of the prior: the latents were trained towards N(0, 1)
    Healthy: 0.5 to 1.2 for a latent that is used, below 0.01 for one that has collapsed
    Source:  Burda et al. 2015, arXiv:1509.00519
    """
    z_means = np.asarray(z_means, dtype="float64")
    if z_means.ndim != 2 or len(z_means) < 2:
        raise ValueError(
            "z_means must be (n, latent_dim), one row for each of two images or more. "
            f"Received: shape {z_means.shape}. Most likely fix: active_units(vae.encode(images)[0]): "
            "encode returns z_mean and z_log_var."
        )
    if not np.isfinite(z_means).all():
        raise ValueError(
            f"z_means must be finite. Received: {int((~np.isfinite(z_means)).sum())} NaN or infinite values. "
            "Most likely fix: the training diverged; lower the learning rate."
        )
    return z_means.var(axis=0)


def active_units(z_means, threshold=0.01):
    """Count the latents whose posterior mean changes from image to image; the others have collapsed.

    Shapes:  z_means (n, latent_dim), as vae.encode(images)[0] gives them -> int
    Units:   latents, from 0 to latent_dim
    Healthy: 1 or more; 0 is posterior collapse: the decoder draws the mean image, whatever it is asked
    Source:  Burda et al. 2015, arXiv:1509.00519
    """
    return int((latent_variances(z_means) > threshold).sum())


def kl_per_latent(z_means, z_log_vars):
    """Measure what each latent says about an image, on average: 0 nats when it has collapsed.

    Shapes:  z_means, z_log_vars (n, latent_dim) -> float64 (latent_dim,)
    Units:   nats per image; they add up to the KL that training shows
    Healthy: about 1 to 4 for a latent that is used
    Source:  Kingma and Welling 2013, arXiv:1312.6114, appendix B
    """
    mean, log_var = np.asarray(z_means, dtype="float64"), np.asarray(z_log_vars, dtype="float64")
    return 0.5 * (mean**2 + np.exp(log_var) - 1 - log_var).mean(axis=0)
