"""Each interval is seen and said, and the truth does not hide behind a colour."""

import numpy as np
import pytest

from utils.metrics.opinion import Interval
from utils.show.intervals import plot_intervals

FOUND = {"guess": Interval(0.4, 0.3, 0.5), "one sample": (0.34, 0.28, 0.41)}


def test_each_interval_is_drawn_from_end_to_end_in_its_row():
    figure = plot_intervals(FOUND, "strength", truth={"guess": 0.45})
    lines = figure.axes[0].lines
    bars = [line for line in lines if len(line.get_xdata()) == 2]
    np.testing.assert_allclose([bar.get_xdata() for bar in bars], [[0.3, 0.5], [0.28, 0.41]])
    assert [bar.get_ydata()[0] for bar in bars] == [0, 1]
    marks = {line.get_marker(): float(np.ravel(line.get_xdata())[0]) for line in lines if line not in bars}
    assert marks["D"] == 0.45  # the truth: another shape, not only another colour
    assert [text.get_text() for text in figure.axes[0].get_yticklabels()] == list(FOUND)


def test_the_alt_text_says_all_numbers():
    words = plot_intervals(FOUND, "strength", truth={"guess": 0.45}).alt
    assert words.startswith("strength: guess 0.4, from 0.3 to 0.5, in truth 0.45; one sample 0.34, from 0.28")
    assert "truth" not in plot_intervals(FOUND, "strength").alt


@pytest.mark.parametrize("bad", [None, (0.4, 0.5, 0.3), (0.4, 0.5), (np.nan, 0, 1)])
def test_what_is_no_interval_is_refused(bad):
    bad = {} if bad is None else {"guess": bad}
    with pytest.raises(ValueError, match="low <= value <= high"):
        plot_intervals(bad, "strength")
