"""Exercises 3.4 and 3.5: a critic that judges each point alone, and one step of the power iteration."""

import keras
import numpy as np
from keras import layers

from utils.exercises.lesson_02.shapes import numbers, show_shapes
from utils.exercises.lesson_03.answers import build_lone_critic
from utils.exercises.results import named_results
from utils.exercises.verdict import Exercise, Mistake
from utils.exercises.wording import article
from utils.models.minibatch import append_batch_deviation
from utils.models.spectral import power_step
from utils.training.penalties import input_slopes


def facts_of_critic(build, inputs):
    """What can be said of a critic before it is trained."""
    width, points = inputs
    model = build(width)
    if not isinstance(model, keras.Model):
        return {"kind of result": article(type(model).__name__)}
    facts = {"kind of result": "a Keras model", "shape that Keras knows": show_shapes(model)}
    generator = np.random.default_rng(3)  # weights of ours: a verdict must not hang on the luck of a start
    for variable in model.trainable_variables:
        variable.assign(generator.normal(size=variable.shape))
    others = np.concatenate([points[:1], -3 * points[1:]])  # the first point stays, its neighbours change
    scores = [numbers(model(batch, training=True)) for batch in (points, points, others)]
    facts["second answer"] = "the same" if np.allclose(scores[0], scores[1], atol=1e-4) else "another one"
    plain = [numbers(model(batch, training=False)) for batch in (points, others)]
    for name, (one, other) in {"outside of training": plain, "in training": scores[1:]}.items():
        facts[f"{name} a point is judged"] = (
            "alone" if np.allclose(one[0], other[0], atol=1e-4) else "with others"
        )
    facts["slope"] = "flat" if not np.any(input_slopes(model, points)) else "not flat"
    slopes = np.asarray(input_slopes(model, np.concatenate([points, -9 * points])))
    facts["bend"] = "none" if np.ptp(slopes, axis=0).max() < 1e-5 else "some"
    for variable in model.trainable_variables:
        variable.assign(30 * variable)  # as far as training could drive them
    largest = np.abs(numbers(model(30 * points, training=False))).max()
    facts["scores with large weights"] = "free" if largest > 1.001 else "held within 1"
    return facts


def draw_width(generator, size):
    """A width, and points to judge."""
    return 4 * size, generator.normal(size=(size, 2)).astype(np.float32)


def critic_of(*middle, end=None, scores=1):
    """A build_lone_critic with other layers between its two hidden ones, or another end."""

    def wrong(width=64):
        hidden = (layers.Dense(width), *(make() for make in middle), layers.LeakyReLU(negative_slope=0.2))
        return keras.Sequential([layers.Input((2,)), *hidden, layers.Dense(scores, activation=end)])

    return wrong


def critic_that_sees_the_spread(width=64):
    """A critic with the batch's deviation among its features."""
    points = keras.Input((2,))
    x = layers.LeakyReLU(negative_slope=0.2)(layers.Dense(width)(points))
    return keras.Model(points, layers.Dense(1)(append_batch_deviation(x)))


LONE_CRITIC = Exercise(
    id="3.4",
    title="Repair the draft's critic: each point is judged alone",
    minutes=8,
    difficulty=2,
    reference=build_lone_critic,
    examples=(),
    draw=draw_width,
    observe=facts_of_critic,
    quote=lambda *_: "a few points",
    seconds=60.0,
    mistakes={
        "the penalty goes through batch normalisation": Mistake(
            critic_of(layers.BatchNormalization),
            "a score then hangs on the other points of the batch: LayerNormalization, or none",
        ),
        "the mean of the batch is told to every point": Mistake(
            critic_that_sees_the_spread, "minibatch deviation makes points talk, too: not under a penalty"
        ),
        "a sigmoid or tanh holds the score": Mistake(
            critic_of(end="sigmoid"), "a critic returns a raw score: end in Dense(1) without an activation"
        ),
        "nothing bends: this is a linear score": Mistake(
            lambda width=64: keras.Sequential([layers.Input((2,)), layers.Dense(width), layers.Dense(1)]),
            "two Dense layers without an activation between them are one: LeakyReLU",
        ),
        "dropout judges the same point differently each time": Mistake(
            critic_of(lambda: layers.Dropout(0.5)),
            "leave the dropout out: a penalty wants one slope per point",
        ),
        "two scores per point": Mistake(critic_of(scores=2), "one raw score is enough: Dense(1)"),
        "Keras does not know its shapes yet": Mistake(
            lambda width=64: keras.Sequential([layers.Dense(width, "leaky_relu"), layers.Dense(1)]),
            "begin with layers.Input((2,))",
        ),
    },
    hints=(
        "Which layers of the draft look at more than one row of the batch?",
        "LayerNormalization takes its mean over the features of one row. Without any norm it works, too.",
        "Input((2,)), twice Dense(width), LayerNormalization(), LeakyReLU(); then Dense(1), nothing more.",
    ),
    why="now a slope per point exists, and a penalty on it means what its formula says",
)


def draw_kernel(generator, size):
    """A kernel that is not square, and a start."""
    return generator.normal(size=(size + 2, size)).astype(np.float32), unit(generator.normal(size=(1, size)))


def unit(row):
    """A row of length 1."""
    return (row / np.linalg.norm(row)).astype(np.float32)


def power_by(step):
    """A power_step that is wrong in one place, in NumPy: step(kernel, u)."""

    def wrong(kernel, u):
        sigma, row = step(np.asarray(kernel, np.float64), np.asarray(u, np.float64))
        return np.float32(sigma), np.asarray(row, np.float32)

    return wrong


def one_way(kernel, u):
    """v and u of a right step, of length 1."""
    v = u @ kernel.T
    v = v / np.linalg.norm(v)
    new = v @ kernel
    return v, new / np.linalg.norm(new), np.linalg.norm(new)


DIAGONAL = np.diag([3, 1, 0.5]).astype(np.float32)

POWER_STEP = Exercise(
    id="3.5",
    title="One step of the power iteration",
    minutes=8,
    difficulty=2,
    reference=power_step,
    examples=((DIAGONAL, unit(np.ones((1, 3)))), (DIAGONAL[:, :2], unit(np.array([[1.0, 2.0]])))),
    draw=draw_kernel,
    observe=named_results("estimate", "new u"),
    mistakes={
        "v is not brought to length 1": Mistake(
            power_by(lambda kernel, u: (np.linalg.norm(u @ kernel.T @ kernel), one_way(kernel, u)[1])),
            "the estimate is then squared, so to say: divide v by its length before you go on",
        ),
        "the new u is not brought to length 1": Mistake(
            power_by(
                lambda kernel, u: (one_way(kernel, u)[2], one_way(kernel, u)[1] * one_way(kernel, u)[2])
            ),
            "it would grow with every step of the training: divide it by its length",
        ),
        "u stays the old one": Mistake(
            power_by(lambda kernel, u: (one_way(kernel, u)[2], u)),
            "what one step learned must be kept for the next: return the new u",
        ),
        "this is v, not u": Mistake(
            power_by(lambda kernel, u: (one_way(kernel, u)[2], one_way(kernel, u)[0])),
            "u has one number per unit, v one per input: go back through the kernel once more",
        ),
        "the estimate is squared": Mistake(
            power_by(lambda kernel, u: (one_way(kernel, u)[2] ** 2, one_way(kernel, u)[1])),
            "v W u' has the kernel in it once: that is the singular value itself",
        ),
        "this is the Frobenius norm": Mistake(
            power_by(lambda kernel, u: (np.linalg.norm(kernel), one_way(kernel, u)[1])),
            "it adds up all singular values, squared; the step finds the largest",
        ),
        "this is the exact value, not one step": Mistake(
            power_by(
                lambda kernel, u: (np.linalg.svd(kernel, compute_uv=False)[0], np.linalg.svd(kernel)[2][:1])
            ),
            "an SVD in every training step costs far too much: one step, from the u that was kept",
        ),
        "the estimate is the length of v": Mistake(
            power_by(lambda kernel, u: (np.linalg.norm(u @ kernel.T), one_way(kernel, u)[1])),
            "go on: u = v W, and its length is the better estimate",
        ),
    },
    hints=(
        "Through the kernel backwards, to length 1, then forwards: v = u W', then u = v W.",
        "The length of v W, with a v of length 1, is the estimate; then u is brought to length 1.",
        "sigma = ops.norm(ops.matmul(v, kernel)); return sigma, ops.matmul(v, kernel) / sigma",
    ),
    why="one such step per training step is enough, because the kernel moves slowly and u is kept",
)
