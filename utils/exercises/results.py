"""Sees each of several results of a function under its name."""

from utils.exercises.wording import article


def named_results(*names):
    """Return an observer of a function with so many results; anything else is told by its kind."""

    def observe(function, inputs):
        results = function(*inputs)
        if not isinstance(results, tuple | list):
            return {"kind of result": article(type(results).__name__)}
        if len(results) != len(names):
            return {"kind of result": f"{len(results)} results"}
        wanted = "a pair" if len(names) == 2 else f"{len(names)} results"
        return {"kind of result": wanted, **dict(zip(names, results, strict=True))}

    return observe
