"""Answers to exercises of lesson 02 that no other part of the library needs."""

import keras
import numpy as np
from keras import layers


def receptive_field(convolutions):
    """Pixels along one side that one unit sees after [(kernel, stride), (kernel, stride), ...]."""
    field, step = 1, 1  # step: pixels of the image between two neighbouring units
    for kernel, stride in convolutions:
        field += (kernel - 1) * step
        step *= stride
    return field


def collapsed_classes(class_ids, class_count, share=0.02):
    """Ids of the classes that make up less than `share` of all samples, those never drawn among them."""
    counts = np.bincount(class_ids, minlength=class_count)
    return np.flatnonzero(counts < share * len(class_ids))


def build_repaired_generator(latent_dim):
    """The draft's generator, repaired: it ends in an image, not in a verdict.

    Shapes: latents (batch, latent_dim) -> images (batch, 28, 28, 1)
    Range:  -1 to 1, as the real images
    Source: Radford et al. 2015, arXiv:1511.06434, section 3
    """
    return keras.Sequential(
        [
            layers.Input((latent_dim,)),
            layers.Dense(7 * 7 * 32),
            layers.Reshape((7, 7, 32)),
            layers.LeakyReLU(0.2),
            layers.Conv2DTranspose(16, 4, strides=2, padding="same"),  # (batch, 14, 14, 16)
            layers.LeakyReLU(0.2),
            layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="tanh"),  # (batch, 28, 28, 1)
        ]
    )


def ema_decay_at(step, decay):
    """How much of the average survives step number `step`: little at first, `decay` in the end."""
    return min(decay, (1 + step) / (10 + step))
