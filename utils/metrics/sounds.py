"""What a chime tells: a small network reads kind, colour and pattern off a log-mel spectrogram."""

import pathlib
from dataclasses import dataclass

import numpy as np
from keras import ops

from utils.data.captions import COLOURS, KINDS, PATTERNS
from utils.data.chimes import FRAMES, MEL_BANDS
from utils.data.images import describe
from utils.metrics.attributes import log_softmax
from utils.metrics.features import WEIGHTS, read_arrays, see, whole_file

STRIDES = (2, 2, 1)  # of the convolutions
VALUES = {"kind": tuple(KINDS), "colour": tuple(COLOURS), "pattern": PATTERNS}


@dataclass(frozen=True)
class SoundJudge:
    """A trained network with one head per attribute; it never meets a generator while that trains."""

    values: dict[str, tuple[str, ...]]
    layers: tuple[tuple[np.ndarray, np.ndarray], ...]  # (kernel, bias): convolutions, features
    heads: dict[str, tuple[np.ndarray, np.ndarray]]  # name -> (kernel, bias)

    @property
    def names(self):
        """Return what it hears: kind, colour, pattern."""
        return tuple(self.values)

    def log_probabilities(self, spectrograms):
        """Give each value of each attribute its log probability.

        Shapes:  spectrograms (n, 48, 40, 1) -> {name: float64 (n, values of that attribute)}
        Units:   nats, 0 and below; each row's exp adds up to 1
        Healthy: above -0.02 on average for what a real chime tells; of noise it is sure too, and wrong
        Source:  our own network; `python -m utils.metrics.train_sounds` makes it, see weights/README.md
        """
        spectrograms = check_spectrograms(spectrograms)
        logits = {name: np.empty((len(spectrograms), len(values))) for name, values in self.values.items()}
        for start in range(0, len(spectrograms), 256):
            block = spectrograms[start : start + 256]
            features = ops.convert_to_numpy(see(block, self.layers, STRIDES))
            for name, (kernel, bias) in self.heads.items():
                logits[name][start : start + 256] = features @ kernel + bias
        return {name: log_softmax(scores) for name, scores in logits.items()}

    def read(self, spectrograms):
        """Say what each chime tells: {name: str (n,)}, the most likely value of each attribute."""
        likely = self.log_probabilities(spectrograms)
        return {name: np.array(self.values[name])[scores.argmax(axis=1)] for name, scores in likely.items()}


def check_spectrograms(spectrograms):
    """Refuse what is no batch of log-mel spectrograms of chimes."""
    spectrograms = np.asarray(spectrograms)
    fits = spectrograms.dtype.kind == "f" and spectrograms.shape[1:] == (FRAMES, MEL_BANDS, 1)
    if not fits or not np.isfinite(spectrograms).all() or np.abs(spectrograms).max(initial=0) > 1.001:
        raise ValueError(
            f"Spectrograms must be floats (n, {FRAMES}, {MEL_BANDS}, 1) in [-1, 1]. Received: "
            f"{describe(spectrograms)}. Most likely fix: log_mel(waves), with waves of draw_chimes."
        )
    return spectrograms


def sound_judge_path(folder=WEIGHTS):
    """Return where the weights of the judge lie."""
    return pathlib.Path(folder) / f"sounds_{FRAMES}x{MEL_BANDS}x1.npz"


def load_sound_judge(folder=WEIGHTS):
    """Read the judge of chimes.

    Shapes:  judge.read(spectrograms (n, 48, 40, 1)) -> {"kind": str (n,), "colour": ..., "pattern": ...}
    Range:   takes float spectrograms in [-1, 1]
    Source:  our own weights, trained by `python -m utils.metrics.train_sounds`
    Errors:  OSError for missing or damaged weights
    """
    path = sound_judge_path(folder)
    with whole_file("sound judge", path, "train_sounds"):
        stored = read_arrays(path)
        layers = tuple((stored[f"kernel_{i}"], stored[f"bias_{i}"]) for i in range(len(STRIDES) + 1))
        heads = {name: (stored[f"kernel_{name}"], stored[f"bias_{name}"]) for name in VALUES}
        width = layers[-1][0].shape[1]
        if any(heads[name][0].shape != (width, len(VALUES[name])) for name in VALUES):
            raise ValueError("its arrays do not belong together")
    return SoundJudge(VALUES, layers, heads)
