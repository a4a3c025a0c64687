"""Other right answers to the exercises of lesson 01 pass, and what their texts claim is true."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from utils.data.points import grid_of_modes
from utils.exercises import check
from utils.exercises.lesson_01.answers import generator_slopes
from utils.losses import generator_loss, saturating_generator_loss
from utils.metrics.modes import modes_covered
from utils.training.gradients import gradient
from utils.training.points_gan import Method, build_point_gan


def by_odds(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p + q > 0, 1 / (1 + q / p), np.nan)


def by_scores(p, q):
    with np.errstate(divide="ignore"):
        return 1 / (1 + np.exp(np.log(q) - np.log(p)))


def by_autodiff(probability):
    score = tf.constant([[np.log(probability) - np.log1p(-probability)]])
    prices = saturating_generator_loss, generator_loss
    return tuple(gradient(price, (score,))[1][0][0, 0] for price in prices)


def round_with_one_draw(gan, real_points):
    """The same latents for both steps: done in practice, and one draw less."""
    latents = gan.draw_latents(len(real_points))
    d_loss = gan.teach_discriminator(real_points, gan.generator(latents))
    g_loss = gan.teach_generator(real_points, latents)
    gan.follow()
    return [d_loss, g_loss]


def modes_in_a_loop(points, centres, sigma):
    found = 0
    for centre in centres:
        found += np.mean(np.linalg.norm(points - centre, axis=1) <= 3 * sigma) >= 0.005
    return int(found)


def modes_with_keras(points, centres, sigma):
    squares = ops.sum(ops.square(points[:, None] - centres), axis=-1)
    share = ops.mean(ops.cast(squares <= (3 * sigma) ** 2, "float64"), axis=0)
    return ops.sum(ops.cast(share >= 0.005, "int32"))


RIGHT = {
    "1.3": {
        "by odds": by_odds,
        "by scores": by_scores,
        "one minus fake": lambda p, q: 1 - q / (p + q),
        "tensorflow": lambda p, q: tf.math.divide_no_nan(p, p + q),
    },
    "1.4": {
        "autodiff": by_autodiff,
        "a list": lambda d: [-d, -(1 - d)],
    },
    "1.5": {"one draw": round_with_one_draw},
    "1.6": {"a loop": modes_in_a_loop, "keras": modes_with_keras},
}


@pytest.mark.parametrize(("key", "name"), [(key, name) for key in RIGHT for name in RIGHT[key]])
def test_a_right_answer_of_another_kind_passes(key, name, capsys):
    assert check(key, RIGHT[key][name]) is RIGHT[key][name]
    assert capsys.readouterr().out.startswith(f"✓ {key} ")


def test_losses_are_checked_as_in_lesson_02(capsys):
    check("1.1", lambda real, fake: ops.mean(ops.softplus(real)) + ops.mean(ops.softplus(-fake)))
    check("1.2", saturating_generator_loss)
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("✗ 1.1 real and fake are swapped: ")
    assert second.startswith("✗ 1.2 this is the minimax loss, which saturates: ")


def test_every_other_wrong_answer_hears_what_differs(capsys):
    told = {
        ("1.3", lambda p, q: p + q): "✗ 1.3 the result differs",
        ("1.4", lambda d: -np.array([d, 1 - d])): "expected a pair, received a ndarray",
        ("1.5", lambda gan, real_points: gan.no_such_thing): "stops with AttributeError: ",
        ("1.5", lambda gan, real_points: 0.0): "✗ 1.5 ",
        ("1.6", lambda points, centres, sigma: 0): "✗ 1.6 the result differs",
    }
    for (key, attempt), text in told.items():
        check(key, attempt)
        assert text in capsys.readouterr().out


def test_the_slopes_that_the_texts_name():
    assert generator_slopes(0.01) == pytest.approx((-0.01, -0.99))
    scores = np.linspace(-6, 6, 25)
    for score in scores:
        probability = 1 / (1 + np.exp(-score))
        slopes = [float(slope) for slope in by_autodiff(probability)]
        assert slopes == pytest.approx(generator_slopes(probability), rel=1e-4)


def test_a_one_sigma_disc_holds_what_its_text_says():
    grid = grid_of_modes()
    points = grid.draw(20_000, seed=0)
    nearest = np.linalg.norm(points[:, None] - grid.centres, axis=-1).min(axis=1)
    assert np.mean(nearest <= grid.sigma) == pytest.approx(0.39, abs=0.01)
    assert modes_in_a_loop(points, *grid) == modes_covered(points, *grid) == 25


def test_the_referee_asks_for_what_a_real_game_has():
    keras.utils.set_random_seed(0)
    gan = build_point_gan(Method(), steps=10, width=4)
    losses = round_with_one_draw(gan, tf.zeros((6, 2)))
    assert len(losses) == 2 and int(gan.g_optimizer.iterations) == int(gan.d_optimizer.iterations) == 1
