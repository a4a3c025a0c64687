"""Attacks on a linear model end where the closed form says; budget, clipping and the random baseline hold."""

import numpy as np
import pytest
from keras import Sequential, layers, ops
from keras.initializers import Orthogonal
from scipy.optimize import brentq

from utils.metrics import robustness
from utils.metrics.robustness import (
    change_size,
    fgsm,
    pgd,
    pgd_step,
    random_change,
    random_of_size,
    robustness_curve,
)

RNG = np.random.default_rng(0)
WEIGHTS = RNG.normal(size=(1, 6, 5, 3)).astype("float32")
INSIDE = RNG.uniform(-0.4, 0.4, (4, 6, 5, 3)).astype("float32")  # far enough from black and white
ANYWHERE = np.clip(RNG.normal(0, 0.9, (4, 6, 5, 3)), -1, 1).astype(
    "float32"
)  # many pixels are black or white
BUDGETS = {"inf": 0.2, "l2": 1.5}


def linear(images):
    """Price of each picture: a weighted sum of its pixels."""
    return ops.sum(ops.convert_to_tensor(images) * WEIGHTS, axis=(1, 2, 3))


def best_gain(images, budget, norm):
    """What the best change within budget and range gains, in closed form, in float64, per picture."""
    weights, gains = WEIGHTS[0].astype("float64").ravel(), []
    for picture in images.astype("float64").reshape(len(images), -1):
        low, high = -1 - picture, 1 - picture
        if norm == "inf":
            change = np.where(weights > 0, np.minimum(budget, high), np.maximum(-budget, low))
        else:  # along the weights, cut at black and white, as long as the budget allows

            def length(t, low=low, high=high):
                return np.linalg.norm(np.clip(t * weights, low, high)) - budget

            change = np.clip(brentq(length, 0, 1e3) * weights, low, high)
        gains.append(weights @ change)
    return np.array(gains)


def gain(attack, images, norm):
    changed = attack(linear, images, BUDGETS[norm], norm)
    return np.asarray(linear(changed)) - np.asarray(linear(images))


def assert_gains_the_best(attack, norm):
    budget = BUDGETS[norm]
    assert gain(attack, INSIDE, norm) == pytest.approx(best_gain(INSIDE, budget, norm), rel=1e-4)
    changed = attack(linear, ANYWHERE, budget, norm)
    assert np.abs(changed).max() <= 1
    assert (change_size(ANYWHERE, changed, norm) <= budget * (1 + 1e-5)).all()


def downhill(price, images, budget, norm="inf", steps=20):
    return pgd(lambda x: -price(x), images, budget, norm, steps)


def with_step(step):
    """A pgd whose step is wrong in one place."""

    def attack(price, clean, budget, norm="inf", steps=20):
        images = clean
        for _ in range(steps):
            slope = robustness.slope_of(price, images)
            images = step(images, slope, clean, budget, 2.5 * budget / steps, norm)
        return images

    return attack


def no_projection(images, slope, clean, budget, step_size, norm):
    return pgd_step(images, slope, images, step_size, step_size, norm)


def no_clipping(images, slope, clean, budget, step_size, norm):
    far = pgd_step(images / 10, slope, clean / 10, budget / 10, step_size / 10, norm)  # no edge within reach
    return 10 * far


def raw_slope(images, slope, clean, budget, step_size, norm):
    change = images + step_size * slope * 1e-3 - clean
    return np.clip(clean + np.clip(change, -budget, budget), -1, 1)


@pytest.mark.parametrize("norm", ["inf", "l2"])
@pytest.mark.parametrize("attack", [fgsm, pgd])
def test_attacks_on_a_linear_price_gain_what_the_closed_form_says(attack, norm):
    assert_gains_the_best(attack, norm)


@pytest.mark.parametrize("norm", ["inf", "l2"])
@pytest.mark.parametrize(
    "bug",
    [
        downhill,  # the sign on the wrong side
        with_step(no_projection),
        with_step(no_clipping),
        with_step(raw_slope),
        lambda price, images, budget, norm: pgd(price, images, budget, norm, steps=1, step_size=budget / 10),
        lambda price, images, budget, norm: random_of_size(images, budget, norm),
        lambda price, images, budget, norm: fgsm(price, images, 2 * budget, norm),
    ],
)
def test_planted_attacks_are_rejected(bug, norm):
    with pytest.raises(AssertionError):
        assert_gains_the_best(bug, norm)


def test_at_black_and_white_pgd_gains_the_best_that_is_left():
    assert gain(pgd, ANYWHERE, "inf") == pytest.approx(best_gain(ANYWHERE, 0.2, "inf"), rel=1e-4)
    share = gain(pgd, ANYWHERE, "l2") / best_gain(ANYWHERE, 1.5, "l2")
    assert (share > 0.97).all() and (share < 1 + 1e-5).all()
    one_step = gain(fgsm, ANYWHERE, "l2") / best_gain(ANYWHERE, 1.5, "l2")
    assert (share > one_step).all()  # cut at black and white, one step leaves budget unused


def test_pgd_stops_at_an_optimum_within_the_budget_and_one_step_runs_past_it():
    def hill(images):  # best at 0.05 above the clean picture
        return -ops.sum(ops.square(ops.convert_to_tensor(images) - INSIDE - 0.05), axis=(1, 2, 3))

    near = pgd(hill, INSIDE, 0.2, steps=100, step_size=0.005)
    assert np.abs(near - INSIDE - 0.05).max() < 0.006
    assert np.asarray(hill(fgsm(hill, INSIDE, 0.2))).max() < np.asarray(hill(INSIDE)).min()


def test_pgd_from_a_random_start_beats_noise_of_its_size_on_a_network():
    network = Sequential([layers.Flatten(), layers.Dense(3, "tanh", kernel_initializer=Orthogonal(seed=0))])

    def price(images):
        return ops.mean(ops.square(network(images) - network(INSIDE)), axis=1)

    with pytest.raises(ValueError, match="slope of 0 in every pixel.*random_start=True"):
        pgd(price, INSIDE, 0.1)  # the clean picture is the best one there is
    attacked = pgd(price, INSIDE, 0.1, random_start=True)
    noisy = random_of_size(INSIDE, change_size(INSIDE, attacked))
    assert (np.asarray(price(attacked)) > 4 * np.asarray(price(noisy))).all()
    again = pgd(price, INSIDE, 0.1, random_start=True)
    assert np.array_equal(again, attacked)
    assert not np.array_equal(pgd(price, INSIDE, 0.1, random_start=True, seed=1), attacked)


def assert_has_the_size(noise, clean, norm):
    sizes = np.array([0.0, 0.05, 0.3, 0.9]) * (1 if norm == "inf" else 4)
    noisy = noise(clean, sizes, norm)
    assert noisy.dtype == clean.dtype and np.abs(noisy).max() <= 1
    assert change_size(clean, noisy, norm) == pytest.approx(sizes, abs=2e-4)
    if norm == "inf":  # every pixel uses all that it may
        assert np.abs(np.abs(noisy - clean) - sizes.reshape(-1, 1, 1, 1)).max() < 1e-5


def clipped_away(clean, sizes, norm):
    change = RNG.choice([-1.0, 1.0], clean.shape) if norm == "inf" else RNG.normal(size=clean.shape)
    if norm == "l2":
        change = change / np.sqrt((change**2).sum(axis=(1, 2, 3), keepdims=True))
    return np.clip(clean + change * sizes.reshape(-1, 1, 1, 1), -1, 1).astype(clean.dtype)


def uniform_noise(clean, sizes, norm):
    noise = [random_change(picture[None], size, norm)[0] for picture, size in zip(clean, sizes, strict=True)]
    return np.stack(noise)


@pytest.mark.parametrize("norm", ["inf", "l2"])
def test_random_noise_has_just_the_size_even_where_pixels_are_black_or_white(norm):
    for clean in (INSIDE, ANYWHERE):
        assert_has_the_size(random_of_size, clean, norm)
    for bug in (clipped_away, uniform_noise):  # planted: smaller than the attack that it is compared with
        with pytest.raises(AssertionError):
            assert_has_the_size(bug, ANYWHERE, norm)


def test_noise_that_cannot_have_its_size_is_an_error():
    with pytest.raises(ValueError, match="missed by .*smaller budget"):
        random_of_size(INSIDE, 100.0, "l2")
    with pytest.raises(ValueError, match="missed by"):
        random_of_size(INSIDE, 1.9, "inf")


def test_random_noise_leans_to_no_side_and_the_seed_decides():
    grey = np.zeros((1, 64, 64, 3), "float32")
    for norm in ("inf", "l2"):
        noisy = random_of_size(grey, 0.5, norm)
        assert abs(noisy.mean()) < 0.02
        assert np.array_equal(noisy, random_of_size(grey, 0.5, norm))
        assert not np.array_equal(noisy, random_of_size(grey, 0.5, norm, seed=1))


def test_a_random_start_lies_within_the_budget():
    for norm, budget in BUDGETS.items():
        start = random_change(ANYWHERE, budget, norm)
        sizes = change_size(ANYWHERE, start, norm)
        assert (sizes <= budget * (1 + 1e-6)).all() and sizes.min() > 0.5 * budget


def test_curves_are_plain_arrays_that_rise_with_the_budget():
    curve = robustness_curve(linear, ANYWHERE, (0, 0.05, 0.2))
    assert set(curve) == {"clean", "random", "fgsm", "pgd"}
    assert all(row.shape == (3, 4) and row.dtype == "float64" for row in curve.values())
    for name in curve:
        assert curve[name][0] == pytest.approx(curve["clean"][0])
    assert (np.diff(curve["clean"], axis=0) == 0).all()
    for name in ("fgsm", "pgd"):
        assert (np.diff(curve[name], axis=0) > 0).all()
    assert (curve["pgd"] - curve["clean"])[2] == pytest.approx(best_gain(ANYWHERE, 0.2, "inf"), rel=1e-4)
    assert (np.abs(curve["random"] - curve["clean"]) < 0.5 * (curve["pgd"] - curve["clean"]) + 1e-9)[1:].all()


def test_one_slope_for_a_mean_price_gives_the_same_attack():
    assert np.allclose(pgd(lambda x: ops.mean(linear(x)), INSIDE, 0.2), pgd(linear, INSIDE, 0.2))
    mean = pgd(lambda x: ops.mean(linear(x)), INSIDE, 1.5, "l2")
    assert mean == pytest.approx(pgd(linear, INSIDE, 1.5, "l2"), abs=1e-5)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: pgd(linear, 255 * ANYWHERE, 0.1), "scale_images"),
        (lambda: pgd(linear, INSIDE[0], 0.1), "batch axis"),
        (lambda: pgd(linear, INSIDE, 8), "from 0 to 1.*8 / 127.5"),
        (lambda: pgd(linear, INSIDE, -1, "l2"), "0 or more"),
        (lambda: fgsm(linear, INSIDE, 0.1, "l1"), "norm must be"),
        (lambda: fgsm(lambda x: np.asarray(linear(x)), INSIDE, 0.1), r"without \.numpy\(\)"),
        (lambda: fgsm(lambda x: ops.round(linear(x)), INSIDE, 0.1), "rounds or cuts"),
        (lambda: robustness_curve(lambda x: ops.mean(linear(x)), INSIDE, (0.1,)), r"\(4,\).*shape \(\)"),
    ],
)
def test_what_cannot_be_attacked_is_an_error(call, words):
    with pytest.raises(ValueError, match=words):
        call()
