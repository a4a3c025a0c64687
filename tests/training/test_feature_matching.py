"""Which network a step moves, which price it pays, and what features it reads."""

import keras
import numpy as np
import pytest

from utils.feature_losses import matching_price
from utils.losses import generator_loss
from utils.models.gan import build_discriminator, build_generator
from utils.training.feature_matching import FeatureMatchingGAN, build_matching_gan
from utils.training.gradients import compiled
from utils.training.sizes import GANBudget

BUDGET = GANBudget(64, 8, 8, 8, 10, 1e-3, 2e-3)
REAL = np.random.default_rng(0).uniform(-1, 1, (8, 28, 28, 1)).astype("float32")


def test_the_features_are_what_the_last_layer_reads():
    discriminator = build_discriminator(8)
    gan = FeatureMatchingGAN(build_generator(24, 8), discriminator)
    features, logits = gan.reader(REAL)
    last = discriminator.layers[-1]
    np.testing.assert_allclose(features @ last.kernel + last.bias, logits, rtol=1e-4, atol=1e-5)
    assert features.shape == (8, 4 * 4 * 32)  # planted: one number would be the score itself


def test_a_generator_step_moves_the_generator_alone():
    gan = build_matching_gan(BUDGET)
    before = [weight.copy() for weight in gan.discriminator.get_weights()]
    drawn = gan.generator.get_weights()[0].copy()
    gan.teach_generator(REAL, gan.draw_latents(8))
    assert all(map(np.array_equal, before, gan.discriminator.get_weights()))
    assert not np.array_equal(drawn, gan.generator.get_weights()[0])


@pytest.mark.parametrize(("adversarial", "matching"), [(0.0, 1.0), (1.0, 0.0), (0.5, 2.0)])
def test_each_weight_counts_for_its_price(adversarial, matching):
    keras.utils.set_random_seed(0)
    gan = build_matching_gan(BUDGET, adversarial, matching)
    latents = gan.draw_latents(8)
    fakes = gan.generator(latents, training=True)
    parts = float(matching_price(gan.reader, REAL, fakes)), float(generator_loss(gan.discriminator(fakes)))
    expected = matching * parts[0] + adversarial * parts[1]
    assert float(gan.teach_generator(REAL, latents)) == pytest.approx(expected, rel=1e-3)
    assert expected != pytest.approx(
        adversarial * parts[0] + matching * parts[1], rel=1e-3
    )  # planted: swapped


def test_it_trains_in_a_compiled_step():
    gan = build_matching_gan(BUDGET, 1.0, 1.0)
    losses = compiled(gan.train_step, REAL)
    assert set(losses) == {"d_loss", "g_loss"} and all(np.isfinite(float(loss)) for loss in losses.values())
