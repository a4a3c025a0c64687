"""A judge: a small trained network that reads several attributes off a picture, of a sound too."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from keras import ops

from utils.data.storage import write_atomic
from utils.metrics.features import read_arrays, see, whole_file


@dataclass(frozen=True)
class Judge:
    """A trained network with one head per attribute; it never meets a generator while that trains."""

    values: dict[str, tuple[str, ...]]
    layers: tuple[tuple[np.ndarray, np.ndarray], ...]  # (kernel, bias): convolutions, features
    heads: dict[str, tuple[np.ndarray, np.ndarray]]  # name -> (kernel, bias)
    strides: tuple[int, ...]  # of the convolutions
    check: Callable  # returns the pictures that it was made for, refuses others

    @property
    def names(self):
        """Return what it reads: kind, colour, pattern and so on."""
        return tuple(self.values)

    def log_probabilities(self, pictures):
        """Give each value of each attribute its log probability.

        Shapes:  pictures (n, height, width, channels) -> {name: float64 (n, values of that attribute)}
        Units:   nats, 0 and below; each row's exp adds up to 1
        Healthy: above -0.02 on average for what is really there; no measure of doubt for other pictures than
                 those it learnt from: of uniform noise it is sure too, and wrong
        Source:  our own networks, see weights/README.md
        """
        pictures = self.check(pictures)
        logits = {name: np.empty((len(pictures), len(values))) for name, values in self.values.items()}
        for start in range(0, len(pictures), 256):
            features = ops.convert_to_numpy(see(pictures[start : start + 256], self.layers, self.strides))
            for name, (kernel, bias) in self.heads.items():
                logits[name][start : start + 256] = features @ kernel + bias
        return {name: log_softmax(scores) for name, scores in logits.items()}

    def read(self, pictures):
        """Say what each picture tells: {name: str (n,)}, the most likely value of each attribute."""
        likely = self.log_probabilities(pictures)
        return {name: np.array(self.values[name])[scores.argmax(axis=1)] for name, scores in likely.items()}


def log_softmax(logits):
    """Turn scores into log probabilities, safe for large scores."""
    logits = logits - logits.max(axis=1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))


def store_judge(judge, path):
    """Write a judge as one .npz without pickles."""
    arrays = {f"values_{name}": np.array(values) for name, values in judge.values.items()}
    for key, (kernel, bias) in [*enumerate(judge.layers), *judge.heads.items()]:
        arrays |= {f"kernel_{key}": kernel, f"bias_{key}": bias}
    write_atomic(path, lambda temporary: np.savez_compressed(temporary, **arrays))


def read_judge(title, path, command, names, strides, check):
    """Read a stored judge; OSError, with the command that makes it anew, for missing or damaged weights."""
    with whole_file(title, path, command):
        stored = read_arrays(path)
        values = {name: tuple(stored[f"values_{name}"].tolist()) for name in names}
        layers = tuple((stored[f"kernel_{i}"], stored[f"bias_{i}"]) for i in range(len(strides) + 1))
        heads = {name: (stored[f"kernel_{name}"], stored[f"bias_{name}"]) for name in names}
        width = layers[-1][0].shape[1]
        if any(heads[name][0].shape != (width, len(values[name])) for name in names):
            raise ValueError("its arrays do not belong together")
    return Judge(values, layers, heads, strides, check)
