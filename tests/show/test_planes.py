"""Points on a plane are named, by eye and by ear, and no two names touch."""

import itertools

import numpy as np
import pytest

from utils.show.planes import plot_plane

POINTS = {"mean of samples": (28.1, 0.7), "one sample": (26.4, 0.95), "do nothing": (20.2, 1.9)}


def names(figure):
    """Return the names that stand in the picture."""
    return [text for text in figure.axes[0].texts]


def touching(figure):
    """Return the pairs of names that overlap."""
    figure.canvas.draw()
    boxes = {text.get_text(): text.get_window_extent() for text in names(figure)}
    return [pair for pair in itertools.combinations(boxes, 2) if boxes[pair[0]].overlaps(boxes[pair[1]])]


def test_each_point_is_named_in_the_picture_and_in_the_alt_text():
    figure = plot_plane(POINTS, "PSNR, dB", "sharpness")
    assert {text.get_text() for text in names(figure)} == set(POINTS)
    assert "one sample at 26.4 and 0.95" in figure.alt and figure.alt.startswith("PSNR, dB against")


def test_names_of_points_that_lie_together_do_not_touch(monkeypatch):
    crowded = {f"restorer number {n}": (27 + 0.002 * n, 0.8 + 0.0003 * n) for n in range(6)} | POINTS
    assert touching(plot_plane(crowded, "x", "y")) == []
    monkeypatch.setattr("utils.show.planes.NEAR", 0)  # planted: names stay where their points are
    assert touching(plot_plane(crowded, "x", "y"))


def test_a_path_joins_the_points_in_their_order():
    joined = plot_plane(POINTS, "x", "y", path=True).axes[0].lines
    line = next(line for line in joined if len(line.get_xdata()) > 1)
    np.testing.assert_allclose(line.get_xdata(), [28.1, 26.4, 20.2])
    assert all(len(line.get_xdata()) == 1 for line in plot_plane(POINTS, "x", "y").axes[0].lines)


def test_the_highlight_does_not_depend_on_colour():
    figure = plot_plane(POINTS, "x", "y", highlight=("one sample",))
    markers = [line.get_marker() for line in figure.axes[0].lines]
    assert markers.count("D") == 1 and markers.count("o") == 2


@pytest.mark.parametrize("points", [{}, {"ours": (1, np.nan)}, {"ours": (1, 2, 3)}])
def test_what_is_no_point_is_refused(points):
    with pytest.raises(ValueError, match="Points must be.*Received"):
        plot_plane(points, "x", "y")
