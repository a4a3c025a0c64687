"""StackGAN in two trainings: a coarse picture from the caption, then a fine one from both."""

import keras
import numpy as np

from utils.models.stacked import build_stage_two
from utils.models.text_encoders import build_text_encoder
from utils.models.text_gan import build_text_discriminator, build_text_generator
from utils.training.rates import held_then_falling
from utils.training.text_gan import TextGAN


def halve(images):
    """Average each 2 x 2 pixels: bytes (n, height, width, channels) -> bytes of half the size."""
    count, height, width, channels = images.shape
    blocks = images.reshape(count, height // 2, 2, width // 2, 2, channels)
    return np.rint(blocks.mean(axis=(2, 4), dtype="float32")).astype("uint8")


def build_stage_one_gan(budget, vocabulary_size, length, image_size=16):
    """Build the game of stage one: lesson 04's networks at half the size.

    Shapes: latents (batch, gan.latent_dim), tokens (batch, length) -> images (batch, 16, 16, 3)
    Range:  [-1, 1]
    Source: StackGAN, Zhang et al. 2017, arXiv:1612.03242, section 3.2
    """
    width = budget.caption_width
    return compiled_game(
        build_text_encoder(budget.text_encoder, vocabulary_size, length, width),
        build_text_generator(width, width=budget.g_width, image_size=image_size),
        build_text_discriminator(width, vocabulary_size, width=budget.d_width, image_size=image_size),
        budget,
    )


def build_stage_two_gan(budget, stage_one, vocabulary_size):
    """Build the game of stage two: what stage one has learnt, captions and pictures, stays as it is.

    Shapes: latents (batch, gan.latent_dim), tokens (batch, length) -> images (batch, 32, 32, 3)
    Range:  [-1, 1]
    Source: StackGAN, Zhang et al. 2017, arXiv:1612.03242, section 3.3; there the encoder is frozen, too
    """
    encoder, generator = stage_one.ema_text_encoder, stage_one.ema_generator
    encoder.trainable = False  # stage one understands only these caption vectors
    image_size = 2 * generator.output_shape[1]
    return compiled_game(
        encoder,
        build_stage_two(generator, width=budget.g_width),
        build_text_discriminator(
            budget.caption_width, vocabulary_size, width=budget.d_width, image_size=image_size
        ),
        budget,
    )


def compiled_game(encoder, generator, discriminator, budget):
    """Return the game of these networks with the optimizers of a budget."""
    gan = TextGAN(encoder, generator, discriminator, r1_gamma=budget.r1_gamma)
    d_rate, g_rate = (
        held_then_falling(rate, budget.steps, hold=0.6, end=0.02)
        for rate in (budget.d_learning_rate, budget.g_learning_rate)
    )
    gan.compile(
        d_optimizer=keras.optimizers.Adam(d_rate, beta_1=0.5, beta_2=0.9),
        g_optimizer=keras.optimizers.Adam(g_rate, beta_1=0.5, beta_2=0.9),
    )
    return gan
