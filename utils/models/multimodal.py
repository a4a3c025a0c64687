"""One product in three modalities: a generator for each, a discriminator for each, and one for all."""

import keras
from keras import layers, ops

from utils.models.words import build_word_generator


def build_code_generator(latent_dim, length, vocabulary_size, code_size, width=512, depth=3, name=None):
    """Build the network that turns latents and words into the code of a picture or of a sound.

    Shapes: latents (batch, latent_dim), words (batch, length, vocabulary_size) -> (batch, code_size)
    Range:  any real number
    Source: ours; dense layers that each add to what is there, as in He et al. 2015, arXiv:1512.03385
    """
    latents, words = keras.Input((latent_dim,)), keras.Input((length, vocabulary_size))
    heard = layers.Dense(96)(layers.Flatten()(words))
    x = layers.Dense(width, activation="relu")(layers.Concatenate()([heard, latents]))
    for _ in range(depth - 1):
        x = layers.Add()([x, layers.Dense(width, activation="relu")(x)])
    return keras.Model([latents, words], layers.Dense(code_size)(x), name=name)


def build_multimodal_generator(sizes, length, vocabulary_size, latent_dim=32, width=512):
    """Build the three generators as one: the same latents for all, and the words are heard by the others.

    A shared latent makes agreement possible. Nothing in here makes it happen.

    Shapes: latents (batch, latent_dim), noise (batch, length, vocabulary_size)
            -> picture_codes (batch, sizes[0]), words (batch, length, vocabulary_size),
            sound_codes (batch, sizes[1])
    Range:  codes any real number, words one 1 for each place
    Source: one generator per modality from shared latents, as CoGAN: Liu and Tuzel 2016, arXiv:1606.07536
    """
    latents = keras.Input((latent_dim,), name="latents")
    noise = keras.Input((length, vocabulary_size), name="noise")
    words = build_word_generator(latent_dim, length, vocabulary_size, width // 4)([latents, noise])
    shape = latent_dim, length, vocabulary_size
    pictures = build_code_generator(*shape, sizes[0], width, name="picture_generator")([latents, words])
    sounds = build_code_generator(*shape, sizes[1], width // 2, name="sound_generator")([latents, words])
    return keras.Model([latents, noise], [pictures, words, sounds], name="generators")


def build_multimodal_discriminator(sizes, length, vocabulary_size, width=128, joint=True):
    """Build a discriminator per modality and, with joint=True, one that sees all together.

    The joint score is what the features tell together, and for each two modalities the inner product of two
    vectors: large when both speak of the same product.

    Shapes: picture_codes (batch, sizes[0]), words (batch, length, vocabulary_size), sound_codes
            (batch, sizes[1]) -> logits (batch, 3 or, with joint, 4), vectors (batch, 3, width)
    Range:  any real number, without a sigmoid; the columns of logits: picture, words, sound, all together
    Source: inner products of pairs: Miyato and Koyama 2018, arXiv:1802.05637
    """
    modalities = [keras.Input((sizes[0],)), keras.Input((length, vocabulary_size)), keras.Input((sizes[1],))]
    features = [read(modality, width) for modality in modalities]  # each (batch, width)
    logits = [layers.Dense(1)(sloped(layers.Dense(width)(x))) for x in features]
    vectors = [layers.Dense(width)(x) for x in features] if joint else features
    if joint:
        x = layers.Concatenate()(features)
        for _ in range(2):
            x = sloped(layers.Dense(3 * width // 2)(x))
        logits.append(layers.Dense(1)(x) + belonging(vectors))
    outputs = [layers.Concatenate()(logits), ops.stack(vectors, axis=1)]
    return keras.Model(modalities, outputs, name="discriminators")


def belonging(vectors):
    """Add up the inner products of each two of three vectors: (batch, 1), how well they belong together."""
    picture, words, sound = vectors
    pairs = picture * words + picture * sound + words * sound  # (batch, width)
    return ops.sum(pairs, axis=1, keepdims=True) / vectors[0].shape[-1] ** 0.5


def read(modality, width):
    """Return what one modality tells: two dense layers."""
    x = layers.Flatten()(modality)
    return sloped(layers.Dense(width)(sloped(layers.Dense(3 * width // 2)(x))))


def sloped(x):
    """Return the activation of a discriminator: where it is flat, the generators learn nothing."""
    return layers.LeakyReLU(negative_slope=0.2)(x)
