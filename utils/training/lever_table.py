"""Which lever makes better pictures? The table of lesson 06: each lever, some seeds, the same steps.

    python -m utils.training.lever_table              what is still missing, then both tables
    python -m utils.training.lever_table --fresh      all of it again: about 12 CPU minutes
    python -m utils.training.lever_table --levers baseline DiffAugment --seeds 0 --steps 3000 --into here

Clothing photos at 32 x 32. Judged against photos that no training saw: FID and KID on as many drawn pictures,
precision and recall with k = 3; the mean of the seeds and half of their range. The last column is what the
steps cost. Each training is written when it is done, so a run that was stopped goes on where it was.
"""

import argparse
import json
import pathlib

FOLDER = pathlib.Path(__file__).parent / "lever_tables"
STEPS, SEEDS, PHOTOS = 600, (0, 1, 2), 500
FEW_PHOTOS, FEW_STEPS = (100, 500, 3_000), 300  # where pre-training is asked for: few photos, little time
SCORES = ("FID", "KID", "precision", "recall")


def read_trainings(folder=FOLDER):
    """Return the stored trainings: {"baseline | 500 photos | 600 steps | seed 0": {"FID": …}, …}."""
    path = pathlib.Path(folder) / "trainings.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def key_of(lever, count, steps, seed):
    """Return the name under which a training is stored."""
    return f"{lever} | {count} photos | {steps} steps | seed {seed}"


def rows_of(trainings, lever, count=PHOTOS, steps=STEPS, seeds=SEEDS):
    """Return the stored trainings with one lever, one per seed."""
    keys = (key_of(lever, count, steps, seed) for seed in seeds)
    return [trainings[key] for key in keys if key in trainings]


def lever_table(trainings, levers, counts=(PHOTOS,), steps=STEPS, seeds=SEEDS):
    """Return the lines of a table: means of the seeds, half of their ranges, CPU seconds of the steps."""
    lines = [f"{'lever':24} {'photos':>6}  " + " ".join(f"{name:>14}" for name in SCORES) + f" {'CPU s':>6}"]
    for count in counts:
        for lever in levers:
            rows = rows_of(trainings, lever, count, steps, seeds)
            named = {lever: rows}
            if lever == "baseline" and len(counts) == 1:
                named["last weights, no average"] = [row | row["last"] for row in rows]
            for name, some in named.items():
                if some:
                    scores = " ".join(f"{spread([row[key] for row in some]):>14}" for key in SCORES)
                    seconds = sum(row["CPU s"] for row in some) / len(some)
                    lines.append(f"{name:24} {count:6,}  {scores} {seconds:6.0f}")
    return lines


def spread(values):
    """Return the mean of values and half of their range, as text."""
    return f"{sum(values) / len(values):.2f} ± {(max(values) - min(values)) / 2:.2f}"


def main(arguments=None):
    """Train what is not stored yet, then print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        prog="python -m utils.training.lever_table",
    )
    parser.add_argument("--levers", nargs="+", help="some of them; default: all")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--into", type=pathlib.Path, default=FOLDER, help="folder of the table")
    parser.add_argument("--fresh", action="store_true", help="train again what is stored")
    chosen = parser.parse_args(arguments)

    from utils.data.storage import write_atomic
    from utils.training import quiet  # noqa: F401  before Keras
    from utils.training.levers import FEW, LEVERS, one_training

    chosen.into.mkdir(parents=True, exist_ok=True)
    plan = [(lever, LEVERS[lever], PHOTOS, chosen.steps) for lever in chosen.levers or LEVERS]
    if not chosen.levers:
        plan += [(lever, make, count, FEW_STEPS) for count in FEW_PHOTOS for lever, make in FEW.items()]
    done = set()
    for seed in chosen.seeds:
        for lever, make, count, steps in plan:
            key = key_of(lever, count, steps, seed)
            if key in done or (key in read_trainings(chosen.into) and not chosen.fresh):
                continue
            trainings = read_trainings(chosen.into)
            trainings[key] = one_training(lever, make, count, steps, seed)
            text = json.dumps(trainings, indent=1, sort_keys=True) + "\n"
            write_atomic(
                chosen.into / "trainings.json", lambda path, text=text: path.write_text(text, "utf-8")
            )
            done.add(key)
            print(key, json.dumps(trainings[key]), flush=True)
    trainings = read_trainings(chosen.into)
    print(*lever_table(trainings, chosen.levers or LEVERS, (PHOTOS,), chosen.steps, chosen.seeds), sep="\n")
    if not chosen.levers:
        print(*lever_table(trainings, FEW, FEW_PHOTOS, FEW_STEPS, chosen.seeds), sep="\n")


if __name__ == "__main__":
    main()
