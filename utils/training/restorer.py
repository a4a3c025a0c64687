"""The restorer: a first guess, then a conditional VAE of what the guess may have missed."""

from functools import partial
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from utils.data.images import check_images
from utils.losses import gaussian_kl, gaussian_nll, nats_per_image, negative_elbo
from utils.models.confidence import confidence
from utils.models.restorer import build_posterior, build_prior, build_residual_decoder, product_of_gaussians
from utils.models.vae import reparameterise
from utils.training.first_guess import falling_adam
from utils.training.vae import warmed_up

SAMPLES = 6  # per picture
AT_ONCE = 64 * 64 * 64  # pixels read at a time: bounds the memory
VISIBLE = 3.0  # grey levels, 39 dB: a picture that would change by less, root mean square, stays as it is


class Restored(NamedTuple):
    """What a restorer says of pictures, as float32 arrays."""

    mean: np.ndarray  # (n, height, width, channels): the first guess, around which all samples lie
    sample: np.ndarray  # (n, height, width, channels): one likely answer, with all details
    spread: np.ndarray  # (n, height, width): how far the samples lie apart


class Restorer(keras.Model):
    """p(clean | degraded, z): a first guess that stays, a prior, a decoder, and a posterior for training."""

    def __init__(self, first_guess, prior, posterior, decoder, beta=1.0, warmup_steps=0):
        """Keep the first guess as it is, and set the price of the latents."""
        super().__init__()
        self.first_guess = first_guess
        self.first_guess.trainable = False
        self.prior, self.posterior, self.decoder = prior, posterior, decoder
        self.beta, self.warmup_steps = beta, warmup_steps
        self.channels = first_guess.channels
        start = keras.initializers.Constant(np.log(0.1))
        self.log_sigma = self.add_weight(shape=(), initializer=start, name="log_sigma")
        self.seeds = keras.random.SeedGenerator()  # its state is saved with the weights
        self.means = {name: keras.metrics.Mean(name) for name in ("reconstruction", "kl")}
        self.built = True

    @property
    def metrics(self):
        """What starts again at each point of the history."""
        return list(self.means.values())

    def train_step(self, pair):
        with tf.GradientTape() as tape:
            nll, kl = self.costs(*pair, training=True)
            beta = warmed_up(self.beta, self.optimizer.iterations, self.warmup_steps)
            loss = negative_elbo(nll, kl, beta)
        variables = self.trainable_variables
        self.optimizer.apply(tape.gradient(loss, variables), variables)
        return self.record(nll, kl)

    def test_step(self, pair):
        return self.record(*self.costs(*pair, training=False))

    def costs(self, degraded, clean, training):
        """Restore with the answer's help; return the price of each pixel and of each latent, in nats."""
        features, guess = self.first_guess.read(degraded)
        errors = (clean - guess) * tf.exp(-tf.stop_gradient(self.log_sigma))
        p_log_var, gates = self.prior(features, training=training)
        said = self.posterior([errors, features], training=training)
        q_mean, q_log_var = product_of_gaussians(0.0, p_log_var, *said)
        noise = keras.random.normal(tf.shape(q_mean), seed=self.seeds)
        z = reparameterise(q_mean, q_log_var, noise)
        restored = guess + self.decoder([gates, z], training=training)
        return gaussian_nll(clean, restored, self.log_sigma), gaussian_kl(q_mean, q_log_var, 0.0, p_log_var)

    def record(self, nll, kl):
        """Return both halves of the ELBO, in nats per image."""
        for mean, costs in zip(self.means.values(), (nll, kl), strict=True):
            mean.update_state(nats_per_image(costs))
        return {name: mean.result() for name, mean in self.means.items()}

    @tf.function(reduce_retracing=True)
    def answers(self, degraded, noise):
        """Read pictures (n, …) once: the guess (n, …), and two answers for each noise (k, …): (2 k, n, …).

        They lie on opposite sides of the guess, as opposite noise would draw them.
        """
        features, guess = self.first_guess.read(degraded)
        guess = left_alone_if_good(degraded, guess)
        z_log_var, gates = self.prior(features)
        z = reparameterise(0.0, z_log_var, noise[:, None])  # (k, n, height / 4, width / 4, latents)
        many = tf.tile(gates, (tf.shape(noise)[0], 1, 1, 1))
        residuals = self.decoder([many, tf.reshape(z, tf.concat([[-1], tf.shape(z)[2:]], axis=0))])
        residuals = tf.reshape(residuals, tf.concat([tf.shape(noise)[:1], tf.shape(degraded)], axis=0))
        samples = tf.concat([guess + residuals, guess - residuals], axis=0)
        return tf.clip_by_value(guess, -1.0, 1.0), tf.clip_by_value(samples, -1.0, 1.0)

    @tf.function(reduce_retracing=True)
    def summary(self, degraded, noise, grey):
        """Return the guess, the first answer and the spread of all; of their means over channels if grey."""
        guess, samples = self.answers(degraded, noise)
        if grey:
            guess, samples = (tf.reduce_mean(part, axis=-1, keepdims=True) for part in (guess, samples))
        return Restored(guess, samples[0], confidence(samples)[1])

    def parts(self, ask, degraded, count, seed):
        """Ask about a few pictures at a time, which bounds the memory; sides are filled up to divide by 4."""
        degraded = check_images(degraded, self.channels).astype("float32")
        height, width = degraded.shape[1:3]
        padded = np.pad(degraded, ((0, 0), (0, -height % 4), (0, -width % 4), (0, 0)), "symmetric")
        latent_channels = self.decoder.inputs[1].shape[-1]
        shape = (-(-count // 2), padded.shape[1] // 4, padded.shape[2] // 4, latent_channels)
        noise = np.random.default_rng(seed).standard_normal(shape, dtype="float32")
        step = max(1, AT_ONCE // (padded.shape[1] * padded.shape[2]))
        return zip(*(ask(padded[i : i + step], noise) for i in range(0, len(padded), step)), strict=True)

    def samples(self, degraded, count=SAMPLES, seed=0):
        """Return `count` clean pictures that each degraded one may come from: (count, n, …).

        The same seed gives the same answers, alone or in a batch. The second half of an even count lies
        opposite to the first (antithetic sampling): their mean is the guess.
        """
        _, samples = self.parts(self.answers, degraded, count, seed)
        return np.concatenate(samples, axis=1)[:count, :, : degraded.shape[1], : degraded.shape[2]]

    def enhance(self, images, seed=0):
        """Restore pictures (n, height, width, 1 or 3) in [-1, 1] of any size: mean, one sample, spread."""
        images = check_images(images)
        grey = images.shape[-1] < self.channels
        degraded = images.repeat(self.channels, axis=-1) if grey else images
        fields = self.parts(partial(self.summary, grey=grey), degraded, SAMPLES, seed)
        height, width = images.shape[1:3]
        return Restored(*(np.concatenate(field)[:, :height, :width] for field in fields))


def left_alone_if_good(degraded, guess):
    """Return the guess, but the picture itself where the guess would change it by less than one can see."""
    change = tf.sqrt(tf.reduce_mean(tf.square(guess - degraded), axis=(1, 2, 3), keepdims=True))
    return tf.where(127.5 * change < VISIBLE, degraded, guess)


def build_restorer(budget, first_guess):
    """Build the three networks around a trained first guess, and their optimizer.

    Shapes: pairs of degraded and clean (batch, height, width, channels), sides divisible by 4
    Range:  [-1, 1]
    Source: ELBO with a learned prior: Sohn et al. 2015 (NeurIPS 28)
    """
    channels = first_guess.channels
    restorer = Restorer(
        first_guess,
        build_prior(budget.width, budget.latent_channels),
        build_posterior(budget.width, budget.latent_channels, channels),
        build_residual_decoder(budget.width, budget.latent_channels, channels),
        beta=budget.beta,
        warmup_steps=budget.warmup_steps,
    )
    restorer.compile(optimizer=falling_adam(budget.learning_rate, budget.steps, longest=1.0))
    restorer.optimizer.build(restorer.trainable_variables)
    return restorer
