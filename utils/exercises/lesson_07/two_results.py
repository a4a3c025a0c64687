"""Sees both results of a function that returns two, each under its name."""

from utils.exercises.wording import article


def two_results(first, second):
    """Return an observer that looks at a pair of results; anything else is told by its kind."""

    def observe(function, inputs):
        result = function(*inputs)
        if not isinstance(result, tuple | list):
            return {"kind of result": article(type(result).__name__)}
        if len(result) != 2:
            return {"kind of result": f"{len(result)} results"}
        return {"kind of result": "a pair", first: result[0], second: result[1]}

    return observe
