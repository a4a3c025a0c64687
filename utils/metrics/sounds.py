"""What a chime tells: a small network reads kind, colour and pattern off a log-mel spectrogram."""

import pathlib

import numpy as np

from utils.data.captions import COLOURS, KINDS, PATTERNS
from utils.data.chimes import FRAMES, MEL_BANDS
from utils.data.images import describe
from utils.metrics.features import WEIGHTS
from utils.metrics.judge import read_judge

STRIDES = (2, 2, 1)  # of the convolutions
VALUES = {"kind": tuple(KINDS), "colour": tuple(COLOURS), "pattern": PATTERNS}


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
    return read_judge(
        "sound judge", sound_judge_path(folder), "train_sounds", VALUES, STRIDES, check_spectrograms
    )
