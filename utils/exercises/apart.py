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

    Seconds of computing, so that a crowded machine fails nobody; three times as many where it only waits.
    A thread, because signals that interrupt a running cell do not exist on Windows. Keras keeps its names,
    seeds and precision per thread, so those of the notebook stay as they are.
    """
    result, failure, done = [], [], threading.Event()

    def target():
        with contextlib.suppress(TookTooLong):
            try:
                result.append(work())
            except BaseException as error:
                failure.append(error)
            finally:
                done.set()

    thread = threading.Thread(target=target, daemon=True, name="exercise")
    with quiet(), kept_random_state():
        begin, computed = time.monotonic(), time.process_time()
        thread.start()
        try:
            while not done.wait(0.05):  # short, so that the learner's stop button is heard at once
                waited = time.monotonic() - begin
                if limit and waited > limit and max(time.process_time() - computed, waited / 3) > limit:
                    break
        except KeyboardInterrupt:
            stop(thread, done)
            raise
        if not done.is_set():
            stop(thread, done)
            raise TookTooLong
    if failure:
        raise failure[0]
    return result[0]


def stop(thread, done, patience=1.0):
    """Throw TookTooLong into the thread until it ends; one that waits outside of Python is left behind.

    `done` tells of the end: an interrupted Thread.join may take a running thread for a finished one.
    """
    thread_id, error = ctypes.c_ulong(thread.ident), ctypes.py_object(TookTooLong)
    deadline = time.monotonic() + patience
    while not done.is_set() and time.monotonic() < deadline:  # a bare `except:` in a loop catches some
        ctypes.pythonapi.PyThreadState_SetAsyncExc(thread_id, error)
        done.wait(0.02)


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


@contextlib.contextmanager
def captured_output():
    """Swallow what is printed and, inside a notebook, what is displayed."""
    with contextlib.ExitStack() as stack:
        if "IPython" in sys.modules:
            from IPython.utils.capture import capture_output

            stack.enter_context(capture_output())
        stack.enter_context(contextlib.redirect_stdout(Nowhere()))
        stack.enter_context(contextlib.redirect_stderr(Nowhere()))
        yield


class Nowhere(io.TextIOBase):
    """A place to print to that keeps nothing, for a loop that prints until its time is over."""

    def write(self, text):
        """Say that all of it was written."""
        return len(text)


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
