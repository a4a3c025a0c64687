"""How often what happened, by method and learning rate: a heat map to be read without its colours."""

from collections import Counter

import matplotlib
import numpy as np

from utils.show.style import INK, QUIET, Picture, in_style

WIDE, HIGH, LETTER = 130, 44, 8.0  # pixels


@in_style
def plot_outcomes(table, good="trains", xlabel="learning rate", alt=None):
    """Return a heat map of {row: {column: [outcome, ...]}}: darker where more ended well, and in words."""
    rows = {str(name): dict(cells) for name, cells in dict(table).items()}
    columns = list(next(iter(rows.values()), {}))
    ragged = [name for name, cells in rows.items() if list(cells) != columns or not all(cells.values())]
    if not columns or ragged:
        raise ValueError(
            'Outcomes must be {"method": {0.001: ["trains", ...], ...}, ...}, the same columns in each row. '
            f"Received: {', '.join(ragged) or 'no column'}. Most likely fix: outcome_table(rows, judge)."
        )
    margin = max(map(len, rows)) * LETTER + 16
    width, height = margin + WIDE * len(columns) + 10, HIGH * len(rows) + 62
    figure = Picture(width, height, alt or in_words(rows, good))
    place = (margin / width, 10 / height, WIDE * len(columns) / width, HIGH * len(rows) / height)
    axes = figure.add_axes(place, frame_on=False)
    shares = np.array(
        [[cells[key].count(good) / len(cells[key]) for key in columns] for cells in rows.values()]
    )
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1.15, aspect="auto")  # the darkest would hide the text
    for row, cells in enumerate(rows.values()):
        for column, key in enumerate(columns):
            dark = matplotlib.colormaps["Blues"](shares[row, column] / 1.15)
            colour = "white" if np.mean(dark[:3]) < 0.55 else INK
            count = f"{cells[key].count(good)} of {len(cells[key])}"
            others = Counter(outcome for outcome in cells[key] if outcome != good)
            axes.text(column, row - 0.15, count, ha="center", va="center", color=colour, fontweight="bold")
            words = ", ".join(
                name if number == len(cells[key]) else f"{number} {name}"
                for name, number in others.most_common()
            )
            axes.text(column, row + 0.24, words, ha="center", va="center", color=colour, fontsize=8)
    axes.set_xticks(
        range(len(columns)), [f"{key:g}" if isinstance(key, float) else str(key) for key in columns]
    )
    axes.set_yticks(range(len(rows)), list(rows))
    axes.set_xticks(np.arange(1, len(columns)) - 0.5, minor=True)
    axes.set_yticks(np.arange(1, len(rows)) - 0.5, minor=True)
    axes.grid(True, which="minor", axis="both", color="white", linewidth=3)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.tick_params(which="both", length=0, labelcolor=INK)
    axes.set_xlabel(xlabel, fontsize=10.5, color=QUIET)
    return figure


def in_words(rows, good):
    """Return the map in a sentence: how many runs of each row ended well."""
    told = []
    for name, cells in rows.items():
        runs = [outcome for column in cells.values() for outcome in column]
        told.append(f"{name} {runs.count(good)} of {len(runs)}")
    return f"Heat map of runs by method and column; {good}: {'; '.join(told)}"
