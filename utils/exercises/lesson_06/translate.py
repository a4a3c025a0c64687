"""Exercise 6.5: move pictures, each by its own amount, so that the gradient follows."""

import numpy as np
from keras import ops

from utils.exercises.verdict import Exercise, Mistake
from utils.training.augment import translate
from utils.training.gradients import gradient


def moved_and_slope(function, inputs):
    """The moved pictures, and how much each pixel of the pictures has to do with them."""
    images, down, right = inputs
    weights = 1 + np.arange(images.size, dtype=np.float32).reshape(images.shape)

    def price(images):
        return ops.sum(weights * function(images, ops.convert_to_tensor(down), ops.convert_to_tensor(right)))

    seen = {"result": function(*(ops.convert_to_tensor(each) for each in inputs))}
    if np.shape(seen["result"]) == images.shape:  # else the price below would broadcast
        slope = gradient(price, (images,))[1]
        seen["slope for the pictures"] = np.zeros_like(images) if slope is None else np.asarray(slope[0])
    return seen


def draw_moves(generator, size):
    """Small pictures, wider than high, and for each how far it goes."""
    images = generator.normal(size=(size, 4, 6, 2)).astype(np.float32)
    down, right = generator.integers(-2, 3, (2, size)).astype(np.int32)
    down[:2], right[:2] = (1, -2), (-2, 1)  # never all alike, never all 0
    return images, down, right


def moved_by(place, wrong=lambda kept: kept):
    """A translate that reads row `place(row, down, height)`; what is outside becomes what `wrong` says."""

    def move(images, down, right):
        for axis, amount in ((1, down), (2, right)):
            size = images.shape[axis]
            wanted = place(ops.arange(size)[None], ops.cast(amount, "int32")[:, None], size)
            inside = ops.logical_and(wanted >= 0, wanted < size)
            picked = (
                ops.one_hot(ops.clip(wanted, 0, size - 1), size)
                * ops.cast(wrong(inside), "float32")[..., None]
            )
            rule = "bij,bjwc->biwc" if axis == 1 else "bij,bhjc->bhic"
            images = ops.einsum(rule, picked, images)
        return images

    return move


def first_only(images, down, right):
    """A translate that moves the whole batch as its first picture."""
    return translate(images, ops.zeros_like(down) + down[0], ops.zeros_like(right) + right[0])


def numbered(*rows):
    """One picture of one channel."""
    return np.array(rows, np.float32)[None, :, :, None]


TRANSLATE = Exercise(
    id="6.5",
    title="Move pictures so that the gradient follows",
    minutes=15,
    difficulty=2,
    reference=translate,
    examples=(
        (numbered([1, 2, 3], [4, 5, 6]), np.array([1], np.int32), np.array([0], np.int32)),
        (numbered([1, 2, 3], [4, 5, 6]), np.array([0], np.int32), np.array([-1], np.int32)),
    ),
    draw=draw_moves,
    observe=moved_and_slope,
    mistakes={
        "what leaves on one side comes back on the other": Mistake(
            moved_by(lambda row, by, size: (row - by) % size),
            "np.roll and tf.roll carry it round: what comes in from outside is 0",
        ),
        "the edge is repeated instead of 0": Mistake(
            moved_by(lambda row, by, size: row - by, wrong=ops.ones_like),
            "clipping the places repeats the last row: what lies outside must become 0",
        ),
        "it goes the other way": Mistake(
            lambda images, down, right: translate(images, -down, -right),
            "down = 1 moves row 0 to row 1: the result's row r reads row r - down",
        ),
        "down and right have changed places": Mistake(
            lambda images, down, right: translate(images, right, down),
            "down moves along axis 1, the rows; right along axis 2",
        ),
        "it only moves down": Mistake(
            lambda images, down, right: translate(images, down, 0 * right), "the columns move, too: axis 2"
        ),
        "the whole batch moves as its first picture": Mistake(
            first_only, "each picture has numbers of its own: down[:, None], a row of places per picture"
        ),
        "the gradient is cut": Mistake(
            lambda images, down, right: ops.stop_gradient(translate(images, down, right)),
            "the generator learns through this function: no .numpy(), no stop_gradient, nothing in NumPy",
        ),
        "nothing moves": Mistake(
            lambda images, down, right: images, "the result's row r reads row r - down of the picture"
        ),
    },
    hints=(
        "Ask of each row of the result where it comes from: row r - down, and column c - right.",
        "resample(images, rows, columns) reads at such places, 0 outside: rows (batch, height), floats.",
        "rows = ops.arange(height, dtype='float32') - ops.cast(down, 'float32')[:, None]; columns alike.",
    ),
    why="with the gradient through it, fakes can be augmented too, and the augmentation does not leak",
)
