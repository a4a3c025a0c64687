"""How often each method of lesson 03 trains, and runs that failed, recorded.

    python -m utils.training.stability_map             what is still missing, then the recorded runs
    python -m utils.training.stability_map --fresh     all of it again: about 20 CPU minutes
    python -m utils.training.stability_map --only points --methods R1 --rates 0.001 --seeds 1 --into here

Each finished cell is written at once, so a run that was stopped goes on where it was. Lesson 03 draws its
heat maps from these tables. On one machine the same command gives the same numbers.
"""

import argparse
import csv
import json
import math
import pathlib
import time

FOLDER = pathlib.Path(__file__).parent / "stability_tables"
RATES, SEEDS = (3e-4, 1e-3, 3e-3, 1e-2), 3
IMAGE_RATES, IMAGE_SEEDS = (1e-3, 1e-2), 2
POINT_COLUMNS = ("method", "learning_rate", "seed", "steps", "modes", "quality", "ema_modes", "ema_quality")
IMAGE_COLUMNS = ("method", "learning_rate", "seed", "steps", "kinds", "fid")


def read_rows(name, folder=FOLDER):
    """Return the rows of a table, "points" or "images", as dicts; an empty list where there is none."""
    path = pathlib.Path(folder) / f"{name}.csv"
    if not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [{key: value if key == "method" else number(value) for key, value in row.items()} for row in rows]


def number(text):
    """Return a whole number where the text is one, else a float."""
    value = float(text)
    return int(value) if math.isfinite(value) and value == int(value) and "." not in text else value


def read_runs(folder=FOLDER):
    """Return the recorded runs: {name or letter: {"step": [...], "d_loss": [...], ...}}."""
    return json.loads((pathlib.Path(folder) / "runs.json").read_text(encoding="utf-8"))


def outcome_table(rows, judge):
    """Return {method: {learning rate: [outcome per seed]}} in the order of the rows; judge(row) is one."""
    table = {}
    for row in rows:
        table.setdefault(row["method"], {}).setdefault(row["learning_rate"], []).append(judge(row))
    return table


def write_rows(name, columns, rows, folder):
    """Write a table as a whole."""
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def fill(name, columns, cells, run, folder):
    """Run the cells that the table lacks; write it, in the order of the cells, after each."""
    known = {key_of(row): row for row in read_rows(name, folder)}
    order = {cell: at for at, cell in enumerate(cells)}
    for number_of_cell, cell in enumerate(cells, start=1):
        if cell in known:
            continue
        start = time.process_time()
        row = known[cell] = run(*cell)[0]
        rows = sorted(known.values(), key=lambda row: order.get(key_of(row), len(order)))
        write_rows(name, columns, rows, folder)
        told = ", ".join(f"{key} {row[key]}" for key in columns[4:])
        method, rate, seed = cell
        print(
            f"{name} {number_of_cell}/{len(cells)}  {method}, {rate:g}, seed {seed}: {told}"
            f" ({time.process_time() - start:.1f} CPU s)",
            flush=True,
        )


def key_of(row):
    """Return what names a cell."""
    return row["method"], row["learning_rate"], row["seed"]


def shortened(curves):
    """Return curves with four digits per value."""
    return {name: [float(f"{value:.4g}") for value in values] for name, values in curves.items()}


def main(arguments=None):
    """Fill both tables, then record the runs of the gallery."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--methods", nargs="*")
    parser.add_argument("--rates", nargs="*", type=float, default=RATES)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--only", choices=("points", "images", "recorded"))
    parser.add_argument("--into", type=pathlib.Path, default=FOLDER)
    parser.add_argument("--fresh", action="store_true")
    chosen = parser.parse_args(arguments)

    from utils.training import quiet  # noqa: F401, I001  (first: no log lines)
    import tensorflow as tf

    from utils.training.failures import DIAGNOSE, FAILURES
    from utils.training.methods import METHODS
    from utils.training.stability import run_cell
    from utils.training.stability_images import IMAGE_METHODS, run_image_cell

    tf.config.experimental.enable_op_determinism()  # else threads add in another order
    chosen.into.mkdir(parents=True, exist_ok=True)
    if chosen.fresh:
        for name in ("points", "images"):
            (chosen.into / f"{name}.csv").unlink(missing_ok=True)
    if chosen.only in (None, "points"):
        methods = chosen.methods or METHODS
        cells = [(m, rate, seed) for m in methods for rate in chosen.rates for seed in range(chosen.seeds)]
        fill("points", POINT_COLUMNS, cells, run_cell, chosen.into)
    if chosen.only in (None, "images"):
        methods = [m for m in chosen.methods or IMAGE_METHODS if m in IMAGE_METHODS]
        seeds = range(min(chosen.seeds, IMAGE_SEEDS))
        rates = [rate for rate in chosen.rates if rate in IMAGE_RATES]
        cells = [(m, rate, seed) for m in methods for rate in rates for seed in seeds]
        fill("images", IMAGE_COLUMNS, cells, run_image_cell, chosen.into)
    if chosen.only in (None, "recorded") and not chosen.methods:
        wanted = {name: (name, 0) for name in FAILURES} | {key: (name, 1) for key, name in DIAGNOSE.items()}
        runs = {}
        for key, (name, seed) in wanted.items():
            method, rate = FAILURES[name]
            runs[key] = shortened(run_cell(name, rate, seed, method=method)[1])
        text = ",\n".join(f"{json.dumps(key)}: {json.dumps(curves)}" for key, curves in runs.items())
        (chosen.into / "runs.json").write_text(f"{{\n{text}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
