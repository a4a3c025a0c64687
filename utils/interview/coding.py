"""A coding task of the interview: an exercise of a lesson on an empty page, judged by the same check."""

import functools
import inspect

from utils.exercises.apart import TookTooLong, run_apart
from utils.exercises.wording import show_error

SECONDS = 10.0  # for the lines outside of the function


@functools.cache
def exercise_of(card):
    """The exercise behind a card; the first one starts TensorFlow, which takes seconds."""
    from utils.training import quiet  # noqa: F401  (first: TensorFlow starts without its log lines)

    from utils.exercises import load_lesson  # isort: skip

    return load_lesson(int(card.exercise.split(".")[0])).EXERCISES[card.exercise]


def judge_source(card, source):
    """Run what was written, judge the function in it; returns whether it is right and the line about it."""
    exercise = exercise_of(card)
    name = exercise.reference.__name__
    names = names_for(exercise.reference)
    try:
        run_apart(lambda: exec(compile(source, "your answer", "exec"), names), limit=SECONDS)
    except SyntaxError as error:
        return False, f"✗ {exercise.id} this is not Python: {error.msg}, line {error.lineno}"
    except TookTooLong:
        return False, f"✗ {exercise.id} took longer than {SECONDS:g} s: look for a loop that never ends"
    except BaseException as error:  # SystemExit too: the interview goes on
        return False, f"✗ {exercise.id} stops with {show_error(error)}: run it line by line"
    if name not in names:
        return False, f"· {exercise.id} there is no `{name}` yet: the check looks for a function of that name"
    return judge_function(card, names[name])


def judge_function(card, function):
    """Judge a function; returns whether it is right, and the line about it."""
    from utils.exercises.record import add_to_record
    from utils.exercises.verdict import judge

    exercise = exercise_of(card)
    verdict = judge(exercise, function)
    if verdict.outcome != "open":
        add_to_record(exercise.id, tries=1, solved=verdict.outcome == "right")
    return verdict.outcome == "right", verdict.line(exercise.id)


def names_for(reference):
    """The names that the page knows without an import: what the library's own file knows, less the answer."""
    import keras
    import numpy as np
    from keras import layers, ops

    module = inspect.getmodule(reference)
    names = {"np": np, "keras": keras, "layers": layers, "ops": ops, **vars(module), "__name__": "answer"}
    return {name: value for name, value in names.items() if value is not reference}


def hint_of(card, number):
    """The hint of that number, counted from 0; after the last one the first comes again."""
    hints = exercise_of(card).hints
    return hints[number % len(hints)]


def solution_of(card):
    """The library's own answer."""
    return inspect.getsource(exercise_of(card).reference)
