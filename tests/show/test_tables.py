"""A confusion matrix can be read without colour, and by ear."""

import numpy as np
import pytest

from utils.show.tables import plot_confusion

NAMES = ("plain", "striped", "dotted")
MATRIX = np.array([[90, 10, 0], [0, 30, 10], [0, 0, 0]])


def written(figure):
    """Return what stands in the cells, row by row."""
    return [text.get_text() for text in figure.axes[0].texts]


def test_each_row_is_in_per_cent_of_what_was_wanted():
    assert written(plot_confusion(MATRIX, NAMES)) == ["90%", "10%", "0%", "0%", "75%", "25%", "-", "-", "-"]
    assert written(plot_confusion(MATRIX.T, NAMES))[:3] != ["90%", "10%", "0%"]  # planted: read as columns


def test_the_largest_confusion_is_named_for_the_ear():
    alt = plot_confusion(MATRIX, NAMES).alt
    assert "plain 90%" in alt and "striped drawn as dotted, 25%" in alt
    assert "most often wrong" not in plot_confusion(np.eye(3), NAMES).alt


def test_all_of_it_lies_within_the_picture():
    figure = plot_confusion(np.eye(16), [f"a long name {n}" for n in range(16)], title="Patterns")
    figure.canvas.draw()
    axes = figure.axes[0]
    boxes = [label.get_window_extent() for label in axes.get_yticklabels()] + [
        axes.yaxis.label.get_window_extent()
    ]
    assert min(box.x0 for box in boxes) >= 0


@pytest.mark.parametrize("matrix", [np.eye(2), -np.eye(3), np.full((3, 3), np.nan)])
def test_what_is_no_confusion_matrix_is_refused(matrix):
    with pytest.raises(ValueError, match="confusion matrix.*Received"):
        plot_confusion(matrix, NAMES)
