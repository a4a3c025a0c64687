"""Exercise 9.4: a softplus that half precision survives."""

import numpy as np
from keras import ops

from utils.exercises.lesson_04.blocks import result_and_gradient
from utils.exercises.verdict import Exercise, Mistake
from utils.training.half import stable_softplus

END = 60_000.0  # float16 ends at 65504
STEPS = 4  # so many of the smallest steps of a type count as rounding


def without_rounding(received, exact, kind):
    """What was received, with the exact value in each place that differs from it by rounding alone."""
    values = np.asarray(received)
    if values.shape != exact.shape or values.dtype.kind != "f":
        return received
    rounding = STEPS * np.spacing(exact.astype(kind)).astype(np.float64)
    return np.where(np.abs(values.astype(np.float64) - exact) <= rounding, exact, values)


def value_slope_and_type(function, inputs):
    """Values, slopes and type, rounding aside; at 0, the corner of |x|, any slope from 0 to 1 is right."""
    seen, scores = result_and_gradient(function, inputs), inputs[0]
    exact, kind = scores.astype(np.float64).ravel(), scores.dtype
    seen["type"] = np.asarray(seen["result"]).dtype.name
    price = np.logaddexp(0, exact).reshape(scores.shape)
    seen["result"] = without_rounding(seen["result"], price, kind)
    if "gradient" in seen:
        at_corner = (exact == 0) & (seen["gradient"] >= 0) & (seen["gradient"] <= 1)
        slopes = np.where(at_corner, 0.5, seen["gradient"])
        seen["gradient"] = without_rounding(slopes, np.exp(-np.logaddexp(0, -exact)), kind)
    return seen


def scores_of(kind, *numbers):
    """Raw scores of a type."""
    return (np.array(numbers, kind),)


def draw_scores(generator, size):
    """Scores of any size that float16 has, half of them below 12; both ends are among them."""
    digits = generator.uniform([-1, -1, 1.1, 1.1], [1.1, 1.1, 4.7, 4.7], (size, 4))
    scores = 10**digits * generator.choice([-1, 1], (size, 4))
    scores[:2, 0] = -END, END
    return (scores.astype(np.float16),)


def in_float32(function):
    """The function computed in float32 and brought back to the type of its scores."""
    return lambda x: ops.cast(function(ops.cast(x, "float32")), x.dtype)


STABLE_SOFTPLUS = Exercise(
    id="9.4",
    title="A softplus that float16 survives",
    minutes=8,
    difficulty=2,
    reference=stable_softplus,
    examples=(
        scores_of(np.float16, -8, -1, 0, 2, 12),
        scores_of(np.float16, -END, -12, 12, END),
        scores_of(np.float32, -100, -8, 3, 100),
    ),
    draw=draw_scores,
    observe=value_slope_and_type,
    mistakes={
        "e^x overflows": Mistake(
            lambda x: ops.log(1 + ops.exp(x)),
            "float16 ends at 65504, which e^x passes at 11.1: only ever take e to something below 0",
        ),
        "log1p does not keep e^x from overflowing": Mistake(
            lambda x: ops.log1p(ops.exp(x)),
            "it saves the small values only; float16 ends at 65504, which e^x passes at 11.1",
        ),
        "float32 only moves the end": Mistake(
            in_float32(lambda x: ops.log(1 + ops.exp(x))),
            "there e^x overflows at 88.7 instead of 11.1: only ever take e to something below 0",
        ),
        "large scores are cut off": Mistake(
            lambda x: ops.log1p(ops.exp(ops.minimum(x, 11))),
            "beyond 11 the price stands still and its slope is 0, where it should be 1",
        ),
        "scores are cut off on both sides": Mistake(
            lambda x: ops.log1p(ops.exp(ops.clip(x, -11, 11))),
            "beyond 11 the price stands still and its slope is 0, where it should be 1",
        ),
        "the value is right, but the slope is no number": Mistake(
            lambda x: ops.where(x > 11, x, ops.log1p(ops.exp(x))),
            "where computes both sides, and the unused slope is 0 times infinity: keep e^x small in both",
        ),
        "this is a relu": Mistake(
            lambda x: ops.maximum(x, 0),
            "near 0 they differ most: log 2 = 0.693 at 0, and a slope everywhere",
        ),
        "small values are lost": Mistake(
            lambda x: ops.maximum(x, 0) + ops.log(1 + ops.exp(-ops.abs(x))),
            "in float16 1 + 0.0003 is 1, whose logarithm is 0: log1p takes the small part alone",
        ),
        "the logarithm is missing": Mistake(
            lambda x: ops.maximum(x, 0) + ops.exp(-ops.abs(x)),
            "at 0 that is 1 instead of log 2: log1p of the exponential",
        ),
        "the large part is missing": Mistake(
            lambda x: ops.log1p(ops.exp(-ops.abs(x))),
            "log(1 + e^x) = x + log(1 + e^-x): for x above 0 add x",
        ),
        "e^-x overflows on the other side": Mistake(
            lambda x: ops.maximum(x, 0) + ops.log1p(ops.exp(-x)),
            "for x below 0 that is e to something large: -|x|",
        ),
        "x is added on both sides": Mistake(
            lambda x: x + ops.log1p(ops.exp(-ops.abs(x))),
            "below 0 a softplus is near 0, not near x: max(x, 0)",
        ),
        "the sign is turned": Mistake(
            lambda x: stable_softplus(-x), "it rises with x: near 0 far below 0, near x far above"
        ),
        "the logarithm of a sigmoid is infinite": Mistake(
            lambda x: -ops.log(ops.sigmoid(-x)),
            "the sigmoid of -20 is rounded to 0 in float16: use log1p of e^-|x| instead",
        ),
        "it comes back in another type": Mistake(
            lambda x: stable_softplus(ops.cast(x, "float32")),
            "a net in half precision would go on in float32 from here: ops.cast(..., x.dtype)",
        ),
        "the value is right, but no gradient comes back": Mistake(
            lambda x: stable_softplus(ops.stop_gradient(x)),
            "stay in keras.ops from the scores to the result, without stop_gradient and .numpy()",
        ),
    },
    hints=(
        "Take the large part out of the logarithm: 1 + e^x = e^x (1 + e^-x). For which x does that help?",
        "For x above 0 it is x + log(1 + e^-x), else log(1 + e^x): in both e is taken to -|x|.",
        "ops.maximum(x, 0) + ops.log1p(ops.exp(-ops.abs(x)))",
    ),
    why="the exponent is never above 0, so nothing overflows, and log1p keeps what 1 + e^-8 would round away",
)
