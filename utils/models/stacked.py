"""StackGAN's second stage: it sees a coarse picture and the caption again, and draws the fine picture."""

import keras
from keras import layers

from utils.models.blocks import ConditionalNorm, caption_planes


def stage_two_input(coarse_images, caption_vectors):
    """Lay the caption beside the coarse picture: every pixel carries its colours and the whole caption.

    Shapes: coarse_images (batch, height, width, channels), caption_vectors (batch, d)
            -> (batch, height, width, channels + d), the colours first
    Range:  those of the pictures and of the vectors
    Source: StackGAN, Zhang et al. 2017, arXiv:1612.03242, section 3.3
    """
    planes = caption_planes(caption_vectors, *coarse_images.shape[1:3])
    return layers.Concatenate()([coarse_images, planes])


def build_stage_two(stage_one, width=24, channels=3):
    """Build the generator that refines what a finished stage one draws; stage one itself is frozen in it.

    It takes what stage one takes, so it trains and draws like any generator of captions.

    Shapes: latents (batch, latent_dim), caption_vectors (batch, d) -> twice the size of stage one
    Range:  [-1, 1]
    Source: StackGAN, Zhang et al. 2017, arXiv:1612.03242; conditional batch norm in place of plain, ours
    Errors: ValueError for a stage one that does not take latents and caption vectors
    """
    if len(stage_one.inputs) != 2 or len(stage_one.outputs[0].shape) != 4:
        raise ValueError(
            "Stage one must draw pictures from latents and caption vectors. Received: "
            f"{len(stage_one.inputs)} inputs, output shape {stage_one.outputs[0].shape}. "
            "Most likely fix: build_text_generator(caption_width, image_size=16)."
        )
    stage_one.trainable = False  # its batch norm too: it draws as it did when it was finished
    latents, caption_vectors = (keras.Input(tensor.shape[1:]) for tensor in stage_one.inputs)
    coarse = stage_one([latents, caption_vectors])  # (batch, 16, 16, 3)
    condition = layers.Concatenate()([latents, caption_vectors])
    x = layers.Conv2D(width, 3, padding="same", activation="relu")(stage_two_input(coarse, caption_vectors))
    y = layers.Conv2D(width, 3, padding="same", use_bias=False)(x)
    x = layers.Add()([x, layers.ReLU()(ConditionalNorm()(y, condition))])  # what is right already may stay
    x = layers.Conv2DTranspose(width, 4, strides=2, padding="same", use_bias=False)(x)  # 32 x 32
    x = layers.ReLU()(ConditionalNorm()(x, condition))
    images = layers.Conv2D(channels, 3, padding="same", activation="tanh")(x)
    return keras.Model([latents, caption_vectors], images, name="stage_two")
