"""The GAN game: teach the discriminator, teach the generator, again."""

import keras
import tensorflow as tf

from utils.losses import discriminator_loss, generator_loss
from utils.models.gan import build_discriminator, build_generator, check_pair
from utils.training.ema import ema_decay_at, update_average


def discriminator_step(discriminator, optimizer, real_images, fake_images):
    """Take one step in which only the discriminator moves; return its loss."""
    with tf.GradientTape() as tape:
        real_logits = discriminator(real_images, training=True)
        fake_logits = discriminator(fake_images, training=True)  # finished images: no way to the generator
        loss = discriminator_loss(real_logits, fake_logits)
    variables = discriminator.trainable_variables
    optimizer.apply(tape.gradient(loss, variables), variables)
    return loss


def generator_step(generator, discriminator, optimizer, latents):
    """Take one step in which only the generator moves; return its loss."""
    with tf.GradientTape() as tape:
        fake_images = generator(latents, training=True)
        fake_logits = discriminator(fake_images, training=True)
        loss = generator_loss(fake_logits)
    variables = generator.trainable_variables  # the discriminator passes the gradient on, but stays as it is
    optimizer.apply(tape.gradient(loss, variables), variables)
    return loss


class GAN(keras.Model):
    """A generator and a discriminator that are taught in turn, and the generator's moving average."""

    def __init__(self, generator, discriminator, ema_decay=0.998):
        super().__init__()
        check_pair(generator, discriminator)
        self.generator = generator
        self.discriminator = discriminator
        self.ema_generator = keras.models.clone_model(generator)
        self.ema_generator.set_weights(generator.get_weights())
        self.latent_dim = generator.inputs[0].shape[-1]
        self.ema_decay = ema_decay
        self.d_loss = keras.metrics.Mean("d_loss")
        self.g_loss = keras.metrics.Mean("g_loss")

    def compile(self, d_optimizer, g_optimizer, **settings):
        """Give each network an optimizer of its own, so that no step can move both."""
        if d_optimizer is g_optimizer:
            raise ValueError(
                "A GAN needs two optimizers. Received: the same one twice. "
                "Most likely fix: call keras.optimizers.Adam(...) once for each network."
            )
        super().compile(**settings)
        self.d_optimizer, self.g_optimizer = d_optimizer, g_optimizer
        d_optimizer.build(self.discriminator_variables)
        g_optimizer.build(self.generator.trainable_variables)

    @property
    def discriminator_variables(self):
        """What the discriminator's optimizer moves."""
        return self.discriminator.trainable_variables

    def train_step(self, real_images):
        d_latents, g_latents = (self.draw_latents(tf.shape(real_images)[0]) for _ in range(2))
        fake_images = self.generator(d_latents, training=True)
        d_loss = discriminator_step(self.discriminator, self.d_optimizer, real_images, fake_images)
        g_loss = generator_step(self.generator, self.discriminator, self.g_optimizer, g_latents)
        self.follow()
        self.d_loss.update_state(d_loss)
        self.g_loss.update_state(g_loss)
        return {"d_loss": self.d_loss.result(), "g_loss": self.g_loss.result()}

    def follow(self):
        """Move the average towards the generator; it is the average that draws."""
        decay = ema_decay_at(self.g_optimizer.iterations, self.ema_decay)
        update_average(self.ema_generator, self.generator, decay)

    def draw_latents(self, count):
        """Draw what the generator starts from: one row of normal numbers per image."""
        return tf.random.normal((count, self.latent_dim))

    def draw(self, latents, batch_size=500):
        """Draw one image per row of latents with the averaged generator, as a numpy array in [-1, 1]."""
        if len(latents.shape) != 2 or latents.shape[1] != self.latent_dim:
            raise ValueError(
                f"Latents must be (count, {self.latent_dim}). Received: shape {tuple(latents.shape)}. "
                "Most likely fix: take them from gan.draw_latents(count)."
            )
        return self.ema_generator.predict(latents, batch_size=batch_size, verbose=0)


def build_gan(budget):
    """Build both networks and their optimizers in the sizes and at the rates of a budget.

    Shapes: latents (batch, gan.latent_dim) -> images (batch, 28, 28, 1)
    Range:  [-1, 1]
    Source: Adam with beta_1 0.5: Radford et al. 2015, arXiv:1511.06434
    """
    gan = GAN(build_generator(width=budget.g_width), build_discriminator(width=budget.d_width))
    gan.compile(
        d_optimizer=keras.optimizers.Adam(budget.d_learning_rate, beta_1=0.5, beta_2=0.9),
        g_optimizer=keras.optimizers.Adam(budget.g_learning_rate, beta_1=0.5, beta_2=0.9),
    )
    return gan
