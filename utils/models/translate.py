"""From one modality to another: a picture for a sound, a sentence for a picture."""

import keras
from keras import layers, ops

from utils.models.multimodal import read, sloped


def build_picture_translator(picture_size, sound_size, latent_dim=32, width=512, depth=3):
    """Build the network that turns latents and the code of a sound into the code of a picture.

    The latents stand for what the sound does not tell. Fed with zeros it gives one picture for each sound.

    Shapes: latents (batch, latent_dim), sound_codes (batch, sound_size) -> (batch, picture_size)
    Range:  any real number
    Source: conditional GAN, Mirza and Osindero 2014, arXiv:1411.1784; the layers are those of
            build_code_generator
    """
    latents, sounds = (
        keras.Input((latent_dim,), name="latents"),
        keras.Input((sound_size,), name="sound_codes"),
    )
    x = layers.Dense(width, activation="relu")(layers.Concatenate()([sounds, latents]))
    for _ in range(depth - 1):
        x = layers.Add()([x, layers.Dense(width, activation="relu")(x)])
    return keras.Model([latents, sounds], layers.Dense(picture_size)(x), name="picture_translator")


def build_pair_discriminator(picture_size, sound_size, width=128):
    """Build the network that scores a picture alone, and a picture together with a sound.

    Shapes: picture_codes (batch, picture_size), sound_codes (batch, sound_size)
            -> logits (batch, 2), vectors (batch, 2, width)
    Range:  any real number, without a sigmoid; the columns of logits: the picture, both together
    Source: inner products of pairs: Miyato and Koyama 2018, arXiv:1802.05637
    """
    pair = [keras.Input((picture_size,)), keras.Input((sound_size,))]
    features = [read(code, width) for code in pair]  # each (batch, width)
    vectors = [layers.Dense(width)(x) for x in features]
    alone = layers.Dense(1)(sloped(layers.Dense(width)(features[0])))
    x = layers.Concatenate()(features)
    for _ in range(2):
        x = sloped(layers.Dense(3 * width // 2)(x))
    product = ops.sum(vectors[0] * vectors[1], axis=1, keepdims=True) / width**0.5  # as matching_loss has it
    logits = layers.Concatenate()([alone, layers.Dense(1)(x) + product])
    return keras.Model(pair, [logits, ops.stack(vectors, axis=1)], name="pair_discriminator")


def build_captioner(picture_size, length, vocabulary_size, width=128, dropout=0.3):
    """Build the recurrent network that says which word comes next, given a picture and the words before.

    Shapes: picture_codes (batch, picture_size), words_before (batch, length) whole numbers
            -> logits (batch, length, vocabulary_size)
    Range:  any real number: scores, without a softmax
    Source: Show and Tell, Vinyals et al. 2014, arXiv:1411.4555, with a GRU; the picture is told at each place
    """
    pictures = keras.Input((picture_size,), name="picture_codes")
    before = keras.Input((length,), dtype="int32", name="words_before")
    x = pictures
    for _ in range(2):
        x = layers.Dropout(dropout)(layers.Dense(4 * width, activation="relu")(x))
    topic = layers.Dense(width)(x)
    words = layers.Embedding(vocabulary_size, width // 4)(before)  # (batch, length, width // 4)
    heard = layers.Concatenate()([words, layers.RepeatVector(length)(topic)])
    told = layers.GRU(width, return_sequences=True)(heard, initial_state=ops.tanh(topic))
    return keras.Model([pictures, before], layers.Dense(vocabulary_size)(told), name="captioner")
