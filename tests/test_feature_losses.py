"""Each price against float64 NumPy, what it must ignore, and the wrong formula that people write."""

import numpy as np
import pytest
from keras import ops

from utils import feature_losses
from utils.feature_losses import content_loss, gram_matrix, matching_price, perceptual_loss, style_loss
from utils.training.gradients import gradient

RNG = np.random.default_rng(0)


def normal(*shape):
    return RNG.normal(size=shape).astype("float32")


def two_layers(images):
    """A network of two layers that bend."""
    fine = ops.relu(ops.matmul(images, FILTERS))
    return [fine, ops.square(fine[:, ::2, ::2])]


def reader(images):
    """Features and a score."""
    features = ops.mean(ops.matmul(images, FILTERS), axis=(1, 2))
    return features, ops.sum(features, axis=1, keepdims=True)


FILTERS = normal(3, 5)


def gram_in_a_loop(maps):
    """The definition, in float64."""
    maps = maps.astype("float64")
    batch, height, width, channels = maps.shape
    result = np.zeros((batch, channels, channels))
    for place in np.ndindex(height, width):
        at = maps[(slice(None), *place)]
        result += at[:, :, None] * at[:, None, :]
    return result / (height * width)


def shuffled(maps):
    """Maps whose places were shuffled, all channels together."""
    order = np.random.default_rng(1).permutation(maps.shape[1] * maps.shape[2])
    return maps.reshape(len(maps), -1, maps.shape[-1])[:, order].reshape(maps.shape)


def test_the_gram_matrix_is_its_definition_and_forgets_places():
    maps = normal(3, 4, 5, 6)
    np.testing.assert_allclose(gram_matrix(maps), gram_in_a_loop(maps), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(gram_matrix(shuffled(maps)), gram_matrix(maps), rtol=1e-4, atol=1e-6)
    misread = maps.reshape(3, 6, 20)  # planted: the reshape that mixes channels
    assert np.abs(misread @ misread.transpose(0, 2, 1) / 20 - gram_in_a_loop(maps)).max() > 0.1


def test_style_ignores_where_and_content_does_not():
    maps = [normal(2, 4, 4, 3), normal(2, 2, 2, 5)]
    moved = [shuffled(one) for one in maps]
    assert float(style_loss(maps, moved)) < 1e-10
    assert sum(float(content_loss(*pair)) for pair in zip(maps, moved, strict=True)) > 1  # planted: no style


def test_style_compares_maps_of_other_sizes_and_adds_the_layers():
    style, maps = [normal(1, 6, 6, 3), normal(1, 3, 3, 4)], [normal(1, 4, 5, 3), normal(1, 2, 2, 4)]
    grams = [(gram_in_a_loop(one), gram_in_a_loop(other)) for one, other in zip(style, maps, strict=True)]
    expected = sum(np.square(one - other).mean() for one, other in grams)
    assert float(style_loss(style, maps)) == pytest.approx(expected, rel=1e-5)


def expected_perceptual(clean, restored, weights):
    """The definition, in float64."""
    total = 0.0
    for weight, stride, power in zip(weights, (1, 2), (1, 2), strict=True):
        seen = [
            np.maximum(images.astype("float64") @ FILTERS, 0)[:, ::stride, ::stride] ** power
            for images in (clean, restored)
        ]
        total += weight * np.square(seen[0] - seen[1]).mean()
    return total


def test_the_perceptual_loss_is_its_definition():
    clean, restored = normal(2, 4, 6, 3), normal(2, 4, 6, 3)
    price = float(perceptual_loss(two_layers, clean, restored, (0.5, 2.0)))
    assert price == pytest.approx(expected_perceptual(clean, restored, (0.5, 2.0)), rel=1e-5)
    assert price != pytest.approx(expected_perceptual(clean, restored, (2.0, 0.5)), rel=1e-2)  # planted
    assert float(perceptual_loss(two_layers, clean, clean, (0.5, 2.0))) == 0


def test_the_goal_stays_and_the_restored_picture_is_moved():
    pair = normal(2, 4, 4, 3), normal(2, 4, 4, 3)
    _, (clean, restored) = gradient(lambda *two: perceptual_loss(two_layers, *two, (1.0, 1.0)), pair)
    assert not np.any(clean) and np.abs(restored).max() > 1e-3
    _, (real, fake) = gradient(lambda *two: matching_price(reader, *two), pair)
    assert not np.any(real) and np.abs(fake).max() > 1e-3


def test_a_forgotten_stop_gradient_would_be_seen(monkeypatch):
    """The planted bug: the same assertion rejects losses that pull on their goal."""
    monkeypatch.setattr(feature_losses.ops, "stop_gradient", lambda tensor: tensor)
    with pytest.raises(AssertionError):
        test_the_goal_stays_and_the_restored_picture_is_moved()


def test_weights_for_another_number_of_layers_are_refused():
    with pytest.raises(ValueError):
        perceptual_loss(two_layers, normal(1, 4, 4, 3), normal(1, 4, 4, 3), (1.0,))


def test_feature_matching_is_the_squared_gap_of_the_means():
    real, fake = normal(6, 4, 4, 3), normal(8, 4, 4, 3)
    means = [(crowd.astype("float64") @ FILTERS).mean(axis=(0, 1, 2)) for crowd in (real, fake)]
    expected = np.square(means[0] - means[1]).sum()
    assert float(matching_price(reader, real, fake)) == pytest.approx(expected, rel=1e-4)


def test_matching_price_knows_no_partners():
    real, fake = normal(6, 4, 4, 3), normal(6, 4, 4, 3)
    prices = [float(matching_price(reader, real, crowd)) for crowd in (fake, fake[::-1])]
    assert prices[0] == pytest.approx(prices[1], rel=1e-4)
    paired = [float(perceptual_loss(two_layers, real, crowd, (1, 1))) for crowd in (fake, fake[::-1])]
    assert paired[0] != pytest.approx(paired[1], rel=1e-4)  # planted: a price of pairs


def test_the_price_of_real_against_real_falls_with_the_batch_as_promised():
    variance = np.trace(FILTERS.T @ FILTERS) / 16
    for batch in (4, 64):
        prices = [
            float(matching_price(reader, normal(batch, 4, 4, 3), normal(batch, 4, 4, 3))) for _ in range(200)
        ]
        assert np.mean(prices) == pytest.approx(2 * variance / batch, rel=0.3)
