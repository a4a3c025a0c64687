"""Two scores against each other, each model one named point: `plot_plane`."""

import numpy as np

from utils.show.style import BLUE, FAINT, INK, ORANGE, QUIET, Picture, in_style, short

NEAR = 16  # pixels: names closer than this would overlap


@in_style
def plot_plane(points, xlabel, ylabel, *, path=False, highlight=(), title="", alt=None):
    """Return points on a plane, each with its name: {"ours": (x, y), …}; path=True joins them in order."""
    points = {str(name): np.asarray(place, "float64") for name, place in dict(points).items()}
    bad = [name for name, place in points.items() if place.shape != (2,) or not np.isfinite(place).all()]
    if not points or bad:
        raise ValueError(
            'Points must be {"name": (x, y), ...} with finite numbers. '
            f"Received: {', '.join(bad) or 'no point'}. Most likely fix: two numbers for each name."
        )
    width, height = 680, 380
    figure = Picture(width, height, alt or in_words(points, xlabel, ylabel))
    axes = figure.add_axes((70 / width, 52 / height, 1 - 250 / width, 1 - (86 if title else 66) / height))
    axes.set_title(title, pad=10)
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    axes.grid(True, axis="both", color=FAINT)
    places = np.stack(list(points.values()))
    if path:
        axes.plot(*places.T, color=QUIET, linewidth=1, linestyle=(0, (3, 2)), zorder=1)
    for name, (x, y) in points.items():
        mine = name in highlight
        axes.plot(x, y, marker="D" if mine else "o", markersize=9, color=ORANGE if mine else BLUE)
    axes.margins(0.12)
    write_names(axes, points, highlight)
    return figure


def write_names(axes, points, highlight):
    """Write each name to the right of its point; where two would touch, the lower one moves down."""
    axes.autoscale_view()
    pixels = {name: axes.transData.transform(place) for name, place in points.items()}
    lowest = {}
    for name, (x, y) in sorted(pixels.items(), key=lambda item: -item[1][1]):
        rivals = [at for other, at in lowest.items() if abs(pixels[other][0] - x) < 9 * len(other) + 12]
        lowest[name] = min([y, *(at - NEAR for at in rivals if at - NEAR < y)])
        down = (lowest[name] - y) * 72 / axes.figure.dpi
        weight = "bold" if name in highlight else "normal"
        offset = {"textcoords": "offset points", "va": "center", "fontsize": 10, "color": INK}
        axes.annotate(name, points[name], (9, down), fontweight=weight, annotation_clip=False, **offset)


def in_words(points, xlabel, ylabel):
    """Return all points in a sentence."""
    listed = "; ".join(f"{name} at {short(x)} and {short(y)}" for name, (x, y) in points.items())
    return f"{xlabel} against {ylabel}: {listed}"
