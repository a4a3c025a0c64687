"""Sounds to play and to look at, in a notebook that needs no kernel for it: `play_sounds`."""

import base64
import io
import wave
from html import escape

import numpy as np

from utils.data.chimes import SAMPLE_RATE, log_mel
from utils.data.chimes.spectrogram import FRAME
from utils.show import style
from utils.show.grids import enlarged
from utils.show.spectrograms import MOST, checked_spectrograms, checked_titles, in_colours

ZOOM = 3  # pixels of the page for each frame and each band


def checked_waves(waves):
    """Return sounds as floats (n, samples) in [-1, 1]; raise on anything else."""
    waves = np.asarray(waves)
    wanted = "Sounds must be floats (n, samples) in [-1, 1]."
    shape = f"{waves.dtype}, shape {waves.shape}"
    if waves.ndim != 2 or waves.dtype.kind != "f" or waves.shape[1] < FRAME:
        cure = "wave[None]: one sound is a batch of one" if waves.ndim == 1 else "waves of draw_chimes"
        raise ValueError(f"{wanted} Received: {shape}. Most likely fix: {cure}.")
    if not 0 < len(waves) <= MOST:
        cure = "waves[:10]" if len(waves) else "look at where the sounds were selected"
        raise ValueError(f"One output holds 1 to {MOST} sounds. Received: {shape}. Most likely fix: {cure}.")
    most = np.abs(waves).max()
    if not most <= 1.001:  # NaN too
        cure = "divide by the loudest sample" if np.isfinite(most) else "look at what drew them"
        raise ValueError(f"{wanted} Received: values up to {most:.4g}, {shape}. Most likely fix: {cure}.")
    return waves


def as_wav(samples):
    """Return one sound (samples,) in [-1, 1] as the bytes of a WAV file: 16 bits, mono, 16,000 a second."""
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(np.rint(np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes())
    return target.getvalue()


def as_source(data, kind):
    """Return bytes as an address that a page can hold in itself."""
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def as_picture(spectrogram, title):
    """Return one spectrogram (frames, bands) as an image element that names the sound."""
    # The pixels are enlarged here: Jupyter strikes out styles that would do it in stored outputs.
    pixels = enlarged(in_colours(spectrogram), ZOOM)
    alt, source = escape(f"spectrogram of {title}"), as_source(style.encoded(pixels), "image/png")
    return f'<img alt="{alt}" width="{pixels.shape[1]:d}" height="{pixels.shape[0]:d}" src="{source}">'


def as_player(samples, title, autoplay=False):
    """Return one sound as a player with the browser's own controls, named for those who cannot see it."""
    name = escape(f"play {title}")  # twice: Jupyter strikes aria-label out of stored outputs
    play = " autoplay" if autoplay else ""
    return (
        f'<audio controls{play} aria-label="{name}" title="{name}" preload="auto" '
        f'style="width:144px;height:40px" src="{as_source(as_wav(samples), "audio/wav")}"></audio>'
    )


class Players:
    """Sounds that show themselves below a cell; a stored output plays without a kernel."""

    def __init__(self, waves, titles, spectrograms):
        self.waves, self.titles, self.spectrograms = waves, titles, spectrograms

    def card(self, number):
        """Return one sound with its title above and its spectrogram below, as HTML."""
        title = self.titles[number]
        return (
            '<div style="display:inline-block;vertical-align:bottom;width:144px;margin:0 8px 16px 0;'
            f'line-height:1.3">{escape(title)}<br>{as_player(self.waves[number], title)}<br>'
            f"{as_picture(self.spectrograms[number], title)}</div>"
        )

    def _repr_html_(self):
        return f"<div>{''.join(map(self.card, range(len(self.waves))))}</div>"

    def __repr__(self):
        count = len(self.titles)
        return f"{count} sound{'s' * (count > 1)}: {'; '.join(self.titles)}"


def play_sounds(waves, titles, spectrograms=None):
    """Return sounds as players, each with its title and the picture of it.

    waves: (n, 6528) in [-1, 1], 16,000 samples a second; titles: n texts; spectrograms: the pictures
    (n, 48, 40, 1) where the sounds were made from them, else they are taken of the sounds.
    """
    waves = checked_waves(waves)
    spectrograms = checked_spectrograms(log_mel(waves) if spectrograms is None else spectrograms)
    titles = checked_titles(titles, len(waves))
    if len(spectrograms) != len(waves):
        raise ValueError(
            f"Each sound has one spectrogram. Received: {len(waves)} sounds, {len(spectrograms)} "
            "spectrograms. Most likely fix: cut both to the same slice."
        )
    return Players(waves, titles, spectrograms)
