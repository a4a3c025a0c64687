"""The playground draws what is typed, names what the model cannot read, and survives whatever is typed."""

import base64
import io
import re
from html import unescape

import ipywidgets
import numpy as np
import pytest
from PIL import Image

from utils.show import style
from utils.show.explore_captions import explore_captions, mixed_vectors, number_and_slider, seeded_latents

COLOURS = {"red": (1, -1, -1), "blue": (-1, -1, 1)}
EXAMPLES = ["a red bag", "a blue bag", ""]


def encode(captions):
    """Return one vector per caption: the mean of its colours."""
    found = [[COLOURS[word] for word in caption.split() if word in COLOURS] for caption in captions]
    return np.array([np.mean(colours or [(0, 0, 0)], axis=0) for colours in found])


def draw(latents, caption_vectors):
    """Return flat pictures: the caption gives the colour, the latent how strong it is."""
    strength = 0.5 + np.tanh(latents[:, :1]) / 2
    return np.tile((strength * caption_vectors)[:, None, None], (1, 32, 32, 1)).astype("float32")


def unknown_words(caption):
    return tuple(word for word in caption.split() if word not in ("a", "bag", *COLOURS))


class Page:
    """The controls of a playground, found by their names, and what a reader sees of it."""

    def __init__(self, **settings):
        self.box = explore_captions(**{"draw": draw, "encode": encode, "latent_dim": 6} | settings)
        self.all = [widget for row in self.box.children for widget in row.children]
        self.all += [widget for inner in self.all for widget in getattr(inner, "children", ())]
        self.named = {widget.description: widget for widget in self.all if getattr(widget, "description", "")}
        texts = [widget for widget in self.all if isinstance(widget, ipywidgets.HTML)]
        self.said, self.view, self.note = texts
        sliders = (ipywidgets.IntSlider, ipywidgets.FloatSlider)
        self.seed, self.truncation, self.share = (at for at in self.all if isinstance(at, sliders))

    @property
    def alt(self):
        return unescape(re.search('alt="([^"]*)"', self.view.value)[1])

    @property
    def sentence(self):
        return unescape(re.search(">(.*)</div>", self.said.value)[1])

    @property
    def pictures(self):
        """The eight pictures on the page, one pixel of each."""
        source = re.search('base64,([^"]+)', self.view.value)[1]
        page = np.asarray(Image.open(io.BytesIO(base64.b64decode(source))), dtype=int)
        assert page.shape == (2 * 33 - 1, 4 * 33 - 1, 3)
        return page[16::33, 16::33].reshape(8, 3)


@pytest.fixture
def page(monkeypatch):
    monkeypatch.setattr(style, "in_notebook", lambda: True)
    return Page(examples=EXAMPLES, unknown_words=unknown_words)


def test_plain_python_gives_a_figure_that_names_caption_and_seed():
    figure = explore_captions(draw, encode, 6, EXAMPLES)
    assert figure.alt == "8 pictures of “a red bag”, seed 0"
    with pytest.raises(ValueError, match="no examples"):
        explore_captions(draw, encode, 6, [])


def test_a_seed_is_always_the_same_latents():
    assert np.array_equal(seeded_latents(3, 1, 6), seeded_latents(3, 1, 6))
    assert not np.array_equal(seeded_latents(3, 1, 6), seeded_latents(4, 1, 6))
    assert np.allclose(seeded_latents(3, 0.5, 6), seeded_latents(3, 1, 6) / 2)


def test_mixing_goes_from_one_caption_vector_to_the_other():
    first, second = encode(["a red bag", "a blue bag"])
    for share, wanted in ((0, first), (0.25, 0.75 * first + 0.25 * second), (1, second)):
        mixed = mixed_vectors(encode, "a red bag", "a blue bag", share)
        assert mixed.shape == (8, 3) and np.allclose(mixed, wanted)
    assert not np.allclose(mixed_vectors(encode, "a blue bag", "a red bag", 0.25), first)  # planted: swapped


def test_another_colour_changes_the_colour_and_keeps_the_latents(page):
    red = page.pictures
    page.named["Caption"].value = "a blue bag"
    blue = page.pictures
    assert np.array_equal(red[:, 0], blue[:, 2]) and np.array_equal(red[:, 2], blue[:, 0])
    page.seed.value = 1
    assert not np.array_equal(blue[:, 2], page.pictures[:, 2])  # planted: other latents fail it
    assert page.alt == "8 pictures of “a blue bag”, seed 1, truncation 1.00"


def test_without_latents_all_eight_pictures_are_equal(page):
    assert len(np.unique(page.pictures, axis=0)) == 8
    page.truncation.value = 0
    assert len(np.unique(page.pictures, axis=0)) == 1 and page.alt.endswith("truncation 0.00")


def test_a_second_caption_is_mixed_in_and_an_empty_one_is_not(page):
    alone = page.pictures
    page.share.value = 1
    page.named["Mix with"].value = "  "
    assert np.array_equal(alone, page.pictures) and "mixed" not in page.alt
    page.named["Mix with"].value = "a blue bag"
    assert np.array_equal(alone[:, ::-1], page.pictures)
    page.share.value = 0.5
    assert "“a red bag”, mixed with 50% of “a blue bag”" in page.alt


def test_an_example_fills_the_text_box_and_the_list_says_whose_words_they_are(page):
    examples = page.named["Examples"]
    assert examples.label == "a red bag"
    examples.label = "a blue bag"
    assert page.named["Caption"].value == "a blue bag" and "a blue bag" in page.alt
    page.named["Caption"].value = "a blue blue bag"
    assert examples.label == "your own words" and page.named["Caption"].value == "a blue blue bag"
    examples.label = "(no words)"
    assert page.named["Caption"].value == "" and "the empty caption" in page.alt


def test_unknown_words_are_named_once_and_in_order(page):
    assert page.sentence == "The model knows every word."
    page.named["Caption"].value = "a velvet sofa red velvet"
    page.named["Mix with"].value = "a sofa lamp"
    assert page.sentence == "The model does not know: velvet, sofa, lamp."
    page.named["Caption"].value = " ".join(f"w{n}" for n in range(500))
    assert page.sentence.endswith("w6, w7 and 494 more.") and len(page.alt) < 300
    assert 'role="status"' in page.said.value and 'aria-live="polite"' in page.said.value


def test_words_beyond_the_length_of_the_model_are_named(monkeypatch):
    monkeypatch.setattr(style, "in_notebook", lambda: True)
    page = Page(examples=["a red bag"], words_cut_off=lambda caption: tuple(caption.split()[3:]))
    assert page.sentence == ""
    page.named["Caption"].value = "a red bag with a strap"
    assert page.sentence == "The model stops before: with, a, strap."


@pytest.mark.parametrize(
    "caption", ["", "   ", "<b>red</b>", '" onload="x', "\U0001f457 &amp;", "red " * 9999]
)
def test_nothing_that_is_typed_breaks_the_page_or_becomes_part_of_it(page, caption):
    page.named["Caption"].value = caption
    page.named["Mix with"].value = caption
    assert page.pictures.shape == (8, 3) and f"seed {page.seed.value}" in page.alt
    for html in (page.view.value, page.said.value):
        assert set(re.findall("<(\\w+)", html)) <= {"img", "div"}
        tags = re.sub('base64,[^"]*', "", html)
        assert set(re.findall('([\\w-]+)="', tags)) <= {"alt", "style", "src", "role", "aria-live"}
    assert "onload" in re.findall('([\\w-]+)="', '<img alt="" onload="x" style="">')  # the planted bug


def test_an_error_is_a_sentence_and_the_next_try_draws(page):
    def broken(latents, caption_vectors):
        raise RuntimeError("the <weights> are gone")

    playground_draw = page.named["Caption"]._trait_notifiers["value"]["change"][-1].__self__
    before, playground_draw.draw = page.view.value, broken
    page.named["Draw"].click()
    assert page.sentence == "Nothing was drawn. RuntimeError: the <weights> are gone"
    assert "<weights>" not in page.said.value and page.view.value == ""
    playground_draw.draw = lambda *_: np.full((8, 32, 32, 3), np.nan)
    page.named["Draw"].click()
    assert "has diverged" in page.sentence
    playground_draw.draw = draw
    page.named["Draw"].click()
    assert page.view.value == before and page.sentence == "The model knows every word."


def test_a_model_that_never_draws_is_an_error_of_the_cell(monkeypatch):
    monkeypatch.setattr(style, "in_notebook", lambda: True)
    with pytest.raises(ValueError, match="shape"):
        Page(examples=["a red bag"], draw=lambda latents, caption_vectors: np.zeros((8, 32, 32)))


def test_every_control_has_a_name_and_says_what_it_does(page):
    controls = [widget for widget in page.all if isinstance(widget, ipywidgets.DOMWidget)]
    controls = [widget for widget in controls if not isinstance(widget, ipywidgets.Box | ipywidgets.HTML)]
    assert all(widget.tooltip for widget in controls) and len(controls) == 10
    names = {"Caption", "Draw", "Examples", "Seed", "Truncation", "Mix with", "Mix"}
    assert set(page.named) == names  # the three sliders stand beside a number that has their name
    assert "change one word" in page.note.value


def test_the_page_keeps_its_height_whatever_is_shown(page):
    assert page.view.layout.height == "268px" and page.said.layout.height == "44px"


def test_a_number_and_its_slider_are_one_value():
    slider, row = number_and_slider(2, 9, 1, "Seed", "which eight latents")
    number = row.children[0]
    assert isinstance(number, ipywidgets.BoundedIntText) and row.children[1] is slider
    assert (number.value, number.min, number.max) == (slider.value, slider.min, slider.max) == (2, 0, 9)
