"""Translators: one sound has many right pictures, so they play a game; a sentence is said word by word."""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from utils.models.translate import build_captioner, build_pair_discriminator, build_picture_translator
from utils.models.words import gumbel_noise
from utils.training.multimodal import MATCHING, MultimodalGAN, belonging_loss, duels
from utils.training.rates import held_then_falling


class Translator(MultimodalGAN):
    """The game of lesson 05 with the sound given: only its picture is drawn.

    The negatives are a drawn picture with the real sound, and the real pictures of the other sounds.
    """

    def __init__(self, generator, discriminator, r1_gamma=0.03, ema_decay=0.995):
        super().__init__(generator, discriminator, r1_gamma, ema_decay)
        self.mismatched = True

    def train_step(self, batch):
        picture_codes, _, sound_codes = batch  # as make_triples gives them
        real = [picture_codes, sound_codes]
        d_loss = self.teach_discriminators(real, [self.translate(sound_codes), sound_codes])
        g_loss, match_loss = self.teach_generators(real)
        self.follow()
        losses = ((self.d_loss, d_loss), (self.g_loss, g_loss), (self.match_loss, match_loss))
        for metric, value in losses:
            metric.update_state(value)
        return {metric.name: metric.result() for metric, _ in losses}

    def translate(self, sound_codes):
        """Draw a picture code for each sound with the network in training."""
        return self.generator([self.draw_latents(tf.shape(sound_codes)[0]), sound_codes], training=True)

    def teach_generators(self, real):
        """Take one step in which only the generator moves; return its loss and that of the matching."""
        real_logits, _ = self.discriminator(real, training=True)
        with tf.GradientTape() as tape:
            fake_logits, fake_vectors = self.discriminator([self.translate(real[1]), real[1]])
            loss, match_loss = duels(fake_logits, real_logits), belonging_loss(fake_vectors)
            price = loss + MATCHING * match_loss
        variables = self.generator.trainable_variables
        self.g_optimizer.apply(tape.gradient(price, variables), variables)
        return loss, match_loss

    def draw(self, sound_codes, seed=None):
        """Draw one picture code for each sound with the averaged generator: float32 (n, picture_size)."""
        latents = keras.random.normal((len(sound_codes), self.latent_dim), seed=seed)
        return self.ema_generator.predict([latents, sound_codes], batch_size=500, verbose=0)


def build_translator(budget, sizes):
    """Build the game sound to picture in the sizes and at the rates of a MultimodalBudget.

    Shapes: latents (batch, gan.latent_dim), sound_codes (batch, sizes[1]) -> (batch, sizes[0])
    Range:  codes as learn_code makes them
    Source: rivals of matching-aware games: Reed et al. 2016, arXiv:1605.05396; pairs and R1: Huang et al.
            2024, arXiv:2501.05441
    """
    gan = Translator(
        build_picture_translator(*sizes, width=budget.g_width),
        build_pair_discriminator(*sizes, width=budget.d_width),
        r1_gamma=budget.r1_gamma,
    )
    d_rate, g_rate = (
        held_then_falling(rate, budget.steps, hold=0.6, end=0.2)
        for rate in (budget.d_learning_rate, budget.g_learning_rate)
    )
    gan.compile(
        d_optimizer=keras.optimizers.Adam(d_rate, beta_1=0.0, beta_2=0.99),
        g_optimizer=keras.optimizers.Adam(g_rate, beta_1=0.0, beta_2=0.99),
    )
    return gan


class MeanPicture(keras.Model):
    """The translator's network, taught by squared errors instead of a game: it learns the mean picture."""

    def __init__(self, network):
        super().__init__()
        self.network = network
        self.latent_dim = network.inputs[0].shape[-1]

    def call(self, sound_codes):
        """Return the picture code of each sound; latents have nothing to say here."""
        return self.network([ops.zeros((ops.shape(sound_codes)[0], self.latent_dim)), sound_codes])

    def draw(self, sound_codes):
        """Return the picture code of each sound as a numpy array: (n, picture_size)."""
        return self.predict(sound_codes, batch_size=500, verbose=0)


def build_mean_picture(budget, sizes):
    """Build the rival of the translator: least squares with a network as large.

    Shapes: sound_codes (batch, sizes[1]) -> (batch, sizes[0])
    Range:  codes as learn_code makes them
    Source: the mean of all right pictures has the least squared error; that it is blurred: Mathieu et al.
            2015, arXiv:1511.05440
    """
    model = MeanPicture(build_picture_translator(*sizes, width=budget.g_width))
    model.compile(keras.optimizers.Adam(held_then_falling(1e-3, budget.steps, hold=0.4)), loss="mse")
    return model


def words_before(tokens):
    """Move each sentence one place to the right: what is known when the next word is to be said.

    Shapes: tokens (n, length) -> int32 (n, length), 0 first
    """
    tokens = np.asarray(tokens, "int32")
    return np.concatenate([np.zeros_like(tokens[:, :1]), tokens[:, :-1]], axis=1)


def train_captioner(picture_codes, tokens, vocabulary_size, epochs=10, batch_size=100, learning_rate=2e-3):
    """Train with cross-entropy, each word after the true words before it; return (captioner, losses).

    Shapes: picture_codes (n, picture_size), tokens (n, length), paired by row
    Source: teacher forcing, Williams and Zipser 1989, Neural Computation 1(2)
    """
    captioner = build_captioner(picture_codes.shape[1], tokens.shape[1], vocabulary_size)
    steps = epochs * -(-len(tokens) // batch_size)
    captioner.compile(
        keras.optimizers.Adam(held_then_falling(learning_rate, steps, hold=0.3)),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    inputs = [picture_codes, words_before(tokens)]
    history = captioner.fit(inputs, tokens, batch_size=batch_size, epochs=epochs, verbose=0)
    return captioner, history.history["loss"]


def say(captioner, picture_codes, caution=1.0, seed=None):
    """Say a sentence for each picture, word by word: int32 tokens (n, length).

    With caution 1 each word is the likeliest one, with 0 an honest draw.
    """
    shape = captioner.output_shape[1:]
    noise = (1 - caution) * np.asarray(gumbel_noise((len(picture_codes), *shape), seed))
    tokens = np.zeros((len(picture_codes), shape[0]), "int32")
    for place in range(shape[0]):
        logits = captioner.predict([picture_codes, words_before(tokens)], batch_size=500, verbose=0)
        tokens[:, place] = (logits[:, place] + noise[:, place]).argmax(axis=-1)
    return tokens
