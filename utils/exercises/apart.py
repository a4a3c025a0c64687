"""Runs somebody's code apart: against the clock, without its prints, with every random state put back."""

import builtins
import contextlib
import ctypes
import io
import random
import sys
import threading
import time
import warnings

import numpy as np


class TookTooLong(BaseException):
    """The time limit is over; not an Exception, so that `except Exception` in the code does not stop it."""


def run_apart(work, limit=None):
    """Return work(), run in a thread of its own; TookTooLong when it needs more than `limit` seconds.

    A thread, because signals that interrupt a running cell do not exist on Windows. Keras keeps its names,
    seeds and precision per thread, so those of the notebook stay as they are.
    """
    result, failure = [], []

    def target():
        with contextlib.suppress(TookTooLong):
            try:
                result.append(work())
            except BaseException as error:
                failure.append(error)

    thread = threading.Thread(target=target, daemon=True, name="exercise")
    with quiet(), kept_random_state():
        deadline = time.monotonic() + limit if limit is not None else float("inf")
        thread.start()
        try:
            while thread.is_alive() and time.monotonic() < deadline:
                thread.join(0.05)  # short, so that the learner's stop button is heard at once
        except KeyboardInterrupt:
            stop(thread)
            raise
        if thread.is_alive():
            stop(thread)
            raise TookTooLong
    if failure:
        raise failure[0]
    return result[0]


def stop(thread, patience=1.0):
    """Throw TookTooLong into the thread until it ends; a thread that hides in C code is left behind."""
    deadline = time.monotonic() + patience
    while thread.is_alive() and time.monotonic() < deadline:  # a bare `except:` in a loop catches some
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(TookTooLong)
        )
        thread.join(0.02)


@contextlib.contextmanager
def quiet():
    """Swallow prints, pictures and warnings, and answer input() with an error."""

    def refuse(prompt=""):
        raise RuntimeError("input() waits for a person; an exercise gets everything as arguments")

    ask, builtins.input = builtins.input, refuse
    try:
        with warnings.catch_warnings(), captured_output():
            warnings.simplefilter("ignore")
            yield
    finally:
        builtins.input = ask


def captured_output():
    """A context that swallows what is printed and, inside a notebook, what is displayed."""
    if "IPython" in sys.modules:
        from IPython.utils.capture import capture_output

        return capture_output()
    stack = contextlib.ExitStack()
    stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
    stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
    return stack


@contextlib.contextmanager
def kept_random_state():
    """Put the global random states of Python, NumPy and TensorFlow back to where they were."""
    python_state, numpy_state = random.getstate(), np.random.get_state()
    put_tensorflow_back = keep_tensorflow_state()
    try:
        yield
    finally:
        random.setstate(python_state)
        np.random.set_state(numpy_state)
        put_tensorflow_back()


def keep_tensorflow_state():
    """Lend TensorFlow a spare generator of seeds; return the function that gives the learner's own back."""
    if "tensorflow" not in sys.modules:
        return lambda: None
    try:  # no public way leads there
        context = sys.modules["tensorflow.python.eager.context"].context()
        seed, generator = context._seed, context._rng
    except (AttributeError, KeyError):
        return lambda: None
    spare = context._rng = random.Random()

    def put_back():
        if context._rng is not spare:  # the code called tf.random.set_seed
            context._set_global_seed(seed)  # clears kernels that remember what they have drawn
        context._rng = generator

    return put_back
