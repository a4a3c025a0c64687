"""A sound as a picture: which frequencies are in it, when; steps as wide as the ear hears them."""

import functools

import numpy as np

from utils.data.chimes.recipe import SAMPLE_RATE, SAMPLES

FRAME = 512  # samples under one window: 32 ms, bins of 31 Hz
HOP = 128  # samples from one window to the next: 8 ms
FRAMES = 1 + (SAMPLES - FRAME) // HOP  # 48
MEL_BANDS = 40
LOWEST, HIGHEST = 200.0, 8_000.0  # Hz, of the bands; no note of ours is lower
LOUDEST, RANGE = 36.0, 56.0  # decibels: +1 in the picture, and how far below it -1 lies


def spectrogram_size(samples, frame, hop, sample_rate):
    """Return how large the picture of a sound is, and what its steps are worth; only whole windows count.

    Shapes:  four whole numbers -> (frames, bins, seconds from frame to frame, hertz from bin to bin)
    Units:   a longer window has finer bins and blurs time: seconds under it times hertz per bin is 1
    Healthy: (48, 257, 0.008, 31.25) for our chimes
    Source:  a real signal of n samples has n / 2 + 1 different frequencies, 0 and half the rate among them
    """
    frames = max(0, 1 + (samples - frame) // hop)  # the last window must not hang over the end
    return frames, frame // 2 + 1, hop / sample_rate, sample_rate / frame


def window():
    """Return the bell by which a piece of sound fades in and out: a cut would be heard as a click."""
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / FRAME)  # Hann's, periodic


def stft(waves):
    """Return the short-time Fourier transform: how strong each frequency is under each window, and its phase.

    Shapes:  waves (n, samples) -> complex (n, frames, 257)
    Units:   bin k is k * 31.25 Hz, frame t starts at t * 8 ms
    Healthy: a sine of 1,000 Hz is strongest in bin 32, with 128 times its amplitude
    Source:  Allen and Rabiner 1977, Proceedings of the IEEE 65(11)
    """
    waves = check_waves(waves)
    pieces = np.lib.stride_tricks.sliding_window_view(waves, FRAME, axis=1)[:, ::HOP]  # (n, frames, 512)
    return np.fft.rfft(pieces * window(), axis=-1)


def hertz_to_mel(hertz):
    """Return the pitch as the ear counts it: equal steps sound equally wide.

    Shapes:  any -> as given
    Units:   Hz -> mel
    Healthy: 0 Hz is 0 mel, 1,000 Hz is about 1,000 mel; above, mel grow like the logarithm
    Source:  O'Shaughnessy 1987, Speech Communication
    """
    return 1127.0 * np.log1p(np.asarray(hertz) / 700.0)


@functools.cache
def mel_filters():
    """Return the triangles that gather bins into bands: each rises from its neighbour's top to its own.

    Shapes:  -> float64 (257, 40)
    Units:   share of a bin's strength that goes into a band, 0 to 1
    Healthy: between the first and the last top the shares of a bin add up to 1
    Source:  Davis and Mermelstein 1980, IEEE Transactions on Acoustics, Speech and Signal Processing 28(4)
    """
    bins = hertz_to_mel(np.arange(FRAME // 2 + 1) * SAMPLE_RATE / FRAME)[:, None]  # (257, 1)
    tops = np.linspace(hertz_to_mel(LOWEST), hertz_to_mel(HIGHEST), MEL_BANDS + 2)
    left, top, right = tops[:-2], tops[1:-1], tops[2:]
    rising, falling = (bins - left) / (top - left), (right - bins) / (right - top)
    filters = np.maximum(0.0, np.minimum(rising, falling))
    filters[0] = 0.0  # bin 0 is no tone
    return filters


def log_mel(waves):
    """Turn sounds into pictures: strength in decibels by time and mel band.

    Shapes:  waves (n, samples) in [-1, 1] -> float32 (n, frames, 40, 1)
    Range:   [-1, 1]: +1 is 36 dB, -1 is 56 dB less; what lies outside is clipped
    Source:  log-mel spectrograms as in Shen et al. 2018 (Tacotron 2), arXiv:1712.05884
    Errors:  ValueError for anything but floats (n, samples), at least one window long
    """
    strength = np.abs(stft(waves)) @ mel_filters()
    decibels = 20.0 * np.log10(np.maximum(strength, 1e-5))
    return np.clip(2.0 * (decibels - LOUDEST) / RANGE + 1.0, -1.0, 1.0).astype(np.float32)[..., None]


def check_waves(waves):
    """Return the waves as an array of floats (n, samples), else say what is wrong."""
    waves = np.asarray(waves)
    if waves.ndim != 2 or waves.dtype.kind != "f" or waves.shape[1] < FRAME:
        raise ValueError(
            f"Waves must be floats (n, samples) with {FRAME} samples or more. Received: {waves.dtype}, "
            f"shape {waves.shape}. Most likely fix: one sound is wave[None]; bytes are divided by 32768."
        )
    return waves
