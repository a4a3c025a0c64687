"""CoGAN: two generators share their first layers, two discriminators their last ones."""

import keras
from keras import layers


def couple_generators(generators, own=1, shared=True):
    """Join two generators that start from the same latents; of their layers only the last `own` stay apart.

    The layers that are shared are those of the first generator. shared=False shares nothing but the latents.

    Shapes: latents (batch, latent_dim) -> what the first draws, what the second draws
    Range:  those of the two generators
    Source: CoGAN, Liu and Tuzel 2016, arXiv:1606.07536, section 3: what is decoded first is shared
    """
    first, second = generators
    latents = keras.Input(first.input_shape[1:], name="latents")
    begun = run(first.layers[:-own], latents)
    also_begun = begun if shared else run(second.layers[:-own], latents)
    drawn = [run(first.layers[-own:], begun), run(second.layers[-own:], also_begun)]
    return keras.Model(latents, drawn, name="coupled_generators")


def couple_discriminators(discriminators, own=2, shared=True):
    """Join two discriminators, each with a modality of its own; all layers after the first `own` are shared.

    No layer sees both modalities of a row, so no score can tell whether they belong together.

    Shapes: what the first judges, what the second judges -> logits (batch, 2)
    Range:  any real number, without a sigmoid
    Source: CoGAN, Liu and Tuzel 2016, arXiv:1606.07536, section 3: what is seen last is shared
    """
    first, second = discriminators
    modalities = [keras.Input(network.input_shape[1:]) for network in discriminators]
    last = (first if shared else second).layers[own:]
    logits = [
        run(first.layers[own:], run(first.layers[:own], modalities[0])),
        run(last, run(second.layers[:own], modalities[1])),
    ]
    return keras.Model(modalities, layers.Concatenate()(logits), name="coupled_discriminators")


def run(some_layers, x):
    """Send x through layers, one after the other."""
    for layer in some_layers:
        x = layer(x)
    return x
