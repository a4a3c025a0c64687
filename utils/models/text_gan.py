"""A generator that draws what a caption says, and a discriminator that checks whether it did."""

import keras
from keras import layers

from utils.models.blocks import ConditionalNorm, caption_planes, projection_logits
from utils.models.gan import check_sizes


def build_text_generator(caption_width, latent_dim=24, width=32, image_size=32, channels=3, film=True):
    """Build the network that turns latents and a caption into an image; film=False only concatenates.

    Shapes: latents (batch, latent_dim), caption_vectors (batch, caption_width)
            -> (batch, image_size, image_size, channels)
    Range:  [-1, 1], by tanh; so are the real images
    Source: conditional batch norm in generators: Dumoulin et al. 2017, arXiv:1610.07629; Miyato and
            Koyama 2018, arXiv:1802.05637
    """
    small = check_sizes(width, image_size) // 4
    latents = keras.Input((latent_dim,), name="latents")
    caption_vectors = keras.Input((caption_width,), name="caption_vectors")

    condition = layers.Concatenate()([latents, caption_vectors])

    def norm(maps):
        return ConditionalNorm()(maps, condition) if film else layers.BatchNormalization()(maps)

    x = layers.Dense(small * small * 2 * width, use_bias=False)(condition)
    x = layers.Reshape((small, small, 2 * width))(x)  # (batch, 8, 8, 64)
    x = layers.ReLU()(norm(x))
    x = layers.Conv2DTranspose(width, 4, strides=2, padding="same", use_bias=False)(x)  # 16 x 16 x 32
    x = layers.ReLU()(norm(x))
    images = layers.Conv2DTranspose(channels, 4, strides=2, padding="same", activation="tanh")(x)  # 32 x 32
    return keras.Model([latents, caption_vectors], images, name="text_generator")


def build_text_discriminator(
    caption_width, vocabulary_size, width=24, image_size=32, channels=3, reads="projection"
):
    """Build the network that scores an image and a caption together, and names the words that it sees.

    reads="projection" compares both by an inner product; "concatenation" gives each pixel the caption as
    further channels; "nothing" is blind to the caption.

    Shapes: images (batch, image_size, image_size, channels), caption_vectors (batch, caption_width)
            -> logits (batch, 1), word_logits (batch, vocabulary_size)
    Range:  any real number, without a sigmoid; logits are high for real and matching
    Source: Miyato and Koyama 2018, arXiv:1802.05637; concatenation: Reed et al. 2016, arXiv:1605.05396
    """
    check_sizes(width, image_size)
    images = keras.Input((image_size, image_size, channels), name="images")
    caption_vectors = keras.Input((caption_width,), name="caption_vectors")
    x = images
    if reads == "concatenation":
        x = layers.Concatenate()([x, caption_planes(caption_vectors, image_size, image_size)])
    x = layers.Conv2D(width // 2, 3, padding="same")(x)  # at full size: patterns are a few pixels wide
    x = layers.LeakyReLU(negative_slope=0.2)(x)
    for maps in (width, 2 * width, 4 * width):  # 16 x 16, 8 x 8, 4 x 4
        x = layers.Conv2D(maps, 4, strides=2, padding="same")(x)  # 3 reads every second pixel more: grain
        x = layers.LeakyReLU(negative_slope=0.2)(x)
    features = layers.Dense(4 * width)(layers.Flatten()(x))
    features = layers.LeakyReLU(negative_slope=0.2)(features)  # (batch, 96)
    logits = layers.Dense(1)(features)
    if reads == "projection":
        wanted = layers.Dense(4 * width, use_bias=False)(caption_vectors)  # the words as wanted features
        logits = projection_logits(features, logits, wanted)
    word_logits = layers.Dense(vocabulary_size)(features)  # from the picture alone
    return keras.Model([images, caption_vectors], [logits, word_logits], name="text_discriminator")
