"""A till chime for each product: what it is decides how it sounds.

recipe       which note, which timbre and which rhythm belong to which word
synthesis    draw_chimes: the waveforms, 16 kHz, with natural variation
spectrogram  the picture of a sound: short-time Fourier transform, mel bands, decibels
inverse      from the picture back to a sound: Griffin-Lim
"""

from utils.data.chimes.inverse import play_spectrogram
from utils.data.chimes.recipe import SAMPLE_RATE, SAMPLES
from utils.data.chimes.spectrogram import FRAMES, MEL_BANDS, log_mel
from utils.data.chimes.synthesis import draw_chimes, draw_spectrograms

__all__ = [
    "FRAMES",
    "MEL_BANDS",
    "SAMPLES",
    "SAMPLE_RATE",
    "draw_chimes",
    "draw_spectrograms",
    "log_mel",
    "play_spectrogram",
]
