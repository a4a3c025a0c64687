"""Exercise 7.6: what the prior says of a latent and what the picture says become one Gaussian."""

import numpy as np

from utils.exercises.lesson_04.blocks import draw_floats, floats
from utils.exercises.results import named_results
from utils.exercises.verdict import Exercise, Mistake
from utils.models.restorer import product_of_gaussians


def precision(log_var):
    """One over the variance."""
    return np.exp(-log_var)


def weighted(weight):
    """A mean of both means, with weights that are a function of the log-variance."""

    def mean(mean_1, log_var_1, mean_2, log_var_2):
        first, second = weight(log_var_1), weight(log_var_2)
        return (first * mean_1 + second * mean_2) / (first + second)

    return mean


right_mean = weighted(precision)


def right_log_var(mean_1, log_var_1, mean_2, log_var_2):
    """The log-variance of the product."""
    return -np.log(precision(log_var_1) + precision(log_var_2))


def product_with(mean=right_mean, log_var=right_log_var):
    """A product_of_gaussians that is wrong in its mean, in its log-variance or in both."""
    return lambda *gaussians: (mean(*gaussians), log_var(*gaussians))


def average(first, second):
    """The plain mean of two."""
    return (first + second) / 2


PRODUCT_OF_GAUSSIANS = Exercise(
    id="7.6",
    title="What the prior says and what the picture says",
    minutes=12,
    difficulty=3,
    reference=product_of_gaussians,
    examples=(
        (floats([0]), floats([0]), floats([2]), floats([0])),
        (floats([1, -2]), floats([-3, 0]), floats([3, 4]), floats([1, 2])),
    ),
    draw=lambda generator, size: tuple(2 * draw_floats(generator, size, min(size, 5)) for _ in range(4)),
    observe=named_results("mean", "log_var"),
    mistakes={
        "the two are averaged": Mistake(
            product_with(lambda m1, v1, m2, v2: average(m1, m2), lambda m1, v1, m2, v2: average(v1, v2)),
            "two who agree are surer than each alone, and the surer one counts for more: add the precisions",
        ),
        "the means are averaged": Mistake(
            product_with(lambda m1, v1, m2, v2: average(m1, m2)),
            "the surer one counts for more: weigh each mean by its precision, exp(-log_var)",
        ),
        "the weights are the variances": Mistake(
            product_with(weighted(np.exp)),
            "this listens most to the one that is least sure: weigh by 1 / variance, exp(-log_var)",
        ),
        "the weights are the log-variances": Mistake(
            product_with(weighted(lambda log_var: log_var)),
            "a log-variance can be 0 or below: weigh by the precision, exp(-log_var)",
        ),
        "the standard deviation is taken for the variance": Mistake(
            product_with(
                weighted(lambda log_var: np.exp(-0.5 * log_var)),
                lambda m1, v1, m2, v2: -2 * np.log(np.exp(-0.5 * v1) + np.exp(-0.5 * v2)),
            ),
            "the half belongs to the spread of a draw; a precision is 1 / variance, exp(-log_var)",
        ),
        "the weights are those of the standard deviation": Mistake(
            product_with(weighted(lambda log_var: np.exp(-0.5 * log_var))),
            "the half belongs to the spread of a draw; a precision is 1 / variance, exp(-log_var)",
        ),
        "the weights do not add up to 1": Mistake(
            product_with(lambda m1, v1, m2, v2: precision(v1) * m1 + precision(v2) * m2),
            "the mean must lie between both means: divide by the sum of the precisions",
        ),
        "the means are multiplied": Mistake(
            product_with(lambda m1, v1, m2, v2: m1 * m2),
            "it is the densities that are multiplied; their peak lies between both means",
        ),
        "this is the sum of two numbers": Mistake(
            product_with(lambda m1, v1, m2, v2: m1 + m2, lambda m1, v1, m2, v2: np.logaddexp(v1, v2)),
            "variances add up when numbers are added; here two speak of one number, and precisions add up",
        ),
        "the variances are added": Mistake(
            product_with(log_var=lambda m1, v1, m2, v2: np.logaddexp(v1, v2)),
            "two opinions on one number make it more certain, not less: add the precisions, exp(-log_var)",
        ),
        "the log-variances are added": Mistake(
            product_with(log_var=lambda m1, v1, m2, v2: v1 + v2),
            "that multiplies the variances: out of the logarithm first, then add the precisions",
        ),
        "the log-variances are averaged": Mistake(
            product_with(log_var=lambda m1, v1, m2, v2: average(v1, v2)),
            "two who agree are surer than each alone: add the precisions, exp(-log_var)",
        ),
        "this is the harmonic mean of the variances": Mistake(
            product_with(log_var=lambda *gaussians: right_log_var(*gaussians) + np.float32(np.log(2))),
            "the precisions are added, not averaged: leave the factor 2 out",
        ),
        "this is the logarithm of the precision": Mistake(
            product_with(log_var=lambda *gaussians: -right_log_var(*gaussians)),
            "log(1 / precision) = -log(precision): turn the sign",
        ),
        "this is a variance, not its logarithm": Mistake(
            product_with(log_var=lambda *gaussians: np.exp(right_log_var(*gaussians))),
            "the second result is log_var, like the arguments: take the logarithm",
        ),
        "this is a precision, not a log-variance": Mistake(
            product_with(log_var=lambda *gaussians: np.exp(-right_log_var(*gaussians))),
            "the second result is log_var, like the arguments: -log of the precision",
        ),
        "mean and log-variance have changed places": Mistake(
            product_with(right_log_var, right_mean), "return the mean first, then the log-variance"
        ),
    },
    hints=(
        "Who is surer counts for more, and together they are surer than each alone. What adds up?",
        "The precision, 1 / variance = exp(-log_var): add both, and weigh each mean by its own.",
        "log_var is minus the logarithm of the sum of the precisions; the mean is divided by that sum.",
    ),
    why="precisions add up: a clear picture outvotes the prior, and of a dark one the prior remains",
)
