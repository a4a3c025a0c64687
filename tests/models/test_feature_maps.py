"""The maps are those of the trained network, nothing moves them, and a gradient passes through."""

import keras
import numpy as np
import pytest

from utils.metrics.features import STRIDES, load_features
from utils.metrics.features import see as see_to_the_end
from utils.models.feature_maps import VGG_LAYERS, PixelsForVGG, build_feature_maps, load_vgg_features
from utils.training.gradients import gradient

RNG = np.random.default_rng(0)


def pictures(*shape):
    return RNG.uniform(-1, 1, shape).astype("float32")


@pytest.fixture(scope="module")
def colour():
    return load_features(32, 3)


def features_from(maps, layers):
    """Finish what the network does after its last map: pool, flatten, one dense layer."""
    kernel, bias = layers[3]
    pooled = maps.reshape(len(maps), 4, 2, 4, 2, -1).mean(axis=(2, 4))
    return np.maximum(pooled.reshape(len(maps), -1) @ kernel + bias, 0)


def test_the_last_map_leads_to_the_features_of_the_network(colour):
    images = pictures(3, 32, 32, 3)
    maps = [np.asarray(one) for one in build_feature_maps(colour.layers[:3], STRIDES)(images)]
    assert [one.shape[1:] for one in maps] == [(32, 32, 24), (16, 16, 32), (8, 8, 48)]
    expected = np.asarray(see_to_the_end(images, colour.layers[:-1], STRIDES))
    np.testing.assert_allclose(features_from(maps[-1], colour.layers), expected, rtol=1e-3, atol=1e-3)
    other = np.asarray(build_feature_maps(colour.layers[:3], STRIDES)(-images)[-1])  # planted
    assert not np.allclose(features_from(other, colour.layers), expected, rtol=1e-2)


def test_a_colour_network_sees_grey_pictures_as_equal_colours(colour):
    grey = pictures(2, 28, 28, 1)
    seen = build_feature_maps(colour.layers[:3], STRIDES, channels=1)(grey)
    expected = build_feature_maps(colour.layers[:3], STRIDES)(grey.repeat(3, axis=-1))
    for one, other in zip(seen, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)


def train_on_maps(maps):
    """Let a network that ends in the maps learn something; return how far the maps' weights moved."""
    before = [weight.copy() for weight in maps.get_weights()]
    images = keras.Input((28, 28, 1))
    drawn = keras.layers.Conv2D(1, 3, padding="same")(images)
    model = keras.Model(images, maps(drawn)[-1])
    model.compile("sgd", loss="mse")
    model.fit(pictures(4, 28, 28, 1), np.ones((4, 7, 7, 48), "float32"), epochs=1, verbose=0)
    pairs = zip(before, maps.get_weights(), strict=True)
    return max(np.abs(one - other).max() for one, other in pairs)


def test_a_training_through_the_maps_moves_none_of_their_weights(colour):
    maps = build_feature_maps(colour.layers[:3], STRIDES, channels=1)
    assert maps.trainable_variables == [] and train_on_maps(maps) == 0
    maps.trainable = True  # planted
    assert train_on_maps(maps) > 0


def test_a_gradient_passes_through_every_map(colour):
    maps = build_feature_maps(colour.layers[:3], STRIDES, channels=1)
    for number in range(3):
        _, (slope,) = gradient(lambda images: keras.ops.sum(maps(images)[number]), (pictures(2, 28, 28, 1),))  # noqa: B023
        assert np.abs(slope).max() > 0


# --- VGG16


IN_KERAS = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # inside Keras, with NumPy 2.4


@pytest.fixture(scope="module")
def vgg_with_random_weights(tmp_path_factory):
    """VGG16 without its top, and a file of its random weights."""
    keras.utils.set_random_seed(0)
    network = keras.applications.VGG16(include_top=False, weights=None)
    path = tmp_path_factory.mktemp("vgg") / "vgg16.weights.h5"
    network.save_weights(path)
    return network, path


@IN_KERAS
def test_vgg_maps_are_those_of_the_file_in_vgg_s_own_range(vgg_with_random_weights):
    network, path = vgg_with_random_weights
    images = pictures(2, 32, 32, 3)
    maps = load_vgg_features(path)(images)
    prepared = keras.applications.vgg16.preprocess_input(127.5 * (images + 1))  # Keras' own
    own = keras.Model(network.input, [network.get_layer(name).output for name in VGG_LAYERS])
    for one, other in zip(maps, own(prepared), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-3)
    raw = own(images)  # planted: shown in [-1, 1]
    assert not np.allclose(maps[0], raw[0], atol=1)


@IN_KERAS
def test_vgg_sees_grey_as_three_equal_colours_and_nothing_moves_it(vgg_with_random_weights):
    maps = load_vgg_features(vgg_with_random_weights[1], VGG_LAYERS[:1])
    grey = pictures(1, 32, 32, 1)
    np.testing.assert_allclose(maps(grey)[0], maps(grey.repeat(3, axis=-1))[0], rtol=1e-4, atol=1e-3)
    assert maps.trainable_variables == []
    _, (slope,) = gradient(lambda images: keras.ops.sum(maps(images)[0]), (grey,))
    assert slope.shape == grey.shape and np.abs(slope).max() > 0


def test_black_and_white_become_vgg_s_numbers():
    white = PixelsForVGG()(np.ones((1, 1, 1, 1), "float32"))
    assert np.asarray(white).ravel() == pytest.approx([255 - 103.939, 255 - 116.779, 255 - 123.68], rel=1e-5)


@pytest.mark.parametrize("content", [None, b"", b"not a file of weights"])
def test_a_missing_or_damaged_file_is_told_with_its_cure(content, tmp_path):
    path = tmp_path / "vgg16.weights.h5"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(OSError, match="VGG16.*Received.*Most likely fix: download"):
        load_vgg_features(path)
