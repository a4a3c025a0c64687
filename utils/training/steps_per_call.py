"""Several training steps in one call from Python, where nobody looks in between: a call has its price."""

import contextlib
import math

MOST = 10  # steps per call: a stop button still answers at once, and 100 would save no more


def steps_per_call(steps, every, callbacks):
    """Return how many steps one call may make: it ends wherever something is recorded.

    A callback that says `skips_steps = True` looks now and then. One that does not may want to see each step.

    Shapes:  steps that are left, steps between two values of the history, callbacks -> int
    Units:   steps per call
    Healthy: 10; 1 where a callback sees each step, or where the numbers share no divisor
    """
    if not all(getattr(callback, "skips_steps", False) for callback in callbacks):
        return 1
    common = math.gcd(steps, every)
    return max(count for count in range(1, MOST + 1) if common % count == 0)


@contextlib.contextmanager
def in_calls_of(count, model):
    """Let `fit` make `count` steps of a model per call; before and after it makes as many as it was told."""
    before = model.steps_per_execution
    if count == before:
        yield
        return
    model.steps_per_execution, model.train_function = count, None  # what was compiled makes `before` steps
    try:
        yield
    finally:
        model.steps_per_execution, model.train_function = before, None


def record_interval(steps, points):
    """Return every how many steps to record: at most so many points, and the last step is one of them."""
    return next(every for every in range(math.ceil(steps / points), steps + 1) if steps % every == 0)
