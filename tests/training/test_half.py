"""A softplus that is right over all of float16 and float32, in value and in slope."""

import keras
import numpy as np
import pytest
import scipy.special
import tensorflow as tf
from keras import ops

from utils.training.half import stable_softplus

EVERY_FLOAT16 = np.arange(2**16, dtype=np.uint16).view(np.float16)
EVERY_FLOAT16 = EVERY_FLOAT16[np.isfinite(EVERY_FLOAT16)]
NEAR = np.linspace(-85, 120, 4001)  # below, float32 is so small that TensorFlow rounds it to 0
FLOAT32 = np.concatenate([NEAR, [-3e38, 3e38]]).astype(np.float32)


def value_and_slope(function, scores):
    """What the function gives for every score, and its slope there."""
    scores = tf.constant(scores)
    with tf.GradientTape() as tape:
        tape.watch(scores)
        value = function(scores)
    return np.asarray(value), np.asarray(tape.gradient(value, scores))


def worst_steps(values, exact):
    """The largest error, in the smallest steps that the type of the values can make there."""
    kind = np.finfo(values.dtype)
    smallest = np.maximum(float(kind.eps) * exact, float(kind.smallest_subnormal))
    return np.max(np.abs(values.astype(np.float64) - exact) / smallest)


def is_right(function, scores):
    """Whether values and slopes are those of float64, up to two steps of the type, and of the same type."""
    with np.errstate(under="ignore"):
        value, slope = value_and_slope(function, scores)
        exact = scores.astype(np.float64)
        value_error = worst_steps(value, np.logaddexp(0, exact))
        slope_error = np.abs(slope.astype(np.float64) - scipy.special.expit(exact))[scores != 0].max()
    return value.dtype == scores.dtype and value_error < 2 and slope_error < 2 * np.finfo(scores.dtype).eps


BUGS = {
    "overflow": lambda x: ops.log(1 + ops.exp(x)),
    "overflow with log1p": lambda x: ops.log1p(ops.exp(x)),
    "small values lost": lambda x: ops.maximum(x, 0) + ops.log(1 + ops.exp(-ops.abs(x))),
    "cut off": lambda x: ops.log1p(ops.exp(ops.clip(x, -11, 11))),
    "slope no number": lambda x: ops.where(x > 11, x, ops.log1p(ops.exp(x))),
    "float32 overflows later": lambda x: ops.cast(ops.log1p(ops.exp(ops.cast(x, "float32"))), x.dtype),
    "another type": lambda x: stable_softplus(ops.cast(x, "float64")),
}


@pytest.mark.parametrize("scores", [EVERY_FLOAT16, FLOAT32], ids=["float16", "float32"])
def test_every_score_has_the_price_and_the_slope_of_float64(scores):
    assert len(EVERY_FLOAT16) == 63_488
    assert is_right(stable_softplus, scores)
    for name, planted in BUGS.items():
        assert not is_right(planted, scores), name


def test_it_is_what_scipy_tensorflow_and_keras_compute():
    scores = np.linspace(-30, 30, 121).astype(np.float32)
    price = np.asarray(stable_softplus(scores))
    assert price == pytest.approx(-scipy.special.log_expit(-scores.astype(np.float64)), rel=1e-6)
    assert price == pytest.approx(np.asarray(ops.softplus(scores)), rel=1e-6)
    entropy = tf.nn.sigmoid_cross_entropy_with_logits(labels=tf.zeros_like(scores), logits=scores)
    assert price == pytest.approx(entropy.numpy(), rel=1e-6)


def test_the_landmarks_of_its_docstring():
    assert float(stable_softplus(np.float32(0))) == pytest.approx(np.log(2))
    naive = np.array([[x, np.asarray(ops.exp(np.float16(x)))] for x in np.arange(11, 11.2, 1 / 128)])
    assert naive[np.isinf(naive[:, 1]), 0].min() == pytest.approx(11.1, abs=0.01)
    assert value_and_slope(stable_softplus, np.float32([-1e-6, 0, 1e-6]))[1] == pytest.approx([0.5, 1, 0.5])
    below, above = np.float16(1) + np.exp(np.float16([-7.65, -7.55]))
    assert below == 1 < above


def test_a_net_in_half_precision_stays_in_it():
    inputs = keras.Input((3,), dtype="float16")
    model = keras.Model(inputs, stable_softplus(inputs))
    assert model.output.dtype == "float16"
    assert model(np.float16([[-60000, 0, 60000]])).dtype == tf.float16
