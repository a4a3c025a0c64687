"""Other right answers to exercises 6.5 to 6.7 pass, and what their texts claim is true."""

import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

from utils.exercises import check, find
from utils.exercises.lesson_06.adaptive import column
from utils.training.transfer import freeze_lower


def padded_and_cut(images, down, right):
    """Pad by the whole size, then cut one window per picture."""
    height, width = images.shape[1:3]
    framed = tf.pad(images, [[0, 0], [height, height], [width, width], [0, 0]])
    return tf.stack(
        [
            picture[height - y : 2 * height - y, width - x : 2 * width - x]
            for picture, y, x in zip(framed, np.array(down), np.array(right), strict=True)
        ]
    )


def gathered(images, down, right):
    """Gather rows and columns, and cover what lies outside."""
    for axis, by in ((1, down), (2, right)):
        size = images.shape[axis]
        places = tf.range(size)[None] - tf.cast(by, tf.int32)[:, None]
        inside = tf.cast((places >= 0) & (places < size), images.dtype)
        images = tf.gather(images, tf.clip_by_value(places, 0, size - 1), axis=axis, batch_dims=1)
        images *= inside[:, :, None, None] if axis == 1 else inside[:, None, :, None]
    return images


def ada_by_branches(p, real_logits, target=0.6, step=0.01):
    logits = np.asarray(real_logits)
    r = np.mean(logits > 0) - np.mean(logits < 0)
    p = p + step if r > target else p - step if r < target else p
    return min(max(p, 0.0), 1.0)


def ada_in_tensorflow(p, real_logits, target=0.6, step=0.01):
    r = tf.reduce_mean(tf.sign(real_logits))
    return tf.clip_by_value(tf.cast(p, tf.float32) + step * tf.sign(r - target), 0.0, 1.0)


def freeze_by_place(discriminator, count):
    places = [i for i, layer in enumerate(discriminator.layers) if isinstance(layer, layers.Conv2D)]
    for layer in discriminator.layers[: places[count]]:
        layer.trainable = False
    return discriminator


RIGHT = {
    "6.5": {"padded and cut": padded_and_cut, "gathered": gathered},
    "6.6": {"branches": ada_by_branches, "tensorflow": ada_in_tensorflow},
    "6.7": {"by place": freeze_by_place},
}


@pytest.mark.parametrize(("key", "name"), [(key, name) for key in RIGHT for name in RIGHT[key]])
def test_a_right_answer_of_another_kind_passes(key, name, capsys):
    assert check(key, RIGHT[key][name]) is RIGHT[key][name]
    assert capsys.readouterr().out.startswith(f"✓ {key} ")


WRITTEN = {
    "6.5 what leaves on one side comes back on the other": lambda images, down, right: tf.stack(
        [tf.roll(x, (int(a), int(b)), (0, 1)) for x, a, b in zip(images, down, right, strict=True)]
    ),
    "6.5 the gradient is cut": lambda images, down, right: padded_and_cut(np.array(images), down, right),
    "6.6 the mean of the scores is asked, not of their signs": lambda p, real_logits, target=0.6, step=0.01: (
        np.clip(p + (step if np.mean(real_logits) > target else -step), 0, 1)
    ),
    "6.6 up and down are exchanged": lambda p, real_logits, target=0.6, step=0.01: ops.clip(
        p - step * ops.sign(ops.mean(ops.sign(real_logits)) - target), 0, 1
    ),
    "6.7 layers are counted, not convolutions": lambda discriminator, count: [
        setattr(layer, "trainable", False) for layer in discriminator.layers[:count]
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", WRITTEN)
def test_wrong_answers_as_people_write_them_are_named(name, capsys):
    key = name.split()[0]
    assert check(key, WRITTEN[name]) is find(key).reference
    assert capsys.readouterr().out.startswith(f"✗ {name}: ")


def every_second_frozen(discriminator, count):
    for place, layer in enumerate(discriminator.layers):
        layer.trainable = place % 2 == 0
    return discriminator


def test_every_other_wrong_answer_hears_what_differs(capsys):
    told = {
        ("6.5", lambda images, down, right: images[:, 1:]): "the result has the wrong shape",
        ("6.6", lambda p, real_logits, target=0.6, step=0.01: p): "the result differs: for p = 0.5",
        ("6.7", every_second_frozen): "the layers that move is off",
    }
    for (key, attempt), text in told.items():
        check(key, attempt)
        line = capsys.readouterr().out
        assert line.startswith(f"✗ {key} ") and text in line, line


def test_one_huge_score_does_not_outweigh_many():
    scores = column(*[0.1] * 9, -20.0)
    mistakes, right = find("6.6").mistakes, find("6.6").reference
    assert float(right(0.5, scores)) > 0.5
    for name in ("the mean of the scores is asked, not of their signs", "the mean of probabilities is asked"):
        assert float(mistakes[name].wrong(0.5, scores)) < 0.5


def test_a_frozen_norm_uses_its_averages_even_in_training():
    norm = layers.BatchNormalization()
    images = np.random.default_rng(0).normal(3, 1, (8, 4)).astype("float32")
    norm(images, training=True)
    norm.trainable = False
    kept = norm.moving_mean.numpy()
    frozen = np.array(norm(images, training=True))
    assert np.array_equal(norm.moving_mean.numpy(), kept)
    assert frozen == pytest.approx(np.array(norm(images, training=False)))
    assert freeze_lower.__doc__ and abs(frozen.mean()) > 0.5  # planted: by the batch it would be 0
