"""Exercise 8.1: a mean opinion score and how sure it is."""

import numpy as np
from scipy.special import ndtri, stdtrit

from utils.exercises.results import named_results
from utils.exercises.verdict import Exercise, Mistake
from utils.metrics.opinion import mean_opinion_score


def student(count, confidence):
    """How many standard errors the interval reaches, both sides together holding the confidence."""
    return stdtrit(count - 1, (1 + confidence) / 2)


def error_of_mean(scores):
    """The standard error of the mean."""
    return np.std(scores, ddof=1) / np.sqrt(len(scores))


def with_reach(reach):
    """A mean_opinion_score whose interval reaches reach(scores, confidence) to both sides."""

    def wrong(scores, confidence=0.95, scale=(1, 5)):
        return (
            np.mean(scores),
            np.mean(scores) - reach(scores, confidence),
            np.mean(scores) + reach(scores, confidence),
        )

    return wrong


def right_reach(scores, confidence):
    """How far the interval goes to each side."""
    return student(len(scores), confidence) * error_of_mean(scores)


def with_ends(ends):
    """A mean_opinion_score that returns something else of the right mean and reach."""
    return lambda scores, confidence=0.95, scale=(1, 5): ends(
        np.mean(scores), right_reach(scores, confidence)
    )


def draw_scores(generator, size):
    """Scores from 1 to 5 of a few raters, never all equal, and a confidence."""
    scores = np.concatenate([[1.0, 4.0], generator.integers(1, 6, 2 * size)])
    return scores, float(generator.choice([0.8, 0.9, 0.99]))


MEAN_OPINION_SCORE = Exercise(
    id="8.1",
    title="A mean opinion score, and how sure it is",
    minutes=10,
    difficulty=2,
    reference=mean_opinion_score,
    examples=((np.array([3.0, 4.0, 4.0, 5.0]),), (np.array([2.0, 5.0]), 0.9)),
    draw=draw_scores,
    observe=named_results("mean", "low", "high"),
    mistakes={
        "the normal quantile stands where Student's belongs": Mistake(
            with_reach(lambda scores, confidence: ndtri((1 + confidence) / 2) * error_of_mean(scores)),
            "1.96 is for a known spread; here n scores have to tell it, so stdtrit(n - 1, …): 3.18 at n = 4",
        ),
        "1.96 is written in": Mistake(
            with_reach(lambda scores, confidence: 1.96 * error_of_mean(scores)),
            "that is the normal quantile, and of 95 % alone: stdtrit(n - 1, (1 + confidence) / 2)",
        ),
        "the confidence is always 95 %": Mistake(
            with_reach(lambda scores, confidence: right_reach(scores, 0.95)), "use the argument confidence"
        ),
        "all of the doubt is on one side": Mistake(
            with_reach(
                lambda scores, confidence: stdtrit(len(scores) - 1, confidence) * error_of_mean(scores)
            ),
            "half of the doubt lies below and half above: the quantile at (1 + confidence) / 2",
        ),
        "one degree of freedom too many": Mistake(
            with_reach(
                lambda scores, confidence: stdtrit(len(scores), (1 + confidence) / 2) * error_of_mean(scores)
            ),
            "the mean is taken from the same scores: n - 1 degrees of freedom",
        ),
        "the spread divides by n": Mistake(
            with_reach(
                lambda scores, confidence: (
                    student(len(scores), confidence) * np.std(scores) / len(scores) ** 0.5
                )
            ),
            "around their own mean the scores look too close: divide by n - 1, ddof=1",
        ),
        "this is where a single score lies": Mistake(
            with_reach(lambda scores, confidence: student(len(scores), confidence) * np.std(scores, ddof=1)),
            "the mean of n scores is surer than one of them: divide the spread by the root of n",
        ),
        "divided by n, not by its root": Mistake(
            with_reach(lambda scores, confidence: right_reach(scores, confidence) / len(scores) ** 0.5),
            "four times the raters halve the interval, they do not quarter it: the root of n",
        ),
        "the variance stands where the spread belongs": Mistake(
            with_reach(lambda scores, confidence: right_reach(scores, confidence) * np.std(scores, ddof=1)),
            "a variance is in squared points: take its root",
        ),
        "this is one standard error": Mistake(
            with_reach(lambda scores, confidence: error_of_mean(scores)),
            "that holds the truth in about two of three studies: times Student's quantile",
        ),
        "the ends are those around 0": Mistake(
            with_ends(lambda mean, reach: (mean, -reach, reach)), "the interval lies around the mean"
        ),
        "the whole width is taken to each side": Mistake(
            with_ends(lambda mean, reach: (mean, mean - 2 * reach, mean + 2 * reach)),
            "the reach goes once down and once up",
        ),
        "the ends have changed places": Mistake(
            with_ends(lambda mean, reach: (mean, mean + reach, mean - reach)), "the lower end comes first"
        ),
        "this is the median": Mistake(
            lambda scores, confidence=0.95, scale=(1, 5): (
                np.median(scores),
                *mean_opinion_score(scores, confidence, scale)[1:],
            ),
            "a mean opinion score is a mean: np.mean",
        ),
    },
    hints=(
        "The mean of n scores spreads less than a score does. By which factor?",
        "The standard error is np.std(scores, ddof=1) / np.sqrt(n); how many of them does the interval take?",
        "scipy.special.stdtrit(n - 1, (1 + confidence) / 2) of them, down and up from the mean.",
    ),
    why="a score without its interval cannot be compared: 30 raters do not tell 4.2 from 4.1",
)
