"""Each place takes a weighted mean of all places; a new layer changes nothing."""

import keras
import numpy as np
import pytest
from scipy.special import softmax

from utils.models.attention import SelfAttention, attend
from utils.training.gradients import slopes

RNG = np.random.default_rng(0)


def normal(*shape):
    return RNG.normal(size=shape).astype("float32")


def test_attention_is_its_definition():
    queries, keys, values = normal(2, 5, 3), normal(2, 5, 3), normal(2, 5, 4)
    weights = softmax(np.einsum("bid,bjd->bij", queries, keys).astype("float64"), axis=2)
    expected = np.einsum("bij,bjc->bic", weights, values)
    np.testing.assert_allclose(attend(queries, keys, values), expected, rtol=1e-4, atol=1e-5)
    over_the_wrong_axis = softmax(np.einsum("bid,bjd->bij", queries, keys), axis=1)  # planted
    assert np.abs(np.einsum("bij,bjc->bic", over_the_wrong_axis, values) - expected).max() > 0.1


def test_equal_fits_give_the_mean_and_a_sharp_fit_gives_one_place():
    values = normal(1, 6, 2)
    even = attend(np.zeros((1, 6, 3), "float32"), normal(1, 6, 3), values)
    np.testing.assert_allclose(
        even, np.broadcast_to(values.mean(axis=1, keepdims=True), values.shape), rtol=1e-4
    )
    places = 100 * np.eye(6, dtype="float32")[None]
    np.testing.assert_allclose(attend(places, places[:, ::-1], values), values[:, ::-1], rtol=1e-4)


def far_change(layer):
    """How much a far corner answers to a pixel."""
    maps = normal(1, 8, 8, 16)
    poked = maps.copy()
    poked[0, 0, 0] += 5
    return float(np.abs(np.asarray(layer(poked)) - np.asarray(layer(maps)))[0, 4:, 4:].max())


def test_a_new_layer_changes_nothing_and_an_open_one_sees_far():
    layer, maps = SelfAttention(), normal(2, 8, 8, 16)
    np.testing.assert_array_equal(layer(maps), maps)
    layer.gamma.assign(1.0)
    assert far_change(layer) > 1e-4
    assert far_change(keras.layers.Conv2D(16, 3, padding="same")) == 0  # a convolution does not


def test_gamma_moves_first():
    layer, maps = SelfAttention(), normal(2, 4, 4, 16)
    layer.build(maps.shape)
    _, moved = slopes(lambda: keras.ops.sum(layer(maps) ** 2), layer.trainable_variables)
    pairs = zip(layer.trainable_variables, moved, strict=True)
    assert [variable.name for variable, slope in pairs if np.abs(slope).max() > 0] == ["gamma"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # inside Keras, with NumPy 2.4
def test_it_works_in_a_model_of_any_batch_and_is_saved_and_loaded(tmp_path):
    maps = keras.Input((4, 6, 8))
    model = keras.Model(maps, SelfAttention()(maps))
    model.layers[-1].gamma.assign(0.7)
    model.save(tmp_path / "attention.keras")
    loaded = keras.models.load_model(tmp_path / "attention.keras")
    some = normal(3, 4, 6, 8)
    np.testing.assert_allclose(loaded(some), model(some))
    assert model.predict(some, verbose=0, batch_size=2).shape == some.shape
