"""A recorded game on a plane: `plot_moments` side by side, `film` in motion, `step_through` by hand."""

import io
from html import escape

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from PIL import Image

from utils.show import style
from utils.show.before_after import as_element
from utils.show.explore_captions import number_and_slider
from utils.show.style import INK, ORANGE, QUIET, Picture, checked_alt, in_style

SIDE, HEAD, GAP = 348, 42, 20  # pixels: a panel, the two lines above it, the space between panels
LONGEST = 0.45  # arrow on the plane, about half the way to the next mode
PALE = LinearSegmentedColormap.from_list("fake to real", ["#f6cfae", "#ffffff", "#b5d9ee"])
LEVELS = np.linspace(-1, 1, 10)  # bands of the surface: flat colours keep a film small
KEY = (
    "Dots are real, triangles fake; an arrow is the pull on a fake, long where it is strong for that moment. "
    "Blue looks real to the discriminator, orange fake; it is undecided on the dashes"
)


def found(count):
    """Return a count of modes in words."""
    return f"{count} mode" if count == 1 else f"{count} modes"


def in_words(name, recording, frame):
    """Return the numbers of a frame in a sentence."""
    return (
        f"{name}, step {recording.steps[frame]}: {found(recording.modes[frame])}, "
        f"{recording.quality[frame]:.0%} of the fakes on one"
    )


def draw_panel(axes, recording, frame):
    """Draw the surface, the real points, the fakes and the arrows of one moment."""
    reach = recording.reach
    axes.set(xlim=(-reach, reach), ylim=(-reach, reach), xticks=[], yticks=[])
    axes.spines[:].set_visible(True)
    places = np.linspace(-reach, reach, recording.surface.shape[-1])
    surface = recording.surface[frame] / max(np.abs(recording.surface[frame]).max(), 1e-12)
    axes.contourf(places, places, surface, LEVELS, cmap=PALE)
    if surface.min() < 0 < surface.max():
        axes.contour(places, places, surface, [0], colors=QUIET, linewidths=0.8, linestyles="dashed")
    axes.plot(*recording.real.T, "o", color=INK, markersize=1.8, markeredgewidth=0)
    fakes, pulls = recording.fakes[frame], recording.pulls[frame]
    axes.plot(*fakes.T, "^", color=ORANGE, markersize=4, markeredgewidth=0.4, markeredgecolor="white")
    sizes = np.linalg.norm(pulls, axis=1, keepdims=True)
    strong = max(np.quantile(sizes, 0.9), 1e-12)
    arrows = pulls * LONGEST / np.maximum(sizes, strong)  # no arrow is longer than those of the strong
    look = {"angles": "xy", "scale_units": "xy", "scale": 1, "width": 0.005, "color": INK, "headwidth": 4}
    axes.quiver(*fakes[: len(arrows)].T, *arrows.T, **look)


@in_style
def plot_moments(panels, alt=None):
    """Return moments beside each other, up to four per row; panels: [(name, recording, frame), ...]."""
    columns = min(len(panels), 4)
    rows = -(-len(panels) // columns)
    side = SIDE if columns < 3 else 230
    width, height = columns * (side + GAP) - GAP, rows * (side + HEAD)
    sentences = [in_words(*panel) for panel in panels]
    figure = Picture(width, height, alt or f"Points on a plane. {'; '.join(sentences)}")
    for place, (name, recording, frame) in enumerate(panels):
        row, column = divmod(place, columns)
        left, top = column * (side + GAP), row * (side + HEAD)
        box = left / width, 1 - (top + HEAD + side) / height, side / width, side / height
        draw_panel(figure.add_axes(box), recording, frame)
        first = f"{name}, step {recording.steps[frame]:,}"
        second = f"{found(recording.modes[frame])}, {recording.quality[frame]:.0%} on a mode"
        figure.text(left / width, 1 - (top + 16) / height, first, fontweight="bold", fontsize=10.5)
        figure.text(left / width, 1 - (top + 33) / height, second, color=QUIET, fontsize=10)
    return figure


@in_style
def plot_surfaces(surfaces, reach, points=(), alt=None):
    """Return probabilities of real on a square beside each other: {"computed": (n, n), "learned": (n, n)}.

    The square covers -reach to reach on both axes; lines say where the probability is 0.1, 0.5 and 0.9.
    """
    surfaces = {str(name): np.asarray(values, "float64") for name, values in dict(surfaces).items()}
    bad = [
        name for name, values in surfaces.items() if values.ndim != 2 or not (abs(values - 0.5) <= 0.5).all()
    ]
    if not surfaces or bad:
        raise ValueError(
            "Surfaces must be {name: probabilities (n, n) from 0 to 1}. "
            f"Received: {', '.join(bad) or 'no surface'}. Most likely fix: a sigmoid of the scores."
        )
    width, height = len(surfaces) * (SIDE + GAP) - GAP, SIDE + HEAD
    figure = Picture(width, height, alt or f"Probability of real on a plane: {', '.join(surfaces)}")
    for column, (name, values) in enumerate(surfaces.items()):
        left = column * (SIDE + GAP) / width
        axes = figure.add_axes((left, 0, SIDE / width, SIDE / height))
        axes.set(xlim=(-reach, reach), ylim=(-reach, reach), xticks=[], yticks=[])
        axes.spines[:].set_visible(True)
        places = np.linspace(-reach, reach, len(values))
        axes.contourf(places, places, values, (LEVELS + 1) / 2, cmap=PALE)
        lines = axes.contour(places, places, values, [0.1, 0.5, 0.9], colors=INK, linewidths=0.8)
        axes.clabel(lines, fmt="%g", fontsize=8)
        for place in points:
            axes.plot(*place, "+", color=INK, markersize=6)
        figure.text(left, 1 - 26 / height, name, fontweight="bold")
    return figure


def pixels_of(figure):
    """Return the pixels of a figure on a plain screen, uint8 (height, width, 3)."""
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())[..., :3].copy()


class Moments:
    """Every recorded moment as a picture and a sentence, drawn when it is first looked at."""

    def __init__(self, recordings):
        """Take games as {name: recording}; a shorter game stands still at its end."""
        self.games = {str(name): recording for name, recording in dict(recordings).items()}
        lengths = {name: len(recording.steps) for name, recording in self.games.items()}
        if not lengths or min(lengths.values()) < 1:
            raise ValueError(
                f"A game is shown from one recorded moment on. Received: {lengths or 'no game'}. "
                "Most likely fix: train with callbacks=[recorder], then pass recorder.recording()."
            )
        self.count, self.drawn = max(lengths.values()), {}

    def __getitem__(self, number):
        """Return (uint8 picture, sentence) of a moment."""
        if number not in self.drawn:
            panels = [(name, game, min(number, len(game.steps) - 1)) for name, game in self.games.items()]
            sentence = "; ".join(in_words(*panel) for panel in panels)
            self.drawn[number] = pixels_of(plot_moments(panels)), sentence
        return self.drawn[number]


def picture_now(name, recorder):
    """Return one picture of a training that runs, as LiveTraining wants it: uint8 (1, height, width, 3)."""
    now = recorder.recording([recorder.frame()])
    return pixels_of(plot_moments([(name, now, 0)]))[None]


class Film:
    """Pictures that play once and stop at the last, in any browser, without a kernel."""

    def __init__(self, pictures, alt, seconds=0.5):
        """Keep the pictures, uint8 (frames, height, width, 3), and how long each is shown."""
        self.pictures, self.alt, self.seconds = list(pictures), checked_alt(alt), seconds

    def png(self):
        """Return an animated PNG; a viewer that cannot play it shows the last picture."""
        first, *others = [
            Image.fromarray(picture).quantize(32, dither=Image.Dither.NONE)
            for picture in (self.pictures[-1], *self.pictures)
        ]
        target = io.BytesIO()
        settings = {"save_all": True, "append_images": others, "default_image": True, "loop": 1}
        first.save(target, "png", duration=round(1_000 * self.seconds), **settings)
        return target.getvalue()

    def _repr_mimebundle_(self, include=None, exclude=None):
        height, width = self.pictures[0].shape[:2]
        data = {"image/png": self.png(), "text/plain": self.alt}
        return data, {"image/png": {"alt": self.alt, "width": width, "height": height}}


def film(recordings, every=1):
    """Return the games as a film; `every` leaves moments out, never the last."""
    moments = Moments(recordings)
    last = moments.count - 1
    chosen = [moments[number] for number in [*range(0, last, every), last]]
    return Film(
        [picture for picture, _ in chosen],
        f"Film of {len(chosen)} moments. {KEY}. First: {chosen[0][1]}. Last: {chosen[-1][1]}",
    )


def step_through(recordings):
    """Return a slider over the recorded moments, which also plays (six moments outside notebooks)."""
    if not style.in_notebook():
        name, recording = next(iter(dict(recordings).items()))
        chosen = np.unique(np.linspace(0, len(recording.steps) - 1, 6).round().astype(int))
        return plot_moments([(name, recording, frame) for frame in chosen])
    import ipywidgets as widgets

    moments = Moments(recordings)
    last = moments.count - 1
    height, width = moments[0][0].shape[:2]
    # The size is fixed: a picture that is exchanged must not make the page jump.
    view = widgets.HTML(layout=widgets.Layout(height=f"{height + 8}px", width=f"{width}px", max_width="100%"))
    said = widgets.HTML(layout=widgets.Layout(height="44px", max_width="100%"))
    place, row = number_and_slider(0, last, 1, "Moment", f"which recorded moment, 0 to {last}")
    play = widgets.Play(0, min=0, max=last, interval=500, tooltip="play from the first moment to the last")
    widgets.jslink((play, "value"), (place, "value"))

    def turn(_=None):
        picture, sentence = moments[place.value]
        view.value = as_element(picture, f"moment {place.value} of {last}: {sentence}")
        look = "line-height:20px;max-height:40px;overflow:auto"
        said.value = f'<div role="status" aria-live="polite" style="{look}">{escape(sentence)}.</div>'

    place.observe(turn, "value")
    turn()
    note = widgets.HTML(f'<div style="line-height:1.4">{KEY}.</div>')
    wrapping = widgets.Layout(flex_flow="row wrap", overflow="visible")  # else Tab stops at rows too
    return widgets.VBox([view, said, widgets.HBox([row, play], layout=wrapping), note])
