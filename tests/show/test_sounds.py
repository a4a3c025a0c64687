"""What is shown is what sounds: players and pictures hold the very samples, and axes tell the truth."""

import base64
import io
import re
import wave
from html import unescape

import numpy as np
import pytest
from PIL import Image

from utils.data.chimes import SAMPLE_RATE, SAMPLES, draw_chimes, log_mel, spectrogram
from utils.show import style
from utils.show.sounds import ZOOM, as_player, as_wav, play_sounds
from utils.show.spectrograms import MOST, band_of, in_colours, plot_spectrograms

WORDS = {"kind": ["hat", "coat", "dress"], "colour": ["red", "blue", "green"], "pattern": ["plain"] * 3}
TITLES = ["a red hat", "a blue coat", "a green dress"]
WAVES = draw_chimes(WORDS)


def samples_of(data):
    """Return the samples of a WAV file as Python's own reader sees them, and what it says of them."""
    with wave.open(io.BytesIO(data)) as file:
        form = file.getnchannels(), file.getsampwidth(), file.getframerate()
        return np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32_767, form


def sources(html, kind):
    """Return the bytes of everything of this kind that a page holds."""
    return [base64.b64decode(found) for found in re.findall(f'src="data:{kind};base64,([^"]+)"', html)]


def tone(hertz):
    """Return one second of a sine."""
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(SAMPLE_RATE) / SAMPLE_RATE)


def assert_holds(data, samples):
    heard, form = samples_of(data)
    assert form == (1, 2, 16_000)
    assert heard == pytest.approx(samples, abs=1 / 32_767)


def test_a_player_holds_the_samples_of_its_sound():
    players = sources(play_sounds(WAVES, TITLES)._repr_html_(), "audio/wav")
    assert len(players) == 3
    for data, samples in zip(players, WAVES, strict=True):
        assert_holds(data, samples)
        assert len(data) == 2 * SAMPLES + 44
    with pytest.raises(AssertionError):  # planted: the neighbour's sound
        assert_holds(players[0], WAVES[1])


def test_the_loudest_samples_do_not_wrap_around():
    heard, _ = samples_of(as_wav(np.array([1.0, -1.0, 1.0005, 0.0])))
    assert heard.tolist() == [1, -1, 1, 0]


def test_every_player_and_every_picture_is_named_and_can_be_used_by_keyboard():
    html = play_sounds(WAVES, TITLES)._repr_html_()
    for title in TITLES:
        assert f'<audio controls aria-label="play {title}" title="play {title}"' in html
        assert f'<img alt="spectrogram of {title}"' in html
        assert re.search(f">{title}<br>", html)
    assert "autoplay" not in html and "autoplay" in as_player(WAVES[0], "x", autoplay=True)


def test_nothing_in_a_title_becomes_part_of_the_page():
    html = play_sounds(WAVES[:1], ['<b>red</b> & "quoted" onload="x'])._repr_html_()
    assert set(re.findall(r"<(\w+)", html)) == {"div", "br", "audio", "img"}
    tags = re.sub('base64,[^"]*', "", html)
    names = set(re.findall('([\\w-]+)="', tags))
    assert names == {"style", "aria-label", "title", "preload", "src", "alt", "width", "height"}
    assert '<b>red</b> & "quoted"' in unescape(html)


def test_the_picture_beside_a_player_is_that_of_its_sound_with_low_notes_at_the_bottom():
    tones = np.stack([tone(400), tone(4_000)])
    for data, wanted in zip(
        sources(play_sounds(tones, "ab")._repr_html_(), "image/png"), (0, 1), strict=True
    ):
        pixels = np.asarray(Image.open(io.BytesIO(data))).astype(int).sum(axis=2)
        assert pixels.shape == (40 * ZOOM, log_mel(tones).shape[1] * ZOOM)
        row = pixels.mean(axis=1).argmax() / len(pixels)
        assert (row < 0.5) == bool(wanted)  # the first rows are at the top


def test_given_spectrograms_are_shown_in_place_of_those_of_the_sounds():
    silent = np.full((3, 48, 40, 1), -1.0, "float32")
    html = play_sounds(WAVES, TITLES, silent)._repr_html_()
    assert all(np.asarray(Image.open(io.BytesIO(data))).max() < 8 for data in sources(html, "image/png"))


def test_ten_sounds_take_less_than_a_quarter_of_a_megabyte():
    ten = np.concatenate([WAVES] * 4)[:10]
    shown = play_sounds(ten, [f"sound {number}" for number in range(10)])
    assert len(shown._repr_html_()) < 250_000
    assert repr(shown).startswith("10 sounds: sound 0; sound 1")
    assert repr(play_sounds(WAVES[:1], ["a hat"])) == "1 sound: a hat"


@pytest.mark.parametrize(
    ("waves", "cure"),
    [
        (WAVES[0], r"wave\[None\]"),
        ((WAVES * 32_767).astype("int16"), "waves of draw_chimes"),
        (3 * WAVES, "divide by the loudest sample"),
        (np.full((1, SAMPLES), np.nan), "look at what drew them"),
        (WAVES[:0], "look at where the sounds were selected"),
        (np.concatenate([WAVES] * 9), r"waves\[:10\]"),
    ],
    ids=["one", "whole numbers", "too loud", "NaN", "none", "too many"],
)
def test_what_are_no_sounds_is_refused(waves, cure):
    with pytest.raises(ValueError, match=f"Received: .*Most likely fix: {cure}"):
        play_sounds(waves, ["a hat"] * len(waves))


def test_titles_and_spectrograms_of_another_number_are_refused():
    with pytest.raises(ValueError, match="Received: 3 sounds, 2 titles"):
        play_sounds(WAVES, TITLES[:2])
    with pytest.raises(ValueError, match="Received: 3 sounds, 1 spectrograms"):
        play_sounds(WAVES, TITLES, log_mel(WAVES[:1]))


# Spectrograms with axes


def strongest_place(hertz, start=0):
    """Return (seconds, band) of the loudest pixel of a short tone, read as a figure shows it."""
    wave = np.zeros(SAMPLES)
    at = slice(start, start + 1_024)
    wave[at] = (tone(hertz)[:SAMPLES] * 0.9)[at]
    axes = plot_spectrograms(log_mel(wave[None]), ["a tone"]).axes[0]
    (image,) = axes.get_images()
    shown = np.asarray(image.get_array()).astype(int).sum(axis=2)
    left, right, bottom, top = image.get_extent()
    row, column = np.unravel_index(shown.argmax(), shown.shape)
    assert image.origin == "upper"
    seconds = left + (right - left) * (column + 0.5) / shown.shape[1]
    return seconds, top - (top - bottom) * (row + 0.5) / shown.shape[0]


def assert_frequency_axis(place_of):
    for hertz in (392, 880, 1_760, 4_000):
        assert place_of(hertz) == pytest.approx(strongest_place(hertz)[1], abs=0.8), hertz


def test_a_tone_is_drawn_where_the_axis_says_its_frequency_is():
    assert_frequency_axis(band_of)
    with pytest.raises(AssertionError):  # planted: an axis of equal steps in hertz
        assert_frequency_axis(lambda hertz: 39 * (hertz - 200) / 7_800)


def test_bands_are_counted_from_the_middle_of_the_lowest():
    tops = spectrogram.mel_filters().argmax(axis=0) * 31.25  # Hz, to the next bin
    assert band_of(tops)[10:] == pytest.approx(np.arange(40)[10:], abs=0.35)


def test_a_stroke_is_drawn_when_it_sounds():
    for start in (1_024, 3_072):
        middle = (start + 512) / SAMPLE_RATE
        assert strongest_place(1_000, start)[0] == pytest.approx(middle, abs=0.03)


def test_a_figure_has_its_titles_numbers_at_the_outer_axes_and_an_alt_text():
    figure = plot_spectrograms(log_mel(WAVES), TITLES, columns=2)
    assert figure.alt == "Spectrograms, low notes at the bottom: a red hat; a blue coat; a green dress"
    assert [axes.get_title(loc="left") for axes in figure.axes] == TITLES
    numbers = [[label.get_text() for label in axes.get_yticklabels()] for axes in figure.axes]
    assert numbers[0][:2] == ["250", "500"] and not any(numbers[1]) and numbers[2] == numbers[0]
    seconds = [any(label.get_text() for label in axes.get_xticklabels()) for axes in figure.axes]
    assert seconds == [False, True, True]  # the lowest of each column
    assert {text.get_text() for text in figure.texts} == {"Hz", "seconds"}
    assert (
        plot_spectrograms(log_mel(WAVES), TITLES, alt="three chimes in a row").alt == "three chimes in a row"
    )
    assert len(style.png(figure)) < 60_000


def test_louder_is_brighter_without_colour():
    shades = in_colours(np.linspace(-1, 1, 40)[None])[::-1, 0] @ [0.299, 0.587, 0.114]
    assert (np.diff(shades) > 0).all() and shades[0] < 5 and shades[-1] > 240


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((48, 40, 1)),
        np.zeros((2, 40, 48, 1)),
        np.zeros((2, 48, 40, 1), int),
        np.full((1, 48, 40, 1), 2.0),
    ],
)
def test_what_are_no_spectrograms_is_refused(wrong):
    with pytest.raises(ValueError, match=r"Spectrograms must be floats .* Most likely fix: log_mel"):
        plot_spectrograms(wrong, ["x"] * len(wrong))


def test_too_many_spectrograms_are_refused():
    with pytest.raises(ValueError, match=rf"1 to {MOST} spectrograms\. Received: 30"):
        plot_spectrograms(np.zeros((30, 48, 40, 1), "float32"), ["x"] * 30)
