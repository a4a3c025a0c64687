"""Pre-training: a GAN begins where another one has ended, and lower layers of its discriminator may rest."""

from keras import layers

NETWORKS = ("generator", "discriminator", "ema_generator")


def begin_from(gan, trained):
    """Give a GAN the weights of one that was trained on other pictures; its optimizers begin anew."""
    for name in NETWORKS:
        mine, theirs = getattr(gan, name), getattr(trained, name)
        shapes = [[tuple(weight.shape) for weight in network.weights] for network in (mine, theirs)]
        if shapes[0] != shapes[1]:
            raise ValueError(
                f"Both GANs must have the same {name}. Received: {len(shapes[0])} weights and "
                f"{len(shapes[1])}, or other shapes. Most likely fix: build both with one budget, one "
                "image_size and as many channels."
            )
        mine.set_weights(theirs.get_weights())
    return gan


def freeze_lower(discriminator, count):
    """Freeze what stands below convolution number `count` (0 is the first): so many of them, and their norms.

    Call it before compile: an optimizer keeps the variables, and a compiled step the layers, that it was
    made with. A frozen batch normalisation also keeps its running averages, which no optimizer holds.

    Shapes: (batch, image_size, image_size, channels) -> (batch, 1), unchanged
    Range:  count from 0, which frees all of them; the last convolution and the score always learn
    Source: FreezeD, Mo et al. 2020, arXiv:2002.10964
    Errors: ValueError when no convolution would be left to learn
    """
    number = sum(isinstance(layer, layers.Conv2D) for layer in discriminator.layers)
    if not 0 <= count < number:
        raise ValueError(
            f"count must be from 0 to {number - 1}, for the last of {number} convolutions learns. "
            f"Received: {count}. Most likely fix: freeze_lower(discriminator, {number - 1})."
        )
    below = -1
    for layer in discriminator.layers:
        below += isinstance(layer, layers.Conv2D)
        layer.trainable = below >= count
    return discriminator
