"""Do several generators find more of 25 modes than one? MAD-GAN on the grid of lesson 01.

    python tests/benchmarks/mad_gan.py                1, 4, 8 and 25 generators, three seeds each
    python tests/benchmarks/mad_gan.py 8 --seeds 1

Modes found and the share of points on one, of 10,000 points drawn with the averaged generators; and how many
modes a generator has for itself on average. One generator is the usual GAN with a softmax of two columns.
"""

import argparse
import time

from utils.training import quiet  # noqa: F401

import keras  # isort: skip
import numpy as np

from utils.data.points import grid_of_modes, make_points
from utils.metrics.modes import high_quality, modes_covered, on_a_mode
from utils.training.fit import train
from utils.training.mad_gan import build_mad_gan

STEPS, BATCH_SIZE, WIDTH = 2_000, 200, 64
COUNT = 10_000


def modes_each(points, modes, count):
    """Return how many modes hold a twentieth or more of a generator's points, the mean over generators."""
    places = on_a_mode(points, *modes).reshape(count, -1)
    return np.mean(
        [sum(np.mean(own == mode) >= 0.05 for mode in range(len(modes.centres))) for own in places]
    )


def main():
    """Print one line per number of generators and seed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("generators", nargs="*", type=int, default=[1, 4, 8, 25])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=STEPS)
    chosen = parser.parse_args()
    modes = grid_of_modes()
    print(f"{'generators':>10}{'seed':>6}{'modes':>8}{'on a mode':>11}{'modes each':>12}{'CPU s':>8}")
    for count in chosen.generators:
        for seed in range(chosen.seeds):
            keras.utils.set_random_seed(seed)
            gan = build_mad_gan(count, WIDTH)
            start = time.process_time()
            train(gan, make_points(modes, BATCH_SIZE, seed), chosen.steps)
            seconds = time.process_time() - start
            points = gan.draw(keras.random.normal((COUNT // count * count, gan.latent_dim), seed=seed))
            found, share = modes_covered(points, *modes), high_quality(points, *modes)
            own = modes_each(points, modes, count)
            print(f"{count:10}{seed:6}{found:8}{share:11.3f}{own:12.1f}{seconds:8.0f}", flush=True)


if __name__ == "__main__":
    main()
