"""The smallest autoencoder is linear: a picture becomes a few numbers and comes back a little soft."""

from dataclasses import dataclass

import numpy as np
import scipy


@dataclass(frozen=True)
class LinearCode:
    """What a linear autoencoder has learnt: the mean, the directions that vary most, and how much."""

    mean: np.ndarray  # (values,)
    directions: np.ndarray  # (values, size), of length 1 and at right angles
    scale: np.ndarray  # (size,)
    shape: tuple[int, ...]  # of one picture

    @property
    def size(self):
        """Return how many numbers a code has."""
        return len(self.scale)

    def encode(self, pictures):
        """Return the codes of pictures: (n, height, width, channels) -> float32 (n, size)."""
        flat = np.asarray(pictures, "float32").reshape(len(pictures), -1) - self.mean
        return (flat @ self.directions / self.scale).astype("float32")

    def decode(self, codes):
        """Return the pictures of codes: (n, size) -> float32 (n, height, width, channels) in [-1, 1]."""
        flat = (np.asarray(codes, "float32") * self.scale) @ self.directions.T + self.mean
        return np.clip(flat, -1, 1).reshape(-1, *self.shape).astype("float32")


def learn_code(pictures, size, evenness=0.5):
    """Learn the linear autoencoder with the least squared error: the principal directions of the pictures.

    What a direction is worth in the code is its spread to the power 1 - evenness: with 0 the code keeps all
    proportions, with 1 each number varies as much as the next, fine grain as much as the outline.

    Shapes:  pictures (n, height, width, channels), n above size -> LinearCode
    Range:   codes have the mean 0 and, over all numbers, the mean square 1
    Source:  Pearson 1901; that it is the best linear autoencoder: Baldi and Hornik 1989, Neural Networks 2(1)
    Errors:  ValueError for more directions than pictures or values
    """
    pictures = np.asarray(pictures, "float32")
    flat = pictures.reshape(len(pictures), -1)
    if not 0 < size <= min(len(flat) - 1, flat.shape[1]):
        raise ValueError(
            f"A code must have from 1 to {min(len(flat) - 1, flat.shape[1])} numbers here. Received: {size}. "
            "Most likely fix: pass more pictures, or ask for fewer numbers."
        )
    mean = flat.mean(axis=0)
    covariance = (flat - mean).T @ (flat - mean) / len(flat)
    largest = len(covariance) - size, len(covariance) - 1  # of the directions, from small to large
    variances, directions = scipy.linalg.eigh(covariance, subset_by_index=largest)
    variances = np.maximum(variances[::-1], 1e-9)
    spread = np.sqrt(variances)
    scale = spread**evenness
    scale = scale * np.sqrt(np.mean(variances / scale**2))
    return LinearCode(mean, directions[:, ::-1].copy(), scale.astype("float32"), pictures.shape[1:])
