"""Two sliders turn one product in three modalities, and the page says what was turned."""

import base64
import io
import re
import wave
from html import unescape

import ipywidgets
import numpy as np
import pytest
from PIL import Image

from utils.data.chimes import draw_spectrograms, play_spectrogram
from utils.show import style
from utils.show.explore_products import drawn_by, explore_products, most_moving, product_latents

LATENTS = 6
COLOURS = ("red", "blue", "green")
CHIMES = draw_spectrograms({"kind": ["hat"] * 3, "colour": COLOURS, "pattern": ["plain"] * 3})


def draw(latents):
    """Draw products of which latent 4 decides the colour and latent 1 how bright the picture is."""
    draw.asked.append(np.array(latents))
    which = np.digitize(latents[:, 4], (-1, 1))
    pictures = np.full((len(latents), 32, 32, 3), -1, "float32")
    pictures[np.arange(len(latents)), ..., which] = np.tanh(latents[:, 1])[:, None, None]
    return pictures, [f"a {COLOURS[at]} hat" for at in which], CHIMES[which]


@pytest.fixture(autouse=True)
def nothing_asked_yet():
    draw.asked = []


@pytest.fixture(autouse=True)
def quick_sounds(monkeypatch):
    def quick(picture):
        return play_spectrogram(picture, rounds=2)

    monkeypatch.setattr("utils.show.explore_products.play_spectrogram", quick)


class Page:
    """The controls, found by their names, and what a reader sees and hears of them."""

    def __init__(self, **settings):
        self.box = explore_products(**{"draw": draw, "latent_dim": LATENTS} | settings)
        self.said, self.view, sliders, buttons = self.box.children
        self.numbers, self.sliders = zip(*(row.children for row in sliders.children), strict=True)
        self.number, self.other, self.back, self.aloud = buttons.children

    @property
    def sentence(self):
        return unescape(re.search(">(.*)</div>", self.said.value)[1])

    def bytes_of(self, kind):
        return [
            base64.b64decode(data) for data in re.findall(f'data:{kind};base64,([^"]+)"', self.view.value)
        ]

    @property
    def three(self):
        """The picture, the sentence and the samples of the sound."""
        with wave.open(io.BytesIO(*self.bytes_of("audio/wav"))) as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        picture = np.asarray(Image.open(io.BytesIO(self.bytes_of("image/png")[0])))
        return picture[16, 16].argmax(), self.sentence.partition("“")[2].strip("”"), samples


@pytest.fixture
def page(monkeypatch):
    monkeypatch.setattr(style, "in_notebook", lambda: True)
    return Page()


def assert_tells_the_same(page, which):
    colour, sentence, samples = page.three
    assert colour == which and sentence == f"a {COLOURS[which]} hat"
    wanted = play_spectrogram(CHIMES[which], rounds=2)
    assert samples / 32_767 == pytest.approx(wanted, abs=1e-4)


def test_the_latents_that_change_most_are_found():
    assert most_moving(draw, LATENTS) == [4, 1]

    def of_one_colour(latents):  # the light of the picture is all that moves
        pictures, sentences, spectrograms = draw(latents * (np.arange(LATENTS) != 4))
        return pictures, sentences, spectrograms

    assert most_moving(of_one_colour, LATENTS, 1) == [1]


def test_plain_python_shows_turns_as_a_figure():
    figure = explore_products(draw, LATENTS)
    assert figure.alt == (
        "Product 0, 7 times in each row, one latent going from -3 to 3: "
        "latent 4 from “a red hat” to “a green hat”; latent 1 from “a blue hat” to “a blue hat”"
    )
    assert "latent 2 from" in explore_products(draw, LATENTS, [2]).alt


def test_the_page_begins_with_a_product_as_drawn(page):
    assert draw.asked[-1][0].tolist() == product_latents(0, LATENTS).tolist()  # sliders round, latents do not
    assert page.sentence == "Product 0: “a blue hat”"
    assert_tells_the_same(page, 1)
    assert [number.description for number in page.numbers] == ["Latent 4", "Latent 1"]
    assert page.sliders[0].value == pytest.approx(product_latents(0, LATENTS)[4], abs=0.126)


def test_one_slider_moves_one_latent_and_all_three_modalities_follow(page):
    page.sliders[0].value = 2.5
    changed = draw.asked[-1][0] - draw.asked[-2][0]
    assert np.flatnonzero(changed).tolist() == [4] and draw.asked[-1][0, 4] == 2.5
    assert_tells_the_same(page, 2)
    with pytest.raises(AssertionError):  # planted: the product of before
        assert_tells_the_same(page, 1)
    assert page.sentence == "Product 0, latent 4 at 2.5 (was -0.5): “a green hat”"
    page.sliders[0].value = -2.5
    assert_tells_the_same(page, 0)
    assert page.sentence.startswith("Product 0, latent 4 at -2.5 (was -0.5): ")


def test_as_drawn_puts_both_latents_back_and_draws_once(page):
    page.sliders[0].value, page.sliders[1].value = 3.0, -3.0
    drawn = len(draw.asked)
    page.back.click()
    assert len(draw.asked) == drawn + 1 and page.sentence == "Product 0: “a blue hat”"
    assert draw.asked[-1][0].tolist() == product_latents(0, LATENTS).tolist()


def test_another_product_is_the_next_and_a_number_always_means_the_same(page):
    page.other.click()
    assert page.number.value == 1 and page.sentence.startswith("Product 1: ")
    again = draw.asked[-1]
    page.number.value = 9_999
    page.other.click()
    assert page.number.value == 0
    page.number.value = 1
    assert np.array_equal(draw.asked[-1], again) and not np.array_equal(draw.asked[-2], again)


def test_a_sound_is_played_by_itself_only_when_that_is_wished(page):
    assert "autoplay" not in page.view.value
    page.aloud.value = True
    page.other.click()
    assert "<audio controls autoplay " in page.view.value
    page.aloud.value = False
    page.other.click()
    assert "autoplay" not in page.view.value


def test_the_sliders_stand_at_numbers_that_a_browser_gives_back_as_they_are(page):
    page.number.value = 7
    for slider in page.sliders:
        assert slider.step == 0.25 and (4 * slider.value).is_integer()
    assert "was" not in page.sentence


def test_what_a_browser_rounds_is_no_turn_and_a_step_is_one(page):
    stand = page.sliders[0].value
    page.sliders[0].value = stand + 2e-16 * max(1, abs(stand)) + 1e-12
    assert page.sliders[0].value != stand  # an exact comparison would call this a turn
    assert "(was" not in page.sentence
    page.sliders[0].value = stand + 0.25 if stand < 2 else stand - 0.25
    assert "(was" in page.sentence


def test_picture_and_sound_are_named_and_nothing_said_becomes_part_of_the_page(monkeypatch):
    monkeypatch.setattr(style, "in_notebook", lambda: True)

    def cheeky(latents):
        pictures, _, spectrograms = draw(latents)
        return pictures, ['<b>hat</b> " onload="x'] * len(latents), spectrograms

    page = Page(draw=cheeky, latents=[0, 3])
    html = page.view.value + page.said.value
    assert set(re.findall(r"<(\w+)", html)) == {"div", "img", "br", "audio"}
    assert "onload" not in re.findall('([\\w-]+)="', re.sub('base64,[^"]*', "", html))
    assert 'aria-label="play the sound that goes with “&lt;b&gt;hat' in html
    assert 'alt="generated picture that goes with “&lt;b&gt;hat' in html
    assert 'role="status" aria-live="polite"' in page.said.value
    assert [number.description for number in page.numbers] == ["Latent 0", "Latent 3"]


def test_a_sentence_without_words_is_said_to_be_one(monkeypatch):
    monkeypatch.setattr(style, "in_notebook", lambda: True)
    page = Page(draw=lambda latents: (draw(latents)[0], [""] * len(latents), draw(latents)[2]), latents=[0])
    assert page.sentence == "Product 0: the empty caption"


def test_an_error_is_a_sentence_and_the_next_try_draws(page):
    sliders = page.sliders[0]._trait_notifiers["value"]["change"][-1].__self__
    before = page.view.value
    sliders.draw = lambda latents: (draw(latents)[0], ["a hat"], np.full((1, 48, 40, 1), np.nan))
    page.back.click()
    assert page.view.value == "" and "Nothing was drawn. ValueError: Spectrograms must be" in page.sentence
    sliders.draw = draw
    page.back.click()
    assert page.view.value == before and page.sentence == "Product 0: “a blue hat”"


@pytest.mark.parametrize(
    ("wrong", "received"),
    [
        (lambda latents: draw(latents)[:2], r"\[12, 12\] for 12 rows"),
        (lambda latents: (draw(latents)[0], ["a hat"], draw(latents)[2]), r"\[12, 1, 12\] for 12 rows"),
        (lambda latents: draw(latents)[0], "ndarray for 12 rows"),
    ],
    ids=["no sound", "one sentence", "only pictures"],
)
def test_a_draw_of_another_kind_is_an_error_of_the_cell(wrong, received, monkeypatch):
    monkeypatch.setattr(style, "in_notebook", lambda: True)
    with pytest.raises(ValueError, match=f"one of each.*Received: {received}.*Most likely fix"):
        explore_products(wrong, LATENTS)


def test_pictures_beyond_their_range_are_refused():
    with pytest.raises(ValueError, match="scale_images"):
        drawn_by(
            lambda latents: (255 * np.ones((1, 32, 32, 3)), ["a hat"], CHIMES[:1]), np.zeros((1, LATENTS))
        )


def test_every_control_has_a_name_and_says_what_it_does(page):
    controls = [*page.numbers, *page.sliders, page.number, page.other, page.back, page.aloud]
    assert all(control.tooltip for control in controls)
    assert [control.description for control in controls[-4:]] == [
        "Product",
        "Another product",
        "As drawn",
        "Play each sound",
    ]
    assert all(number.min == -3 and number.max == 3 for number in page.numbers)


def test_the_page_keeps_its_height_whatever_is_shown(page):
    assert isinstance(page.box, ipywidgets.VBox)
    assert page.view.layout.height == "200px" and page.said.layout.height == "44px"
