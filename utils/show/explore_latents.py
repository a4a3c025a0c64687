"""What each latent of a VAE means, seen by turning it: `explore_active_latents`, `interpolate`."""

import base64
from html import escape

import numpy as np

from utils.metrics.latents import latent_variances
from utils.show import style
from utils.show.explore import between
from utils.show.explore_captions import number_and_slider
from utils.show.grids import checked_pixels, plot_rows

REACH = 4.0  # of the sliders, in standard deviations of the prior; 3 would cut off one value in 400
STOPS = 9  # pictures per latent in plot_traversal
SIDE = 224  # pixels of the shown picture
WIDEST = 6  # sliders: more do not fit beside the picture without scrolling


def most_active(z_means, count):
    """Return the numbers of the latents that change most from image to image, the most active first."""
    return [int(number) for number in np.argsort(-latent_variances(z_means))[:count]]


def traversal(start, latent, values):
    """Return latents (len(values), latent_dim) that differ from start in one latent only."""
    path = np.tile(np.asarray(start, "float32"), (len(values), 1))
    path[:, latent] = values
    return path


def interpolate(start, end, steps, arc=True):
    """Return latents (steps, latent_dim) from one encoded picture to another, both ends included.

    On the straight line the latents between are shorter than any that the decoder was trained on, and their
    pictures are greyer; the arc keeps the length.
    """
    start, end = np.asarray(start, "float32"), np.asarray(end, "float32")
    shares = np.linspace(0, 1, steps, dtype="float32")
    if not (arc and start.any() and end.any()):  # zero lies in no direction
        return (1 - shares)[:, None] * start + shares[:, None] * end
    return np.stack([between(start, end, share) for share in shares]).astype("float32")


def plot_traversal(decode, z_means, picture=0, count=WIDEST):
    """Return one row of pictures per latent: all others stay as encoded, this one goes from -3 to 3."""
    values, z_means = np.linspace(-3, 3, STOPS), np.asarray(z_means)
    rows = {
        f"latent {latent}": np.asarray(decode(traversal(z_means[picture], latent, values)))
        for latent in most_active(z_means, count)
    }
    alt = f"Picture {picture}, {STOPS} times in each row, one latent going from -3 to 3: {', '.join(rows)}"
    return plot_rows(rows, columns=STOPS, alt=alt)


class LatentSliders:
    """The controls of explore_active_latents, and what happens when one of them moves."""

    def __init__(self, decode, z_means, count):
        """Lay out the controls and draw the first picture; an error in that is an error of the cell."""
        import ipywidgets as widgets

        self.decode, self.z_means = decode, np.asarray(z_means, "float32")
        last = len(self.z_means) - 1
        self.picture = widgets.BoundedIntText(
            0, min=0, max=last, description="Picture", tooltip=f"number of an encoded picture, 0 to {last}"
        )
        self.back = widgets.Button(description="As encoded", tooltip="put all latents of the picture back")
        self.chance = widgets.Button(description="By chance", tooltip="draw all latents from the prior")
        # Sizes are fixed: what is exchanged must not make the page jump.
        self.view = widgets.HTML(layout=widgets.Layout(width=f"{SIDE}px", height=f"{SIDE + 8}px"))
        self.said = widgets.HTML(layout=widgets.Layout(height="44px", max_width="100%"))
        self.sliders, rows = {}, []
        for latent in most_active(self.z_means, count):
            tip = f"latent {latent}, in standard deviations of the prior"
            slider, row = number_and_slider(0.0, REACH, 0.1, f"Latent {latent}", tip, least=-REACH)
            slider.observe(self.turn, "value")
            self.sliders[latent] = slider
            rows.append(row)
        self.picture.observe(self.take_picture, "value")
        self.back.on_click(self.take_picture)
        self.chance.on_click(self.take_chance)
        wrapping = widgets.Layout(flex_flow="row wrap", overflow="visible")  # else Tab stops at rows too
        top = widgets.HBox([self.view, widgets.VBox(rows)], layout=wrapping)
        buttons = widgets.HBox([self.picture, self.back, self.chance], layout=wrapping)
        self.box = widgets.VBox([top, self.said, buttons])
        self.take_picture()

    def take_picture(self, _=None):
        """Put the sliders where the encoder puts the chosen picture."""
        self.start_from(
            self.z_means[self.picture.value], f"Picture {self.picture.value} as its latents draw it"
        )

    def take_chance(self, _):
        """Put the sliders, and the latents that have none, where the prior may put them."""
        latents = np.random.default_rng().standard_normal(self.z_means.shape[1]).astype("float32")
        self.start_from(latents, "A picture whose latents were drawn from the prior")

    def start_from(self, latents, name):
        """Move all sliders at once, then draw once."""
        self.latents, self.name, self.moving = latents.copy(), name, True
        for latent, slider in self.sliders.items():
            slider.value = round(float(np.clip(latents[latent], -REACH, REACH)), 1)
        self.starts, self.moving = {latent: slider.value for latent, slider in self.sliders.items()}, False
        self.show_picture()

    def turn(self, change):
        """Follow a slider that the reader moved."""
        if not self.moving:
            self.show_picture()

    def show_picture(self):
        """Draw the picture of these latents, and say which of them were turned."""
        turned = {latent: slider.value for latent, slider in self.sliders.items()}
        turned = {  # a browser may give 1.6 back as 1.6000000000000001: that is no turn
            latent: value for latent, value in turned.items() if abs(value - self.starts[latent]) > 0.01
        }
        latents = self.latents.copy()
        latents[list(turned)] = list(turned.values())
        image = checked_pixels(np.asarray(self.decode(latents[None])))[0]
        moves = (
            f"latent {latent} at {value:.1f} (was {self.starts[latent]:.1f})"
            for latent, value in turned.items()
        )
        self.say(", ".join([self.name, *moves]), base64.b64encode(style.encoded(image)).decode())

    def say(self, sentence, source):
        """Show the picture with a sentence that names it; a screen reader is told of it too."""
        look = f"width:{SIDE}px;image-rendering:pixelated"
        self.view.value = (
            f'<img alt="{escape(sentence)}" style="{look}" src="data:image/png;base64,{source}">'
        )
        look = "line-height:20px;max-height:40px;overflow:auto"
        self.said.value = f'<div role="status" aria-live="polite" style="{look}">{escape(sentence)}.</div>'


def explore_active_latents(decode, z_means, count=WIDEST):
    """Return sliders for the most active latents (a figure outside notebooks).

    decode: latents (n, latent_dim) -> images; z_means: the encoded pictures (n, latent_dim) to start from.
    """
    if not style.in_notebook():
        return plot_traversal(decode, z_means, count=count)
    return LatentSliders(decode, z_means, count).box
