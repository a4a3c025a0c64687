"""A training that is killed at random moments and goes on each time: run by test_kills.py.

TensorFlow is imported once; every life is a fork of that process, made before any operation has run.
"""

import hashlib
import json
import os
import random
import signal
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from utils.training.state import resume_with_history, save_state, steps_done, tensor_of, variables_of

SIZE = 256  # a checkpoint of 0.8 MB: writing it takes a good part of a step
FIRST = 0.05  # seconds that the first step of a life takes, about; later ones are timed


class Tiny(keras.Model):
    """Two weights and Adam's slots: the smallest training whose state has several parts."""

    def __init__(self):
        super().__init__()
        self.place = self.add_weight(shape=(SIZE, SIZE), initializer="ones", name="place")
        self.bias = self.add_weight(shape=(SIZE,), initializer="zeros", name="bias")
        self.built = True
        self.optimizer = keras.optimizers.Adam(0.05)
        self.optimizer.build(self.trainable_variables)

    def make_step(self):
        """Make one step towards numbers that change with each step, so that no two states are alike."""
        target = np.sin(np.arange(SIZE, dtype="float32") + steps_done(self))
        place, bias = (np.array(tensor_of(one)) for one in self.trainable_variables)
        gradients = [keras.ops.convert_to_tensor(place - target), keras.ops.convert_to_tensor(bias - target)]
        self.optimizer.apply(gradients, self.trainable_variables)


def numbers(model):
    """Return a digest of every number of the state."""
    parts = [np.array(tensor_of(one)).tobytes() for one in variables_of(model)]
    return hashlib.sha256(b"".join(parts)).hexdigest()


def live(folder, told):
    """Go on where the last life ended; tell each step once its checkpoint is written."""
    model = Tiny()
    step, history = resume_with_history(model, folder)
    whole = step == steps_done(model) and (step == 0 or history["numbers"] == numbers(model))
    os.write(told, f"{json.dumps({'resumed': step, 'whole': whole})}\n".encode())
    while True:
        model.make_step()
        save_state(model, folder, {"numbers": numbers(model)})
        os.write(told, f"{json.dumps({'saved': steps_done(model)})}\n".encode())


def one_life(folder, lot):
    """Let one life begin and kill it after some steps, somewhere in the next; returns what it told."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        try:
            live(folder, theirs)
        finally:
            os._exit(1)
    os.close(theirs)
    with os.fdopen(ours, "rb", buffering=0) as told:
        lines, times = [told.readline()], [time.monotonic()]
        for _ in range(lot.randrange(4)):
            lines.append(told.readline())
            times.append(time.monotonic())
        time.sleep(lot.uniform(0, 1.2) * (times[-1] - times[-2] if len(times) > 2 else FIRST))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return [json.loads(line) for line in [*lines, *told.readlines()] if line.endswith(b"\n")]


def main(folder, kills):
    """Print one line of JSON: what each life told, what lies in the folder, and the unbroken training."""
    lot, folder = random.Random(0), Path(folder)
    lives = [one_life(folder, lot) for _ in range(kills)]
    left = sorted(file.name for file in folder.iterdir())
    model, unbroken = Tiny(), Tiny()
    step, _ = resume_with_history(model, folder)
    for _ in range(step):
        unbroken.make_step()
    same = numbers(model) == numbers(unbroken)
    for file in folder.glob(".*"):
        os.utime(file, (time.time() - 120,) * 2)  # two minutes later
    model.make_step()
    save_state(model, folder)
    kept = sorted(file.name for file in folder.iterdir())
    print(json.dumps({"lives": lives, "left": left, "step": step, "same": same, "kept": kept}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
