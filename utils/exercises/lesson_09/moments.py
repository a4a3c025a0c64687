"""Exercise 9.2: mean and variance of the whole batch, from those that each replica has."""

import numpy as np

from utils.exercises.results import named_results
from utils.exercises.verdict import Exercise, Mistake
from utils.training.scaling import global_moments


def variance_with(variance):
    """A global_moments that is wrong in its variance(means, variances)."""
    return lambda means, variances: (np.mean(means, axis=0), variance(means, variances))


def mean_with(mean):
    """A global_moments that is wrong in its mean(means)."""
    return lambda means, variances: (mean(means), global_moments(means, variances)[1])


def draw_moments(generator, size):
    """Statistics of replicas that differ; once as many channels as replicas, so that axes can be mixed up."""
    channels = min(size, 5)
    return generator.normal(0, 2, (size, channels)), generator.uniform(0.2, 3, (size, channels))


GLOBAL_MOMENTS = Exercise(
    id="9.2",
    title="Batch statistics of all replicas",
    minutes=8,
    difficulty=2,
    reference=global_moments,
    examples=(
        (np.array([[0.0], [4.0]]), np.array([[1.0], [9.0]])),
        (np.array([[1.0, 0.0], [2.0, 0.0], [6.0, 0.0]]), np.array([[4.0, 0.5], [1.0, 2.0], [4.0, 0.5]])),
    ),
    draw=draw_moments,
    observe=named_results("mean", "variance"),
    mistakes={
        "only the variances are averaged": Mistake(
            variance_with(lambda means, variances: np.mean(variances, axis=0)),
            "the means differ, too: a replica of 0s and one of 4s have no variance, but 4 together",
        ),
        "only the means are looked at": Mistake(
            variance_with(lambda means, variances: np.var(means, axis=0)),
            "inside each replica the pictures differ, too: add the mean of the variances",
        ),
        "the standard deviations are averaged": Mistake(
            variance_with(
                lambda means, variances: np.mean(np.sqrt(variances), axis=0) ** 2 + np.var(means, axis=0)
            ),
            "squares can be averaged, their roots cannot: average the variances as they are",
        ),
        "the standard deviations are averaged, and the means forgotten": Mistake(
            variance_with(lambda means, variances: np.mean(np.sqrt(variances), axis=0) ** 2),
            "average the variances as they are, then add what the means differ by",
        ),
        "the variance of the means divides by one replica less": Mistake(
            variance_with(
                lambda means, variances: np.mean(variances, axis=0) + np.var(means, axis=0, ddof=1)
            ),
            "these are all the replicas, not a sample of them: divide by their number, ddof=0",
        ),
        "the squared mean is not taken off": Mistake(
            variance_with(lambda means, variances: np.mean(variances + means**2, axis=0)),
            "that is the mean square, the distance from 0: subtract the square of the whole mean",
        ),
        "the squares are taken off after the mean of each replica": Mistake(
            variance_with(lambda means, variances: np.mean(variances, axis=0) + np.mean(means, axis=0) ** 2),
            "the mean of squares and the square of the mean differ, and what counts is by how much",
        ),
        "what the means differ by is taken off": Mistake(
            variance_with(lambda means, variances: np.mean(variances, axis=0) - np.var(means, axis=0)),
            "the whole batch spreads more than its parts do: add it",
        ),
        "the spread of the means is not squared": Mistake(
            variance_with(lambda means, variances: np.mean(variances, axis=0) + np.std(means, axis=0)),
            "a standard deviation does not add to a variance: np.var, not np.std",
        ),
        "the variances are added": Mistake(
            variance_with(lambda means, variances: np.sum(variances, axis=0) + np.var(means, axis=0)),
            "equal replicas must give what one of them has: average them",
        ),
        "the variance is that of a mean": Mistake(
            variance_with(lambda means, variances: np.mean(variances, axis=0) / len(variances)),
            "more replicas make the mean surer, but the pictures do not differ less: no division by replicas",
        ),
        "this is a standard deviation": Mistake(
            variance_with(lambda means, variances: np.sqrt(global_moments(means, variances)[1])),
            "batch norm takes the root itself: return the variance",
        ),
        "these are the statistics of one replica": Mistake(
            lambda means, variances: (means[0], variances[0]), "average over all replicas, axis 0"
        ),
        "taken over the channels": Mistake(
            lambda means, variances: global_moments(means.T, variances.T),
            "each channel has statistics of its own: axis 0 holds the replicas",
        ),
        "one number for all channels": Mistake(
            lambda means, variances: (np.mean(means), np.mean(variances) + np.var(means)),
            "each channel has statistics of its own: axis=0",
        ),
        "the means are added": Mistake(
            mean_with(lambda means: np.sum(means, axis=0)), "the parts are equal: their means are averaged"
        ),
        "the pair has changed places": Mistake(
            lambda means, variances: global_moments(means, variances)[::-1],
            "the mean first, then the variance",
        ),
    },
    hints=(
        "One replica sees only 0, one only 4: neither has any variance. Which has the whole batch?",
        "A mean square is variance + mean ** 2, and mean squares of equal parts can be averaged.",
        "Mean of the variances plus variance of the means: ops.var(means, axis=0), both over axis 0.",
    ),
    why="what differs within the parts and what differs between them: together they are the whole batch",
)
