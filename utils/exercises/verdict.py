"""Judges an answer: the same inputs to it and to the library, then the mistake that explains it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from utils.exercises.apart import run_apart
from utils.exercises.seen import (
    first_difference,
    observe,
    observe_all,
    result_alone,
    same_kind,
    wrong_alike,
)
from utils.exercises.sighting import draw_cases, see
from utils.exercises.wording import show_inputs, show_pair, show_shape


@dataclass(frozen=True)
class Mistake:
    """One wrong answer that people do give, and where to look when it is yours."""

    wrong: Callable
    look_at: str


@dataclass(frozen=True)
class Exercise:
    """One exercise as data: what is right, what is wrong by name, what to try both on, what to say."""

    id: str
    title: str
    minutes: int
    difficulty: int  # 1 to 3
    reference: Callable  # the library's own object: the answer, and the solution that is shown
    examples: tuple  # inputs, fixed and small: a message may quote them
    draw: Callable  # (random generator, size) -> fresh inputs
    mistakes: dict[str, Mistake]
    hints: tuple[str, ...]
    why: str  # the line to read once it is right
    observe: Callable = result_alone  # (function, inputs) -> {what is looked at: value}
    quote: Callable = show_inputs  # (reference, inputs) -> the inputs in words
    sizes: tuple[int, int] = (3, 8)
    seconds: float = 10.0  # for the answer alone, over all inputs


@dataclass(frozen=True)
class Verdict:
    """Open, wrong or right, the line about it, and whether the answer can stand in for the library's."""

    outcome: str
    text: str
    replaces: bool = False

    def line(self, exercise_id):
        """The one line that a learner reads."""
        mark = {"open": "·", "wrong": "✗", "right": "✓"}[self.outcome]
        return f"{mark} {exercise_id} {self.text}"


OPEN = Verdict("open", "not attempted yet")
STANDS_IN = Verdict("open", "the library's answer stands in for yours: run your own cell, then this one")


def judge(exercise, attempt):
    """The verdict on an attempt; whatever the attempt does, it is a verdict."""
    cases = draw_cases(exercise, np.random.default_rng())
    return verdict_on(exercise, cases, see(exercise, attempt, cases))


def verdict_on(exercise, cases, sighting):
    """The verdict on what was seen of an attempt; the attempt itself need not be here."""
    if sighting.state == "open":
        return OPEN
    if sighting.state == "wrong":
        return wrong(*sighting.words)
    expected = run_apart(lambda: observe_all(exercise, exercise.reference, cases))
    received = sighting.seen
    differences = [first_difference(*pair) for pair in zip(expected, received, strict=True)]
    if not any(differences):
        if not all(next(iter(e)) in r for e, r in zip(expected, received, strict=True)):
            return wrong("nothing was seen of it", "run it by itself")
        complete = all(set(e) == set(r) for e, r in zip(expected, received, strict=True))
        return Verdict("right", exercise.why, replaces=complete)
    if named := run_apart(lambda: named_mistake(exercise, cases, expected, received)):
        return wrong(named, exercise.mistakes[named].look_at)
    return wrong(*plain_difference(exercise, cases, expected, received, differences))


def wrong(name, look_at):
    """A wrong answer in the one form: what it is, and where to look."""
    return Verdict("wrong", f"{name}: {look_at}")


def named_mistake(exercise, cases, expected, received):
    """The mistake that gives just what was received, else one that is first wrong in the same way."""
    similar = None
    for name, mistake in exercise.mistakes.items():
        mistaken = []
        for inputs, right, mine in zip(cases, expected, received, strict=True):
            mistaken.append(observe(exercise, mistake.wrong, inputs))
            if not wrong_alike(right, mine, mistaken[-1]):
                break  # further inputs can tell no more
        else:
            if not any(first_difference(*pair) for pair in zip(mistaken, received, strict=True)):
                return name
            similar = similar or name
    return similar


def plain_difference(exercise, cases, expected, received, differences):
    """Two phrases about the first case that differs: the inputs, what should have come, what came."""
    index = next(i for i, name in enumerate(differences) if name)
    name, inputs = differences[index], exercise.quote(exercise.reference, cases[index])
    if name == "stops":
        return f"stops with {received[index]['stops']}", f"{received[index]['where']}, called with {inputs}"
    want, got = expected[index][name], received[index][name]
    if isinstance(want, str | bool):
        return f"the {name} is off", f"expected {want}, received {got}"
    if isinstance(got, str | bool):
        return f"the {name} is not made of numbers", f"expected {show_shape(want)}, received {got}"
    if want.shape != got.shape:
        came = f"expected {show_shape(want)}, received {show_shape(got)}"
        return f"the {name} has the wrong shape", f"{came} for {inputs}"
    if not same_kind(want, got):
        return f"the {name} has the wrong type", f"expected {want.dtype}, received {got.dtype} for {inputs}"
    if index >= len(exercise.examples):
        return (
            f"the {name} is right for the small examples and wrong for fresh random inputs",
            "is a number or a size written in that should be computed?",
        )
    want, got = show_pair(want, got)
    return f"the {name} differs", f"for {inputs} expected {want}, received {got}"
