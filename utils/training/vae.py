"""The VAE: say each image in latents, draw it again, and pay for the errors and for what was said."""

import keras
import numpy as np
import tensorflow as tf

from utils.losses import gaussian_kl, gaussian_nll, nats_per_image, negative_elbo
from utils.models.vae import build_decoder, build_encoder, reparameterise


class VAE(keras.Model):
    """An encoder and a decoder that are trained together on the negative ELBO, in nats per image."""

    def __init__(self, encoder, decoder, beta=1.0, warmup_steps=0, free_bits=0.0, sigma=None):
        """Set the price of the latents; sigma is the noise of the decoder, learned when None."""
        super().__init__()
        self.encoder, self.decoder = encoder, decoder
        self.latent_dim = decoder.inputs[0].shape[-1]
        self.beta, self.warmup_steps, self.free_bits = beta, warmup_steps, free_bits
        self.log_sigma = self.add_weight(
            shape=(),
            initializer=keras.initializers.Constant(np.log(sigma or 0.5)),
            trainable=sigma is None,
            name="log_sigma",
        )
        self.seeds = keras.random.SeedGenerator()  # its state is saved with the weights
        self.reconstruction = keras.metrics.Mean("reconstruction")
        self.kl = keras.metrics.Mean("kl")
        self.built = True

    def train_step(self, images):
        with tf.GradientTape() as tape:
            nll, kl = self.costs(images, training=True)
            beta = warmed_up(self.beta, self.optimizer.iterations, self.warmup_steps)
            loss = negative_elbo(nll, kl, beta, self.free_bits)
        variables = self.trainable_variables
        self.optimizer.apply(tape.gradient(loss, variables), variables)
        return self.record(nll, kl)

    def test_step(self, images):
        return self.record(*self.costs(images, training=False))

    def costs(self, images, training):
        """Send images through the latents; return the price of each pixel and of each latent, in nats."""
        z_mean, z_log_var = self.encoder(images, training=training)
        noise = keras.random.normal(tf.shape(z_mean), seed=self.seeds)
        z = reparameterise(z_mean, z_log_var, noise)
        nll = gaussian_nll(images, self.decoder(z, training=training), self.log_sigma)
        return nll, gaussian_kl(z_mean, z_log_var)

    def record(self, nll, kl):
        """Return both halves of the ELBO, in nats per image."""
        self.reconstruction.update_state(nats_per_image(nll))
        self.kl.update_state(nats_per_image(kl))
        return {"reconstruction": self.reconstruction.result(), "kl": self.kl.result()}

    def encode(self, images, batch_size=500):
        """Return z_mean and z_log_var of images as numpy arrays (count, latent_dim)."""
        return self.encoder.predict(images, batch_size=batch_size, verbose=0)

    def decode(self, latents, batch_size=500):
        """Return one image per row of latents as a numpy array in [-1, 1]."""
        latents = np.asarray(latents)
        if latents.ndim != 2 or latents.shape[1] != self.latent_dim:
            raise ValueError(
                f"Latents must be (count, {self.latent_dim}). Received: shape {latents.shape}. "
                "Most likely fix: take them from vae.draw_latents(count) or vae.encode(images)[0]."
            )
        if len(latents) <= batch_size:
            return self.decoder.predict_on_batch(latents)  # a tenth of the time of predict for a few
        return self.decoder.predict(latents, batch_size=batch_size, verbose=0)

    draw = decode  # the name under which every generator of the course draws

    def reconstruct(self, images):
        """Return each image as its mean latents draw it."""
        return self.decode(self.encode(images)[0])

    def draw_latents(self, count):
        """Draw latents from the prior: one row of normal numbers per image."""
        return tf.random.normal((count, self.latent_dim))


def warmed_up(beta, steps, warmup_steps):
    """Return the price of a nat of the latents after so many steps: it rises from 0 to beta."""
    if not warmup_steps:
        return beta
    return beta * tf.minimum(1.0, tf.cast(steps, "float32") / warmup_steps)


def build_vae(budget, image_size=28, channels=1, sigma=None):
    """Build both networks and their optimizer in the sizes and at the rate of a budget.

    The rate falls to a twentieth over the steps of the budget, so that the last pictures are the sharpest.

    Shapes: images (batch, image_size, image_size, channels) -> z_mean, z_log_var (batch, latent_dim)
            -> images
    Range:  [-1, 1]
    Source: learned sigma: Rybkin et al. 2020, arXiv:2006.13202; warm-up: Bowman et al. 2016,
            arXiv:1511.06349
    """
    sizes = (budget.latent_dim, budget.width, image_size, channels)
    vae = VAE(
        build_encoder(*sizes),
        build_decoder(*sizes),
        beta=budget.beta,
        warmup_steps=budget.warmup_steps,
        free_bits=budget.free_bits,
        sigma=sigma,
    )
    rate = keras.optimizers.schedules.CosineDecay(budget.learning_rate, budget.steps, alpha=0.05)
    vae.compile(optimizer=keras.optimizers.Adam(rate))
    vae.optimizer.build(vae.trainable_variables)
    return vae
