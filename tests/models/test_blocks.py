"""Every pixel and every channel that should carry the caption does."""

import keras
import numpy as np
import pytest
from keras import ops

from utils.models.blocks import ConditionalNorm, caption_planes, film, projection_logits

RNG = np.random.default_rng(0)


def normal(*shape):
    return RNG.normal(size=shape).astype("float32")


def carried(planes, vectors):
    """Return the share of pixels that hold their own caption."""
    return float((np.asarray(planes) == vectors[:, None, None, :]).all(axis=-1).mean())


def test_every_pixel_carries_its_caption():
    vectors = normal(3, 5)
    assert caption_planes(vectors, 4, 6).shape == (3, 4, 6, 5)
    assert carried(caption_planes(vectors, 4, 6), vectors) == 1.0


def test_repeat_and_reshape_has_the_shape_but_not_the_pixels():
    """The planted bug of a well-known example."""
    vectors = normal(3, 5)
    planes = ops.reshape(ops.repeat(vectors, 24, axis=1), (3, 4, 6, 5))
    assert planes.shape == (3, 4, 6, 5)
    assert carried(planes, vectors) < 0.1


def test_film_of_zeros_changes_nothing_and_each_channel_has_its_own_numbers():
    maps = normal(4, 4, 4, 4)  # equal sizes: a wrong axis would not be seen by its shape
    assert np.array_equal(film(maps, np.zeros((4, 4)), np.zeros((4, 4))), maps)
    scale, shift = normal(4, 4), normal(4, 4)
    expected = np.einsum("bhwc,bc->bhwc", maps, 1 + scale) + np.einsum("bc,hw->bhwc", shift, np.ones((4, 4)))
    np.testing.assert_allclose(film(maps, scale, shift), expected, rtol=1e-5)
    wrong = maps * (1 + scale[:, None, :, None]) + shift[:, None, :, None]  # over the width
    assert np.abs(wrong - expected).max() > 0.1


def test_projection_is_the_inner_product_of_each_row():
    features, unconditional, captions = normal(5, 7), normal(5, 1), normal(5, 7)
    logits = np.asarray(projection_logits(features, unconditional, captions))
    assert logits.shape == (5, 1)
    np.testing.assert_allclose(logits[:, 0], unconditional[:, 0] + np.diag(features @ captions.T), rtol=1e-4)
    np.testing.assert_array_equal(projection_logits(features, unconditional, 0 * captions), unconditional)


def test_a_conditional_norm_answers_to_its_condition_in_every_channel():
    layer = ConditionalNorm()
    maps, first, second = normal(8, 4, 4, 6), normal(8, 3), normal(8, 3)
    one, other = (np.asarray(layer(maps, condition, training=True)) for condition in (first, second))
    assert (np.abs(one - other).max(axis=(0, 1, 2)) > 1e-3).all()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # inside Keras, with NumPy 2.4
def test_a_conditional_norm_is_saved_and_loaded(tmp_path):
    inputs = keras.Input((4, 4, 6)), keras.Input((3,))
    model = keras.Model(inputs, ConditionalNorm()(*inputs))
    model.save(tmp_path / "norm.keras")
    loaded = keras.models.load_model(tmp_path / "norm.keras")
    maps, condition = normal(2, 4, 4, 6), normal(2, 3)
    np.testing.assert_allclose(loaded([maps, condition]), model([maps, condition]))
