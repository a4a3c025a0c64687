"""Foreign code leaves nothing behind."""

import random
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from utils.exercises.apart import TookTooLong, run_apart


def greedy():
    """Draws from every global source and seeds them all."""
    random.seed(1)
    np.random.seed(1)
    if "tensorflow" in sys.modules:
        sys.modules["tensorflow"].random.set_seed(1)
    return random.random(), np.random.rand()


def left_behind():
    """CPU seconds that threads burn while nothing is asked of them, if any do."""
    before = time.process_time()
    time.sleep(0.2)
    return time.process_time() - before > 0.1


def endless():
    """Never comes back."""
    while True:
        pass


def test_the_result_comes_back_and_a_fault_too():
    assert run_apart(lambda: 5) == 5
    with pytest.raises(ZeroDivisionError):
        run_apart(lambda: 1 / 0)


def test_the_random_states_of_python_and_numpy_stay():
    def draw(between):
        random.seed(5)
        np.random.seed(5)
        between()
        return random.random(), np.random.rand()

    assert draw(lambda: run_apart(greedy)) == draw(lambda: None)
    assert draw(greedy) != draw(lambda: None)  # without the care they would not


def test_the_random_states_of_tensorflow_and_keras_stay():
    import keras
    import tensorflow as tf

    def seeds_and_draws():
        tf.random.set_seed(1)
        keras.utils.set_random_seed(1)
        tf.random.normal((2,))
        keras.random.normal((2,))

    def only_draws():
        tf.random.normal((2,))
        keras.random.normal((2,))

    def draw(between):
        keras.utils.set_random_seed(5)
        first = tf.random.normal((2,)), keras.random.normal((2,))
        between()
        return np.ravel([*first, tf.random.normal((2,)), keras.random.normal((2,))])

    undisturbed = draw(lambda: None)
    for code in seeds_and_draws, only_draws:
        assert np.array_equal(draw(lambda code=code: run_apart(code)), undisturbed)
        assert not np.array_equal(draw(code), undisturbed)


def test_after_the_limit_the_thread_is_gone():
    with pytest.raises(TookTooLong):
        run_apart(endless, limit=0.2)
    assert not left_behind()


def test_output_and_input_are_given_back_after_the_limit():
    out, ask = sys.stdout, input
    with pytest.raises(TookTooLong):
        run_apart(lambda: time.sleep(10), limit=0.1)
    assert sys.stdout is out and input is ask


@pytest.mark.skipif(sys.platform == "win32", reason="signals of a terminal")
def test_the_stop_button_of_the_learner_still_stops():
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a script in the background may ignore it
    threading.Timer(0.3, signal.raise_signal, [signal.SIGINT]).start()
    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run_apart(endless, limit=30)
    assert time.monotonic() - begin < 5
    assert not left_behind()


def test_exercises_start_without_tensorflow():
    code = "import sys; import utils.exercises, utils.exercises.verdict; print('tensorflow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
