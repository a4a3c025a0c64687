"""What is seen of a function when it is tried: facts, numbers or a fault, and how two sightings differ."""

import copy

import numpy as np

from utils.exercises.apart import TookTooLong
from utils.exercises.wording import show_error, show_line, show_value


class NotAttempted(BaseException):
    """The answer is still the stub; no Exception, so that no observer takes it for a fault."""


class NothingReturned(BaseException):
    """The answer has code and returns None."""


def result_alone(function, inputs):
    """What most exercises look at: the result."""
    return {"result": function(*inputs)}


def observe_all(exercise, function, cases):
    """What is seen of a function on every case."""
    return [observe(exercise, function, inputs) for inputs in cases]


def observe(exercise, function, inputs):
    """What is seen of one call on inputs of its own, which it may spoil; a fault is something seen, too."""
    try:
        seen = exercise.observe(answered(function), copy.deepcopy(inputs))
        return {name: as_seen(value) for name, value in seen.items()}
    except (TookTooLong, NotAttempted, NothingReturned):
        raise
    except BaseException as error:  # SystemExit too: nothing of it may reach the notebook
        return {"stops": show_error(error), "where": show_line(error, function)}


def answered(function):
    """The function, but one that tells a stub and a forgotten return from an answer."""

    def call(*inputs):
        try:
            result = function(*inputs)
        except NotImplementedError as error:
            stub = error.__traceback__.tb_next
            if stub is None or stub.tb_next is not None:
                raise  # it comes from something that the answer calls
            raise NotAttempted from None
        if result is ...:
            raise NotAttempted
        if result is None:
            raise NotAttempted if is_empty(function) else NothingReturned
        return result

    return call


def is_empty(function):
    """Whether a function has no code at all: `pass`, three dots or a docstring."""

    def nothing():
        pass

    code = getattr(function, "__code__", None)
    return code is not None and len(code.co_code) == len(nothing.__code__.co_code)


def as_seen(value):
    """Numbers as an array; text and truths as they are; anything else in words."""
    if isinstance(value, str | bool):
        return value
    try:
        array = np.asarray(value)
    except Exception:
        return show_value(value)
    if array.dtype.name == "bfloat16":
        return array.astype(np.float32)
    return array if array.dtype.kind in "fiub" else show_value(value)


def first_difference(expected, received):
    """The name of the first thing that differs, or None; what could not be seen at all counts as equal."""
    if "stops" in received or "stops" in expected:
        return None if expected.get("stops") == received.get("stops") else "stops"
    return next((k for k in expected if k in received and not same(expected[k], received[k])), None)


def same(expected, received):
    """Equal in kind, in shape, without broadcasting, and in value up to rounding."""
    if not isinstance(expected, np.ndarray) or not isinstance(received, np.ndarray):
        return type(expected) is type(received) and expected == received
    if expected.shape != received.shape or not same_kind(expected, received):
        return False
    expected, received = expected.astype(np.float64), received.astype(np.float64)
    return np.allclose(received, expected, rtol=1e-4, atol=1e-5, equal_nan=True)


def same_kind(expected, received):
    """Whole numbers are whole numbers, decimals are decimals; an empty list may be either."""
    kinds = [array.dtype.kind.replace("u", "i") for array in (expected, received)]
    return kinds[0] == kinds[1] or received.size == 0


def wrong_alike(expected, one, other):
    """Whether two sightings first differ from what is expected in the same thing, and there agree."""
    name = first_difference(expected, one)
    if name != first_difference(expected, other):
        return False
    return name is None or same(one[name], other[name])
