"""A generator and a discriminator for small product pictures, sized for a laptop."""

import keras
from keras import layers


def build_generator(latent_dim=24, width=32, image_size=28, channels=1):
    """Build the network that turns latents into images: a small map, doubled twice.

    Shapes: (batch, latent_dim) -> (batch, image_size, image_size, channels)
    Range:  [-1, 1], by tanh; so are the real images
    Source: Radford et al. 2015, arXiv:1511.06434, with far fewer channels
    """
    small = check_sizes(width, image_size) // 4
    return keras.Sequential(
        [
            layers.Input((latent_dim,)),
            layers.Dense(small * small * 2 * width, use_bias=False),  # the norm below adds its own offset
            layers.Reshape((small, small, 2 * width)),  # (batch, 7, 7, 64)
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2DTranspose(width, 4, strides=2, padding="same", use_bias=False),  # 14 x 14 x 32
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2DTranspose(channels, 4, strides=2, padding="same", activation="tanh"),  # 28 x 28
        ],
        name="generator",
    )


def build_discriminator(width=24, image_size=28, channels=1):
    """Build the network that scores images: high for real, low for fake, without a sigmoid.

    Shapes: (batch, image_size, image_size, channels) -> (batch, 1)
    Range:  any real number; 0 means undecided
    Source: Radford et al. 2015, arXiv:1511.06434, without normalisation: each image is judged alone
    """
    check_sizes(width, image_size)
    return keras.Sequential(
        [
            layers.Input((image_size, image_size, channels)),
            layers.Conv2D(width, 3, strides=2, padding="same"),  # (batch, 14, 14, 24)
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2D(2 * width, 3, strides=2, padding="same"),  # (batch, 7, 7, 48)
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2D(4 * width, 3, strides=2, padding="same"),  # (batch, 4, 4, 96)
            layers.LeakyReLU(negative_slope=0.2),
            layers.Flatten(),
            layers.Dense(1),
        ],
        name="discriminator",
    )


def check_sizes(width, image_size):
    """Return the image size when networks of these sizes can be built, else say which one is wrong."""
    if not isinstance(width, int) or width < 1:
        raise ValueError(
            f"The width must be a whole number of channels, 1 or more. Received: width={width!r}. "
            "Most likely fix: take the width of the budget."
        )
    if not isinstance(image_size, int) or image_size < 8 or image_size % 4:
        raise ValueError(
            f"The image size must be a multiple of 4, at least 8. Received: {image_size!r}. "
            "Most likely fix: load the products with image_size=28, 32 or 64."
        )
    return image_size


def check_pair(generator, discriminator):
    """Raise unless the discriminator judges images of the shape that the generator draws."""
    drawn, judged = generator.outputs[0].shape[1:], discriminator.inputs[0].shape[1:]
    if drawn != judged:
        raise ValueError(
            f"Both networks must have the same image shape. Received: the generator draws {drawn}, the "
            f"discriminator judges {judged}. Most likely fix: build both with one image_size."
        )
