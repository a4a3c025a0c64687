"""Turn one latent, and a product's picture, sentence and sound follow together: `explore_products`."""

from html import escape

import numpy as np

from utils.data.chimes import play_spectrogram
from utils.show import style
from utils.show.explore_captions import in_short, number_and_slider, quoted
from utils.show.explore_latents import traversal
from utils.show.grids import checked_pixels, plot_rows
from utils.show.sounds import as_picture, as_player, as_source
from utils.show.spectrograms import checked_spectrograms

REACH = 3.0  # of the sliders, in standard deviations; three draws in a thousand lie beyond
STEP = 0.25  # of the sliders: with 0.1 a browser would show 0.30000000000000004
STOPS = 7  # pictures per latent in plot_turns
TRIED = 4  # products by which the latents are chosen
SIDE = 192  # pixels of the shown picture


def product_latents(number, latent_dim):
    """Return the latents (latent_dim,) of a product; a number always means the same ones."""
    return np.random.default_rng(number).standard_normal(latent_dim).astype("float32")


def drawn_by(draw, latents):
    """Return pictures as uint8, sentences and spectrograms of these latents, else say what is missing."""
    parts = draw(latents)
    counts = [len(part) for part in parts] if isinstance(parts, tuple | list) else []
    if counts != [len(latents)] * 3:
        raise ValueError(
            "draw must return pictures, sentences and spectrograms, one of each for every row of latents. "
            f"Received: {counts or type(parts).__name__} for {len(latents)} rows. "
            "Most likely fix: return pictures, captions_of(vectorizer, tokens), spectrograms."
        )
    return checked_pixels(np.asarray(parts[0])), [str(text) for text in parts[1]], np.asarray(parts[2])


def most_moving(draw, latent_dim, count=2):
    """Return the numbers of the latents that change the three modalities most when they are turned."""
    score = np.zeros(latent_dim)
    for number in range(TRIED):
        start = product_latents(number, latent_dim)
        ends = [traversal(start, latent, (-REACH, REACH)) for latent in range(latent_dim)]
        pictures, sentences, spectrograms = drawn_by(draw, np.concatenate(ends))
        score += change(pictures / 127.5) + change(spectrograms) + change(np.array(sentences, object))
    return [int(latent) for latent in np.argsort(-score)[:count]]


def change(parts):
    """Return how much the first of each two rows differs from the second: the mean, for texts 0 or 1."""
    gaps = parts[::2] != parts[1::2] if parts.dtype == object else np.abs(parts[::2] - parts[1::2])
    return gaps.reshape(len(gaps), -1).mean(axis=1)


def plot_turns(draw, latent_dim, latents=None, number=0):
    """Return one row of pictures per latent: all others stay, this one goes from -3 to 3."""
    start, rows, told = product_latents(number, latent_dim), {}, []
    for latent in latents or most_moving(draw, latent_dim):
        stops = traversal(start, latent, np.linspace(-REACH, REACH, STOPS))
        rows[f"latent {latent}"], sentences, _ = drawn_by(draw, stops)
        told.append(f"latent {latent} from {quoted(sentences[0])} to {quoted(sentences[-1])}")
    alt = f"Product {number}, {STOPS} times in each row, one latent going from -3 to 3: {'; '.join(told)}"
    return plot_rows(rows, columns=STOPS, alt=alt)


class ProductSliders:
    """The controls of explore_products, and what happens when one of them moves."""

    def __init__(self, draw, latent_dim, latents):
        """Lay out the controls and draw the first product; an error in that is an error of the cell."""
        import ipywidgets as widgets

        self.draw, self.latent_dim = draw, latent_dim
        self.number = widgets.BoundedIntText(
            0, min=0, max=9999, description="Product", tooltip="number of the product, 0 to 9999"
        )
        self.number.layout.width = "160px"
        self.other = widgets.Button(description="Another product", tooltip="draw all its latents anew")
        self.back = widgets.Button(description="As drawn", tooltip="put both latents of the product back")
        self.aloud = widgets.Checkbox(
            False, description="Play each sound", tooltip="play the sound at each change", indent=False
        )
        # Sizes are fixed: what is exchanged must not make the page jump.
        self.view = widgets.HTML(layout=widgets.Layout(height=f"{SIDE + 8}px", max_width="100%"))
        self.said = widgets.HTML(layout=widgets.Layout(height="44px", max_width="100%"))
        self.sliders, rows = {}, []
        for latent in latents:
            tip = f"latent {latent}, in standard deviations"
            slider, row = number_and_slider(0.0, REACH, STEP, f"Latent {latent}", tip, least=-REACH)
            slider.observe(self.turn, "value")
            self.sliders[latent] = slider
            rows.append(row)
        self.number.observe(self.take_product, "value")
        self.other.on_click(self.take_next)
        self.back.on_click(self.take_product)
        wrapping = widgets.Layout(flex_flow="row wrap", overflow="visible")  # else Tab stops at rows too
        buttons = [self.number, self.other, self.back, self.aloud]
        rows = [widgets.HBox(row, layout=wrapping) for row in (rows, buttons)]
        self.box = widgets.VBox([self.said, self.view, *rows], layout=widgets.Layout(overflow="visible"))
        self.move_sliders()
        self.show_product()

    def take_next(self, _):
        """Go on to the product with the next number."""
        self.number.value = (self.number.value + 1) % 10_000

    def take_product(self, _=None):
        """Put the sliders where the latents of this product are, then draw once."""
        self.move_sliders()
        self.redraw()

    def move_sliders(self):
        """Move all sliders at once to the latents of the product."""
        self.latents, self.moving = product_latents(self.number.value, self.latent_dim), True
        for latent, slider in self.sliders.items():
            slider.value = float(np.clip(np.rint(self.latents[latent] / STEP) * STEP, -REACH, REACH))
        self.starts, self.moving = {latent: slider.value for latent, slider in self.sliders.items()}, False

    def turn(self, _):
        """Follow a slider that the reader moved."""
        if not self.moving:
            self.redraw()

    def redraw(self):
        """Draw anew; what goes wrong is said in a sentence, and the next try starts afresh."""
        try:
            self.show_product()
        except Exception as error:
            self.view.value = ""
            self.say(f"Nothing was drawn. {type(error).__name__}: {in_short(str(error), 300)}")

    def turned(self):
        """Return which latents stand elsewhere than drawn: {latent: value}."""
        moved = {at: slider.value - self.starts[at] for at, slider in self.sliders.items()}
        by_hand = (at for at, way in moved.items() if abs(way) > STEP / 2)  # a browser rounds: no turn
        return {at: self.sliders[at].value for at in by_hand}

    def show_product(self):
        """Draw picture, sentence and sound of these latents, and say which of them were turned."""
        latents, turned = self.latents.copy(), self.turned()
        latents[list(turned)] = list(turned.values())
        (picture,), (sentence,), spectrograms = drawn_by(self.draw, latents[None])
        sound = play_spectrogram(checked_spectrograms(spectrograms)[0][..., None])
        self.view.value = as_product(picture, sentence, spectrograms[0, ..., 0], sound, self.aloud.value)
        moves = (f"latent {at} at {value:g} (was {self.starts[at]:g})" for at, value in turned.items())
        self.say(f"{', '.join([f'Product {self.number.value}', *moves])}: {quoted(sentence)}")

    def say(self, sentence):
        """Show a sentence above the picture; a screen reader is told of it too."""
        look = "line-height:20px;max-height:40px;overflow:auto;overflow-wrap:anywhere"
        self.said.value = f'<div role="status" aria-live="polite" style="{look}">{escape(sentence)}</div>'


def as_product(picture, sentence, spectrogram, sound, autoplay=False):
    """Return the picture of a product, and beside it the player and the picture of its sound, as HTML."""
    look = f"width:{SIDE}px;height:{SIDE}px;image-rendering:pixelated"
    source = as_source(style.encoded(picture), "image/png")
    alt = escape(f"generated picture that goes with {quoted(sentence)}")
    title = f"the sound that goes with {quoted(sentence)}"
    return (
        '<div style="display:flex;flex-wrap:wrap;gap:16px;line-height:1.2">'
        f'<img alt="{alt}" style="{look}" src="{source}">'
        f"<div>{as_player(sound, title, autoplay)}<br><br>{as_picture(spectrogram, title)}</div></div>"
    )


def explore_products(draw, latent_dim, latents=None):
    """Return sliders for two latents of a product in three modalities (a figure outside notebooks).

    draw: latents (n, latent_dim) -> n pictures, n sentences, n spectrograms, as read_products takes them;
    latents: the numbers of those to turn, else the two that change most.
    """
    if not style.in_notebook():
        return plot_turns(draw, latent_dim, latents)
    return ProductSliders(draw, latent_dim, latents or most_moving(draw, latent_dim)).box
