"""Points on a plane whose density is known: a grid and a ring of Gaussians, drawn and computed."""

from typing import NamedTuple

import numpy as np
import tensorflow as tf

AT_ONCE = 64  # batches drawn in one call: drawing each alone costs as much as a step of training


class Modes(NamedTuple):
    """A mixture of equally likely round Gaussians."""

    centres: np.ndarray  # (modes, 2)
    sigma: float  # standard deviation of each, on both axes

    def draw(self, count, seed):
        """Draw points as float32 (count, 2)."""
        rng = np.random.default_rng(seed)
        chosen = self.centres[rng.integers(len(self.centres), size=count)]
        return (chosen + self.sigma * rng.standard_normal((count, 2))).astype("float32")

    def density(self, points):
        """Return how likely points (..., 2) are: a density per unit of area, as float64 (...)."""
        points = np.asarray(points, "float64")
        squares = np.square(points[..., None, :] - self.centres).sum(axis=-1)  # (..., modes)
        heights = np.exp(-0.5 * squares / self.sigma**2)
        return heights.mean(axis=-1) / (2 * np.pi * self.sigma**2)


def grid_of_modes(side=5, spacing=1.0, sigma=0.05):
    """Return side x side modes around 0: 25 places that a generator can forget."""
    steps = spacing * (np.arange(side) - (side - 1) / 2)
    return Modes(np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2), sigma)


def ring_of_modes(count=8, radius=2.0, sigma=0.05):
    """Return modes on a circle around 0."""
    angles = 2 * np.pi * np.arange(count) / count
    return Modes(radius * np.stack([np.cos(angles), np.sin(angles)], axis=-1), sigma)


def make_points(modes, batch_size, seed):
    """Make an endless dataset of fresh points, float32 (batch_size, 2): nothing is ever seen twice."""
    centres = tf.constant(modes.centres, "float32")

    def draw_batches(number):
        keys = tf.stack([tf.cast(number, tf.int32), seed])
        shape = (AT_ONCE, batch_size)
        chosen = tf.random.stateless_uniform(shape, keys, 0, len(modes.centres), tf.int32)
        noise = tf.random.stateless_normal((*shape, 2), keys + [0, 1])
        return tf.gather(centres, chosen) + modes.sigma * noise

    return tf.data.Dataset.counter().map(draw_batches).unbatch().prefetch(2)
