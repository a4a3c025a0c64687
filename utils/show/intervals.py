"""Numbers with their intervals, one below the other, and the truth where it is known: `plot_intervals`."""

import numpy as np

from utils.show.style import BLUE, INK, ORANGE, Picture, in_style, short

LETTER, ROW = 8, 34  # pixels of a letter of a label, and of a row


@in_style
def plot_intervals(intervals, xlabel, truth=None, alt=None):
    """Return a dot and a bar for each {"name": (value, low, high)}; a diamond marks each {"name": truth}."""
    intervals = {str(name): np.asarray(three, "float64") for name, three in dict(intervals).items()}
    bad = [
        name
        for name, three in intervals.items()
        if three.shape != (3,) or not three[1] <= three[0] <= three[2]  # a NaN is not below either
    ]
    if not intervals or bad:
        raise ValueError(
            'Intervals must be {"name": (value, low, high)} with low <= value <= high. '
            f"Received: {', '.join(bad) or 'none'}. Most likely fix: pass an Interval as it is."
        )
    truth = truth or {}
    margin = max(map(len, intervals)) * LETTER + 16
    width, height = 640, ROW * len(intervals) + 60
    figure = Picture(width, height, alt or in_words(intervals, xlabel, truth))
    axes = figure.add_axes((margin / width, 50 / height, 1 - (margin + 70) / width, 1 - 60 / height))
    for row, (name, (value, low, high)) in enumerate(intervals.items()):
        axes.plot([low, high], [row, row], color=BLUE, linewidth=3, solid_capstyle="butt")
        axes.plot(value, row, "o", color=BLUE, markersize=9)
        if name in truth:
            axes.plot(truth[name], row, "D", color=ORANGE, markersize=7, markeredgecolor=INK, zorder=3)
        axes.annotate(short(value), (high, row), (8, 0), textcoords="offset points", va="center", fontsize=10)
    axes.set_yticks(range(len(intervals)), list(intervals))
    axes.set_ylim(len(intervals) - 0.5, -0.5)
    axes.set_xlabel(f"{xlabel}; diamond: the truth" if truth else xlabel)
    axes.margins(x=0.1)
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    return figure


def in_words(intervals, xlabel, truth):
    """Return all intervals in a sentence."""
    return f"{xlabel}: " + "; ".join(
        f"{name} {short(value)}, from {short(low)} to {short(high)}"
        + (f", in truth {short(truth[name])}" if name in truth else "")
        for name, (value, low, high) in intervals.items()
    )
