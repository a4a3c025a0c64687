"""Pictures of sounds with axes in seconds and hertz: `plot_spectrograms`."""

import textwrap

import matplotlib
import numpy as np

from utils.data.chimes import MEL_BANDS, SAMPLE_RATE
from utils.data.chimes.spectrogram import FRAME, HIGHEST, HOP, LOWEST, hertz_to_mel
from utils.show.style import QUIET, Picture, in_style

MOST = 24  # sounds in one output; one more takes about 25 kB of a notebook
COLUMNS = 5  # spectrograms in a row
WIDTH, HEIGHT = 118, 110  # pixels of one
LEFT, ABOVE, BELOW, GAP, LINE = 56, 8, 30, 22, 15  # pixels around it, and of one line of its title
LETTERS = 19  # of a title in one line
HERTZ = {250: "250", 500: "500", 1_000: "1k", 2_000: "2k", 4_000: "4k"}
SECONDS = {0.0: "0", 0.1: "", 0.2: "0.2", 0.3: "", 0.4: "0.4"}
LOUDNESS = "magma"  # black to white in equal steps of lightness, so it is read without colour, too


def checked_spectrograms(spectrograms):
    """Return log-mel spectrograms as float32 (n, frames, bands); raise on anything else."""
    spectrograms = np.asarray(spectrograms)
    most = np.abs(spectrograms).max(initial=0) if spectrograms.dtype.kind == "f" else np.inf
    if spectrograms.ndim != 4 or spectrograms.shape[2:] != (MEL_BANDS, 1) or not most <= 1.001:
        values = f", values up to {most:.4g}" if spectrograms.dtype.kind == "f" else ""
        raise ValueError(
            f"Spectrograms must be floats (n, frames, {MEL_BANDS}, 1) in [-1, 1]. Received: "
            f"{spectrograms.dtype}, shape {spectrograms.shape}{values}. "
            "Most likely fix: log_mel(waves); one of them is spectrograms[:1]."
        )
    if not 0 < len(spectrograms) <= MOST:
        raise ValueError(
            f"One picture holds 1 to {MOST} spectrograms. Received: {len(spectrograms)}. "
            "Most likely fix: spectrograms[:10]."
        )
    return spectrograms[..., 0].astype("float32")


def checked_titles(titles, count):
    """Return one title per sound; raise when their numbers differ."""
    titles = [str(title) for title in titles]
    if len(titles) != count:
        raise ValueError(
            f"Each sound needs one title. Received: {count} sounds, {len(titles)} titles. "
            "Most likely fix: cut both to the same slice."
        )
    return titles


def in_colours(spectrogram):
    """Return one spectrogram (frames, bands) as uint8 RGB (bands, frames, 3), low notes at the bottom."""
    shades = matplotlib.colormaps[LOUDNESS]((spectrogram.T[::-1] + 1) / 2)
    return np.rint(255 * shades[..., :3]).astype("uint8")


def band_of(hertz):
    """Return where a frequency lies, counted in bands from the middle of the lowest one."""
    lowest, highest = hertz_to_mel(LOWEST), hertz_to_mel(HIGHEST)
    return (hertz_to_mel(hertz) - lowest) / (highest - lowest) * (MEL_BANDS + 1) - 1


def draw_axes(axes, spectrogram, first, last):
    """Draw one spectrogram (frames, bands); only the outer ones of a figure have numbers at their axes."""
    frames = len(spectrogram)
    begin = (FRAME - HOP) / 2 / SAMPLE_RATE  # a frame stands for the middle of its window
    extent = (begin, begin + frames * HOP / SAMPLE_RATE, -0.5, MEL_BANDS - 0.5)
    axes.imshow(in_colours(spectrogram), extent=extent, aspect="auto", interpolation="nearest")
    axes.set_xlim(0, (FRAME + (frames - 1) * HOP) / SAMPLE_RATE)
    axes.set_xticks(list(SECONDS), list(SECONDS.values()) if last else [""] * len(SECONDS))
    axes.set_yticks(band_of(np.array(list(HERTZ))), HERTZ.values() if first else [""] * len(HERTZ))
    axes.tick_params(labelsize=9)


@in_style
def plot_spectrograms(spectrograms, titles, columns=COLUMNS, alt=None):
    """Return a grid of log-mel spectrograms, bright where it is loud, in seconds and hertz."""
    spectrograms = checked_spectrograms(spectrograms)
    count = len(spectrograms)
    titles = checked_titles(titles, count)
    columns = min(count, columns)
    wrapped = [textwrap.wrap(title, LETTERS) for title in titles]
    lines = [len(max(wrapped[at : at + columns], key=len)) for at in range(0, count, columns)]
    heads = [ABOVE + LINE * line for line in lines]
    width = LEFT + columns * (WIDTH + GAP)
    height = sum(heads) + len(heads) * (HEIGHT + 6) + BELOW + 8
    figure = Picture(width, height, alt or f"Spectrograms, low notes at the bottom: {'; '.join(titles)}")
    for number, spectrogram in enumerate(spectrograms):
        row, column = divmod(number, columns)
        left, top = LEFT + column * (WIDTH + GAP), sum(heads[: row + 1]) + row * (HEIGHT + 6)
        place = (left / width, 1 - (top + HEIGHT) / height, WIDTH / width, HEIGHT / height)
        axes = figure.add_axes(place)
        draw_axes(axes, spectrogram, column == 0, number + columns >= count)
        axes.set_title("\n".join(wrapped[number]), fontsize=9.5, fontweight="normal", pad=4)
    figure.text(2 / width, 1 - (heads[0] + HEIGHT / 2) / height, "Hz", color=QUIET, va="center")
    figure.text((LEFT + WIDTH / 2) / width, 4 / height, "seconds", color=QUIET, ha="center")
    return figure
