"""Which network each price moves, which price is paid, and that a short training restores something."""

import keras
import numpy as np
import pytest

from utils.data.degrade.size import downscale
from utils.feature_losses import perceptual_loss
from utils.metrics.features import STRIDES, load_features
from utils.metrics.restoration import psnr
from utils.models.feature_maps import build_feature_maps
from utils.training.perceptual import build_priced_restorer

RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def maps():
    return build_feature_maps(load_features(32, 3).layers[:3], STRIDES, channels=1)


def squares(count):
    """Pictures of one bright square each."""
    images = np.full((count, 28, 28, 1), -1, "float32")
    for image in images:
        top, left, size = RNG.integers(2, 12, 3)
        image[top : top + size, left : left + size] = RNG.uniform(0.2, 1)
    return images


CLEAN = squares(64)
PAIR = downscale(CLEAN, 4), CLEAN
FEW = tuple(keras.ops.convert_to_tensor(part[:8]) for part in PAIR)


def moved(maps, **prices):
    """Which networks a step moves."""
    restorer = build_priced_restorer(maps, 10, width=4, **prices)
    parts = {"regressor": restorer.regressor, "discriminator": restorer.discriminator, "maps": maps}
    before = {name: [w.copy() for w in part.get_weights()] for name, part in parts.items()}
    restorer.train_step(FEW)
    return {
        name
        for name, part in parts.items()
        if any(np.any(old != new) for old, new in zip(before[name], part.get_weights(), strict=True))
    }


def test_the_maps_never_move_and_the_discriminator_only_where_it_counts(maps):
    assert moved(maps, pixels="l2") == {"regressor"}
    assert moved(maps, feature_weights=(1.0, 1.0, 1.0)) == {"regressor"}
    assert moved(maps, adversarial_weight=0.1) == {"regressor", "discriminator"}
    maps.trainable = True  # planted: what is not frozen still does not belong to either optimizer
    try:
        assert "maps" not in moved(maps, feature_weights=(1.0, 1.0, 1.0))
    finally:
        maps.trainable = False


def price(maps, **prices):
    """The price of the first step, and what was paid for."""
    keras.utils.set_random_seed(1)
    restorer = build_priced_restorer(maps, 10, width=4, **prices)
    restored = restorer.restore(PAIR[0][:8])
    return float(restorer.train_step(FEW)["price"]), restored


def test_each_price_is_what_its_name_says(maps):
    paid, restored = price(maps, pixels="l2")
    assert paid == pytest.approx(np.square(restored - CLEAN[:8]).mean(), rel=2e-2)
    paid, restored = price(maps, pixels="l1")
    absolute = np.abs(restored - CLEAN[:8]).mean()
    assert paid == pytest.approx(absolute, rel=2e-2)
    paid, restored = price(maps, pixels="l1", feature_weights=(0.1, 0.2, 0.3))
    features = float(perceptual_loss(maps, CLEAN[:8], restored, (0.1, 0.2, 0.3)))
    assert paid == pytest.approx(absolute + features, rel=2e-2)
    assert paid != pytest.approx(absolute, rel=2e-2)  # planted: the features forgotten
    paid, _ = price(maps, pixels="l1", adversarial_weight=0.5)
    assert 0.2 < paid - absolute < 0.6  # half of log 2 while undecided


def test_a_short_training_comes_nearer_than_bicubic(maps):
    keras.utils.set_random_seed(1)
    restorer = build_priced_restorer(maps, 160, width=8, feature_weights=(0.01, 0.01, 0.01))
    before = psnr(CLEAN, PAIR[0], 2).mean()
    assert psnr(CLEAN, restorer.restore(PAIR[0]), 2).mean() < before + 0.1  # planted: not trained
    restorer.fit(*PAIR, batch_size=16, epochs=40, verbose=0)
    assert psnr(CLEAN, restorer.restore(PAIR[0]), 2).mean() > before + 0.5


def test_restored_pictures_stay_in_range(maps):
    restorer = build_priced_restorer(maps, 10, width=4)
    weights = [30 * weight for weight in restorer.regressor.get_weights()]
    restorer.regressor.set_weights(weights)
    assert np.abs(restorer.restore(PAIR[0][:4])).max() <= 1
