"""python on_many_devices.py plain|bugs|FOLDER TRAINING …: what a process learns, alone or as one of many."""

import contextlib
import json
import pathlib
import sys

from utils.training import quiet  # noqa: F401  (first: TensorFlow starts without its log lines)

import keras  # isort: skip
import numpy as np  # isort: skip
import tensorflow as tf  # isort: skip

from utils.training import mirror, replicas, together
from utils.training.device import SEED, describe_device, start_lesson
from utils.training.fit import train
from utils.training.state import checkpoints
from utils.training.strategy import replica_count, worker_index

STEPS, BATCH = 6, 32
DRAWN = 3  # steps in which noise is watched
NEVER = property(lambda layer: False, lambda layer, asked: None)
FLAT = np.ones((8, 1), "float32")


class Noisy(keras.Model):
    """Draws noise in the three ways of the course; its losses say what each replica has drawn."""

    def __init__(self):
        super().__init__()
        self.line = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        self.seeds = keras.random.SeedGenerator(SEED)
        self.dropout = keras.layers.Dropout(0.5, seed=SEED)
        self.built = True
        self.compile(keras.optimizers.SGD(0.0))
        self.optimizer.build(self.trainable_variables)

    def train_step(self, batch):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(self.line(batch))
        variables = self.trainable_variables
        self.optimizer.apply(tape.gradient(loss, variables), variables)
        kept = self.dropout(tf.ones((16,)), training=True) > 0
        drawn = {
            "latents": tf.random.normal(()),
            "keras": keras.random.normal((), seed=self.seeds),
            "dropout": tf.reduce_sum(tf.where(kept, 2.0 ** tf.range(16.0), 0.0)),  # which ones, as one number
        }
        count = replica_count()
        number = tf.distribute.get_replica_context().replica_id_in_sync_group
        return {  # the mean over replicas, of which one has all
            f"{name} {own}": tf.where(tf.equal(number, own), count * value, 0.0)
            for name, value in drawn.items()
            for own in range(count)
        }


def noise():
    """What each replica draws in a few steps."""
    keras.utils.set_random_seed(SEED)  # as a lesson does
    dataset = tf.data.Dataset.from_tensors(FLAT).repeat()
    drawn = train(Noisy(), dataset, DRAWN, record_every=1)
    del drawn["step"]
    return drawn


@contextlib.contextmanager
def planted(place, **bugs):
    """Put something else into a module or class for a while."""
    right = {name: vars(place).get(name) for name in bugs}
    for name, bug in bugs.items():
        setattr(place, name, bug)
    yield
    for name, own in right.items():
        setattr(place, name, own) if own else delattr(place, name)


def learned(name, optimizer, **further):
    """The losses and weights of a training that begins as each other does."""
    keras.utils.set_random_seed(SEED)
    found = together.learn(name, STEPS, BATCH, optimizer, **further)
    return {part: found[part] for part in ("losses", "weights", "replicas")}


def with_bugs():
    """The same trainings and noise, with one bug at a time."""
    shown = {}
    with planted(replicas, own_seed=lambda next_seed: next_seed):
        shown["noise of the same seeds"] = noise()
    with planted(keras.layers.BatchNormalization, synchronized=NEVER):
        shown["gan sgd, parted batch norm"] = learned("gan", "sgd")
    with planted(replicas, one_share=lambda apply: apply):
        shown["gan sgd, shares forgotten"] = learned("gan", "sgd")
        shown["gan adam, shares forgotten"] = learned("gan", "adam")
    with planted(replicas, clip_the_sum=lambda clip: clip):
        shown["regressor adam, parts clipped"] = learned("regressor", "adam")
    return shown


def as_workers(folder):
    """What workers draw, and what they say when they share no folder."""
    shown = {"noise": noise()}
    with planted(mirror, draw_own_noise=lambda: None):
        shown["noise of the same seeds"] = noise()
    mine = pathlib.Path(folder, str(worker_index()))
    shown["points sgd"] = learned("points", "sgd", folder=mine)
    shown["checkpoints"] = [path.name for path in checkpoints(mine)]
    try:
        together.learn("points", 2 * STEPS, BATCH, "sgd", mine)
    except ValueError as error:
        shown["error"] = str(error)
    return shown


def main(kind, *trainings):
    """Print what this process has learned."""
    start_lesson("02")
    start_lesson("02")  # learners run this cell again
    shown = {"device": describe_device(), **{one: learned(*one.split()) for one in trainings}}
    if kind == "bugs":
        shown |= {"noise": noise(), **with_bugs()}
    elif kind != "plain":
        shown |= as_workers(kind)
    print(json.dumps(shown))


if __name__ == "__main__":
    main(*sys.argv[1:])
