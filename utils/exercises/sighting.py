"""What is seen of an attempt, before anybody judges it; as JSON it can be judged in another process."""

import base64
import inspect
from dataclasses import dataclass

import numpy as np

from utils.exercises.apart import TookTooLong, run_apart
from utils.exercises.seen import NotAttempted, NothingReturned, observe_all
from utils.exercises.wording import show_value


@dataclass(frozen=True)
class Sighting:
    """An attempt is open, wrong in a way that needs no comparison (two phrases), or seen on each case."""

    state: str
    words: tuple[str, ...] = ()
    seen: tuple[dict, ...] = ()


def draw_cases(exercise, generator):
    """All inputs of one check: the fixed examples, and fresh ones of two sizes."""
    return (*exercise.examples, *(exercise.draw(generator, size) for size in exercise.sizes))


def see(exercise, attempt, cases):
    """What is seen of an attempt on the cases, whatever it does."""
    if attempt is None or attempt is ...:
        return Sighting("open")
    if not callable(attempt):
        name = getattr(exercise.reference, "__name__", "answer")
        fix = f'hand over the function itself, check("{exercise.id}", {name}), without calling it'
        return Sighting("wrong", (f"this is {show_value(attempt)}, not a function", fix))
    if misfit := signature_misfit(exercise.reference, attempt):
        return Sighting("wrong", misfit)
    try:
        seen = run_apart(lambda: observe_all(exercise, attempt, cases), limit=exercise.seconds)
    except NotAttempted:
        return Sighting("open")
    except NothingReturned:
        return Sighting("wrong", ("nothing comes back", "did you forget `return`?"))
    except TookTooLong:
        fix = "look for a loop that never ends, or for far too much work"
        return Sighting("wrong", (f"took longer than {exercise.seconds:g} s", fix))
    return Sighting("seen", seen=tuple(seen))


def signature_misfit(reference, attempt):
    """Two phrases when the attempt cannot be called as the library's own can, else None."""
    try:
        signature, wanted = inspect.signature(attempt), inspect.signature(reference)
    except (TypeError, ValueError):
        return None  # some built-in callables have no signature; the call itself will tell
    required = [name for name, parameter in wanted.parameters.items() if parameter.default is parameter.empty]
    try:
        signature.bind(*required)
        signature.bind(*wanted.parameters)
    except TypeError:
        return f"its arguments are {signature}", f"it must take {wanted}"
    return None


def to_json(sighting):
    """A sighting as plain lists, words and numbers."""
    seen = [{name: _packed(value) for name, value in case.items()} for case in sighting.seen]
    return {"state": sighting.state, "words": list(sighting.words), "seen": seen}


def from_json(told):
    """The sighting that somebody tells of; ValueError when it is none. Nothing in it is ever run."""
    try:
        state, words = told["state"], tuple(told["words"])
        seen = tuple({name: _unpacked(value) for name, value in case.items()} for case in told["seen"])
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"This is no sighting: {error!r}") from None
    if state not in ("open", "wrong", "seen") or not all(isinstance(word, str) for word in words):
        raise ValueError(f"This is no sighting. Received: {state!r}, {words!r}")
    if len(words) != 2 * (state == "wrong"):
        raise ValueError(f"A wrong attempt has two phrases, others have none. Received: {words!r}")
    return Sighting(state, words, seen)


def _packed(value):
    if isinstance(value, np.ndarray):
        numbers = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
        return {"type": value.dtype.str, "shape": list(value.shape), "numbers": numbers}
    return value


def _unpacked(value):
    if isinstance(value, str | bool):
        return value
    kind = np.dtype(value["type"])
    if kind.kind not in "fiub":
        raise ValueError(f"A sighting holds numbers. Received: {kind}")
    return np.frombuffer(base64.b64decode(value["numbers"]), kind).reshape(value["shape"])
