"""From the picture of a sound back to the sound: guess the bins, then find phases that fit together."""

import functools

import numpy as np

from utils.data.chimes.spectrogram import (
    FRAME,
    HOP,
    LOUDEST,
    MEL_BANDS,
    RANGE,
    mel_filters,
    stft,
    window,
)

MOMENTUM = 0.9  # of the phases
FADED = 0.15  # a tenth of the weight in the middle; less would blow the ends up to a click


def play_spectrogram(spectrogram, rounds=60, seed=0):
    """Turn one log-mel spectrogram, a generated one too, into a sound that can be played.

    Note, strokes and timbre come back, with a little tremble. Play real chimes from their own waves.

    Shapes:  (frames, 40, 1) in [-1, 1] -> float32 (samples,)
    Range:   [-1, 1], the loudest sample at 0.9
    Source:  Griffin and Lim 1984, IEEE Transactions on Acoustics, Speech and Signal Processing 32(2)
    Errors:  ValueError for another shape
    """
    spectrogram = np.asarray(spectrogram)
    if spectrogram.ndim != 3 or spectrogram.shape[1:] != (MEL_BANDS, 1):
        raise ValueError(
            f"A spectrogram must be (frames, {MEL_BANDS}, 1). Received: shape {spectrogram.shape}. "
            "Most likely fix: play one of them, spectrograms[0]."
        )
    wave = griffin_lim(magnitudes(spectrogram), rounds, seed)
    return (0.9 * wave / max(np.abs(wave).max(), 1e-9)).astype(np.float32)


def magnitudes(spectrogram):
    """Undo decibels and mel bands as well as it goes: float64 (frames, 257), 0 and above."""
    decibels = (spectrogram[..., 0].astype("float64") - 1.0) * RANGE / 2.0 + LOUDEST
    strength = np.where(spectrogram[..., 0] <= -0.999, 0.0, 10.0 ** (decibels / 20.0))
    return unmix(strength)


def unmix(strength, rounds=200):
    """Return bins that are never negative and whose mel bands are these: multiplicative updates."""
    filters = mel_filters()
    bins = strength @ filters.T
    for _ in range(rounds):  # each round moves every bin by the factor that its bands ask for
        bins = bins * (strength @ filters.T) / (bins @ mixing() + 1e-9)
    return bins


@functools.cache
def mixing():
    """Return how much two bins share bands: (257, 257)."""
    return mel_filters() @ mel_filters().T


def griffin_lim(wanted, rounds, seed=0):
    """Find a sound whose windows have these magnitudes: keep the phases that neighbours agree on, again.

    Shapes:  wanted (frames, 257) -> (samples,)
    Units:   as the short-time Fourier transform of a wave in [-1, 1]
    Healthy: what differs from the wanted magnitudes is a fraction of what it was with phases by chance
    Source:  Griffin and Lim 1984, IEEE Transactions on Acoustics, Speech and Signal Processing 32(2);
             the step beyond: Perraudin et al. 2013, a fast Griffin-Lim algorithm (WASPAA)
    """
    phases = np.exp(2j * np.pi * np.random.default_rng(seed).random(wanted.shape))
    before = 0.0
    for _ in range(rounds):
        agreed = stft(overlap_add(wanted * phases)[None])[0]
        phases = np.exp(1j * np.angle(agreed + MOMENTUM * (agreed - before)))  # a little beyond
        before = agreed
    return overlap_add(wanted * phases)


def overlap_add(spectrum):
    """Return the sound whose windows come nearest to a spectrum: the inverse of stft where there is one."""
    pieces = np.fft.irfft(spectrum, FRAME, axis=-1) * window()
    samples = FRAME + HOP * (len(spectrum) - 1)
    wave, weight = np.zeros(samples), np.zeros(samples)
    for start, piece in zip(range(0, samples, HOP), pieces, strict=False):
        wave[start : start + FRAME] += piece
        weight[start : start + FRAME] += window() ** 2
    return wave / np.maximum(weight, FADED)
