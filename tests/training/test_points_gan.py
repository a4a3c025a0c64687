"""A game of points: each step moves one player, a round has one of each, methods differ where they say."""

from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf

from utils.data.points import grid_of_modes, make_points, ring_of_modes
from utils.losses import discriminator_loss, relativistic_loss, saturating_generator_loss
from utils.metrics.modes import high_quality, modes_covered
from utils.training.fit import train
from utils.training.points_gan import Method, build_point_gan, cured_method, plain_method, play_round

REAL = tf.constant(grid_of_modes().draw(16, seed=0))


def small(method=None, **settings):
    keras.utils.set_random_seed(0)
    return build_point_gan(method or Method(), width=8, **{"steps": 10, **settings})


def test_each_step_moves_its_own_player(moved):
    gan = small()
    fakes, latents = gan.generator(gan.draw_latents(16)), gan.draw_latents(16)
    assert moved(gan, lambda: gan.teach_discriminator(REAL, fakes)) == {"D"}
    assert moved(gan, lambda: gan.teach_generator(REAL, latents)) == {"G"}
    assert moved(gan, gan.follow) == {"average"}
    assert moved(gan, lambda: play_round(gan, REAL)) == {"D", "G", "average"}


def test_a_round_returns_both_losses_before_the_steps():
    gan = small()
    gan.teach_generator = lambda real, latents: tf.constant(7.0)
    gan.draw_latents = lambda count: tf.zeros((count, 2))
    fakes = gan.generator(gan.draw_latents(16))
    expected = discriminator_loss(gan.discriminator(REAL), gan.discriminator(fakes))
    d_loss, g_loss = play_round(gan, REAL)
    assert float(d_loss) == pytest.approx(float(expected)) and float(g_loss) == 7


def test_penalties_move_the_discriminator_and_are_not_in_the_reported_loss():
    pushes = []
    for weight in (0.0, 100.0):
        penalty = lambda d, real, fake, weight=weight: weight * tf.reduce_mean(d(real) ** 2)  # noqa: E731
        gan = small(replace(Method(), penalties=(penalty,)))
        fakes = gan.generator(gan.draw_latents(16))
        loss = gan.teach_discriminator(REAL, fakes)
        pushes.append((float(loss), np.concatenate([w.ravel() for w in gan.discriminator.get_weights()])))
    assert pushes[0][0] == pytest.approx(pushes[1][0])
    assert np.abs(pushes[0][1] - pushes[1][1]).max() > 1e-4


def test_the_generators_price_is_the_methods():
    slopes = []
    for price in (Method().g_loss, lambda real, fake: saturating_generator_loss(fake)):
        gan = small(replace(Method(), g_loss=price))
        slopes.append(float(gan.teach_generator(REAL, tf.ones((16, 2)))))
    assert slopes[0] > 0 > slopes[1]


def test_the_methods_are_what_the_lesson_says():
    plain, cured = plain_method(), cured_method()
    assert (plain.beta_1, plain.beta_2, plain.penalties) == (0.9, 0.999, ())
    adam = keras.optimizers.Adam()
    assert (plain.beta_1, plain.beta_2, plain.d_learning_rate) == (adam.beta_1, adam.beta_2, 1e-3)
    assert cured.d_loss is relativistic_loss and cured.beta_1 == 0 and len(cured.penalties) == 2
    real, fake = tf.constant([[1.0]]), tf.constant([[3.0]])
    assert float(cured.g_loss(real, fake)) == pytest.approx(np.log1p(np.exp(-2)), rel=1e-5)

    gan = small(cured)
    at_real, at_fake = cured.penalties
    near, far = tf.zeros((4, 2)), tf.fill((4, 2), 5.0)
    assert float(at_real(gan.discriminator, near, far)) == float(at_fake(gan.discriminator, far, near))

    def linear(points, training):
        return points @ tf.constant([[3.0], [4.0]])

    assert float(at_real(linear, near, far)) == pytest.approx(0.005 / 2 * 25, rel=1e-5)


def test_rates_stay_then_fall_when_the_method_says_so():
    gan = small(cured_method(), steps=100)
    rate = gan.g_optimizer._learning_rate
    values = [float(rate(step)) for step in (1, 49, 50, 75, 100)]
    assert values[:3] == pytest.approx([2e-3] * 3) and values[4] == pytest.approx(2e-5, rel=1e-3)
    assert 8e-4 < values[3] < 1.2e-3
    assert float(small(replace(cured_method(), falls=False)).g_optimizer.learning_rate) == pytest.approx(2e-3)


def test_a_ring_is_found_in_seconds_and_not_by_a_generator_that_is_not_taught():
    ring = ring_of_modes(4, 1.0, 0.15)
    keras.utils.set_random_seed(0)
    gan = build_point_gan(cured_method(), width=32, steps=500)
    latents = keras.random.normal((2_000, 2), seed=1)
    before = gan.draw(latents, batch_size=2_000)
    train(gan, make_points(ring, 64, seed=0), 500)
    after = gan.draw(latents, batch_size=2_000)
    assert modes_covered(before, *ring) < 4 and modes_covered(after, *ring) == 4
    assert high_quality(after, *ring) > 0.75 > high_quality(before, *ring)
