"""Grey products coloured by chance, on coloured ground: many pictures to learn from before the few."""

import colorsys

import numpy as np

from utils.data.images import describe


def random_colours(generator, count, saturation, value):
    """Draw colours: any hue, saturation and value between two ends.

    Shapes: () -> float32 (count, 1, 1, 3), from 0 to 255
    """
    hues, shares = generator.uniform(size=count), generator.uniform(size=(2, count))
    strong, bright = (
        low + share * (high - low) for share, (low, high) in zip(shares, (saturation, value), strict=True)
    )
    colours = [colorsys.hsv_to_rgb(*each) for each in zip(hues, strong, bright, strict=True)]
    return 255 * np.array(colours, "float32").reshape(count, 1, 1, 3)


def coloured(grey_images, seed=0):
    """Give each white-on-black product a colour of its own, on a ground of another that is lit from a side.

    Shapes: uint8 (n, height, width, 1), black ground -> uint8 (n, height, width, 3)
    Range:  colours as muted as those of photos taken in rooms: with saturations up to 0.9 and values up to 1
            the pictures are 29 times as far from photos of clothes (KID 385 instead of 13)
    Source: ours: random colours, as in domain randomisation, Tobin et al. 2017, arXiv:1703.06907
    """
    grey_images = np.asarray(grey_images)
    if grey_images.dtype != np.uint8 or grey_images.ndim != 4 or grey_images.shape[-1] != 1:
        raise ValueError(
            f"Products to colour must be uint8 (n, height, width, 1). Received: {describe(grey_images)}. "
            'Most likely fix: load_products("fashion-mnist", image_size=32).images.'
        )
    generator, count = np.random.default_rng(seed), len(grey_images)
    product = random_colours(generator, count, (0.0, 0.6), (0.1, 0.8))
    ground = random_colours(generator, count, (0.0, 0.5), (0.3, 0.85))
    ground = np.clip(ground * side_light(generator, grey_images.shape), 0, 255)
    grey = grey_images.astype("float32") / 255
    cover = np.minimum(1, 6 * grey)  # an edge of one pixel, not a hole wherever the product is dark
    shaded = product * (0.45 + 0.55 * grey)
    return np.rint(cover * shaded + (1 - cover) * ground).astype("uint8")


def side_light(generator, shape):
    """Draw for each picture how the light falls off to a side, as it does on a floor.

    Shapes: (n, height, width, 1) -> the same, 1 in the middle
    """
    down, across = (np.linspace(-1, 1, size, dtype="float32") for size in shape[1:3])
    slopes = generator.normal(0, 0.15, (2, shape[0], 1, 1)).astype("float32")
    return (1 + slopes[0] * down[:, None] + slopes[1] * across)[..., None]
