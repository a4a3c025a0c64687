"""A step of adversarial training moves only the discriminator, and buys what plain steps do not."""

import keras
import numpy as np
import pytest
from keras import layers

from utils.metrics.prices import called_real
from utils.metrics.robustness import change_size, pgd
from utils.training import hardening
from utils.training.gan import discriminator_step
from utils.training.hardening import hardening_step

RNG = np.random.default_rng(0)
BUDGET = 0.1


def draw_pictures(count):
    """Real ones are a little brighter at one pixel, surely; and very little in all others, with noise."""
    noise = RNG.normal(0, 0.02, (2, count, 6, 6, 1))
    noise[:, :, 0, 0] = 0
    real, fake = noise[0] + 0.05, noise[1] - 0.05  # an attack of 0.1 turns these around
    real[:, 0, 0], fake[:, 0, 0] = 0.4, -0.4  # and these not
    return real.astype("float32"), fake.astype("float32")


def build_linear():
    keras.utils.set_random_seed(1)
    return keras.Sequential([layers.Input((6, 6, 1)), layers.Flatten(), layers.Dense(1)])


def taught(step, steps=40):
    discriminator, optimizer = build_linear(), keras.optimizers.Adam(0.05)
    for _ in range(steps):
        step(discriminator, optimizer, *draw_pictures(16), BUDGET)
    return discriminator


def assert_stands_the_attack(step):
    discriminator = taught(step)
    price = called_real(discriminator)
    real, fake = draw_pictures(50)
    assert (np.asarray(price(real)) > 0).all() and (np.asarray(price(fake)) < 0).all()
    attacked = pgd(price, fake, BUDGET)
    assert (np.asarray(price(attacked)) < 0).all()
    assert (np.asarray(price(pgd(lambda images: -price(images), real, BUDGET))) > 0).all()


def plain(discriminator, optimizer, real, fake, budget):
    discriminator_step(discriminator, optimizer, real, fake)


def downhill(discriminator, optimizer, real, fake, budget):
    """Planted: each kind is moved towards what it is."""
    price = called_real(discriminator)
    easy_fake = pgd(lambda images: -price(images), fake, budget, steps=2)
    discriminator_step(discriminator, optimizer, pgd(price, real, budget, steps=2), easy_fake)


def test_what_was_taught_on_the_worst_pictures_stands_the_attack():
    assert_stands_the_attack(hardening_step)
    for bug in (plain, downhill):
        with pytest.raises(AssertionError):
            assert_stands_the_attack(bug)


def test_it_is_taught_on_pictures_within_the_budget_that_it_takes_for_the_other_kind(monkeypatch):
    seen = []
    monkeypatch.setattr(hardening, "discriminator_step", lambda d, o, real, fake: seen.append((real, fake)))
    discriminator, (real, fake) = build_linear(), draw_pictures(8)
    hardening_step(discriminator, None, real, fake, BUDGET)
    (worst_real, worst_fake) = seen[0]
    for clean, worst in ((real, worst_real), (fake, worst_fake)):
        assert change_size(clean, worst) == pytest.approx(np.full(8, BUDGET), rel=1e-4)
    price = called_real(discriminator)
    assert (np.asarray(price(worst_fake)) > np.asarray(price(fake))).all()
    assert (np.asarray(price(worst_real)) < np.asarray(price(real))).all()
