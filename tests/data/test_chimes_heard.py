"""What an ear would hear in a chime, measured without our judge: its note, its strokes, its timbre."""

import itertools

import numpy as np
import pytest

from utils.data.captions import COLOURS, KINDS, PATTERNS
from utils.data.chimes import SAMPLE_RATE, SAMPLES, draw_chimes, inverse, log_mel, play_spectrogram
from utils.data.chimes.recipe import NOTES, RHYTHMS, SPECTRA, TIMBRES

LENGTH = SAMPLES / SAMPLE_RATE  # seconds
FINE = 8 * SAMPLES  # of the transform: 0.3 Hz from bin to bin
STEP = 64  # samples, 4 ms
MULTIPLES = sorted({multiple for spectrum in SPECTRA.values() for multiple, _ in spectrum})

# Ten chimes with all colours, all timbres and all rhythms.
TEN = {
    "kind": ["t-shirt", "coat", "handbag", "mug", "skirt", "boot", "hat", "watch", "trousers", "bottle"],
    "colour": list(COLOURS),
    "pattern": list(PATTERNS) * 2,
}


def strength(wave):
    """Return how strong each frequency is in a whole sound, in bins of SAMPLE_RATE / FINE Hz."""
    return np.abs(np.fft.rfft(wave * np.hanning(len(wave)), FINE))


def pitch(wave):
    """Return the strongest frequency, in Hz; in all four timbres that is the note."""
    return strength(wave).argmax() * SAMPLE_RATE / FINE


def stroke_times(wave, rise=1.5):
    """Return when strokes begin, in seconds: where the loudness grows by half, having fallen as much."""
    power = np.mean(wave[: len(wave) // STEP * STEP].reshape(-1, STEP) ** 2, axis=1)
    loudness = np.sqrt(np.convolve(power, np.ones(3) / 3, "same"))
    loudness = np.maximum(loudness, 0.02 * loudness.max())  # the hiss is no stroke
    times, falling, extreme = [], True, loudness.min()
    for at, now in enumerate(loudness):
        extreme = min(extreme, now) if falling else max(extreme, now)
        if falling and now > rise * extreme:
            times.append(at * STEP / SAMPLE_RATE)
        if (now > rise * extreme) if falling else (now < extreme / rise):
            falling, extreme = not falling, now
    return times


def timbre(wave):
    """Return the spectrum of the recipe whose partials are nearest to what is heard above the note."""
    note, heard = pitch(wave), strength(wave)
    places = [multiple * note * FINE / SAMPLE_RATE for multiple in MULTIPLES]
    there = np.array([heard[int(0.99 * at) : int(1.01 * at) + 4].max(initial=0) for at in places]) / max(
        heard
    )
    audible = np.array(MULTIPLES) * note < 0.97 * SAMPLE_RATE / 2
    wanted = {name: np.array([dict(s).get(m, 0) for m in MULTIPLES]) for name, s in SPECTRA.items()}
    return min(wanted, key=lambda name: np.linalg.norm((there - wanted[name])[audible]))


def nearest_note(wave):
    """Return the colour whose note is nearest in pitch."""
    return min(NOTES, key=lambda colour: abs(np.log(pitch(wave) / NOTES[colour])))


def has_rhythm(wave, pattern):
    """Tell whether the strokes are as many as the pattern says, and where it says."""
    times, wanted = stroke_times(wave), LENGTH * np.array(RHYTHMS[pattern])
    return len(times) == len(wanted) and np.abs(np.array(times) - wanted).max() < 0.04


def assert_heard(waves, words):
    rows = zip(*(words[name] for name in ("kind", "colour", "pattern")), strict=True)
    for wave, (kind, colour, pattern) in zip(waves, rows, strict=True):
        assert pitch(wave) == pytest.approx(NOTES[colour], rel=0.02), (kind, colour)
        assert has_rhythm(wave, pattern), (kind, pattern, stroke_times(wave))
        assert timbre(wave) == TIMBRES[kind][0], kind


def test_note_strokes_and_timbre_of_ten_chimes_are_heard():
    assert {TIMBRES[kind][0] for kind in TEN["kind"]} == set(SPECTRA)
    assert_heard(draw_chimes(TEN), TEN)


def test_and_of_all_timbres_with_all_rhythms():
    pairs = list(itertools.product(KINDS, PATTERNS))
    words = {"kind": [kind for kind, _ in pairs], "pattern": [pattern for _, pattern in pairs]}
    words["colour"] = (list(COLOURS) * len(pairs))[: len(pairs)]
    words["colour"][5:] = words["colour"][:-5]  # else patterns and colours go together
    assert_heard(draw_chimes(words, seed=3), words)


def with_word(name, value):
    """Return chimes in which one word was not heeded."""
    return lambda: draw_chimes(TEN | {name: [value] * 10})


@pytest.mark.parametrize(
    "bug",
    [
        lambda: np.roll(draw_chimes(TEN), 1, axis=0),
        lambda: np.repeat(draw_chimes(TEN), 2, axis=1)[:, :SAMPLES],
        lambda: draw_chimes(TEN)[:, ::-1],
        with_word("kind", "t-shirt"),
        with_word("colour", "red"),
        with_word("pattern", "plain"),
    ],
    ids=["the neighbour's", "half as fast", "backwards", "one timbre", "one note", "one rhythm"],
)
def test_other_sounds_are_not(bug):
    with pytest.raises(AssertionError):
        assert_heard(bug(), TEN)


# Played from the spectrogram


def assert_played_well(waves):
    ends = 128  # samples, 8 ms
    for wave in waves:
        assert np.abs(wave[ends:-ends]).max() > 0.6 * np.abs(wave).max()  # no click louder than the chime
    right = [nearest_note(wave) == colour for wave, colour in zip(waves, TEN["colour"], strict=True)]
    assert sum(right) >= 9
    right = [has_rhythm(wave, pattern) for wave, pattern in zip(waves, TEN["pattern"], strict=True)]
    assert sum(right) >= 8


def played():
    return [play_spectrogram(picture) for picture in log_mel(draw_chimes(TEN))]


def test_the_note_and_the_strokes_are_heard_when_a_spectrogram_is_played():
    assert_played_well(played())


def test_ends_that_are_blown_up_are_a_click_and_the_neighbours_sounds_are_found(monkeypatch):
    with pytest.raises(AssertionError):
        assert_played_well(np.roll(played(), 1, axis=0))
    monkeypatch.setattr(inverse, "FADED", 1e-6)
    with pytest.raises(AssertionError):
        assert_played_well(played())
