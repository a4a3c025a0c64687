"""Several generators: each draws its own rows, each step moves its own player, and modes are shared out."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from utils.data.points import grid_of_modes, make_points, ring_of_modes
from utils.metrics.modes import modes_covered, on_a_mode
from utils.models.mad_gan import build_generators, build_which_discriminator
from utils.training.fit import train
from utils.training.mad_gan import build_mad_gan, looks_real_loss, which_loss


def small(count=4):
    keras.utils.set_random_seed(0)
    return build_mad_gan(count, width=16)


def test_each_generator_draws_its_own_rows():
    generators = build_generators(3, latent_dim=2, width=4, depth=1)
    latents = np.tile(np.array([[0.3, -1.0], [2.0, 0.1]], "float32"), (3, 1))
    points = np.asarray(generators(latents)).reshape(3, 2, 2)
    assert np.abs(points[0] - points[1]).max() > 1e-3 and np.abs(points[1] - points[2]).max() > 1e-3
    last = generators.layers[-2].trainable_variables[-1]
    last.assign_add([5.0, 5.0])
    moved = np.abs(np.asarray(generators(latents)).reshape(3, 2, 2) - points).max(axis=(1, 2)) > 1
    assert moved.sum() == 1


def test_undecided_costs_the_log_of_the_columns():
    logits = np.zeros((6, 9), np.float32)
    assert float(which_loss(logits, np.arange(6))) == pytest.approx(np.log(9))
    assert float(looks_real_loss(logits)) == pytest.approx(np.log(9))
    sure = logits.copy()
    sure[:, 8] = 50
    assert float(looks_real_loss(sure)) < 1e-6 < float(which_loss(sure, np.zeros(6, int)))


def test_a_step_teaches_both_players_and_says_what_it_cost(moved):
    gan = small()
    real = tf.constant(grid_of_modes().draw(30, seed=0))  # not a multiple of four: two rows are left out
    assert moved(gan, lambda: gan.train_step(real)) == {"D", "G", "average"}
    losses = gan.train_step(real)
    assert 1.2 < float(losses["d_loss"]) < 2.0 and 1.2 < float(losses["g_loss"]) < 2.0  # log 5 = 1.609
    assert gan.owners(8).numpy().tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    with pytest.raises(ValueError, match="multiple of 4.* Received: 9.* Most likely fix: 8 of them"):
        gan.draw(np.zeros((9, 2), "float32"))


def shared_out(count, steps=600):
    """Train on four modes; return modes found, and how many modes the busiest generator alone has."""
    ring = ring_of_modes(4, 1.0, 0.15)
    keras.utils.set_random_seed(0)
    gan = build_mad_gan(count, width=24)
    train(gan, make_points(ring, 64, seed=0), steps)
    points = gan.draw(keras.random.normal((2_000, 2), seed=1))
    places = on_a_mode(points, *ring).reshape(count, -1)
    widest = max(sum(np.mean(own == mode) > 0.1 for mode in range(4)) for own in places)
    return modes_covered(points, *ring), widest


def test_four_generators_share_four_modes_out():
    modes, widest = shared_out(4)
    assert modes == 4 and widest <= 2


def test_no_generator_at_all_is_refused():
    for build in (build_generators, build_which_discriminator):
        with pytest.raises(ValueError, match="one generator or more. Received: 0"):
            build(0)
