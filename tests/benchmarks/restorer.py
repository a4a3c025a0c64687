"""What does the restorer of lesson 07 gain over what needs no training? The same photos for all.

    python tests/benchmarks/restorer.py                                trains for the budget, all conditions
    python tests/benchmarks/restorer.py --shipped                      the weights that come with the course
    python tests/benchmarks/restorer.py mixed watermark --photos 300   some conditions, more photos

Held-out clothing photos of 64 x 64; classical restorers are tuned on 40 training pairs of each condition.
"""

import argparse
import time

from utils.training import quiet  # noqa: F401

import keras  # isort: skip
import numpy as np  # isort: skip

from utils.data import load_products, scale_images
from utils.data.degrade import CONDITIONS, HELD_OUT, degrade
from utils.data.pairs import make_pairs, with_darker_copies, with_printed_copies
from utils.enhance.shipped import load_restorer
from utils.metrics.classical_restorers import tuned
from utils.metrics.restoration_yardsticks import (
    error_by_decile,
    print_restoration_table,
    restoration_table,
)
from utils.training.budget import load_budget
from utils.training.first_guess import build_first_guess, finish_first_guess
from utils.training.fit import train
from utils.training.restorer import build_restorer

SEED = 2026


def trained():
    """Train from scratch on clothing photos as the budget says; print what it cost."""
    budget = load_budget("07").restorer
    keras.utils.set_random_seed(SEED)
    photos = load_products("clothing-photos", "train", count=budget.image_count).images
    photos = with_printed_copies(with_darker_copies(photos))
    pairs = make_pairs(photos, budget.batch_size, seed=SEED, crop_size=budget.crop_size)
    cpu, wall = time.process_time(), time.perf_counter()
    regressor = build_first_guess(budget)
    history = train(regressor, pairs, budget.guess_steps)
    first_guess = finish_first_guess(regressor, budget)
    history = {"squared error": history["loss"]} | train(first_guess, pairs, budget.finish_steps)
    restorer = build_restorer(budget, first_guess)
    history |= train(restorer, pairs, budget.steps)
    print(f"{budget}\n{time.process_time() - cpu:.0f} CPU s, {time.perf_counter() - wall:.0f} s on the clock")
    for name in ("squared error", "loss", "reconstruction", "kl"):
        tenths = [part.mean() for part in np.array_split(history[name], 10)]
        print(f"{name:15}", *(f"{mean:9.4g}" for mean in tenths))
    return restorer


def compare(restorer, name, clean, train_photos):
    """Print the table of one condition, and how well the spread sorts the errors."""
    steps = (CONDITIONS | HELD_OUT)[name]
    rivals = tuned(train_photos, degrade(train_photos, steps, seed=1))
    degraded = degrade(clean, steps, seed=2)
    restored = restorer.enhance(degraded)
    ours = {"restorer, guess": lambda _: restored.mean, "restorer, one sample": lambda _: restored.sample}
    held_out = ", never trained on" if name in HELD_OUT else ""
    print(f"\n{name}{held_out}, {len(clean)} photos")
    print_restoration_table(restoration_table(clean, degraded, rivals | ours))
    deciles = error_by_decile(np.abs(clean - restored.mean).mean(axis=-1), restored.spread)
    print("error by decile", *(f"{error:.3f}" for error in deciles), f"x {deciles[-1] / deciles[0]:.1f}")


def speed(restorer, clean):
    """Print how many photos are restored in a second."""
    restorer.enhance(clean)
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(3):
        restorer.enhance(clean)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    count = 3 * len(clean)
    print(f"\n{count / wall:.0f} photos per second on the clock, {1e3 * cpu / count:.1f} CPU ms per photo")


def main():
    """Train or load, compare, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("conditions", nargs="*", default=[*CONDITIONS, *HELD_OUT])
    parser.add_argument("--photos", type=int, default=100)
    parser.add_argument("--shipped", action="store_true")
    chosen = parser.parse_args()
    restorer = load_restorer() if chosen.shipped else trained()
    clean = scale_images(load_products("clothing-photos", "validation", count=chosen.photos).images)
    train_photos = scale_images(load_products("clothing-photos", "train", count=40).images)
    speed(restorer, clean)
    for name in chosen.conditions:
        compare(restorer, name, clean, train_photos)


if __name__ == "__main__":
    main()
