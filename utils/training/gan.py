"""The GAN game: teach the discriminator, teach the generator, again."""

import keras
import tensorflow as tf
from keras import ops

from utils.losses import discriminator_loss, generator_loss, zero_centred_penalty
from utils.training.ema import ema_decay_at, update_average


class GAN(keras.Model):
    """A generator and a discriminator that are taught in turn, and the generator's moving average."""

    def __init__(self, generator, discriminator, r1_gamma=0.1, ema_decay=0.998):
        super().__init__()
        self.generator = generator
        self.discriminator = discriminator
        self.ema_generator = keras.models.clone_model(generator)
        self.ema_generator.set_weights(generator.get_weights())
        self.latent_dim = generator.input_shape[-1]
        self.r1_gamma = r1_gamma
        self.ema_decay = ema_decay
        self.d_loss = keras.metrics.Mean("d_loss")
        self.g_loss = keras.metrics.Mean("g_loss")

    def compile(self, d_optimizer, g_optimizer):
        """Give each network an optimizer of its own: one optimizer must not move both."""
        super().compile()
        self.d_optimizer, self.g_optimizer = d_optimizer, g_optimizer
        d_optimizer.build(self.discriminator.trainable_variables)
        g_optimizer.build(self.generator.trainable_variables)

    def teach_discriminator(self, real_images):
        """Take one step in which only the discriminator moves; return its loss."""
        latents = tf.random.normal((tf.shape(real_images)[0], self.latent_dim))
        fake_images = self.generator(latents, training=True)  # outside the tape: no gradient reaches it
        with tf.GradientTape() as tape:
            with tf.GradientTape() as image_tape:
                image_tape.watch(real_images)
                real_logits = self.discriminator(real_images, training=True)
            slopes = image_tape.gradient(real_logits, real_images)
            fake_logits = self.discriminator(fake_images, training=True)
            loss = discriminator_loss(real_logits, fake_logits)
            total = loss + zero_centred_penalty(slopes, self.r1_gamma)
        variables = self.discriminator.trainable_variables
        self.d_optimizer.apply(tape.gradient(total, variables), variables)
        return loss

    def teach_generator(self, batch_size):
        """Take one step in which only the generator moves; return its loss."""
        latents = tf.random.normal((batch_size, self.latent_dim))
        with tf.GradientTape() as tape:
            fake_images = self.generator(latents, training=True)
            fake_logits = self.discriminator(fake_images, training=True)
            loss = generator_loss(fake_logits)
        variables = self.generator.trainable_variables
        self.g_optimizer.apply(tape.gradient(loss, variables), variables)
        return loss

    def train_step(self, real_images):
        self.d_loss.update_state(self.teach_discriminator(real_images))
        self.g_loss.update_state(self.teach_generator(tf.shape(real_images)[0]))
        update_average(self.ema_generator, self.generator, ema_decay_at(self.g_optimizer.iterations, self.ema_decay))
        return {"d_loss": self.d_loss.result(), "g_loss": self.g_loss.result()}
