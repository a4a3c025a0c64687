"""How fast do our trainings run beside others? The table that tests/benchmarks/speed.py measured and stored.

python -m utils.training.speed_table                          the stored table
python tests/benchmarks/speed.py --torch-python PATH          all of it again: about 5 CPU minutes
"""

import json
import pathlib

FOLDER = pathlib.Path(__file__).parent / "speed_tables"
RIVALS = {"keras": "plain Keras", "torch": "PyTorch"}


def read_speeds(folder=FOLDER):
    """Return what was measured: {"peak": FLOP per second, "models": {"02 GAN": {"course": {…}, …}}}."""
    path = pathlib.Path(folder) / "trainings.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else {"peak": None, "models": {}}


def speed_lines(speeds):
    """Return the lines of a table: images per CPU second, ratios to the others, shares of the peak."""
    head = f"{'model':26}{'course':>8}" + "".join(f"{name:>13}{'ours/it':>9}" for name in RIVALS.values())
    lines = [head + f"{'of the peak':>13}{'conv layers':>13}{'in PyTorch':>12}"]
    for model, rows in speeds["models"].items():
        ours = rows["course"]
        line = f"{model:26}{ours['images']:8.0f}"
        for rival in RIVALS:
            line += rival_cells(ours, rows.get(rival))
        line += f"{ours['step share']:13.0%}{share(ours):>13}{share(rows.get('torch')):>12}"
        lines.append(line.rstrip())
    return [*lines, *notes(speeds)]


def rival_cells(ours, other):
    """Return images per CPU second of another training, and how many times as many ours makes."""
    if other is None:
        return f"{'-':>13}{'-':>9}"
    return f"{other['images']:13.0f}{ours['images'] / other['images']:9.2f}"


def share(row):
    """Return the share of the peak that convolution layers alone reach, forward and backward."""
    return "-" if row is None or row.get("conv share") is None else f"{row['conv share']:.0%}"


def notes(speeds):
    """Return what the table says in words: the peak, and where we are slower than another."""
    slower = [
        f"{model} ({RIVALS[rival]})"
        for model, rows in speeds["models"].items()
        for rival in RIVALS
        if rival in rows and rows["course"]["images"] < rows[rival]["images"]
    ]
    peak = speeds["peak"]
    return [
        f"Peak: {peak / 1e9:.0f} GFLOP per CPU second in a matrix product, one core."
        if peak
        else "No table.",
        "Slower than another: " + (", ".join(slower) or "none") + ".",
    ]


if __name__ == "__main__":
    print(*speed_lines(read_speeds()), sep="\n")
