"""Puts inputs, results and errors into a few plain words for the line that a learner reads."""

import inspect
import re
import traceback

import numpy as np

SHOWN = 12  # more numbers than this are told by their shape
LENGTH = 120  # of a foreign text inside our line


def show_inputs(reference, inputs):
    """The inputs by the names that the library gives them: fake_logits = [-2, 0, 3]."""
    names = list(inspect.signature(reference).parameters)
    return ", ".join(f"{name} = {show_value(value)}" for name, value in zip(names, inputs, strict=False))


def show_value(value, digits=3):
    """A value in one short text; single axes are left out, as they say nothing about the numbers."""
    if isinstance(value, str | bool | type(None)):
        return shorten(repr(value))
    if isinstance(value, list | tuple) and len(value) <= SHOWN:
        ends = "[]" if isinstance(value, list) else "()"
        return shorten(", ".join(show_value(part, digits) for part in value).join(ends))
    try:
        array = np.asarray(value)
    except Exception:
        return article(type(value).__name__)
    if array.dtype.kind not in "fiub":
        return article(type(value).__name__)
    if array.size > SHOWN:
        return f"numbers of shape {array.shape}"
    if array.ndim == 0:
        return show_one(array.item(), digits)
    array = array.reshape([size for size in array.shape if size > 1] or [array.size])
    return nested(array.tolist(), digits)


def nested(numbers, digits):
    """Nested lists with each number rounded."""
    if isinstance(numbers, list):
        return ", ".join(nested(part, digits) for part in numbers).join("[]")
    return show_one(numbers, digits)


def show_one(number, digits):
    """One number, rounded if it is not whole."""
    if isinstance(number, float) and abs(number) < 1e-6:
        return "0"
    return f"{number:.{digits}g}" if isinstance(number, float) else str(number)


def show_pair(expected, received):
    """Both values, with as many digits as it takes to tell them apart."""
    for digits in (3, 5, 7):
        pair = show_value(expected, digits), show_value(received, digits)
        if pair[0] != pair[1]:
            break
    return pair


def show_shape(array):
    """What a result looks like without its numbers: one number, or shape (3, 1)."""
    return "one number" if array.ndim == 0 else f"shape {array.shape}"


def show_error(error):
    """Kind and first line of an error, without colours, addresses and file names."""
    try:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    except Exception:
        lines = []
    if lines and lines[0].startswith("Exception encountered when calling") and len(lines) > 1:
        lines = lines[1:]  # Keras puts the layer first and the reason after it
    text = re.sub(r"\x1b\[[0-9;]*m|(\{\{.*?\}\} )", "", lines[0] if lines else "")
    text = re.sub(r"<([^<>]*?) at 0x[0-9a-fA-F]+>", r"<\1>", text)
    return shorten(f"{type(error).__name__}: {text}".removesuffix(": "))


def show_line(error, function):
    """The line of the function's own file that the error came from, in words; empty if there is none."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    frames = traceback.extract_tb(error.__traceback__)
    numbers = [frame.lineno for frame in frames if code and frame.filename == code.co_filename]
    return f"look at line {numbers[-1]} of its cell" if numbers else "run it by itself"


def article(noun):
    """A noun with its article: an int, a dict."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def shorten(text):
    """At most one short line."""
    text = " ".join(text.split())
    return text if len(text) <= LENGTH else text[: LENGTH - 1] + "…"
