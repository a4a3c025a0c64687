"""Losses over time, readable without colour: `plot_curves`."""

import numpy as np
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

from utils.show.style import COLOURS, DASHES, INK, MARKERS, QUIET, Picture, in_style, short


def smoothed(values, window):
    """Return the mean of the points around each, the nearest counting most; NaN stays where it was."""
    values = np.asarray(values, "float64")
    finite = np.isfinite(values)
    reach = min(window, (len(values) + 1) // 2)
    kernel = np.concatenate([np.arange(1, reach + 1), np.arange(reach - 1, 0, -1)])  # a triangle
    weight = np.convolve(finite, kernel, "same")
    total = np.convolve(np.where(finite, values, 0), kernel, "same")
    return np.where(finite, total / np.where(finite, weight, 1), np.nan)


def spread(heights, least, low, high):
    """Return heights moved apart to `least` from each other inside low..high, order kept."""
    order = np.argsort(heights, kind="stable")
    placed = np.clip(np.asarray(heights, "float64")[order], low, high)
    for _ in range(100):  # each pair pushes the other away by half of what is missing
        missing = np.maximum(least - np.diff(placed), 0)
        if not missing.any():
            break
        placed[:-1] -= missing / 2
        placed[1:] += missing / 2
        placed += max(low - placed[0], 0) - max(placed[-1] - high, 0)
    result = np.empty_like(placed)
    result[order] = placed
    return result


def checked_history(history, log):
    """Return (steps, {name: float array}) of a history; raise on lengths or values that cannot be drawn."""
    curves = {name: np.asarray(values, "float64") for name, values in dict(history).items()}
    steps = curves.pop("step", None)
    lengths = {name: values.size for name, values in curves.items()}
    if not curves or 0 in lengths.values() or (steps is not None and {steps.size} != set(lengths.values())):
        raise ValueError(
            'A history must be {"step": [...], "d_loss": [...], ...}, all of one length ("step" may be left '
            f"out). Received: {lengths or 'no curve'}. Most likely fix: pass what train(...) returned."
        )
    if len(curves) > len(COLOURS):
        raise ValueError(
            f"One picture holds up to {len(COLOURS)} curves. Received: {len(curves)}. "
            "Most likely fix: draw two pictures."
        )
    if log and any((values <= 0).any() for values in curves.values()):
        low = min(np.nanmin(values) for values in curves.values())
        raise ValueError(
            f"A logarithmic axis needs values above 0. Received: {low:.4g}. Most likely fix: log=False."
        )
    return steps, curves


def draw_curves(axes, steps, curves, window):
    """Draw each curve smoothed, with its raw values pale behind; return where each one ends."""
    ends = {}
    for number, (name, values) in enumerate(curves.items()):
        x = np.arange(1, values.size + 1) if steps is None else steps
        colour, dash, marker = (kind[number] for kind in (COLOURS, DASHES, MARKERS))
        log = axes.get_yscale() == "log"
        line = np.exp(smoothed(np.log(values), window)) if log else smoothed(values, window)
        if window > 1:
            axes.plot(x, values, color=colour, alpha=0.22, linewidth=1)
        axes.plot(x, line, color=colour, linestyle=dash)
        finite = np.flatnonzero(np.isfinite(line))
        if finite.size:
            last = finite[-1]
            ends[name] = (x[last], line[last])
            axes.plot(x[last], line[last], color=colour, marker=marker, markersize=7, clip_on=False)
    return ends


def label_ends(axes, ends, references, letters=18):
    """Write name and value beside the end of each curve and reference, moved apart where they would touch."""
    right = max((x for x, _ in ends.values()), default=0)
    labels = [(name, y, INK) for name, (x, y) in ends.items() if x == right]
    labels += [(name, y, QUIET) for name, y in references.items()]
    axes.autoscale_view()  # lazy otherwise: the labels below need the final limits
    (_, low), (_, high) = axes.transAxes.transform([(0, 0), (1, 1)])
    heights = [axes.transData.transform((right, y))[1] for _, y, _ in labels]
    heights = spread(heights, 19 * axes.figure.dpi / 100, low + 6, high - 6) if labels else []
    for (name, value, colour), height in zip(labels, heights, strict=True):
        text, place = f"{name[:letters]} {short(value)}", (1.03, (height - low) / (high - low))
        axes.text(*place, text, transform=axes.transAxes, va="center", fontsize=10, color=colour)
    for name, (x, y) in ends.items():
        if x != right:  # it ended before the others did
            axes.annotate(
                f"{name[:letters]} {short(y)}", (x, y), (8, 0), textcoords="offset points", va="center"
            )


@in_style
def plot_curves(
    history, *, log=False, window=None, references=None, xlabel="step", ylabel="loss", title="", alt=None
):
    """Return curves named at their ends; `references` draws quiet lines such as {"cannot tell": 1.386}."""
    steps, curves = checked_history(history, log)
    longest = max(values.size for values in curves.values())
    window = window or max(1, longest // 12)
    width, height = 720, 330
    figure = Picture(width, height, alt or describe_curves(curves, ylabel, xlabel))
    axes = figure.add_axes((66 / width, 52 / height, 1 - 226 / width, 1 - (88 if title else 68) / height))
    axes.set_title(title, pad=10)
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    if log:
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
        axes.yaxis.set_minor_formatter(NullFormatter())
    axes.grid(True, axis="y")
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    references = dict(references or {})
    for value in references.values():
        axes.axhline(value, color=QUIET, linewidth=1, linestyle=(0, (1, 2)))
    ends = draw_curves(axes, steps, curves, window)
    axes.margins(x=0.01)
    label_ends(axes, ends, references)
    return figure


def describe_curves(curves, ylabel, xlabel):
    """Return one sentence with the first and last value of every curve."""
    parts = []
    for name, values in curves.items():
        finite = values[np.isfinite(values)]
        span = f"from {short(finite[0])} to {short(finite[-1])}" if finite.size else "never a finite number"
        broken = ", then not a finite number" if finite.size and not np.isfinite(values[-1]) else ""
        parts.append(f"{name} {span}{broken}")
    return f"Curves of {ylabel} by {xlabel}: {'; '.join(parts)}"
