"""Chimes are pure functions of words and seed, their pictures are what an outside library makes, and back."""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from utils.data.captions import COLOURS, KINDS, PATTERNS
from utils.data.chimes import (
    FRAMES,
    MEL_BANDS,
    SAMPLE_RATE,
    SAMPLES,
    draw_chimes,
    draw_spectrograms,
    inverse,
    log_mel,
    play_spectrogram,
    spectrogram,
)
from utils.data.chimes.recipe import NOTES, RHYTHMS, TIMBRES, describe_chime

RED_MUG = {"kind": ["mug"], "colour": ["red"], "pattern": ["plain"]}


def words(count, seed=0):
    rng = np.random.default_rng(seed)
    values = {"kind": list(KINDS), "colour": list(COLOURS), "pattern": list(PATTERNS)}
    return {name: rng.choice(said, count) for name, said in values.items()}


def test_every_product_has_a_sound_of_its_own():
    sounds = {(TIMBRES[kind], NOTES[colour], RHYTHMS[pattern]) for kind, colour, pattern in every_triple()}
    assert len(sounds) == 800
    assert describe_chime("mug", "red", "plain") == "bell, short ringing, clean, 392 Hz, one stroke (plain)"


def every_triple():
    return itertools.product(KINDS, COLOURS, PATTERNS)


def test_a_chime_is_short_and_neither_silent_nor_clipped():
    waves = draw_chimes(words(50))
    assert waves.shape == (50, SAMPLES) and waves.dtype == np.float32 and SAMPLES / SAMPLE_RATE < 0.5
    peaks = np.abs(waves).max(axis=1)
    assert peaks.min() > 0.49 and peaks.max() < 0.95


def test_a_number_always_sounds_the_same_and_two_of_a_kind_never_do():
    said = {name: list(said) * 3 for name, said in RED_MUG.items()}
    waves = draw_chimes(said, seed=4)
    assert np.array_equal(waves, draw_chimes(said, seed=4))
    assert np.array_equal(waves[1:], draw_chimes({n: w[1:] for n, w in said.items()}, seed=4, start=1))
    assert np.abs(waves[0] - waves[1]).max() > 0.1
    assert np.abs(waves - draw_chimes(said, seed=5)).max() > 0.1


def test_spectrograms_drawn_in_blocks_are_those_of_the_waves(monkeypatch):
    said = words(7)
    whole = log_mel(draw_chimes(said, seed=2))
    monkeypatch.setattr("utils.data.chimes.synthesis.BLOCK", 3)
    assert np.array_equal(draw_spectrograms(said, seed=2), whole)
    assert whole.shape == (7, FRAMES, MEL_BANDS, 1) and np.abs(whole).max() <= 1


def strongest(kind, colour):
    """Return the frequency that is strongest in a chime, in Hz."""
    wave = draw_chimes({"kind": [kind], "colour": [colour], "pattern": ["plain"]})[0]
    return np.abs(np.fft.rfft(wave)).argmax() * SAMPLE_RATE / SAMPLES


@pytest.mark.parametrize("colour", COLOURS)
def test_colour_is_the_note(colour):
    assert strongest("dress", colour) == pytest.approx(NOTES[colour], rel=0.02)
    other = [name for name in COLOURS if name != colour]
    assert not any(strongest("dress", colour) == pytest.approx(NOTES[name], rel=0.02) for name in other)


def test_pattern_is_the_rhythm():
    for pattern, onsets in RHYTHMS.items():
        wave = draw_chimes({"kind": ["boot"], "colour": ["red"], "pattern": [pattern]})[0]
        loudness = np.array([np.abs(piece).max() for piece in np.array_split(wave, 8)])
        rises = [i for i in range(8) if loudness[i] > 1.05 * (loudness[i - 1] if i else 0)]
        assert rises == [round(8 * onset) for onset in onsets], pattern


# Pictures of sounds


def assert_is_the_transform(transform):
    waves = draw_chimes(words(3))
    oracle = tf.signal.stft(waves, spectrogram.FRAME, spectrogram.HOP, window_fn=tf.signal.hann_window)
    assert transform(waves) == pytest.approx(oracle.numpy(), abs=1e-3)


def test_the_transform_is_that_of_tensorflow():
    assert_is_the_transform(spectrogram.stft)


@pytest.mark.parametrize(
    "bug",
    [
        lambda waves: spectrogram.stft(np.pad(waves, ((0, 0), (1, 0)))[:, :-1]),
        lambda waves: np.conj(spectrogram.stft(waves)),
        lambda waves: spectrogram.stft(waves) * 512**-0.5,
    ],
    ids=["one sample late", "phases mirrored", "scaled"],
)
def test_another_transform_is_not(bug):
    with pytest.raises(AssertionError):
        assert_is_the_transform(bug)


def assert_bands_are_mel(filters):
    args = (MEL_BANDS, spectrogram.FRAME // 2 + 1, SAMPLE_RATE, spectrogram.LOWEST, spectrogram.HIGHEST)
    assert filters == pytest.approx(tf.signal.linear_to_mel_weight_matrix(*args).numpy(), abs=1e-3)


def test_the_bands_are_those_of_tensorflow():
    assert_bands_are_mel(spectrogram.mel_filters())


def test_bands_of_equal_width_in_hertz_are_not():
    tops = np.linspace(spectrogram.LOWEST, spectrogram.HIGHEST, MEL_BANDS + 2)
    bins = (np.arange(257) * 31.25)[:, None]
    linear = np.minimum((bins - tops[:-2]) / (tops[1] - tops[0]), (tops[2:] - bins) / (tops[1] - tops[0]))
    with pytest.raises(AssertionError):
        assert_bands_are_mel(np.maximum(0, linear))


def frame_count(samples, frame, hop):
    return spectrogram.spectrogram_size(samples, frame, hop, 16_000)[0]


def test_frames_fit_whole_into_the_sound():
    assert frame_count(SAMPLES, 512, 128) == FRAMES == 48
    assert [frame_count(samples, 4, 2) for samples in (3, 4, 5, 6, 7)] == [0, 1, 1, 2, 2]
    for samples in (512, 639, 640, 5_000):
        frames = tf.signal.frame(np.zeros(samples, np.float32), 512, 128).shape[0]
        assert frames == frame_count(samples, 512, 128) == spectrogram.stft(np.zeros((1, samples))).shape[1]


def test_a_tone_lies_in_the_bin_that_the_docstring_names():
    tone = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(SAMPLES) / SAMPLE_RATE)
    strength = np.abs(spectrogram.stft(tone[None]))[0]
    assert (strength.argmax(axis=1) == 32).all() and strength[:, 32] == pytest.approx(0.5 * 128, rel=1e-2)
    assert spectrogram.hertz_to_mel(1000) == pytest.approx(1000, abs=1)


@pytest.mark.parametrize("waves", [np.zeros(6528), np.zeros((2, 100)), np.zeros((1, 6528), np.int16)])
def test_what_is_no_batch_of_waves_is_refused(waves):
    with pytest.raises(ValueError, match=r"Waves must be floats .* Received: .* Most likely fix"):
        log_mel(waves)


def test_words_without_a_sound_are_refused():
    with pytest.raises(ValueError, match=r"no pattern\. Most likely fix"):
        draw_chimes({"kind": ["mug"], "colour": ["red"]})
    with pytest.raises(ValueError, match="Each colour must be one of red.* Received: mauve"):
        draw_chimes(RED_MUG | {"colour": ["mauve"]})
    with pytest.raises(ValueError, match="Received: 2 of kind, 1 of colour"):
        draw_chimes(RED_MUG | {"kind": ["mug", "mug"]})


# And back


def test_overlap_add_undoes_the_transform():
    wave = draw_chimes(RED_MUG)[0]
    again = inverse.overlap_add(spectrogram.stft(wave[None])[0])
    inside = slice(spectrogram.FRAME, -spectrogram.FRAME)  # the very ends are under no full set of windows
    assert again.shape == wave.shape and again[inside] == pytest.approx(wave[inside], abs=1e-4)


def test_griffin_lim_comes_nearer():
    wanted = np.abs(spectrogram.stft(draw_chimes(RED_MUG))[0])
    gaps = [
        np.linalg.norm(np.abs(spectrogram.stft(inverse.griffin_lim(wanted, rounds)[None])[0]) - wanted)
        for rounds in (0, 1, 3, 10, 30)
    ]
    assert gaps[0] > gaps[1] > gaps[-1] and gaps[-1] < 0.4 * gaps[0]


def played_again(said, play):
    pictures = draw_spectrograms(said, seed=3)
    waves = np.stack([play(picture) for picture in pictures])
    again = log_mel(waves)
    pairs = zip(pictures.reshape(len(waves), -1), again.reshape(len(waves), -1), strict=True)
    return np.mean([np.corrcoef(*pair)[0, 1] for pair in pairs]), waves  # whatever the loudness


def test_what_is_played_has_the_spectrogram_it_was_played_from():
    likeness, waves = played_again(words(12), play_spectrogram)
    assert waves.shape == (12, SAMPLES) and waves.dtype == np.float32
    assert np.abs(waves).max() == pytest.approx(0.9, abs=1e-4)
    noise, _ = played_again(words(12), lambda picture: np.random.default_rng(0).normal(0, 0.2, SAMPLES))
    assert likeness > 0.8 > 0.3 > noise


def test_silence_is_played_as_silence_and_other_shapes_are_refused():
    assert not np.abs(play_spectrogram(np.full((FRAMES, MEL_BANDS, 1), -1.0))).any()
    with pytest.raises(ValueError, match=r"must be \(frames, 40, 1\)\. Received: shape \(2, 48, 40, 1\)"):
        play_spectrogram(np.zeros((2, FRAMES, MEL_BANDS, 1)))
