"""CoGAN's game: nothing is ever shown in two modalities; agreement can come from shared layers only."""

import keras
import tensorflow as tf
from keras import ops

from utils.models.coupled import couple_discriminators, couple_generators
from utils.training.gan import GAN, discriminator_step, generator_step


def make_marginals(first, second, batch_size, seed=0):
    """Make an endless dataset of batches (first, second) whose rows have nothing to do with each other."""
    rows = [
        tf.data.Dataset.range(len(part)).shuffle(len(part), seed + place).repeat().batch(batch_size)
        for place, part in enumerate((first, second))
    ]
    chosen = tf.data.Dataset.zip(*rows)
    return chosen.map(lambda one, other: (tf.gather(first, one), tf.gather(second, other))).prefetch(2)


class CoupledGAN(GAN):
    """The game of lesson 02, played in two modalities at once."""

    def train_step(self, batch):
        d_latents, g_latents = (self.draw_latents(tf.shape(batch[0])[0]) for _ in range(2))
        fake = self.generator(d_latents, training=True)
        d_loss = discriminator_step(self.discriminator, self.d_optimizer, list(batch), fake)
        g_loss = generator_step(self.generator, self.discriminator, self.g_optimizer, g_latents)
        self.follow()
        self.d_loss.update_state(d_loss)
        self.g_loss.update_state(g_loss)
        return {"d_loss": self.d_loss.result(), "g_loss": self.g_loss.result()}

    def draw(self, latents, batch_size=500):
        """Draw both modalities of each row with the averaged generators."""
        return [ops.convert_to_numpy(part) for part in self.ema_generator.predict(latents, batch_size, 0)]


def build_coupled_gan(
    generators, discriminators, shared=True, own=(1, 2), d_learning_rate=1e-3, g_learning_rate=2e-3
):
    """Couple two GANs and build their optimizers.

    own says how many layers each generator has for itself at its end, each discriminator at its beginning.

    Shapes: latents (batch, gan.latent_dim) -> what the first draws, what the second draws
    Range:  those of the two generators
    Source: CoGAN, Liu and Tuzel 2016, arXiv:1606.07536
    """
    gan = CoupledGAN(
        couple_generators(generators, own[0], shared),
        couple_discriminators(discriminators, own[1], shared),
    )
    gan.compile(
        d_optimizer=keras.optimizers.Adam(d_learning_rate, beta_1=0.5, beta_2=0.9),
        g_optimizer=keras.optimizers.Adam(g_learning_rate, beta_1=0.5, beta_2=0.9),
    )
    return gan
