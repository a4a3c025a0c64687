"""Recorded trainings side by side: losses, the slope of the score, what the generator finds."""

import numpy as np
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

from utils.show.style import BLUE, DASHES, GREEN, INK, ORANGE, PURPLE, QUIET, Picture, in_style, short

PANELS = (
    ("losses", ("d_loss", "g_loss")),
    ("slope of the score", ("slope",)),
    ("modes found", ("modes",)),
    ("points on a mode", ("quality",)),
)
COLOURS = {"d_loss": BLUE, "g_loss": ORANGE, "slope": INK, "modes": GREEN, "quality": PURPLE}
ROW, TOP = 122, 40  # pixels
LEFTS, PANEL = (178, 432, 600, 766), (140, 110, 110, 110)  # pixels: where each panel begins, and its width
WIDTH = 900


@in_style
def plot_runs(runs, mode_count=25, alt=None):
    """Return one row of three panels per run: {"name": {"step": [...], "d_loss": [...], ...}, ...}."""
    runs = {str(name): {key: np.asarray(values) for key, values in run.items()} for name, run in runs.items()}
    wanted = {"step", *(key for _, keys in PANELS for key in keys)}
    poor = [name for name, run in runs.items() if wanted - set(run)]
    if not runs or poor:
        raise ValueError(
            f"Each run must hold the curves {', '.join(sorted(wanted))}. "
            f"Received: {', '.join(poor) or 'no run'}. Most likely fix: read_runs()."
        )
    height = TOP + ROW * len(runs) + 30
    figure = Picture(WIDTH, height, alt or in_words(runs))
    for row, (name, run) in enumerate(runs.items()):
        bottom = 1 - (TOP + ROW * (row + 1) - 26) / height
        words = "\n".join(wrapped(name))
        figure.text(
            0.005, bottom + (ROW - 26) / height / 2, words, va="center", fontweight="bold", fontsize=10
        )
        for column, (title, keys) in enumerate(PANELS):
            place = (LEFTS[column] / WIDTH, bottom, PANEL[column] / WIDTH, (ROW - 30) / height)
            axes = figure.add_axes(place)
            draw_panel(axes, run, keys)
            if title == "modes found":
                axes.set_ylim(0, mode_count * 1.05)
            if title == "points on a mode":
                axes.set_ylim(0, 1.05)
            if row == 0:
                axes.set_title(title, fontsize=10.5, fontweight="normal", color=QUIET, pad=8)
            axes.set_xticks([0, int(run["step"][-1])])
            if row < len(runs) - 1:
                axes.set_xticklabels([])
            else:
                axes.set_xlabel("step", labelpad=-8)
    return figure


def draw_panel(axes, run, keys):
    """Draw one panel; each curve is named at its end."""
    axes.grid(True, axis="y")
    for dash, key in zip(DASHES, keys, strict=False):
        axes.plot(run["step"], run[key], color=COLOURS[key], linestyle=dash, linewidth=1.5)
        if len(keys) > 1:
            side = "top" if np.median(run[key]) < np.median(run[keys[1 - keys.index(key)]]) else "bottom"
            place = (1.02, 0.1 if side == "top" else 0.75)
            axes.text(*place, key, transform=axes.transAxes, fontsize=9, color=COLOURS[key])
    if keys == ("slope",):
        axes.set_yscale("log")
        low, high = max(run["slope"].min(), 1e-9), run["slope"].max()
        axes.set_ylim(low / 1.5, high * 1.5)
        powers = np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
        ticks = [10.0**power for power in powers]
        axes.set_yticks(ticks[:: max(1, len(ticks) // 3)])
        axes.set_ylim(min(low / 1.5, ticks[0]), max(high * 1.5, ticks[-1]))
        axes.yaxis.set_minor_formatter(NullFormatter())
        axes.minorticks_off()
    else:
        axes.yaxis.set_major_locator(MaxNLocator(3))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: tight(value)))
    axes.tick_params(labelsize=9)


def tight(value):
    """Return a tick in few letters: 2e6, 1e-3, 0.01, 20."""
    if value and not 0.01 <= abs(value) < 10_000:
        mantissa, power = f"{value:.0e}".split("e")
        return f"{mantissa}e{int(power)}"
    return short(value)


def wrapped(name, letters=15):
    """Return a name in lines that fit beside its panels."""
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + len(word) + 1 > letters:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def in_words(runs):
    """Return all runs in a sentence: where each curve lies."""
    told = []
    for name, run in runs.items():
        spans = []
        for key in ("d_loss", "g_loss", "slope", "modes", "quality"):
            low, high, last = (
                short(float(value)) for value in (run[key].min(), run[key].max(), run[key][-1])
            )
            spans.append(f"{key} {low} to {high}, last {last}")
        told.append(f"{name}: {'; '.join(spans)}")
    return f"Curves of recorded trainings. {'. '.join(told)}"
