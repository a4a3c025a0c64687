"""The average over noise is the closed form, has a slope, and costs an attack that is aimed at it."""

import numpy as np
import pytest
from keras import ops

from utils.metrics.defence import average_over_noise
from utils.metrics.robustness import fgsm, pgd
from utils.training.gradients import gradient

IMAGES = np.random.default_rng(0).uniform(-0.5, 0.5, (3, 8, 8, 1)).astype("float32")


def swings(images):
    """The mean of a function that swings fast from level to level."""
    return ops.mean(ops.sin(20.0 * images), axis=(1, 2, 3))


def assert_flattened(defend):
    expected = np.sin(20 * IMAGES).mean(axis=(1, 2, 3)) * np.exp(-((20 * 0.05) ** 2) / 2)
    assert np.asarray(defend(swings, 0.05, 4000)(IMAGES)) == pytest.approx(expected, abs=4e-3)


def test_what_swings_is_flattened_as_the_closed_form_says():
    assert_flattened(average_over_noise)
    with pytest.raises(AssertionError):  # planted: no noise
        assert_flattened(lambda model, sigma, copies: model)
    with pytest.raises(AssertionError):  # planted: a variance for a standard deviation
        assert_flattened(lambda model, sigma, copies: average_over_noise(model, sigma**2, copies))


def test_a_linear_model_stays_as_it_is():
    mean = average_over_noise(lambda images: ops.mean(images, axis=(1, 2, 3)), 0.3, copies=4)
    assert np.asarray(mean(IMAGES)) == pytest.approx(IMAGES.mean(axis=(1, 2, 3)), abs=1e-6)


def test_the_answer_repeats_and_has_a_slope():
    defended = average_over_noise(swings, 0.05)
    assert np.array_equal(defended(IMAGES), defended(IMAGES))
    assert not np.array_equal(defended(IMAGES), average_over_noise(swings, 0.05, seed=1)(IMAGES))
    slope = np.asarray(gradient(defended, [IMAGES])[1][0])
    step = np.zeros_like(IMAGES)
    step[0, 2, 3, 0] = 1e-2
    measured = (np.asarray(defended(IMAGES + step)) - np.asarray(defended(IMAGES - step)))[0] / 2e-2
    assert slope[0, 2, 3, 0] == pytest.approx(measured, abs=2e-4)
    assert slope[0, 2, 3, 0] != 0


def test_an_attack_on_the_defended_model_gains_less_than_on_the_model():
    defended = average_over_noise(swings, 0.1, copies=64)

    def gain(price):
        attacked = pgd(price, IMAGES, 0.05)
        return np.asarray(price(attacked)) - np.asarray(price(IMAGES))

    assert (gain(defended) < 0.5 * gain(swings)).all() and (gain(defended) > 0).all()


def test_an_attack_aimed_at_the_model_alone_flatters_the_defence():
    defended = average_over_noise(swings, 0.05, copies=64)
    plain = np.asarray(defended(IMAGES))
    at_the_model = np.asarray(defended(fgsm(swings, IMAGES, 0.05))) - plain
    at_the_defence = np.asarray(defended(pgd(defended, IMAGES, 0.05))) - plain
    assert (at_the_model < at_the_defence).all()


@pytest.mark.parametrize("settings", [{"sigma": -1}, {"sigma": 0.1, "copies": 0}])
def test_impossible_noise_is_refused(settings):
    with pytest.raises(ValueError, match=r"0 or more, with 1 copy or more\. Received"):
        average_over_noise(swings, **settings)
