"""The waveform of a chime: partials of one note, under an envelope of strokes, never twice the same."""

import numpy as np

from utils.data.chimes.recipe import (
    NOTES,
    RATTLE,
    RHYTHMS,
    RINGING,
    SAMPLE_RATE,
    SAMPLES,
    SPECTRA,
    TIMBRES,
    check_words,
)
from utils.data.chimes.spectrogram import FRAMES, MEL_BANDS, log_mel

ATTACK = 0.004  # seconds in which a stroke rises
DAMPED = 0.025  # seconds in which it is stilled before the next one
HISS = 0.001  # strength of the noise that every recording has
BLOCK = 256  # chimes at a time


def draw_chimes(attributes, seed=0, start=0):
    """Draw the chime of each product, number start and on; a number always sounds the same for a seed.

    Shapes:  {"kind": str (n,), "colour": ..., "pattern": ...} -> float32 (n, 6528), 16,000 samples a second
    Range:   [-1, 1], the loudest sample between 0.5 and 0.9
    Source:  additive synthesis: a tone is a sum of sines; the recipe is ours
    Errors:  ValueError for words that the catalogue does not have
    """
    rows = zip(*check_words(attributes), strict=True)
    chimes = [draw_chime(*row, np.random.default_rng([seed, start + i])) for i, row in enumerate(rows)]
    return np.array(chimes, np.float32).reshape(-1, SAMPLES)


def draw_chime(kind, colour, pattern, rng):
    """Draw one chime: float64 (6528,)."""
    spectrum, ringing, rattle = TIMBRES[kind]
    time = np.arange(SAMPLES) / SAMPLE_RATE
    note = NOTES[colour] * rng.uniform(0.99, 1.01)  # a sixth of a semitone up or down at most
    tone = np.zeros(SAMPLES)
    for multiple, strength in SPECTRA[spectrum]:
        strength = strength * rng.uniform(0.85, 1.15)
        tone += strength * np.sin(2 * np.pi * (multiple * note * time + rng.random()))
    tone += RATTLE[rattle] * rng.standard_normal(SAMPLES)
    wave = tone * strokes(time, RHYTHMS[pattern], RINGING[ringing] * rng.uniform(0.85, 1.15), rng)
    wave *= rng.uniform(0.5, 0.9) / np.abs(wave).max()
    return np.clip(wave + HISS * rng.standard_normal(SAMPLES), -1, 1)


def strokes(time, onsets, ringing, rng):
    """Return the envelope: each stroke rises fast, rings out, and is stilled before the next one."""
    length = time[-1] + time[1]
    begins = [length * onset + 0.01 + rng.uniform(0, 0.012) for onset in onsets]
    envelope = np.zeros_like(time)
    for begin, end in zip(begins, [*begins[1:], np.inf], strict=True):
        since, left = time - begin, end - time
        stroke = (
            np.exp(-np.maximum(since, 0) / ringing)
            * np.clip(since / ATTACK, 0, 1)
            * np.clip(left / DAMPED, 0, 1)
        )
        envelope += rng.uniform(0.85, 1) * np.where(since > 0, stroke, 0)
    return envelope


def draw_spectrograms(attributes, seed=0, start=0):
    """Draw the log-mel spectrogram of each product's chime, a block at a time so that memory stays small.

    Shapes:  {"kind": str (n,), "colour": ..., "pattern": ...} -> float32 (n, 48, 40, 1)
    Range:   [-1, 1], see log_mel
    Source:  draw_chimes, then log_mel
    """
    kinds, colours, patterns = check_words(attributes)
    pictures = np.empty((len(kinds), FRAMES, MEL_BANDS, 1), np.float32)
    for first in range(0, len(kinds), BLOCK):
        last = first + BLOCK
        block = {"kind": kinds[first:last], "colour": colours[first:last], "pattern": patterns[first:last]}
        pictures[first:last] = log_mel(draw_chimes(block, seed, start + first))
    return pictures
