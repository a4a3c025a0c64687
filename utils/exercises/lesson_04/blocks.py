"""Exercises 4.2 and 4.3: two ways for a caption to get into maps."""

import contextlib

import keras
import numpy as np
from keras import ops

from utils.exercises.lesson_02.losses import loss_and_gradient
from utils.exercises.verdict import Exercise, Mistake
from utils.models.blocks import caption_planes, film


def result_and_gradient(function, inputs):
    """The result and, unless it is computed in NumPy, its gradient; whether it can be compiled."""
    seen = loss_and_gradient(function, inputs)
    if "can be compiled" not in seen and stays_an_array(function, inputs):
        seen.pop("gradient", None)  # NumPy for one part of a sum leaves the gradient of the other part
    return {"result": seen.pop("loss"), **seen}


def stays_an_array(function, inputs):
    """Whether arrays give an array, as they do in NumPy."""
    try:
        return isinstance(function(*inputs), np.ndarray)
    except Exception:
        return False


def inside_a_model(function, inputs):
    """The same, and whether it works while Keras builds a model, where no numbers are there yet."""
    seen = result_and_gradient(function, inputs)
    with contextlib.suppress(Exception):
        function(*(keras.Input(array.shape[1:]) for array in inputs))
        seen["can be built into a model"] = True
    return seen


def floats(*rows):
    """A small array as networks have them."""
    return np.array(rows, np.float32)


def draw_floats(generator, *shape):
    """Random numbers of one shape."""
    return generator.normal(size=shape).astype(np.float32)


def draw_maps(generator, size):
    """Maps, scale and shift; as many pictures as columns, so that a forgotten axis raises no error."""
    height, channels = (size, size) if size < 4 else (4, 6)
    scale_and_shift = (draw_floats(generator, size, channels) for _ in range(2))
    return draw_floats(generator, size, height, size, channels), *scale_and_shift


FILM = Exercise(
    id="4.2",
    title="A caption stretches and moves the maps",
    minutes=8,
    difficulty=2,
    reference=film,
    examples=(
        (floats([[[1, 2]]], [[[3, 4]]]), floats([1, 0], [0, -1]), floats([0, 5], [0, 10])),
        (
            floats([[[1, 1], [1, 1]]] * 2, [[[1, 1], [1, 1]]] * 2),
            floats([1, 2], [3, 4]),
            floats([0, 0], [0, 0]),
        ),
    ),
    draw=draw_maps,
    observe=result_and_gradient,
    mistakes={
        "the 1 is missing": Mistake(
            lambda maps, scale, shift: maps * scale[:, None, None, :] + shift[:, None, None, :],
            "a scale of 0 must leave the maps as they are: multiply by 1 + scale",
        ),
        "the numbers go along the width": Mistake(
            lambda maps, scale, shift: maps * (1 + scale) + shift,
            "without new axes, (batch, channels) is laid on (width, channels), and each column gets another "
            "picture's numbers: scale[:, None, None, :]",
        ),
        "the numbers go along the height": Mistake(
            lambda maps, scale, shift: maps * (1 + scale[:, :, None, None]) + shift[:, :, None, None],
            "channels come last here: the new axes belong in between, scale[:, None, None, :]",
        ),
        "scale and shift are swapped": Mistake(
            lambda maps, scale, shift: film(maps, shift, scale), "multiply by 1 + scale, then add shift"
        ),
        "there is no shift": Mistake(
            lambda maps, scale, shift: maps * (1 + scale[:, None, None, :]),
            "after normalisation the maps are 0 on average, and only a shift can move them: add it",
        ),
        "there is no scale": Mistake(
            lambda maps, scale, shift: maps + shift[:, None, None, :], "multiply by 1 + scale before you add"
        ),
        "the shift is stretched, too": Mistake(
            lambda maps, scale, shift: (maps + shift[:, None, None, :]) * (1 + scale[:, None, None, :]),
            "first stretch, then move: the shift stays what the caption says",
        ),
        "the whole batch gets the same numbers": Mistake(
            lambda maps, scale, shift: film(
                maps, ops.mean(scale, axis=0, keepdims=True), ops.mean(shift, axis=0, keepdims=True)
            ),
            "each picture has a caption of its own: keep the batch axis of scale and shift",
        ),
        "all channels of a picture get the same number": Mistake(
            lambda maps, scale, shift: film(
                maps, ops.mean(scale, axis=1, keepdims=True), ops.mean(shift, axis=1, keepdims=True)
            ),
            "the caption chooses for each channel: keep the last axis of scale and shift",
        ),
    },
    hints=(
        "scale is (batch, channels), the maps are (batch, height, width, channels): which axes are missing?",
        "scale[:, None, None, :] has shape (batch, 1, 1, channels) and reaches every pixel.",
        "maps * (1 + scale[:, None, None, :]) + shift[:, None, None, :]",
    ),
    why="with 1 + scale, small weights begin near a network that ignores the caption, and learn from there",
)

CAPTION_PLANES = Exercise(
    id="4.3",
    title="Every pixel carries the whole caption",
    minutes=8,
    difficulty=2,
    reference=caption_planes,
    examples=((floats([1, 2], [3, 4]), 1, 2), (floats([1, 2], [3, 4], [5, 6]), 2, 3)),
    draw=lambda generator, size: (draw_floats(generator, size, size), size - 1, size + 1),
    observe=lambda function, inputs: inside_a_model(
        lambda vectors: function(vectors, *inputs[1:]), inputs[:1]
    ),
    mistakes={
        "right shape, wrong pixels": Mistake(
            lambda vectors, height, width: ops.reshape(
                ops.repeat(ops.reshape(vectors, (-1,)), height * width),
                (-1, height, width, vectors.shape[-1]),
            ),
            "a reshape cuts one long row into pixels and knows nothing of captions: give the vectors two new "
            "axes, [:, None, None, :], and repeat along those",
        ),
        "the captions of the batch are mixed": Mistake(
            lambda vectors, height, width: ops.reshape(
                ops.tile(vectors, (height * width, 1)), (-1, height, width, vectors.shape[-1])
            ),
            "tile and reshape put one caption beside the next: give the vectors two new axes first",
        ),
        "height and width are swapped": Mistake(
            lambda vectors, height, width: caption_planes(vectors, width, height),
            "images are (batch, height, width, channels): the height comes first",
        ),
        "the caption stands before height and width": Mistake(
            lambda vectors, height, width: ops.tile(vectors[:, :, None, None], (1, 1, height, width)),
            "channels come last here: the new axes belong in between, [:, None, None, :]",
        ),
        "the planes carry only the first number": Mistake(
            lambda vectors, height, width: ops.tile(
                vectors[:, None, None, :1], (1, height, width, vectors.shape[-1])
            ),
            "every number of the vector has a plane of its own: keep the last axis whole",
        ),
        "every picture carries the first caption": Mistake(
            lambda vectors, height, width: ops.tile(
                vectors[:1, None, None, :], (vectors.shape[0], height, width, 1)
            ),
            "each picture has a caption of its own: repeat along height and width only",
        ),
        "one pixel carries the caption, the others nothing": Mistake(
            lambda vectors, height, width: ops.pad(
                vectors[:, None, None, :], ((0, 0), (0, height - 1), (0, width - 1), (0, 0))
            ),
            "a convolution sees only what is near: the other pixels need the caption, too",
        ),
        "the planes were not spread": Mistake(
            lambda vectors, height, width: vectors[:, None, None, :],
            "these are maps of one pixel, which cannot be laid beside the image: repeat them",
        ),
    },
    hints=(
        "Make it a map of one pixel first: which shape has it?",
        "ops.tile repeats: one number for each axis, 1 where nothing is repeated.",
        "ops.tile(caption_vectors[:, None, None, :], (1, height, width, 1))",
    ),
    why="the shape alone proves nothing: a repeat with a reshape has it as well, and mixes the captions up",
)
