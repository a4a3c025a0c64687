"""Exercise 6.2: a price in the terms of what a network sees."""

import numpy as np
from keras import ops

from utils.exercises.lesson_04.blocks import draw_floats, floats
from utils.exercises.verdict import Exercise, Mistake
from utils.feature_losses import gram_matrix, perceptual_loss
from utils.training.gradients import compiled, gradient


class Onlooker:
    """A network of two layers that bend, so that another range of images is another picture to it."""

    def __init__(self, filters):
        self.filters = filters  # (channels, features)

    def __call__(self, images, training=None):
        fine = ops.relu(ops.matmul(images, self.filters) + 0.2)  # (batch, height, width, features)
        return [fine, ops.square(fine[:, ::2, ::2])]


def price_and_slopes(function, inputs):
    """The price and, unless it is computed in NumPy, how it moves either picture; whether it can train."""
    onlooker, clean, restored, weights = inputs
    price, moved = gradient(lambda *pair: function(onlooker, *pair, weights), (clean, restored))
    seen = {"price": price}
    if moved is not None:
        seen |= {"slope for the restored picture": moved[1], "slope for the clean picture": moved[0]}
        try:
            compiled(lambda *pair: function(onlooker, *pair, weights), clean, restored)
            seen["can be compiled"] = True
        except Exception:
            return seen
    return seen


def price_with(distance=lambda one, other: ops.mean(ops.square(other - one)), mix=None, change=None):
    """A perceptual_loss that is wrong in its distance, its sum or in what the network is shown."""
    mix = mix or (lambda costs, weights: sum(w * cost for w, cost in zip(weights, costs, strict=True)))
    change = change or (lambda images: images)

    def wrong(feature_maps, clean, restored, weights):
        pairs = zip(feature_maps(change(clean)), feature_maps(change(restored)), strict=True)
        return mix([distance(ops.stop_gradient(one), other) for one, other in pairs], weights)

    return wrong


def both_move(feature_maps, clean, restored, weights):
    """The right price, with a way to the clean picture."""
    pairs = zip(feature_maps(clean), feature_maps(restored), weights, strict=True)
    return sum(weight * ops.mean(ops.square(other - one)) for one, other, weight in pairs)


def draw_pictures(generator, size):
    """An onlooker, pairs of pictures, and a weight for each of its layers."""
    clean, restored = np.clip(draw_floats(generator, 2, size, 4, 6, 3), -1, 1)
    return Onlooker(draw_floats(generator, 3, 5)), clean, restored, (0.5, float(size))


PERCEPTUAL_LOSS = Exercise(
    id="6.2",
    title="Compare what is seen, not the pixels",
    minutes=10,
    difficulty=2,
    reference=perceptual_loss,
    examples=((Onlooker(floats([1])), floats([[[0.5], [-1]]]), floats([[[0], [1]]]), (1.0, 2.0)),),
    draw=draw_pictures,
    observe=price_and_slopes,
    quote=lambda reference, inputs: f"small pictures, two layers and weights = {inputs[3]}",
    mistakes={
        "only the last layer is asked": Mistake(
            price_with(mix=lambda costs, weights: weights[-1] * costs[-1]),
            "early layers see texture, late ones see shapes: add all of them, each times its weight",
        ),
        "only the first layer is asked": Mistake(
            price_with(mix=lambda costs, weights: weights[0] * costs[0]),
            "early layers see texture, late ones see shapes: add all of them, each times its weight",
        ),
        "the weights are left out": Mistake(
            price_with(mix=lambda costs, weights: sum(costs)),
            "maps differ in size of numbers from layer to layer: multiply each price by its weight",
        ),
        "the layers are averaged": Mistake(
            price_with(
                mix=lambda costs, weights: (
                    sum(w * c for w, c in zip(weights, costs, strict=True)) / len(costs)
                )
            ),
            "a sum: another layer must not make the others cheaper",
        ),
        "absolute differences stand for squared ones": Mistake(
            price_with(lambda one, other: ops.mean(ops.abs(other - one))),
            "features are compared by squares here: ops.square, then the mean",
        ),
        "summed where the mean belongs": Mistake(
            price_with(lambda one, other: ops.sum(ops.square(other - one))),
            "larger maps and batches would cost more: ops.mean over all axes of a layer",
        ),
        "a root is taken": Mistake(
            price_with(lambda one, other: ops.sqrt(ops.mean(ops.square(other - one)) + 1e-12)),
            "the mean of squares, as it is: a root has a steep slope where both are nearly alike",
        ),
        "pixels are compared, not features": Mistake(
            lambda feature_maps, clean, restored, weights: (
                sum(weights) * ops.mean(ops.square(restored - ops.stop_gradient(clean)))
            ),
            "that is the price we wanted to leave: send both pictures through feature_maps",
        ),
        "the pictures are shown in the wrong range": Mistake(
            price_with(change=lambda images: 0.5 * (images + 1)),
            "the network learnt from pictures in [-1, 1]: it sees fog in [0, 1], and no error says so",
        ),
        "the pictures are shown as bytes": Mistake(
            price_with(change=lambda images: 127.5 * (images + 1)),
            "the network learnt from pictures in [-1, 1]: show them as they come",
        ),
        "each map is averaged before it is compared": Mistake(
            price_with(
                lambda one, other: ops.mean(ops.square(ops.mean(other, (1, 2)) - ops.mean(one, (1, 2))))
            ),
            "then a collar may be anywhere: compare place by place, take the mean afterwards",
        ),
        "this is the price of style": Mistake(
            price_with(lambda one, other: ops.mean(ops.square(gram_matrix(other) - gram_matrix(one)))),
            "Gram matrices forget where things are; here the maps themselves are compared",
        ),
        "the clean picture is pulled as well": Mistake(
            both_move, "it is the goal: ops.stop_gradient around its maps, which also saves half of the work"
        ),
        "nothing reaches the restored picture": Mistake(
            lambda *inputs: ops.stop_gradient(perceptual_loss(*inputs)),
            "freeze the network's weights, not the way through it: no stop_gradient on the restored side",
        ),
    },
    hints=(
        "Send both pictures through feature_maps; you get a list of maps for each, layer by layer.",
        "For each layer the mean of squared differences, times its weight; then add the layers up.",
        "zip(feature_maps(clean), feature_maps(restored), weights), and content_loss(clean_map, map).",
    ),
    why="a blurred sleeve costs little in pixels and much here; without a clean picture it means nothing",
)
