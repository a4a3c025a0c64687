"""Exercises 1.3 and 1.4: the best discriminator, and what the generator hears from it."""

import numpy as np

from utils.exercises.lesson_01.answers import generator_slopes
from utils.exercises.results import named_results
from utils.exercises.verdict import Exercise, Mistake
from utils.metrics.divergences import optimal_discriminator


def densities(*values):
    """Densities at a few places."""
    return np.array(values, np.float64)


def draw_densities(generator, size):
    """Two densities at random places, one of them 0 now and then."""
    p, q = generator.exponential(1.0, (2, 4 * size)) * generator.choice([1e-8, 1.0], (2, 4 * size))
    p[0], q[1] = 0, 0
    return p, q


def bounded(values):
    """Return a ratio without warnings: a wrong answer may divide by 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return values()


OPTIMAL_DISCRIMINATOR = Exercise(
    id="1.3",
    title="The best discriminator",
    minutes=8,
    difficulty=2,
    reference=optimal_discriminator,
    examples=(
        (densities(0.3, 0.2, 0.1), densities(0.1, 0.2, 0.3)),
        (densities(0.5, 0.0, 1e-8), densities(0.0, 0.5, 1e-8)),
    ),
    draw=draw_densities,
    observe=lambda function, inputs: {"result": bounded(lambda: function(*inputs))},
    mistakes={
        "this is the probability of fake": Mistake(
            lambda p, q: q / (p + q), "D says how likely the point is real: p belongs on top"
        ),
        "this is the odds, not the probability": Mistake(
            lambda p, q: bounded(lambda: p / q),
            "p / q goes to infinity: divide by all that lies there, p + q",
        ),
        "the densities were taken for scores": Mistake(
            lambda p, q: 1 / (1 + np.exp(q - p)),
            "the best score is log p - log q; a sigmoid of p - q knows nothing of ratios",
        ),
        "a number was added against division by 0": Mistake(
            lambda p, q: p / (p + q + 1e-6),
            "where both are 1e-8 it still cannot tell, so D is 0.5; ask for p + q > 0 instead",
        ),
        "it only says which is larger": Mistake(
            lambda p, q: (p > q).astype(float), "the best D is as sure as the densities allow, not surer"
        ),
        "it divides by the larger of the two": Mistake(
            lambda p, q: p / np.maximum(p, q), "where p = q that is 1, and it should be 0.5"
        ),
        "it divides by the mean of the two": Mistake(
            lambda p, q: 2 * p / (p + q), "a probability is never above 1: drop the 2"
        ),
        "normalised over all places": Mistake(
            lambda p, q: p / np.sum(p + q), "each place is judged by itself: no sum over places"
        ),
    },
    hints=(
        "Fix one place x. D(x) is one number y, and the game pays p log y + q log(1 - y) there.",
        "Set the derivative by y to 0: p / y = q / (1 - y).",
        "Solve for y: y = p / (p + q).",
    ),
    why="it knows both densities by their ratio alone: sigmoid(log p - log q)",
)


def slopes_with(first, second):
    """A generator_slopes that is wrong in one or both results."""
    return lambda probability: (first(probability), second(probability))


GENERATOR_SLOPES = Exercise(
    id="1.4",
    title="What the generator hears when it is bad",
    minutes=8,
    difficulty=2,
    reference=generator_slopes,
    examples=((0.01,), (0.5,), (1e-3,)),
    draw=lambda generator, size: (float(generator.uniform(0.02, 0.98)),),
    observe=named_results("slope of log(1 - D)", "slope of -log D"),
    mistakes={
        "these are the slopes by D, not by the score": Mistake(
            slopes_with(lambda d: -1 / (1 - d), lambda d: -1 / d),
            "D is a sigmoid of the score: multiply by its slope, D (1 - D)",
        ),
        "this is the slope of the sigmoid alone": Mistake(
            slopes_with(lambda d: d * (1 - d), lambda d: d * (1 - d)),
            "that is the inner slope: multiply it by the slope of the logarithm",
        ),
        "the two are swapped": Mistake(
            slopes_with(lambda d: d - 1, lambda d: -d), "the game as written comes first: log(1 - D)"
        ),
        "both signs are flipped": Mistake(
            slopes_with(lambda d: d, lambda d: 1 - d),
            "both prices fall when the score rises, so both slopes are below 0",
        ),
        "both are the written game's": Mistake(
            slopes_with(lambda d: -d, lambda d: -d), "-log D has another slope: -(1 - D)"
        ),
        "both are the non-saturating price's": Mistake(
            slopes_with(lambda d: d - 1, lambda d: d - 1), "log(1 - D) has another slope: -D"
        ),
        "a sigmoid was put on top of D": Mistake(
            slopes_with(lambda d: -1 / (1 + np.exp(-d)), lambda d: 1 / (1 + np.exp(-d)) - 1),
            "what comes in is a probability already",
        ),
        "the second has the wrong sign": Mistake(
            slopes_with(lambda d: -d, lambda d: 1 - d), "-log D falls when the score rises"
        ),
    },
    hints=(
        "Chain rule: slope of the price by D, times slope of D by the score.",
        "D = sigmoid(score) has the slope D (1 - D).",
        "log(1 - D): -1 / (1 - D) times D (1 - D) is -D. Do the same with -log D.",
    ),
    why="at D = 0.01 the written game whispers 0.01 and the other one shouts 0.99, in the same direction",
)
