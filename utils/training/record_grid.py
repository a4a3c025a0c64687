"""Record the two games that come with the course: python -m utils.training.record_grid."""

from utils.training import quiet  # noqa: F401

import keras  # isort: skip

from utils.data.points import grid_of_modes, make_points
from utils.training.budget import LESSONS
from utils.training.fit import train
from utils.training.points_gan import build_point_gan, cured_method, plain_method
from utils.training.recording import SHIPPED, Recorder, save_recordings

BUDGET = LESSONS["01_what_is_a_gan"]["cpu"]
SEED = 0


def recorded(method, steps):
    """Train and return what was recorded."""
    modes = grid_of_modes()
    keras.utils.set_random_seed(SEED)
    gan = build_point_gan(method, steps, BUDGET.width)
    recorder = Recorder(modes, steps, BUDGET.frames)
    train(gan, make_points(modes, BUDGET.batch_size, SEED), steps, callbacks=[recorder])
    return recorder.recording()


def main():
    """Record both games and say how they ended."""
    games = {
        "plain": recorded(plain_method(), BUDGET.plain_steps),
        "cured": recorded(cured_method(), BUDGET.cured_steps),
    }
    SHIPPED.parent.mkdir(exist_ok=True)
    save_recordings(SHIPPED, games)
    for name, game in games.items():
        print(f"{name}: {game.modes[-1]} modes, {game.quality[-1]:.1%} of the fakes on one")
    print(f"{SHIPPED.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
