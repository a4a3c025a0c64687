"""A training on a plane, recorded to be looked at: points, the discriminator's surface, its pulls."""

from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from utils.data.storage import write_atomic
from utils.metrics.modes import high_quality, modes_covered

SHIPPED = Path(__file__).parent / "recordings" / "grid.npz"  # made by python -m utils.training.record_grid
SIDE = 48  # places of the surface along one side
POINTS, PULLS = 300, 80  # fake points that are shown, and those of them with an arrow
COUNTED = 2_000  # fake points behind the numbers of a frame


class Recording(NamedTuple):
    """What a training looked like at some of its steps."""

    real: np.ndarray  # (POINTS, 2)
    reach: float  # the surface covers -reach to reach on both axes
    steps: np.ndarray  # (frames,)
    fakes: np.ndarray  # (frames, POINTS, 2)
    surface: np.ndarray  # (frames, SIDE, SIDE): -1 looks fake, 1 looks real, 0 is undecided
    pulls: np.ndarray  # (frames, PULLS, 2): where the generator's price falls, at the first fakes
    modes: np.ndarray  # (frames,): how many are found
    quality: np.ndarray  # (frames,): share of the fakes that lie on one


def pulls_of(gan, real_points, fake_points):
    """Return the direction that each fake point is pulled in: the downhill slope of the generator's price.

    Shapes: real_points, fake_points (batch, 2), paired by row -> (batch, 2)
    """
    fake_points = tf.convert_to_tensor(fake_points)
    with tf.GradientTape() as tape:
        tape.watch(fake_points)
        loss = gan.method.g_loss(gan.discriminator(real_points), gan.discriminator(fake_points))
    slopes = tape.gradient(loss, fake_points)
    return -slopes.numpy() * len(slopes)  # the loss is a mean: a point's own price has all of its slope


def frame_steps(total, frames):
    """Return when to look: often at first, when much happens, then at longer and longer distances."""
    return np.unique(np.rint(total * np.linspace(0, 1, frames) ** 1.5).astype(int))


class Recorder(keras.callbacks.Callback):
    """Records a training of `total` steps in about `frames` moments, the first and the last among them."""

    skips_steps = True  # a moment that falls within a call is looked at when the call ends

    def __init__(self, modes, total, frames=25, seed=0):
        """Choose the latents and the real points that are shown in every frame."""
        super().__init__()
        self.modes, self.due = modes, list(frame_steps(total, frames))
        self.reach = float(np.abs(modes.centres).max() + 0.6)
        self.real = modes.draw(POINTS, seed)
        self.seed, self.frames, self.step = seed, [], 0

    def continue_from(self, history, step):
        """Go on where an earlier training stopped; moments that have passed are not recorded."""
        self.step = step
        self.due = [due for due in self.due if due >= step]

    def on_train_begin(self, logs=None):
        """Look at the networks before they learn anything."""
        self.epoch_start = self.step
        self.look()

    def on_train_batch_end(self, batch, logs=None):
        """Look where a moment is due."""
        self.step = self.epoch_start + batch + 1
        self.look()

    def look(self):
        """Record a frame if one is due."""
        if self.due and self.due[0] <= self.step:
            self.due = [due for due in self.due if due > self.step]
            self.frames.append(self.frame())

    def frame(self):
        """Return what is to be seen now."""
        gan, axis = self.model, np.linspace(-self.reach, self.reach, SIDE, dtype="float32")
        latents = keras.random.normal((COUNTED, gan.latent_dim), seed=self.seed)
        fakes = gan.generator(latents).numpy()
        shown, pulled = fakes[:POINTS], fakes[:PULLS]
        places = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
        scores, real, fake = (gan.discriminator(p).numpy() for p in (places, self.real, shown))
        # A game of pairs does not say which score is undecided: it is half way between real and fake points.
        surface = np.tanh((scores - (real.mean() + fake.mean()) / 2) / 2).reshape(SIDE, SIDE)
        counts = [measure(fakes, *self.modes) for measure in (modes_covered, high_quality)]
        return self.step, shown, surface, pulls_of(gan, self.real[:PULLS], pulled), *counts

    def recording(self, frames=None):
        """Return the frames that were recorded so far, or those that are given."""
        columns = (np.array(column) for column in zip(*(frames or self.frames), strict=True))
        return Recording(self.real, self.reach, *columns)


def save_recordings(path, recordings):
    """Write {name: recording} to one small file: places as float16, the surface as whole numbers."""
    arrays = {}
    for name, recording in recordings.items():
        for field, values in recording._asdict().items():
            if field == "surface":
                values = np.rint(127 * values).astype("int8")
            elif field not in ("reach", "steps", "modes"):
                values = values.astype("float16")
            arrays[f"{name}/{field}"] = values
    write_atomic(path, lambda part: np.savez_compressed(part, **arrays))


def load_recordings(path=SHIPPED):
    """Return {name: recording} as it was saved; without a path, the two games that come with the course."""
    with np.load(path) as file:
        names = dict.fromkeys(key.split("/")[0] for key in file)
        return {name: read_recording(file, name) for name in names}


def read_recording(file, name):
    """Return one recording of an open file, as float32 and whole numbers."""
    fields = {field: file[f"{name}/{field}"] for field in Recording._fields}
    fields["surface"] = fields["surface"] / np.float32(127)
    for field in ("real", "fakes", "pulls", "quality"):
        fields[field] = fields[field].astype("float32")
    return Recording(**{**fields, "reach": float(fields["reach"])})
