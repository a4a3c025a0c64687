"""The probability of augmentation follows the signs of the scores."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from utils.models.gan import build_discriminator, build_generator
from utils.training.adaptive import EVERY, AdaptiveGAN, ada_update


def scores(*values):
    return np.array(values, "float32")[:, None]


def test_signs_decide_not_sizes():
    many_small, one_huge = [0.01] * 85, [-300.0] * 15  # r = 0.7
    assert float(ada_update(0.5, scores(*many_small, *one_huge), step=0.1)) == pytest.approx(0.6)
    assert np.mean([*many_small, *one_huge]) < 0.6  # planted: the mean of the scores would lower it


@pytest.mark.parametrize(("p", "values", "expected"), [
    (0.5, [1, 1, 1, -1], 0.4),  # r = 0.5, below the target
    (0.95, [1, 1], 1.0),
    (0.05, [1, -1], 0.0),
])  # fmt: skip
def test_it_goes_up_and_down_and_stays_a_probability(p, values, expected):
    assert float(ada_update(p, scores(*values), step=0.1)) == pytest.approx(expected)


@pytest.fixture
def gan():
    keras.utils.set_random_seed(0)
    gan = AdaptiveGAN(build_generator(4, 4, 8, 1), build_discriminator(4, 8, 1), ("turn",), step=0.1)
    gan.compile(d_optimizer=keras.optimizers.SGD(0.0), g_optimizer=keras.optimizers.SGD(0.0))
    return gan


@pytest.mark.parametrize(("bias", "expected"), [(50.0, 0.3), (-50.0, 0.0)])
def test_a_discriminator_that_is_sure_of_real_pictures_raises_it_every_fourth_step(gan, bias, expected):
    gan.discriminator.layers[-1].layers[-1].bias.assign([bias])
    step = tf.function(gan.train_step)
    for _ in range(3 * EVERY):
        logs = step(tf.zeros((4, 8, 8, 1)))
    assert float(gan.augment.p) == pytest.approx(expected, abs=1e-6)
    assert set(logs) == {"d_loss", "g_loss", "p"}
