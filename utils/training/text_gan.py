"""The GAN game with captions: is the picture real, and does it show what was said?"""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from utils.losses import matching_aware_loss, naming_loss, relativistic_loss
from utils.models.text_encoders import build_text_encoder
from utils.models.text_gan import build_text_discriminator, build_text_generator
from utils.training.ema import ema_decay_at, update_average
from utils.training.gan import GAN
from utils.training.penalties import r1_penalty
from utils.training.rates import held_then_falling

GENERATOR_NAMING = 0.3  # with 1.0 the pictures of one caption become alike, the known fault of an AC-GAN


def drop_captions(tokens, rate):
    """Replace whole captions by padding (0), each with this probability: so the model learns what "" means.

    Shapes: tokens (batch, length) -> (batch, length)
    """
    kept = tf.random.uniform((tf.shape(tokens)[0], 1)) >= rate
    return tf.where(kept, tokens, 0)


def teach_discriminator(gan, real_images, fake_images, tokens):
    """Take one step in which the discriminator and its text encoder move; return the loss."""
    with tf.GradientTape() as tape:
        captions = gan.text_encoder(tokens, training=True)

        def score(images, training):
            return gan.discriminator([images, captions], training=training)[0]

        wrong_captions = tf.roll(captions, 1, axis=0)  # those of the neighbours
        images = tf.concat([real_images, fake_images, real_images], axis=0)
        asked = tf.concat([captions, captions, wrong_captions], axis=0)
        logits, word_logits = gan.discriminator([images, asked], training=True)
        real_logits, fake_logits, mismatched_logits = tf.split(logits, 3)
        loss = matching_aware_loss(real_logits, fake_logits, mismatched_logits)
        price = loss + gan.naming * naming_loss(tf.split(word_logits, 3)[0], tokens)  # real pictures only
        price += tf.cond(  # in each fourth step, four times as much: a quarter of the cost
            gan.d_optimizer.iterations % 4 == 0,
            lambda: 4.0 * r1_penalty(score, real_images, gan.r1_gamma),
            lambda: 0.0,
        )
    variables = gan.discriminator_variables
    gradients = tape.gradient(price, variables)
    moved = [pair for pair in zip(gradients, variables, strict=True) if pair[0] is not None]
    gan.d_optimizer.apply_gradients(moved)  # not all: a blind discriminator reads no captions
    return loss


def teach_generator(gan, real_images, tokens):
    """Take one step in which only the generator moves; return its loss and how well its words were named."""
    captions = gan.text_encoder(tokens, training=True)  # outside of the tape: the encoder stays as it is
    real_logits, _ = gan.discriminator([real_images, captions], training=True)
    latents = gan.draw_latents(tf.shape(real_images)[0])
    with tf.GradientTape() as tape:
        fake_images = gan.generator([latents, captions], training=True)
        fake_logits, word_logits = gan.discriminator([fake_images, captions], training=True)
        loss = relativistic_loss(fake_logits, real_logits)
        words_loss = naming_loss(word_logits, tokens)
        price = loss + GENERATOR_NAMING * gan.naming * words_loss
    variables = gan.generator.trainable_variables
    gan.g_optimizer.apply(tape.gradient(price, variables), variables)
    return loss, words_loss


class TextGAN(GAN):
    """A GAN whose networks also get a caption; its text encoder learns with the discriminator."""

    def __init__(self, text_encoder, generator, discriminator, r1_gamma=2.0, naming=1.0, caption_dropout=0.1):
        super().__init__(generator, discriminator)
        self.text_encoder = text_encoder
        self.ema_text_encoder = keras.models.clone_model(text_encoder)
        self.ema_text_encoder.set_weights(text_encoder.get_weights())
        self.r1_gamma, self.naming, self.caption_dropout = r1_gamma, naming, caption_dropout
        self.words_loss = keras.metrics.Mean("words_loss")

    @property
    def discriminator_variables(self):
        """What the discriminator's optimizer moves."""
        return self.discriminator.trainable_variables + self.text_encoder.trainable_variables

    def train_step(self, batch):
        real_images, tokens = batch
        tokens = drop_captions(tokens, self.caption_dropout)
        latents = self.draw_latents(tf.shape(real_images)[0])
        fake_images = self.generator([latents, self.text_encoder(tokens)], training=True)
        self.d_loss.update_state(teach_discriminator(self, real_images, fake_images, tokens))
        g_loss, words_loss = teach_generator(self, real_images, tokens)
        self.follow()
        self.g_loss.update_state(g_loss)
        self.words_loss.update_state(words_loss)
        return {metric.name: metric.result() for metric in (self.d_loss, self.g_loss, self.words_loss)}

    def follow(self):
        """Move both averages: that of the generator and that of the encoder whose vectors it draws from."""
        super().follow()
        decay = ema_decay_at(self.g_optimizer.iterations, self.ema_decay)
        update_average(self.ema_text_encoder, self.text_encoder, decay)

    def encode(self, tokens):
        """Return one caption vector per row of tokens, as the averaged encoder reads them."""
        return ops.convert_to_numpy(self.ema_text_encoder(tokens))

    def draw(self, latents, caption_vectors, batch_size=500):
        """Draw one image per latent and caption vector with the averaged generator, in [-1, 1]."""
        inputs = [np.asarray(latents), np.asarray(caption_vectors)]
        starts = range(0, len(inputs[0]), batch_size)  # called, not predict: nothing is compiled per shape
        batches = [self.ema_generator([rows[at : at + batch_size] for rows in inputs]) for at in starts]
        return np.concatenate([ops.convert_to_numpy(images) for images in batches])


def build_text_gan(budget, vocabulary_size, length, film=True, reads="projection", naming=1.0):
    """Build all networks of lesson 04 and their optimizers in the sizes and at the rates of a budget.

    Shapes: latents (batch, gan.latent_dim), tokens (batch, length) -> images (batch, 32, 32, 3)
    Range:  [-1, 1]
    Source: pairs and R1: Huang et al. 2024, arXiv:2501.05441; the rates are ours, measured
    """
    caption_width = budget.caption_width
    gan = TextGAN(
        build_text_encoder(budget.text_encoder, vocabulary_size, length, caption_width),
        build_text_generator(caption_width, width=budget.g_width, film=film),
        build_text_discriminator(caption_width, vocabulary_size, width=budget.d_width, reads=reads),
        r1_gamma=budget.r1_gamma,
        naming=naming,
    )
    d_rate, g_rate = (
        held_then_falling(rate, budget.steps, hold=0.6, end=0.02)  # less grain
        for rate in (budget.d_learning_rate, budget.g_learning_rate)
    )
    gan.compile(
        d_optimizer=keras.optimizers.Adam(d_rate, beta_1=0.5, beta_2=0.9),
        g_optimizer=keras.optimizers.Adam(g_rate, beta_1=0.5, beta_2=0.9),
    )
    return gan
