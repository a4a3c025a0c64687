"""CoGAN's game: nothing is ever shown in two modalities; agreement can come from shared layers only."""

import keras
import tensorflow as tf

from utils.losses import discriminator_loss, zero_centred_penalty
from utils.models.coupled import couple_discriminators, couple_generators
from utils.training.gan import GAN, generator_step


def make_marginals(first, second, batch_size, seed=0):
    """Make an endless dataset of batches (first, second) whose rows have nothing to do with each other."""
    rows = [
        tf.data.Dataset.range(len(part)).shuffle(len(part), seed + place).repeat().batch(batch_size)
        for place, part in enumerate((first, second))
    ]
    chosen = tf.data.Dataset.zip(*rows)
    return chosen.map(lambda one, other: (tf.gather(first, one), tf.gather(second, other))).prefetch(2)


class CoupledGAN(GAN):
    """The game of lesson 02, played in two modalities at once; R1 at will."""

    def __init__(self, generator, discriminator, r1_gamma=0.0, ema_decay=0.998):
        super().__init__(generator, discriminator, ema_decay)
        self.r1_gamma = r1_gamma

    def train_step(self, batch):
        d_latents, g_latents = (self.draw_latents(tf.shape(batch[0])[0]) for _ in range(2))
        d_loss = self.teach_discriminators(list(batch), self.generator(d_latents, training=True))
        g_loss = generator_step(self.generator, self.discriminator, self.g_optimizer, g_latents)
        self.follow()
        self.d_loss.update_state(d_loss)
        self.g_loss.update_state(g_loss)
        return {"d_loss": self.d_loss.result(), "g_loss": self.g_loss.result()}

    def teach_discriminators(self, real, fake):
        """Take one step in which only the discriminators move; return their loss."""
        with tf.GradientTape() as tape:
            real_logits = self.discriminator(real, training=True)
            loss = discriminator_loss(real_logits, self.discriminator(fake, training=True))
            price = loss + self.steepness(real) if self.r1_gamma else loss
        variables = self.discriminator.trainable_variables
        self.d_optimizer.apply(tape.gradient(price, variables), variables)
        return loss

    def steepness(self, real):
        """Price of scores that are steep around real rows: R1, added up over both modalities."""
        with tf.GradientTape() as tape:
            tape.watch(real)
            logits = self.discriminator(real, training=True)
        return sum(zero_centred_penalty(slopes, self.r1_gamma) for slopes in tape.gradient(logits, real))

    def draw(self, latents, batch_size=500):
        """Draw both modalities of each row with the averaged generators."""
        return self.ema_generator.predict(latents, batch_size=batch_size, verbose=0)


def build_coupled_gan(
    generators,
    discriminators,
    shared=True,
    own=(1, 2),
    r1_gamma=0.0,
    d_learning_rate=1e-3,
    g_learning_rate=2e-3,
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
        r1_gamma,
    )
    gan.compile(
        d_optimizer=keras.optimizers.Adam(d_learning_rate, beta_1=0.5, beta_2=0.9),
        g_optimizer=keras.optimizers.Adam(g_learning_rate, beta_1=0.5, beta_2=0.9),
    )
    return gan
