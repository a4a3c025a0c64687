"""Type a caption and see eight pictures of it: `explore_captions`."""

import base64
from html import escape

import numpy as np

from utils.show import style
from utils.show.grids import checked_pixels, mosaic, plot_images

COUNT, COLUMNS = 8, 4
SIDE = 128  # pixels of one picture on the page
HEIGHT = COUNT // COLUMNS * (SIDE + 4) + 4
OWN = "your own words"
NOTE = (
    "The same seed means the same latents: change one word of the caption, for example the colour, "
    "and only that should change."
)


def seeded_latents(seed, truncation, latent_dim):
    """Return latents (8, latent_dim), always the same for a seed, drawn towards zero by the truncation."""
    latents = np.random.default_rng(seed).standard_normal((COUNT, latent_dim))
    return (latents * truncation).astype("float32")


def mixed_vectors(encode, caption, other, share):
    """Return eight equal caption vectors (8, d), this share of the way to the other caption."""
    first, second = np.asarray(encode([caption, other or caption]))
    return np.tile((1 - share) * first + share * second, (COUNT, 1))


def in_short(text, most=90):
    """Return a text that anybody may have typed as one line of bounded length."""
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[:most].rstrip()} …"


def quoted(caption):
    """Return how a sentence names a caption; the empty one has no words to quote."""
    return f"“{in_short(caption)}”" if caption.strip() else "the empty caption"


def listed(words, most=8):
    """Return words as a list to read; of very many only the first."""
    words = [in_short(word, 30) for word in words]
    return ", ".join(words[:most]) + (f" and {len(words) - most} more" if len(words) > most else "")


def as_page(images, alt):
    """Return the pictures as one image element, each pixel a square, that names what it shows."""
    source = base64.b64encode(style.encoded(mosaic(checked_pixels(images), COLUMNS, 1, 1))).decode()
    look = f"width:{COLUMNS * (SIDE + 4) - 4}px;max-width:100%;image-rendering:pixelated"
    return f'<img alt="{escape(alt)}" style="{look}" src="data:image/png;base64,{source}">'


def plot_captions(draw, encode, latent_dim, caption, seed=0):
    """Return eight pictures of one caption as a figure."""
    vectors = mixed_vectors(encode, caption, "", 0)
    images = np.asarray(draw(seeded_latents(seed, 1, latent_dim), vectors))
    return plot_images(images, columns=COLUMNS, alt=f"{COUNT} pictures of {quoted(caption)}, seed {seed}")


def number_and_slider(value, most, step, description, tooltip, least=0):
    """Return a slider, and a row that holds it and its value as a number to type."""
    import ipywidgets as widgets

    # A screen reader is told the name of the number; ipywidgets gives its sliders none.
    whole = isinstance(step, int)
    box = widgets.BoundedIntText if whole else widgets.BoundedFloatText
    kind = widgets.IntSlider if whole else widgets.FloatSlider
    span = {"value": value, "min": least, "max": most, "step": step, "tooltip": tooltip}
    number = box(**span, description=description, layout=widgets.Layout(width="160px"))
    slider = kind(**span, readout=False, layout=widgets.Layout(width="180px"))
    widgets.jslink((number, "value"), (slider, "value"))
    return slider, widgets.HBox([number, slider])


class Playground:
    """The controls of explore_captions, and what happens when one of them moves."""

    def __init__(self, draw, encode, latent_dim, examples, unknown_words, words_cut_off):
        """Lay out the controls and draw the first example; an error in that is an error of the cell."""
        import ipywidgets as widgets

        self.draw, self.encode, self.latent_dim = draw, encode, latent_dim
        self.captions = [None, *examples]  # as in the dropdown, which begins with OWN
        self.unknown_words, self.words_cut_off = unknown_words, words_cut_off
        layout = widgets.Layout(width="440px", max_width="100%")
        typed = {"continuous_update": False, "layout": layout}  # a drawing per caption, not per letter
        tip = "what to draw; Enter draws it"
        self.caption = widgets.Text(examples[0], description="Caption", tooltip=tip, **typed)
        self.button = widgets.Button(
            description="Draw", tooltip="draw the caption", layout=widgets.Layout(width="80px")
        )
        names = [OWN, *(in_short(example, 60) or "(no words)" for example in examples)]
        self.examples = widgets.Dropdown(
            options=[(name, place) for place, name in enumerate(names)],
            value=1,
            description="Examples",
            tooltip="captions to begin with",
            layout=layout,
        )
        tip = "factor of the latents: 1 as in training, 0 eight times the same picture"
        self.seed, seed = number_and_slider(0, 99, 1, "Seed", "which eight latents")
        self.truncation, truncation = number_and_slider(1.0, 1.5, 0.05, "Truncation", tip)
        tip = "a second caption; without one nothing is mixed"
        self.other = widgets.Text("", description="Mix with", placeholder=tip, tooltip=tip, **typed)
        tip = "0 only the caption, 1 only the second caption"
        self.share, share = number_and_slider(0.5, 1.0, 0.05, "Mix", tip)
        # Sizes are fixed: what is exchanged must not make the page jump.
        self.said = widgets.HTML(layout=widgets.Layout(height="44px", max_width="100%"))
        self.view = widgets.HTML(layout=widgets.Layout(height=f"{HEIGHT}px", max_width="100%"))
        note = widgets.HTML(f'<div style="line-height:1.4">{NOTE}</div>')
        for control in (self.caption, self.seed, self.truncation, self.other, self.share):
            control.observe(self.redraw, "value")
        self.examples.observe(self.take_example, "value")
        self.button.on_click(self.redraw)
        rows = [[self.caption, self.button], [self.said], [self.view], [self.examples], [seed, truncation]]
        rows += [[self.other, share], [note]]
        wrapping = widgets.Layout(flex_flow="row wrap", overflow="visible")  # else Tab stops at rows too
        self.box = widgets.VBox([widgets.HBox(row, layout=wrapping) for row in rows])
        self.show_pictures()

    def take_example(self, change):
        """Put the chosen example into the text box."""
        if change["new"]:
            self.caption.value = self.captions[change["new"]]

    def redraw(self, _=None):
        """Draw anew; what goes wrong is said in a sentence, and the next try starts afresh."""
        caption = self.caption.value
        self.examples.value = self.captions.index(caption) if caption in self.captions else 0
        try:
            self.show_pictures()
        except Exception as error:
            self.view.value = ""
            self.say(f"Nothing was drawn. {type(error).__name__}: {in_short(str(error), 300)}")

    def show_pictures(self):
        """Draw eight pictures of the caption, and say which of its words the model does not read."""
        caption, other, share = self.caption.value, self.other.value, self.share.value
        other = other if other.strip() else ""
        vectors = mixed_vectors(self.encode, caption, other, share if other else 0)
        latents = seeded_latents(self.seed.value, self.truncation.value, self.latent_dim)
        images = np.asarray(self.draw(latents, vectors))
        mixed = f", mixed with {share:.0%} of {quoted(other)}" if other else ""
        setting = f"seed {self.seed.value}, truncation {self.truncation.value:.2f}"
        self.view.value = as_page(images, f"{COUNT} pictures of {quoted(caption)}{mixed}, {setting}")
        self.say(self.words_lost(caption, other))

    def words_lost(self, caption, other):
        """Return in a sentence which words do not reach the model."""
        said = []
        for find, verdict in ((self.unknown_words, "does not know"), (self.words_cut_off, "stops before")):
            words = [word for text in (caption, other) for word in find(text)] if find else []
            said += [f"The model {verdict}: {listed(dict.fromkeys(words))}."] if words else []
        if self.unknown_words and not said:
            return "The model knows every word." if caption.split() else "No words: the model draws anything."
        return " ".join(said)

    def say(self, sentence):
        """Show a sentence below the caption; a screen reader is told of it too."""
        look = "line-height:20px;max-height:40px;overflow:auto;overflow-wrap:anywhere"
        self.said.value = f'<div role="status" aria-live="polite" style="{look}">{escape(sentence)}</div>'


def explore_captions(draw, encode, latent_dim, examples, unknown_words=None, words_cut_off=None):
    """Return a box to type captions into (a figure outside notebooks).

    encode: list of n captions -> caption vectors (n, d); draw: latents (n, latent_dim), caption vectors
    -> images; unknown_words, words_cut_off: caption -> the words that the model does not read.
    """
    examples = [str(example) for example in examples]
    if not examples:
        raise ValueError(
            "The box starts with an example. Received: no examples. "
            'Most likely fix: examples=["a red dress", "a blue mug"].'
        )
    if not style.in_notebook():
        return plot_captions(draw, encode, latent_dim, examples[0])
    return Playground(draw, encode, latent_dim, examples, unknown_words, words_cut_off).box
