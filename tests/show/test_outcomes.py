"""The heat map of outcomes, recorded runs and paths: words in them, alt text, errors that help."""

import numpy as np
import pytest

from utils.show.outcomes import plot_outcomes
from utils.show.paths import plot_paths
from utils.show.run_curves import plot_runs

TABLE = {
    "R1": {1e-3: ["trains", "trains", "blurs"], 1e-2: ["collapses"] * 3},
    "none": {1e-3: ["diverges", "collapses", "trains"], 1e-2: ["diverges"] * 3},
}
RUN = {
    "step": [1, 2, 3],
    "d_loss": [1.4, 1.0, 2e6],
    "g_loss": [0.7, 0.9, -1.0],
    "slope": [1e-4, 1.0, 1e5],
    "modes": [3, 20, 25],
    "quality": [0.1, 0.4, 0.8],
}


def texts(figure):
    """Every text in a figure."""
    return [text.get_text() for axes in figure.axes for text in axes.texts] + [
        text.get_text() for text in figure.texts
    ]


def test_every_cell_says_in_words_what_happened():
    said = texts(plot_outcomes(TABLE))
    assert said.count("2 of 3") == 1 and said.count("0 of 3") == 2 and said.count("1 of 3") == 1
    assert {"1 blurs", "collapses", "1 diverges, 1 collapses", "diverges"} <= set(said)


def test_the_alt_text_counts_the_runs_of_each_row():
    figure = plot_outcomes(TABLE)
    assert figure.alt == "Heat map of runs by method and column; trains: R1 2 of 6; none 1 of 6"


def test_a_ragged_table_is_refused():
    with pytest.raises(ValueError, match="same columns in each row.*Received: none"):
        plot_outcomes(TABLE | {"none": {1e-3: ["trains"]}})
    with pytest.raises(ValueError, match="Received: no column"):
        plot_outcomes({})


def test_runs_have_four_panels_each_and_their_last_values_as_words():
    figure = plot_runs({"a long name of a run": RUN, "B": RUN})
    assert len(figure.axes) == 8
    assert "modes 3 to 25, last 25" in figure.alt and "B: d_loss 1 to 2,000,000" in figure.alt
    assert "a long name of\na run" in texts(figure)


def test_a_run_without_a_curve_is_named():
    with pytest.raises(ValueError, match="Received: B. Most likely fix: read_runs"):
        plot_runs({"A": RUN, "B": {"step": [1]}})


def test_paths_are_on_one_scale_and_say_where_they_end():
    figure = plot_paths({"far": np.array([[1, 1], [3, 4.0]]), "near": np.array([[1, 1], [0, 0.1]])})
    assert len({axes.get_xlim() for axes in figure.axes}) == 1
    assert {"ends 5 away", "ends 0.1 away"} <= set(texts(figure))
    assert "far from 1.41 to 5" in figure.alt
    with pytest.raises(ValueError, match="Received: bad"):
        plot_paths({"bad": np.zeros(3)})
