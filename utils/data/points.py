"""Points on a plane whose density is known: a grid and a ring of Gaussians, drawn and computed."""

from typing import NamedTuple

import numpy as np


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


def grid_of_modes(side=5, spacing=0.5, sigma=0.025):
    """Return side x side modes around 0: 25 places that a generator can forget."""
    steps = spacing * (np.arange(side) - (side - 1) / 2)
    return Modes(np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2), sigma)


def ring_of_modes(count=8, radius=1.0, sigma=0.025):
    """Return modes on a circle around 0."""
    angles = 2 * np.pi * np.arange(count) / count
    return Modes(radius * np.stack([np.cos(angles), np.sin(angles)], axis=-1), sigma)
