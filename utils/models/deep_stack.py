"""Many layers, plain or residual: what depth does to the gradient before it does any good."""

import keras
from keras import layers

from utils.models.regressor import near_zero

KINDS = ("plain", "plain, He start", "residual, He start", "residual, near-zero start")


def build_deep_stack(kind, depth, width=32, inputs=49, classes=10):
    """Build a classifier of `depth` equal layers between a first and a last one.

    A residual one adds what each two of them find to what passes by; it has as many weights as a plain one.

    Shapes: (batch, inputs) -> (batch, classes)
    Range:  any real number: scores, without a softmax
    Source: plain against residual: He et al. 2015, arXiv:1512.03385; its start: He et al. 2015,
            arXiv:1502.01852
    Errors: ValueError for a kind that is none of KINDS, and for an odd depth
    """
    if kind not in KINDS or depth % 2:
        raise ValueError(
            f"The kind must be one of {', '.join(KINDS)}, the depth even. Received: {kind!r}, {depth}. "
            'Most likely fix: kind="residual, near-zero start", depth=16.'
        )
    start = "glorot_uniform" if kind == "plain" else "he_normal"
    pixels = keras.Input((inputs,), name="pixels")
    x = layers.Dense(width, name="first")(pixels)
    for _ in range(depth // 2):
        found = layers.Dense(width, activation="relu", kernel_initializer=start)(x)
        if kind.startswith("plain"):
            x = layers.Dense(width, activation="relu", kernel_initializer=start)(found)
        else:
            last = near_zero() if kind.endswith("near-zero start") else start
            x = x + layers.Dense(width, kernel_initializer=last)(found)
    return keras.Model(pixels, layers.Dense(classes, name="last")(x), name="deep_stack")
