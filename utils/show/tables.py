"""A confusion matrix to read: what was asked against what was drawn, each row in per cent."""

import numpy as np

from utils.show.style import INK, QUIET, Picture, in_style

CELL, LETTER = 54, 8  # pixels


@in_style
def plot_confusion(matrix, names, title="", alt=None):
    """Return a confusion matrix: rows what was wanted, columns what was read, in per cent of each row."""
    counts, names = np.asarray(matrix, "float64"), [str(name) for name in names]
    size = len(names)
    if counts.shape != (size, size) or not size or not np.isfinite(counts).all() or counts.min() < 0:
        raise ValueError(
            f"A confusion matrix must hold counts, ({size}, {size}) for {size} names. "
            f"Received: shape {counts.shape}. Most likely fix: confusion(read, wanted, names)."
        )
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    margin = max(map(len, names)) * LETTER + 40
    width, height = margin + CELL * size + 10, CELL * size + 66 + 24 * bool(title)
    figure = Picture(width, height, alt or in_words(shares, names))
    axes = figure.add_axes(
        (margin / width, 10 / height, CELL * size / width, CELL * size / height), frame_on=False
    )
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.ndindex(size, size):
        share = shares[row, column]
        text = "-" if counts[row].sum() == 0 else f"{share:.0%}"
        colour = "white" if share > 0.6 else INK if share >= 0.005 else QUIET
        axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=11)
    axes.set_xticks(range(size), names, fontsize=10)
    axes.set_yticks(range(size), names, fontsize=10)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.tick_params(length=0)
    axes.set_xlabel("drawn", fontsize=10.5, color=QUIET)
    axes.set_ylabel("wanted", fontsize=10.5, color=QUIET)
    if title:
        figure.text(0.01, 1 - 20 / height, title, fontweight="bold")
    return figure


def in_words(shares, names):
    """Return the matrix in a sentence: what is right, and what is taken for what most often."""
    right = ", ".join(f"{name} {share:.0%}" for name, share in zip(names, np.diagonal(shares), strict=True))
    off = shares - np.diag(np.diagonal(shares))
    row, column = np.unravel_index(np.argmax(off), off.shape)
    worst = f"; most often wrong: {names[row]} drawn as {names[column]}, {off[row, column]:.0%}"
    return f"Confusion matrix, right: {right}{worst if off.max() > 0 else ''}"
