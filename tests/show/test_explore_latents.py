"""The sliders turn the most active latents, each its own, and the page says what was turned."""

import re
from html import unescape

import ipywidgets
import numpy as np
import pytest

from utils.show import style
from utils.show.explore_latents import (
    explore_active_latents,
    interpolate,
    most_active,
    plot_traversal,
    traversal,
)

LATENTS = 8
SPREADS = np.array([0.0, 1.0, 0.1, 2.0, 0.0, 0.5, 0.0, 0.0])  # of the posterior means
Z_MEANS = np.random.default_rng(0).normal(size=(50, LATENTS)) * SPREADS


def decode(latents):
    """Return pictures (n, 8, 8, 1) whose rows are the latents, and remember what was asked for."""
    decode.asked.append(np.array(latents))
    return np.tile(np.tanh(np.asarray(latents))[:, :, None, None], (1, 1, 8, 1))


@pytest.fixture(autouse=True)
def nothing_asked_yet():
    decode.asked = []


class Page:
    """The controls, found by their names, and what a reader sees of them."""

    def __init__(self, count=3):
        self.box = explore_active_latents(decode, Z_MEANS, count)
        top, self.said, buttons = self.box.children
        self.view, sliders = top.children
        self.numbers, self.sliders = zip(*(row.children for row in sliders.children), strict=True)
        self.picture, self.back, self.chance = buttons.children

    @property
    def alt(self):
        return unescape(re.search('alt="([^"]*)"', self.view.value)[1])


@pytest.fixture
def page(monkeypatch):
    monkeypatch.setattr(style, "in_notebook", lambda: True)
    return Page()


def test_the_most_active_latents_come_first():
    assert most_active(Z_MEANS, 4) == [3, 1, 5, 2]
    assert most_active(Z_MEANS + 100 * (SPREADS == 0), 4) == [3, 1, 5, 2]  # large, but always the same


def test_a_traversal_changes_one_latent_only():
    path = traversal(Z_MEANS[0], 3, np.array([-1.0, 0.0, 1.0]))
    assert path[:, 3].tolist() == [-1, 0, 1]
    assert np.delete(path, 3, axis=1) == pytest.approx(np.tile(np.delete(Z_MEANS[0], 3), (3, 1)))


def test_interpolation_has_both_ends_and_keeps_the_length():
    start, end = np.random.default_rng(1).normal(size=(2, 64))
    way = interpolate(start, end, 5)
    assert way.shape == (5, 64) and way[0] == pytest.approx(start, rel=1e-5)
    assert way[-1] == pytest.approx(end, rel=1e-5)
    usual = min(np.linalg.norm(start), np.linalg.norm(end))
    assert np.linalg.norm(way[2]) > 0.98 * usual
    straight = interpolate(start, end, 5, arc=False)
    assert straight[2] == pytest.approx((start + end) / 2, rel=1e-5)
    assert np.linalg.norm(straight[2]) < 0.85 * usual  # planted: the straight line fails it


def test_interpolation_from_zero_is_straight():
    assert interpolate([0.0, 0.0], [2.0, 4.0], 3).tolist() == [[0, 0], [1, 2], [2, 4]]


def test_plain_python_shows_traversals_as_a_figure():
    figure = explore_active_latents(decode, Z_MEANS, 3)
    assert "latent 3, latent 1, latent 5" in figure.alt and len(decode.asked) == 3
    assert "Picture 7" in plot_traversal(decode, Z_MEANS, picture=7, count=1).alt


def test_the_page_begins_with_the_picture_as_encoded(page):
    assert decode.asked[-1][0] == pytest.approx(Z_MEANS[0], rel=1e-6)  # exact: sliders round, latents do not
    assert page.alt == "Picture 0 as its latents draw it"
    assert [number.description for number in page.numbers] == ["Latent 3", "Latent 1", "Latent 5"]
    for number in page.numbers:
        assert number.tooltip and number.min == -4 and number.max == 4
    assert page.sliders[0].value == pytest.approx(Z_MEANS[0, 3], abs=0.051)


def test_a_slider_moves_its_own_latent_and_the_page_says_so(page):
    before = page.view.value
    page.sliders[1].value = 2.5
    changed = decode.asked[-1][0] - decode.asked[-2][0]
    assert np.flatnonzero(changed).tolist() == [1] and decode.asked[-1][0, 1] == 2.5
    assert page.view.value != before
    assert (
        page.alt == f"Picture 0 as its latents draw it, latent 1 at 2.5 (was {round(Z_MEANS[0, 1], 1):.1f})"
    )
    assert 'role="status"' in page.said.value and "latent 1 at 2.5" in page.said.value


def test_as_encoded_puts_every_latent_back_and_draws_once(page):
    page.sliders[0].value, page.sliders[2].value = 3.0, -3.0
    drawn = len(decode.asked)
    page.back.click()
    assert len(decode.asked) == drawn + 1
    assert decode.asked[-1][0] == pytest.approx(Z_MEANS[0], rel=1e-6) and "(was" not in page.alt


def test_another_picture_and_chance_are_other_starts(page):
    page.picture.value = 4
    assert decode.asked[-1][0] == pytest.approx(Z_MEANS[4], rel=1e-6) and "Picture 4" in page.alt
    page.chance.click()
    assert "drawn from the prior" in page.alt
    assert np.abs(decode.asked[-1][0][SPREADS == 0]).min() > 0  # latents without a slider are drawn too
    page.chance.click()
    assert not np.allclose(decode.asked[-1], decode.asked[-2])


def test_a_picture_beyond_the_sliders_is_still_drawn_as_encoded(monkeypatch):
    monkeypatch.setattr(style, "in_notebook", lambda: True)
    far = np.array(Z_MEANS)
    far[0, 3] = 9.0
    box = explore_active_latents(decode, far, 3)
    assert decode.asked[-1][0, 3] == 9.0
    assert isinstance(box, ipywidgets.VBox)


def test_a_value_that_comes_back_rounded_otherwise_is_no_turn(page):
    start = page.sliders[0].value
    page.sliders[0].value = start + 1e-9  # as a browser sends numbers back
    assert "was" not in page.alt
    page.sliders[0].value = start + 0.1  # planted: a turn of one step is told
    assert "was" in page.alt
