"""Where two players walk: one panel per path, its start, its end, and the solution in the middle."""

import numpy as np

from utils.show.style import BLUE, INK, ORANGE, QUIET, Picture, in_style, short

SIDE, HEAD, GAP = 196, 44, 16  # pixels


@in_style
def plot_paths(paths, xlabel="theta: the fake", ylabel="psi: the score's slope", alt=None):
    """Return paths on a plane, all on one scale: {"name": (steps + 1, 2), ...}; the solution is (0, 0)."""
    paths = {str(name): np.asarray(path, "float64") for name, path in dict(paths).items()}
    bad = [name for name, path in paths.items() if path.ndim != 2 or path.shape[1] != 2 or len(path) < 2]
    if not paths or bad:
        raise ValueError(
            'Paths must be {"name": (steps + 1, 2), ...}. '
            f"Received: {', '.join(bad) or 'no path'}. Most likely fix: dirac_path(...)."
        )
    width, height = 72 + len(paths) * (SIDE + GAP), SIDE + HEAD + 54
    figure = Picture(width, height, alt or in_words(paths))
    reach = 1.1 * max(np.abs(path).max() for path in paths.values())
    for column, (name, path) in enumerate(paths.items()):
        left = 66 + column * (SIDE + GAP)
        axes = figure.add_axes((left / width, 50 / height, SIDE / width, SIDE / height))
        axes.set(xlim=(-reach, reach), ylim=(-reach, reach))
        axes.axhline(0, color=QUIET, linewidth=0.6)
        axes.axvline(0, color=QUIET, linewidth=0.6)
        axes.plot(*path.T, color=BLUE, linewidth=1)
        axes.plot(*path[0], "o", color=INK, markersize=6)
        axes.plot(*path[-1], "D", color=ORANGE, markersize=7)
        axes.plot(0, 0, "+", color=INK, markersize=12)
        axes.set_xlabel(xlabel)
        if column:
            axes.set_yticklabels([])
        else:
            axes.set_ylabel(ylabel)
        figure.text(left / width, 1 - 18 / height, name, fontweight="bold", fontsize=10.5)
        words = f"ends {short(np.hypot(*path[-1]))} away"
        figure.text(left / width, 1 - 35 / height, words, color=QUIET, fontsize=10)
    return figure


def in_words(paths):
    """Return the paths in a sentence: how far from the solution each begins and ends."""
    told = [
        f"{name} from {short(np.hypot(*path[0]))} to {short(np.hypot(*path[-1]))}"
        for name, path in paths.items()
    ]
    return f"Paths of two players, distance from the solution at start and end: {'; '.join(told)}"
