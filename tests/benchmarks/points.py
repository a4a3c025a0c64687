"""How often does a GAN find all 25 modes of a grid? Adam as it comes, and the cured game of lesson 01.

    python tests/benchmarks/points.py                two methods, five seeds each
    python tests/benchmarks/points.py --seeds 1

Modes found and the share of points that lie on one, of 10,000 drawn with the averaged generator; uniform
noise over the square of the grid has 0 modes and 7 %, real points 25 and 99 %.
"""

import argparse
import time

from utils.training import quiet  # noqa: F401

import keras  # isort: skip

from utils.data.points import grid_of_modes, make_points
from utils.metrics.modes import high_quality, modes_covered
from utils.training.budget import LESSONS
from utils.training.fit import train
from utils.training.points_gan import build_point_gan, cured_method, plain_method

BUDGET = LESSONS["01_what_is_a_gan"]["cpu"]
METHODS = {"plain": (plain_method, BUDGET.plain_steps), "cured": (cured_method, BUDGET.cured_steps)}


def trained(method, steps, seed):
    """Train from a seed; return modes, share on a mode and CPU seconds."""
    modes = grid_of_modes()
    keras.utils.set_random_seed(seed)
    gan = build_point_gan(method, steps, BUDGET.width)
    start = time.process_time()
    train(gan, make_points(modes, BUDGET.batch_size, seed), steps)
    seconds = time.process_time() - start
    points = gan.draw(keras.random.normal((10_000, gan.latent_dim), seed=seed), batch_size=10_000)
    return modes_covered(points, *modes), high_quality(points, *modes), seconds


def main():
    """Print one line per method and seed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("methods", nargs="*", default=list(METHODS))
    wanted = parser.parse_args()
    print(f"{'method':10}{'seed':>6}{'modes':>8}{'on a mode':>11}{'CPU s':>8}")
    for name in wanted.methods:
        method, steps = METHODS[name]
        for seed in range(wanted.seeds):
            modes, share, seconds = trained(method(), steps, seed)
            print(f"{name:10}{seed:>6}{modes:>8}{share:>11.3f}{seconds:>8.0f}", flush=True)


if __name__ == "__main__":
    main()
