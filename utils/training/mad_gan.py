"""Several generators against one discriminator that says which of them drew a point: MAD-GAN."""

import keras
import tensorflow as tf
from keras import ops

from utils.models.mad_gan import build_generators, build_which_discriminator
from utils.training.gan import GAN


def which_loss(logits, columns):
    """Price of not naming the column that a point belongs to: cross-entropy.

    Shapes:  logits (batch, generators + 1), columns (batch,) whole numbers -> ()
    Units:   nats
    Healthy: log (generators + 1) while nothing can be told, 2.197 for eight of them
    Source:  Ghosh et al. 2017, arXiv:1704.02906, section 3.2
    """
    return ops.mean(keras.losses.sparse_categorical_crossentropy(columns, logits, from_logits=True))


def looks_real_loss(logits):
    """Price of the generators for points that are not taken for real, whoever is named instead.

    Shapes:  logits (batch, generators + 1), "real" last -> ()
    Units:   nats
    Healthy: as which_loss; a generator that draws where another one draws is named no more often than that
             one, and both pay
    Source:  Ghosh et al. 2017, arXiv:1704.02906, eq. 3, non-saturating
    """
    return which_loss(logits, ops.zeros_like(logits[:, 0], "int32") + logits.shape[1] - 1)


class MADGAN(GAN):
    """Several generators, one discriminator; a batch holds as many points of each generator."""

    def __init__(self, count, generators, discriminator, ema_decay=0.99):
        super().__init__(generators, discriminator, ema_decay)
        self.count = count

    def train_step(self, real_points):
        batch = tf.shape(real_points)[0] // self.count * self.count  # a whole share for each generator
        with tf.GradientTape() as tape:
            fake_points = self.generator(self.draw_latents(batch), training=True)
            logits = self.discriminator(tf.concat([real_points[:batch], fake_points], axis=0), training=True)
            d_loss = which_loss(logits, tf.concat([tf.fill([batch], self.count), self.owners(batch)], axis=0))
        variables = self.discriminator.trainable_variables
        self.d_optimizer.apply(tape.gradient(d_loss, variables), variables)
        with tf.GradientTape() as tape:
            fake_points = self.generator(self.draw_latents(batch), training=True)
            g_loss = looks_real_loss(self.discriminator(fake_points, training=True))
        variables = self.generator.trainable_variables
        self.g_optimizer.apply(tape.gradient(g_loss, variables), variables)
        self.follow()
        self.d_loss.update_state(d_loss)
        self.g_loss.update_state(g_loss)
        return {"d_loss": self.d_loss.result(), "g_loss": self.g_loss.result()}

    def owners(self, batch):
        """Return which generator draws each row: 0, 0, ..., 1, 1, ..., int32 (batch,)."""
        return tf.repeat(tf.range(self.count), batch // self.count)

    def draw(self, latents, batch_size=None):
        """Draw with the averaged generators, all rows at once; their number is a multiple of the count."""
        if len(latents) % self.count:
            raise ValueError(
                f"Latents must be a multiple of {self.count}, the number of generators. Received: "
                f"{len(latents)}. Most likely fix: {len(latents) // self.count * self.count} of them."
            )
        return ops.convert_to_numpy(self.ema_generator(latents))


def build_mad_gan(count=8, width=64, depth=2, latent_dim=2, learning_rate=1e-3, beta_1=0.5):
    """Build the generators, the discriminator and their optimizers.

    Shapes: latents (batch, latent_dim), batch a multiple of count -> points (batch, 2)
    Range:  any real number
    Source: MAD-GAN, Ghosh et al. 2017, arXiv:1704.02906
    """
    gan = MADGAN(count, build_generators(count, latent_dim, width, depth), build_which_discriminator(count))
    gan.compile(
        d_optimizer=keras.optimizers.Adam(learning_rate, beta_1=beta_1, beta_2=0.9),
        g_optimizer=keras.optimizers.Adam(learning_rate, beta_1=beta_1, beta_2=0.9),
    )
    return gan
