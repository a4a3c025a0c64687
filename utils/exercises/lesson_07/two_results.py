"""Sees both results of a function that returns two, each under its name."""

from utils.exercises.results import named_results


def two_results(first, second):
    """Return an observer that looks at a pair of results; anything else is told by its kind."""
    return named_results(first, second)
