"""Exercise 6.7: freeze lower layers, so that nothing in them moves, no average either."""

import functools

import keras
import numpy as np
from keras import layers

from utils.exercises.verdict import Exercise, Mistake
from utils.training.gradients import slopes
from utils.training.transfer import freeze_lower


@functools.cache
def small_discriminator(width):
    """Three convolutions, each with a norm and an activation, and one score; built once."""
    network = keras.Sequential([layers.Input((8, 8, 1))])
    for number in range(3):
        network.add(layers.Conv2D(width, 3, strides=2, padding="same", name=f"convolution_{number}"))
        network.add(layers.BatchNormalization(name=f"norm_{number}"))
        network.add(layers.LeakyReLU(negative_slope=0.2, name=f"activation_{number}"))
    network.add(layers.Flatten())
    network.add(layers.Dense(1, name="score"))
    return network, network.get_weights()


def what_moves(function, inputs):
    """The layers that are other after one training step than before it, in words."""
    width, count, images = inputs
    network, weights = small_discriminator(width)
    network.trainable = False  # and back: only a change passes on to the variables
    network.trainable = True
    network.set_weights(weights)
    function(network, count)
    before = {layer.name: layer.get_weights() for layer in network.layers}
    variables = network.trainable_variables
    if not variables:
        return {"layers that move": "none at all"}
    optimizer = keras.optimizers.SGD(0.1)
    _, gradients = slopes(lambda: keras.ops.mean(network(images, training=True) ** 2), variables)
    optimizer.apply(gradients, variables)
    moved = {
        layer.name: [
            variable.name
            for variable, old in zip(layer.weights, before[layer.name], strict=True)
            if not np.array_equal(variable.numpy(), old)
        ]
        for layer in network.layers
    }
    told = [f"{name} ({', '.join(names)})" for name, names in moved.items() if names]
    return {"layers that move": ", ".join(told) or "none at all"}


def draw_network(generator, size):
    """A small discriminator, how many of its convolutions to freeze, and pictures."""
    count = 1 + size % 2
    return 2 + size % 2, count, generator.normal(size=(4, 8, 8, 1)).astype(np.float32)


def freeze_where(frozen):
    """A freeze_lower that freezes each layer for which frozen(place, layer, below, count) is true."""

    def wrong(discriminator, count):
        below = -1
        for place, layer in enumerate(discriminator.layers):
            below += isinstance(layer, layers.Conv2D)
            layer.trainable = not frozen(place, layer, below, count)
        return discriminator

    return wrong


def lower(place, layer, below, count):
    """The layers that stand below convolution number `count`."""
    return below < count


def freeze_variables(discriminator, count):
    """A freeze_lower that takes variables from the optimizer's list and leaves the layers in training."""
    below = -1
    for layer in discriminator.layers:
        below += isinstance(layer, layers.Conv2D)
        for variable in layer.trainable_variables if below < count else ():
            variable.trainable = False
    return discriminator


def freeze_all_but(discriminator, count):
    """A freeze_lower that takes count for the number of convolutions that learn."""
    number = sum(isinstance(layer, layers.Conv2D) for layer in discriminator.layers)
    return freeze_where(lambda place, layer, below, _: below < number - count)(discriminator, count)


PICTURES = np.random.default_rng(6).normal(size=(4, 8, 8, 1)).astype(np.float32)
FREEZE_LOWER = Exercise(
    id="6.7",
    title="Frozen is what does not move at all",
    minutes=12,
    difficulty=2,
    reference=freeze_lower,
    examples=((2, 1, PICTURES), (2, 2, PICTURES), (2, 0, PICTURES)),
    draw=draw_network,
    observe=what_moves,
    quote=lambda reference, inputs: f"three convolutions, count = {inputs[1]}",
    seconds=60.0,
    mistakes={
        "the averages of the norms go on moving": Mistake(
            freeze_variables,
            "each training call moves them, and they are in no optimizer's list: set layer.trainable = False",
        ),
        "only convolutions are frozen": Mistake(
            freeze_where(lambda *place: lower(*place) and isinstance(place[1], layers.Conv2D)),
            "a norm below learns a scale and a shift and moves its averages: freeze it with its convolution",
        ),
        "the upper layers are frozen": Mistake(
            freeze_where(lambda *place: not lower(*place)),
            "edges and colours are below and stay right for other pictures; the judgement above must change",
        ),
        "layers are counted, not convolutions": Mistake(
            freeze_where(lambda place, layer, below, count: place < count),
            "norms and activations are layers as well: count the Conv2D",
        ),
        "one too many": Mistake(
            freeze_where(lambda place, layer, below, count: below <= count),
            "convolution number `count`, counted from 0, is the first that moves",
        ),
        "one too few": Mistake(
            freeze_where(lambda place, layer, below, count: below < count - 1),
            "count = 1 freezes the first convolution",
        ),
        "everything is frozen": Mistake(
            freeze_where(lambda *place: True), "what stands above convolution number `count` learns"
        ),
        "nothing is frozen": Mistake(
            freeze_where(lambda *place: False), "layer.trainable = False for each layer below"
        ),
        "the last convolutions are counted": Mistake(
            freeze_all_but,
            "count says how many are frozen, not how many learn",
        ),
        "the score is frozen, too": Mistake(
            freeze_where(lambda place, layer, below, count: below < count or isinstance(layer, layers.Dense)),
            "the last layer weighs what was seen: it must learn the new pictures",
        ),
    },
    hints=(
        "Go through discriminator.layers from below and count the convolutions that you have passed.",
        "Everything before convolution number `count` gets layer.trainable = False, norms included.",
        "In Keras a BatchNormalization with trainable = False uses its averages and leaves them alone.",
    ),
    why="what is not in the optimizer's list may still move: a norm's averages, in every training call",
)
