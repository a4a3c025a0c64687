"""Exercise of lesson 00: the range that images have inside a network."""

import numpy as np

from utils.data.images import scale_images
from utils.exercises.seen import as_seen
from utils.exercises.verdict import Exercise, Mistake

TITLE = "Start here"


def values_and_type(function, inputs):
    """The images and how a number of them is stored."""
    images = as_seen(function(*inputs))
    if not isinstance(images, np.ndarray):
        return {"result": images}
    return {"type": images.dtype.name, "result": images}


def draw_bytes(generator, size):
    """A batch of noise images as they come from a file."""
    return (generator.integers(0, 256, (size, 4, 4, 1), dtype=np.uint8),)


SCALE_MISTAKES = {
    "the images end in [0, 1]": Mistake(
        lambda images: images.astype("float32") / 255,
        "dividing by 255 is half of it; black must become -1 and white +1",
    ),
    "white does not reach 1": Mistake(
        lambda images: (images.astype("float32") - 128) / 128,
        "bytes end at 255, not at 256: their middle is 127.5",
    ),
    "white goes beyond 1": Mistake(
        lambda images: images.astype("float32") / 127 - 1, "bytes have 256 values: their middle is 127.5"
    ),
    "the images end in [-0.5, 0.5]": Mistake(
        lambda images: images.astype("float32") / 255 - 0.5, "the width must be 2, not 1"
    ),
    "a whole-number division has thrown the grey values away": Mistake(
        lambda images: (images // 127.5 - 1).astype("float32"), "// cuts off what / keeps"
    ),
    "the numbers ran over the end of uint8": Mistake(
        lambda images: (images * np.uint8(2) / 255 - 1).astype("float32"),
        "2 * 200 does not fit into a byte: turn to float32 before you compute",
    ),
    "the result went back to uint8": Mistake(
        lambda images: (images / 127.5 - 1).astype("uint8"), "a byte holds neither -1 nor 0.5: return float32"
    ),
    "the result is float64": Mistake(
        lambda images: images / 127.5 - 1,
        "NumPy made it so; float32 is what networks use, at half the memory: images.astype('float32')",
    ),
}

EXERCISES = {
    "0.1": Exercise(
        id="0.1",
        title="Scale images to [-1, 1]",
        minutes=3,
        difficulty=1,
        reference=scale_images,
        examples=((np.array([0, 64, 128, 255], np.uint8).reshape(1, 2, 2, 1),),),
        draw=draw_bytes,
        observe=values_and_type,
        mistakes=SCALE_MISTAKES,
        hints=(
            "A straight line takes 0 to -1 and 255 to 1. Where does it cross zero?",
            "Turn to float32 first, divide by 127.5, then subtract 1.",
        ),
        why="a generator ends in tanh, which gives -1 to 1: real images must have the same range, "
        "or the discriminator needs nothing but the range to tell them apart",
    ),
}
