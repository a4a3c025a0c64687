"""A GAN of points on a plane: trained in seconds, by any pair of losses, with any penalty."""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import tensorflow as tf

from utils.losses import discriminator_loss, generator_loss, relativistic_loss
from utils.models.points_gan import build_point_discriminator, build_point_generator
from utils.training.gan import GAN
from utils.training.penalties import r1_penalty
from utils.training.rates import held_then_falling


def play_round(gan, real_points):
    """Teach the discriminator once, then the generator once, then move the average; return both losses."""
    count = tf.shape(real_points)[0]
    fake_points = gan.generator(gan.draw_latents(count), training=True)
    d_loss = gan.teach_discriminator(real_points, fake_points)
    g_loss = gan.teach_generator(real_points, gan.draw_latents(count))
    gan.follow()
    return d_loss, g_loss


@dataclass(frozen=True)
class Method:
    """What makes one way to train a GAN another: prices, penalties and rates."""

    d_loss: Callable = discriminator_loss  # (real_logits, fake_logits) -> ()
    g_loss: Callable = lambda real_logits, fake_logits: generator_loss(fake_logits)
    penalties: tuple = ()  # functions of (discriminator, real_points, fake_points) -> ()
    build_discriminator: Callable = build_point_discriminator
    d_learning_rate: float = 1e-3
    g_learning_rate: float = 1e-3
    beta_1: float = 0.5
    beta_2: float = 0.9
    falls: bool = False  # both rates, in the second half of the training
    ema_decay: float = 0.99


class PointGAN(GAN):
    """A GAN that is taught by a method."""

    def __init__(self, method, generator, discriminator):
        super().__init__(generator, discriminator, method.ema_decay)
        self.method = method

    def train_step(self, real_points):
        d_loss, g_loss = play_round(self, real_points)
        self.d_loss.update_state(d_loss)
        self.g_loss.update_state(g_loss)
        return {"d_loss": self.d_loss.result(), "g_loss": self.g_loss.result()}

    def teach_discriminator(self, real_points, fake_points):
        """Take one step in which only the discriminator moves; return its loss without the penalties."""
        with tf.GradientTape() as tape:
            real_logits = self.discriminator(real_points, training=True)
            fake_logits = self.discriminator(fake_points, training=True)
            loss = self.method.d_loss(real_logits, fake_logits)
            price = loss + sum(
                penalty(self.discriminator, real_points, fake_points) for penalty in self.method.penalties
            )
        variables = self.discriminator.trainable_variables
        self.d_optimizer.apply(tape.gradient(price, variables), variables)
        return loss

    def teach_generator(self, real_points, latents):
        """Take one step in which only the generator moves; return its loss."""
        with tf.GradientTape() as tape:
            fake_logits = self.discriminator(self.generator(latents, training=True), training=True)
            real_logits = self.discriminator(real_points, training=True)
            loss = self.method.g_loss(real_logits, fake_logits)
        variables = self.generator.trainable_variables
        self.g_optimizer.apply(tape.gradient(loss, variables), variables)
        return loss


def build_point_gan(method, steps, width=128, latent_dim=2):
    """Build both networks and their optimizers, for a training of so many steps.

    Shapes: latents (batch, latent_dim) -> points (batch, 2)
    Range:  any real number
    Source: Goodfellow et al. 2014, arXiv:1406.2661; what differs is the method's
    """
    gan = PointGAN(method, build_point_generator(latent_dim, width), method.build_discriminator(width))
    betas = {"beta_1": method.beta_1, "beta_2": method.beta_2}
    d_optimizer, g_optimizer = (
        keras.optimizers.Adam(held_then_falling(rate, steps) if method.falls else rate, **betas)
        for rate in (method.d_learning_rate, method.g_learning_rate)
    )
    gan.compile(d_optimizer=d_optimizer, g_optimizer=g_optimizer)
    return gan


def plain_method():
    """Return the game as a first draft plays it: the usual losses, and Adam with the memory it comes with."""
    return Method(beta_1=0.9, beta_2=0.999)


def cured_method():
    """Return a game that settles: pairs, a price on steep scores at real and at fake points, no momentum."""
    return Method(
        d_loss=relativistic_loss,
        g_loss=lambda real_logits, fake_logits: relativistic_loss(fake_logits, real_logits),
        penalties=(
            lambda discriminator, real_points, fake_points: r1_penalty(discriminator, real_points, 0.005),
            lambda discriminator, real_points, fake_points: r1_penalty(discriminator, fake_points, 0.005),
        ),
        d_learning_rate=2e-3,
        g_learning_rate=2e-3,
        beta_1=0.0,
        beta_2=0.99,
        falls=True,
    )
