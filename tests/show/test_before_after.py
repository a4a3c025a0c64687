"""Left of the border stands before, right of it after, and a screen reader is told how much of each."""

import base64
import io
import re
from html import unescape

import ipywidgets
import numpy as np
import pytest
from PIL import Image

from utils.show import style
from utils.show.before_after import ROOM, Halves, before_after, halves, on_screen

DARK, LIGHT = np.full((20, 40, 3), 30, "uint8"), np.full((20, 40, 3), 220, "uint8")


def seen(view):
    """The picture that a reader sees, its alt text, and the words below it."""
    source = re.search('base64,([^"]+)', view.value)[1]
    picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(source))), int)
    return picture, unescape(re.search('alt="([^"]*)"', view.value)[1])


@pytest.fixture
def notebook(monkeypatch):
    monkeypatch.setattr(style, "in_notebook", lambda: True)


@pytest.mark.parametrize(("share", "border"), [(0, 0), (0.25, 10), (0.5, 20), (1, 40)])
def test_each_half_comes_from_its_picture_and_a_line_marks_the_border(share, border):
    def assert_halves(picture):
        left = border if border == 40 else max(border - 1, 0)
        assert (picture[:, :left] == 30).all() and (picture[:, border + (border > 0) :] == 220).all()
        if 0 < border < 40:
            assert (picture[:, border - 1] == 255).all() and (picture[:, border] == 0).all()

    assert_halves(halves(DARK, LIGHT, share))
    with pytest.raises(AssertionError):  # planted bug: the halves are swapped
        assert_halves(halves(LIGHT, DARK, share))
    assert (DARK == 30).all() and (LIGHT == 220).all()  # the line is not drawn into the pictures themselves


def test_pictures_are_shown_in_the_size_of_the_page():
    assert on_screen(DARK, ROOM).shape == (20 * 19, 40 * 19, 3)
    assert on_screen(np.zeros((1000, 800, 3), "uint8"), ROOM).shape == (400, 320, 3)
    assert on_screen(np.zeros((9, 3000, 3), "uint8"), ROOM).shape == (2, 760, 3)
    assert on_screen(np.zeros((3000, 1, 3), "uint8"), ROOM).shape == (400, 1, 3)
    squares = on_screen(np.random.default_rng(0).integers(0, 256, (8, 8, 3), np.uint8), ROOM)
    assert (squares[:50, :50] == squares[0, 0]).all()  # every pixel a sharp square


def test_the_slider_moves_the_border_and_the_alt_text_says_how_far(notebook):
    box = before_after(DARK[None], LIGHT[None])
    view, row = box.children[0].children
    slider = row.children[1]
    picture, alt = seen(view)
    assert alt == "picture 1 of 1: the left 50% before, the right 50% after"
    assert abs(picture[:, :370] - 30).max() < 9 and abs(picture[:, 390:] - 220).max() < 9
    slider.value = 10
    picture, alt = seen(view)
    assert alt == "picture 1 of 1: the left 10% before, the right 90% after"
    assert abs(picture[:, 90:] - 220).max() < 9
    assert len(box.children) == 1  # nothing to choose from
    assert row.children[0].description == "Border" and row.children[0].tooltip and slider.tooltip


def test_each_pair_can_be_chosen(notebook):
    before, after = np.stack([DARK, LIGHT]), np.stack([LIGHT, DARK])
    box = before_after(before, after, names=("noisy", "restored"))
    shown, number = box.children
    assert isinstance(number, ipywidgets.BoundedIntText) and (number.min, number.max) == (1, 2)
    number.value = 2
    picture, alt = seen(shown.children[0])
    assert alt == "picture 2 of 2: the left 50% noisy, the right 50% restored"
    assert picture[:, :370].min() > 200 and picture[:, 390:].max() < 50


def test_grey_and_float_pictures_are_shown(notebook):
    box = before_after(np.full((1, 8, 8, 1), -1.0), np.full((1, 8, 8, 1), 1.0))
    picture, _ = seen(box.children[0].children[0])
    assert picture[:, :190].max() < 20 and picture[:, 210:].min() > 235


def test_names_are_words_and_no_code(notebook):
    shown = Halves()
    shown.turn()  # a slider that is moved before there is a picture
    assert shown.view.value == ""
    shown.show(DARK, LIGHT, ('<b>"', "外套"), "<script>")
    assert set(re.findall(r"<(\w+)", shown.view.value)) == {"img", "div", "span"}
    assert seen(shown.view)[1] == '<script>: the left 50% <b>", the right 50% 外套'
    assert shown.view.layout.height == f"{ROOM[1] + 32}px"  # a picture that is exchanged moves nothing


def test_plain_python_gives_a_figure():
    figure = before_after(DARK[None], LIGHT[None])
    assert "before, after" in figure.alt
    assert before_after(np.zeros((2, 900, 1800, 3)), np.zeros((2, 900, 1800, 3))).get_size_inches()[0] < 9


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (DARK[None], LIGHT[None, :10], "one size.*Most likely fix: cut both"),
        (DARK, LIGHT, "images.None."),
        (DARK[None] / 1.0, LIGHT[None] / 1.0, "scale_images"),
    ],
)
def test_what_cannot_be_compared_is_an_error(before, after, says):
    with pytest.raises(ValueError, match=says):
        before_after(before, after)
