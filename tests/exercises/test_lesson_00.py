"""Other right answers to the exercise of lesson 00 pass."""

import numpy as np
import pytest

from utils.exercises import check


def with_keras(images):
    from keras import ops

    return ops.cast(images, "float32") / 127.5 - 1


def with_tensorflow(images):
    import tensorflow as tf

    return tf.image.convert_image_dtype(images, tf.float32) * 2 - 1


RIGHT = {
    "numpy": lambda images: (images.astype(np.float32) - 127.5) / np.float32(127.5),
    "twice a share, less one": lambda images: 2 * (images.astype("float32") / 255) - 1,
    "interpolated": lambda images: np.interp(images, (0, 255), (-1, 1)).astype("float32"),
    "looked up": lambda images: np.linspace(-1, 1, 256, dtype=np.float32)[images],
    "keras.ops": with_keras,
    "tensorflow": with_tensorflow,
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_answer_of_another_kind_passes(name, capsys):
    assert check("0.1", RIGHT[name]) is RIGHT[name]
    assert capsys.readouterr().out.startswith("✓ 0.1 ")


def test_what_is_no_image_is_told_in_words(capsys):
    check("0.1", lambda images: "white")
    check("0.1", lambda images: (images / 127.5 - 1).astype("float32")[0])
    first, second = capsys.readouterr().out.splitlines()
    assert first == "✗ 0.1 the result is not made of numbers: expected shape (1, 2, 2, 1), received white"
    assert (
        "expected shape (1, 2, 2, 1), received shape (2, 2, 1) for images = [[0, 64], [128, 255]]" in second
    )
