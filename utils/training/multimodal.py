"""The game of lesson 05: do picture, words and sound look real, and do they belong together?"""

import itertools

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from utils.losses import matching_loss, relativistic_loss
from utils.models.multimodal import build_multimodal_discriminator, build_multimodal_generator
from utils.models.words import gumbel_noise
from utils.training.gan import GAN
from utils.training.rates import held_then_falling

MATCHING = 0.2  # price of the generators; with 2 they draw what only the discriminator takes for a pattern
R1_EVERY = 4  # steps; four times as much then, at a quarter of the cost


def belonging_loss(vectors):
    """Price for picture, words and sound that do not find their own among the rows of the batch.

    Shapes:  vectors (batch, 3, width) -> ()
    Units:   nats, the mean over the three pairs of modalities
    Healthy: log batch while nothing is found; falls for real products first, then for generated ones
    Source:  matching_loss for each two modalities
    """
    pairs = list(itertools.combinations(range(vectors.shape[1]), 2))
    return sum(matching_loss(vectors[:, one], vectors[:, other]) for one, other in pairs) / len(pairs)


def duels(winner_logits, loser_logits):
    """Add up the price of each discriminator: one column for each, one duel for each row."""
    discriminators = winner_logits.shape[1]
    return discriminators * relativistic_loss(winner_logits, loser_logits)  # which is the mean over all


class MultimodalGAN(GAN):
    """Three generators, three discriminators, and a joint one unless it was left out."""

    def __init__(self, generator, discriminator, r1_gamma=0.05, ema_decay=0.995, mismatched=True):
        super().__init__(generator, discriminator, ema_decay)
        self.r1_gamma = r1_gamma
        self.mismatched = mismatched and discriminator.outputs[0].shape[-1] == 4  # only a joint one sees them
        self.match_loss = keras.metrics.Mean("match_loss")
        self.seeds = keras.random.SeedGenerator()  # made here: a step that makes a variable is compiled twice

    def train_step(self, batch):
        picture_codes, tokens, sound_codes = batch
        real = [picture_codes, ops.one_hot(tokens, self.noise_shape[1]), sound_codes]
        fake = self.generator(self.draw_inputs(tf.shape(tokens)[0]), training=True)
        d_loss = self.teach_discriminators(real, fake)
        g_loss, match_loss = self.teach_generators(real)
        self.follow()
        for metric, value in ((self.d_loss, d_loss), (self.g_loss, g_loss), (self.match_loss, match_loss)):
            metric.update_state(value)
        return {metric.name: metric.result() for metric in (self.d_loss, self.g_loss, self.match_loss)}

    def teach_discriminators(self, real, fake):
        """Take one step in which only the discriminators move; return their loss.

        The joint one is shown real products whose modalities were exchanged, too: they look perfect.
        """
        with tf.GradientTape() as tape:
            real_logits, real_vectors = self.discriminator(real, training=True)
            fake_logits, _ = self.discriminator(fake, training=True)
            loss = duels(real_logits, fake_logits)
            if self.mismatched:
                loss += belonging_loss(real_vectors)
            price = loss + tf.cond(
                self.d_optimizer.iterations % R1_EVERY == 0,
                lambda: R1_EVERY * self.steepness(real),
                lambda: 0.0,
            )
        variables = self.discriminator.trainable_variables
        self.d_optimizer.apply(tape.gradient(price, variables), variables)
        return loss

    def teach_generators(self, real):
        """Take one step in which only the generators move; return their loss and that of the matching."""
        real_logits, _ = self.discriminator(real, training=True)
        inputs = self.draw_inputs(tf.shape(real[0])[0])
        with tf.GradientTape() as tape:
            fake_logits, fake_vectors = self.discriminator(self.generator(inputs, training=True))
            loss = duels(fake_logits, real_logits)
            match_loss = belonging_loss(fake_vectors) if self.mismatched else tf.constant(0.0)
            price = loss + MATCHING * match_loss
        variables = self.generator.trainable_variables
        self.g_optimizer.apply(tape.gradient(price, variables), variables)
        return loss, match_loss

    def steepness(self, real):
        """Price of discriminators whose scores are steep around real products: R1 over all modalities."""
        with tf.GradientTape() as tape:
            tape.watch(real)
            logits, _ = self.discriminator(real, training=True)
        slopes = tape.gradient(logits, real)
        squares = sum(tf.reduce_mean(tf.reduce_sum(s**2, axis=tuple(range(1, len(s.shape))))) for s in slopes)
        return 0.5 * self.r1_gamma * squares

    @property
    def noise_shape(self):
        """Return (length, vocabulary_size): the noise by which words are chosen."""
        return tuple(self.generator.inputs[1].shape[1:])

    def draw_inputs(self, count, seed=None):
        """Draw what the generators start from: latents, and noise for the choice of the words."""
        seed = self.seeds if seed is None else seed
        latents = keras.random.normal((count, self.latent_dim), seed=seed)
        return [latents, gumbel_noise((count, *self.noise_shape), seed)]

    def draw(self, inputs, caution=0.5, batch_size=500):
        """Draw with the averaged generators: picture codes, tokens, sound codes.

        With caution 1 the noise in the choice of words has no effect, with 0 all of it.
        """
        latents, noise = (ops.convert_to_numpy(part) for part in inputs)
        starts = range(0, len(latents), batch_size)
        drawn = [
            self.ema_generator([latents[at : at + batch_size], (1 - caution) * noise[at : at + batch_size]])
            for at in starts
        ]
        pictures, words, sounds = (
            np.concatenate([np.asarray(p) for p in parts]) for parts in zip(*drawn, strict=True)
        )
        return pictures, words.argmax(axis=-1).astype("int32"), sounds


def build_multimodal_gan(budget, sizes, length, vocabulary_size, joint=True, mismatched=True):
    """Build all networks of lesson 05 and their optimizers in the sizes and at the rates of a budget.

    Shapes: latents (batch, gan.latent_dim), noise (batch, length, vocabulary_size) -> codes and words
    Range:  codes as learn_code makes them
    Source: pairs and R1: Huang et al. 2024, arXiv:2501.05441; rates that fall, so that the players settle
    """
    shape = sizes, length, vocabulary_size

    def falling(learning_rate):
        return held_then_falling(learning_rate, budget.steps, hold=0.6, end=0.2)

    gan = MultimodalGAN(
        build_multimodal_generator(*shape, width=budget.g_width),
        build_multimodal_discriminator(*shape, width=budget.d_width, joint=joint),
        r1_gamma=budget.r1_gamma,
        mismatched=mismatched,
    )
    gan.compile(
        d_optimizer=keras.optimizers.Adam(falling(budget.d_learning_rate), beta_1=0.0, beta_2=0.99),
        g_optimizer=keras.optimizers.Adam(falling(budget.g_learning_rate), beta_1=0.0, beta_2=0.99),
    )
    return gan
