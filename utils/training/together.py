"""The same model, batches and noise on one device or on many: do they learn the same, and how fast?

    python -m utils.training.together gan                        one device
    COURSE_DEVICES=2 python -m utils.training.together gan       two logical devices of this processor
    python -m utils.training.workers --count 2 -- python -m utils.training.together gan

Prints one line of JSON: the losses of each step, sums of the weights, pictures per second; of several
trainings, each under its name.
"""

import argparse
import itertools
import json
import os
import signal
import threading
import time

from utils.training.device import SEED, start_lesson  # first: TensorFlow starts without its log lines

import keras  # isort: skip
import numpy as np
import tensorflow as tf

from utils.data import load_products, scale_images
from utils.data.points import grid_of_modes
from utils.training import replicas
from utils.training.budget import load_budget
from utils.training.first_guess import build_first_guess
from utils.training.fit import train
from utils.training.gan import GAN, build_gan
from utils.training.points_gan import PointGAN, build_point_gan, cured_method
from utils.training.replicas import one_share
from utils.training.state import checkpoints, step_of
from utils.training.strategy import is_chief, training_strategy, worker_index

ROUNDS = 8  # batches before the first one comes again


class GivenLatents:
    """A trainer whose latents come with the batch, so that one device and many draw the same fakes."""

    given = threading.local()  # each replica is traced by a thread of its own

    def train_step(self, batch):
        """Take the usual step with the latents of the batch."""
        real, *latents = batch
        self.given.latents = iter(latents)
        return super().train_step(real)

    def draw_latents(self, count):
        """Hand out what came with the batch: first for the discriminator's step, then for the generator's."""
        return next(self.given.latents)


class GivenGAN(GivenLatents, GAN):
    """The GAN of lesson 02 with given latents."""


class GivenPointGAN(GivenLatents, PointGAN):
    """The GAN of lesson 01 with given latents."""


def prepare(name, batch_size, optimizer):
    """Return a model with its weights and a dataset; both are the same in every process."""
    noise = np.random.default_rng(SEED)
    rows = ROUNDS * batch_size
    if name == "regressor":  # Keras' own train_step
        model = build_first_guess(load_budget("07").restorer)
        clean = scale_images(load_products("catalogue", count=rows).images)
        data = clean + 0.2 * noise.standard_normal(clean.shape, "float32"), clean
        if optimizer == "sgd":
            model.compile(keras.optimizers.SGD(0.05), loss="mse")
    else:
        if name == "gan":
            model = build_gan(load_budget("02"))
            real = scale_images(load_products("fashion-mnist", count=rows).images)
            model.__class__ = GivenGAN
        else:
            model = build_point_gan(cured_method(), 1_000, width=64)
            real = grid_of_modes().draw(rows, seed=SEED)
            model.__class__ = GivenPointGAN
        latents = noise.standard_normal((2, rows, model.latent_dim), "float32")
        data = real, *latents
        if optimizer == "sgd":
            model.compile(keras.optimizers.SGD(0.05), keras.optimizers.SGD(0.05))
    return model, tf.data.Dataset.from_tensor_slices(data).batch(batch_size, drop_remainder=True).repeat()


class Clock(keras.callbacks.Callback):
    """Notes when each step was done; where it is told to, worker 1 dies after one of them, once."""

    def __init__(self, last_step=None):
        """Remember the last step of this life."""
        super().__init__()
        self.times, self.last_step = [], last_step

    def on_train_batch_end(self, batch, logs=None):
        """Note the time, or die as a machine does: without a word."""
        self.times.append(time.perf_counter())
        if len(self.times) == self.last_step and worker_index() == 1:
            os.kill(os.getpid(), signal.SIGKILL)


def learn(name, steps, batch_size, optimizer="adam", folder=None, die_after=None):
    """Train a model, or go on where a checkpoint is; return what it has learned, and how fast."""
    model, dataset = prepare(name, batch_size, optimizer)
    saved = checkpoints(folder) if folder else []
    done = step_of(saved[0]) if saved else 0
    clock = Clock(None if done else die_after)
    settings = {"folder": folder, "save_seconds": 0, "record_every": 1, "callbacks": [clock]}
    losses = train(model, dataset.skip(done), steps, **settings)
    del losses["step"]
    seconds = clock.times[-1] - clock.times[0]  # the first step compiles
    return {
        "losses": losses,
        "weights": [float(np.abs(np.asarray(array, "float64")).sum()) for array in model.get_weights()],
        "replicas": training_strategy().num_replicas_in_sync,
        "started at step": done,
        "pictures per second": (len(clock.times) - 1) * batch_size / seconds,
    }


def main(arguments=None):
    """Train and print."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        prog="python -m utils.training.together",
    )
    parser.add_argument("model", choices=("gan", "points", "regressor"))
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--batch", type=int, default=64, help="rows of all devices together")
    parser.add_argument("--optimizer", choices=("adam", "sgd"), nargs="+", default=["adam"])
    parser.add_argument("--folder", help="for checkpoints, which every worker must see")
    parser.add_argument("--die-after", type=int, help="worker 1 is killed after this step, once")
    parser.add_argument("--with-and-without", action="store_true", help="shares: paid in, then forgotten")
    chosen = parser.parse_args(arguments)
    start_lesson("02")
    forgotten = (False, True) if chosen.with_and_without else (False,)
    runs = {}
    for optimizer, forget in itertools.product(chosen.optimizer, forgotten):
        keras.utils.set_random_seed(SEED)
        replicas.one_share = (lambda apply: apply) if forget else one_share
        learned = learn(chosen.model, chosen.steps, chosen.batch, optimizer, chosen.folder, chosen.die_after)
        runs[f"{optimizer}, shares forgotten" if forget else optimizer] = learned
    if is_chief():
        print(json.dumps(runs if len(runs) > 1 else learned))


if __name__ == "__main__":
    main()
