"""Shares and scores as pictures: `plot_histogram`, `plot_scores`; nothing depends on colour alone."""

import numpy as np
from matplotlib.ticker import FuncFormatter, NullFormatter

from utils.show.curves import plot_curves
from utils.show.grids import plot_images, plot_pairs, plot_rows
from utils.show.style import BLUE, FAINT, INK, ORANGE, QUIET, Picture, in_style, short, show

__all__ = [
    "plot_curves",
    "plot_histogram",
    "plot_images",
    "plot_pairs",
    "plot_rows",
    "plot_scores",
    "show",
]

LETTER = 8  # pixels of one letter of a label


@in_style
def plot_histogram(class_ids, class_names, expected=None, title="", alt=None):
    """Return the share of each class as a bar, with a mark where its expected share lies (default: equal)."""
    class_names = [str(name) for name in class_names]
    ids = np.asarray(class_ids)
    classes = len(class_names)
    if ids.ndim != 1 or ids.size == 0 or ids.dtype.kind not in "iu" or ids.min() < 0 or ids.max() >= classes:
        span = f", values from {ids.min()} to {ids.max()}" if ids.size else ""
        raise ValueError(
            f"Class ids must be whole numbers (count,) from 0 to {classes - 1}. "
            f"Received: {ids.dtype}, shape {ids.shape}{span}. Most likely fix: argmax of the class scores."
        )
    expected = np.full(classes, 1 / classes) if expected is None else np.asarray(expected, "float64")
    if expected.shape != (classes,) or not np.isclose(expected.sum(), 1, atol=1e-3):
        raise ValueError(
            f"Expected shares must be ({classes},) and sum to 1. "
            f"Received: shape {expected.shape}, sum {expected.sum():.4g}. Most likely fix: divide by the sum."
        )
    shares = np.bincount(ids, minlength=classes) / ids.size
    margin = max(map(len, class_names)) * LETTER + 16
    width, height = 640, 26 * classes + (66 if title else 38)
    top = int(np.argmax(shares))
    missing = [name for name, share in zip(class_names, shares, strict=True) if share == 0]
    figure = Picture(
        width,
        height,
        alt
        or f"Share of {classes} classes among {ids.size} images: most is {class_names[top]} with "
        f"{shares[top]:.0%}, missing: {', '.join(missing) or 'none'}",
    )
    bottom = 30 / height
    axes = figure.add_axes((margin / width, bottom, 1 - (margin + 60) / width, 26 * classes / height))
    rows = np.arange(classes)
    axes.barh(rows, shares, height=0.68, color=BLUE)
    axes.vlines(expected, rows - 0.5, rows + 0.5, color=INK, linewidth=1.4, linestyle=(0, (2, 1.2)))
    for row, share in enumerate(shares):
        axes.annotate(
            f"{share:.0%}" if share == 0 or share >= 0.01 else "< 1%",
            (max(share, expected[row]), row),
            (6, 0),
            textcoords="offset points",
            va="center",
            fontsize=10,
            fontweight="bold" if share < expected[row] / 5 else "normal",
        )
    axes.set_yticks(rows, class_names)
    axes.set_ylim(classes - 0.5, -0.5)
    axes.set_xlim(0, max(shares.max(), expected.max()) * 1.02)
    axes.set_xticks([])
    axes.tick_params(length=0, labelcolor=INK)
    axes.spines[["bottom"]].set_visible(False)
    axes.set_title(title, pad=10)
    note = "dashed: expected share"
    axes.annotate(note, (0, 0), (0, -6), "axes fraction", "offset points", color=QUIET, va="top")
    return figure


@in_style
def plot_scores(scores, *, log=True, band=None, highlight="ours", xlabel="FID, lower is better", alt=None):
    """Return one dot per score on a common axis, with the band to reach shaded: {"ours": 31.2, …}."""
    values = {str(name): float(value) for name, value in dict(scores).items()}
    bad = {name: value for name, value in values.items() if not np.isfinite(value) or (log and value <= 0)}
    if not values or bad:
        raise ValueError(
            f"Scores must be finite{' and above 0 on a logarithmic axis' if log else ''}. "
            f"Received: {bad or 'no score'}. Most likely fix: {'log=False' if bad else 'pass a dict'}."
        )
    rows = np.arange(len(values))
    margin = max(map(len, values)) * LETTER + 20
    width, height = 640, 32 * len(values) + 56 + 22 * (band is not None)
    listed = ", ".join(f"{name} {short(value)}" for name, value in values.items())
    figure = Picture(width, height, alt or f"Scores ({xlabel}): {listed}")
    axes = figure.add_axes(
        (margin / width, 50 / height, 1 - (margin + 70) / width, 32 * len(values) / height)
    )
    if log:
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
        axes.xaxis.set_minor_formatter(NullFormatter())
    for row, (name, value) in enumerate(values.items()):
        mine = name == highlight
        axes.plot(value, row, marker="D" if mine else "o", markersize=9, color=ORANGE if mine else BLUE)
        weight = "bold" if mine else "normal"
        axes.annotate(
            short(value), (value, row), (9, 0), textcoords="offset points", va="center", fontweight=weight
        )
    axes.set_yticks(rows, list(values))
    axes.set_ylim(len(values) - 0.5, -0.5)
    if log:
        low, high = min(values.values()), max(values.values())
        axes.set_xlim(low / (high / low) ** 0.04 / 1.3, high * (high / low) ** 0.04 * 1.3)
    else:
        axes.margins(x=0.08)
        axes.set_xlim(left=min(0.0, axes.get_xlim()[0]))  # the length of a line is its value
    left = axes.get_xlim()[0]
    if band is not None:
        axes.axvspan(max(band[0], left) if log else band[0], band[1], color=FAINT, alpha=0.6, linewidth=0)
        axes.text(0, 1.02, "shaded: the goal", transform=axes.transAxes, color=QUIET, fontsize=10)
        axes.set_xlim(left=left)
    axes.hlines(rows, left, list(values.values()), color=QUIET, linewidth=0.8, zorder=1)
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(xlabel)
    return figure
