"""The walk between two latents begins and ends at them and keeps a usual length."""

import re

import ipywidgets
import numpy as np

from utils.show import explore, style


def draw(latents):
    return np.tanh(np.asarray(latents)[:, :1, None, None] * np.ones((1, 8, 8, 1)))


def test_the_walk_keeps_the_length_that_a_straight_line_loses():
    walk = explore.latent_path(0, 64, 9)
    lengths = np.linalg.norm(walk, axis=1)
    straight = np.linalg.norm((walk[0] + walk[-1]) / 2)
    assert lengths.min() > 0.98 * min(lengths[0], lengths[-1])
    assert straight < 0.85 * min(lengths[0], lengths[-1])  # planted: the straight line fails it


def test_plain_python_shows_the_walk_as_a_figure():
    assert "10 images" in explore.explore_latents(draw, 16).alt


def test_sliders_have_names_and_change_the_picture(monkeypatch):
    monkeypatch.setattr(style, "in_notebook", lambda: True)
    box = explore.explore_latents(draw, 16)
    view, (place, _), (pair, other) = box.children[0], box.children[1].children, box.children[2].children
    assert isinstance(box, ipywidgets.VBox) and place.description and pair.description and other.description
    before = view.value
    place.value = 20
    assert view.value != before and re.search('alt="image at position 20 of 20', view.value)
    other.click()
    assert pair.value == 1 and "pair 1" in view.value
