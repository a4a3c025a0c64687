"""Other right answers to exercises 6.1 to 6.4 pass, and what their texts claim is true."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

from utils.exercises import check, find
from utils.exercises.lesson_06.perceptual import Onlooker
from utils.feature_losses import gram_matrix, matching_price

RNG = np.random.default_rng(0)


def normal(*shape):
    return RNG.normal(size=shape).astype("float32")


def gram_by_einsum(maps):
    return ops.einsum("bhwc,bhwd->bcd", maps, maps) / (maps.shape[1] * maps.shape[2])


def gram_by_hand(maps):
    maps = np.asarray(maps)
    return (maps[..., :, None] * maps[..., None, :]).mean(axis=(1, 2))


def perceptual_in_tensorflow(feature_maps, clean, restored, weights):
    total = 0.0
    for i, weight in enumerate(weights):
        wanted, seen = tf.stop_gradient(feature_maps(clean)[i]), feature_maps(restored)[i]
        total += weight * tf.reduce_mean(tf.math.squared_difference(wanted, seen))
    return total


def matching_by_norm(reader, real_images, fake_images):
    real, fake = (ops.mean(reader(images)[0], axis=0) for images in (real_images, fake_images))
    return tf.norm(fake - tf.stop_gradient(real)) ** 2


def matching_in_numpy(reader, real_images, fake_images):
    real, fake = (np.asarray(reader(images)[0]).mean(axis=0) for images in (real_images, fake_images))
    return np.square(real - fake).sum()


def block_of_zeros(x, width):
    """The last convolution starts at 0 exactly; ReLU in the place of LeakyReLU."""
    found = layers.Conv2D(width, 3, padding="same", activation="relu")(x)
    found = layers.Conv2D(width, 3, padding="same", kernel_initializer="zeros")(found)
    way = layers.Identity()(x) if x.shape[-1] == width else layers.Conv2D(width, 1)(x)
    return layers.Add()([way, found])


RIGHT = {
    "6.3": {"einsum": gram_by_einsum, "numpy": gram_by_hand},
    "6.2": {"tensorflow": perceptual_in_tensorflow},
    "6.4": {"norm": matching_by_norm, "numpy": matching_in_numpy},
    "6.1": {"zeros": block_of_zeros},
}


@pytest.mark.parametrize(("key", "name"), [(key, name) for key in RIGHT for name in RIGHT[key]])
def test_a_right_answer_of_another_kind_passes(key, name, capsys):
    for _ in range(2):  # other inputs each time
        returned = check(key, RIGHT[key][name])
        assert capsys.readouterr().out.startswith(f"✓ {key} ")
        assert returned is RIGHT[key][name] or "numpy" in name


def gram_of_channels_first(maps):
    rows = ops.reshape(maps, (-1, maps.shape[3], maps.shape[1] * maps.shape[2]))
    return ops.matmul(rows, ops.transpose(rows, (0, 2, 1))) / (maps.shape[1] * maps.shape[2])


def perceptual_of_the_last_layer(feature_maps, clean, restored, weights):
    wanted, seen = ops.stop_gradient(feature_maps(clean)[-1]), feature_maps(restored)[-1]
    return weights[-1] * ops.mean((wanted - seen) ** 2)


def perceptual_in_the_wrong_range(feature_maps, clean, restored, weights):
    return perceptual_in_tensorflow(feature_maps, (clean + 1) / 2, (restored + 1) / 2, weights)


def match_the_score(reader, real_images, fake_images):
    _, real = reader(real_images)
    _, fake = reader(fake_images)
    return ops.sum((ops.stop_gradient(ops.mean(real, axis=0)) - ops.mean(fake, axis=0)) ** 2)


def match_in_pairs(reader, real_images, fake_images):
    real, fake = ops.stop_gradient(reader(real_images)[0]), reader(fake_images)[0]
    return ops.mean(ops.sum((real - fake) ** 2, axis=(1, 2)))


def block_without_a_small_start(x, width):
    found = layers.Conv2D(width, 3, padding="same", kernel_initializer="he_normal")(layers.ReLU()(x))
    found = layers.Conv2D(width, 3, padding="same", kernel_initializer="he_normal")(layers.ReLU()(found))
    return found + (x if x.shape[-1] == width else layers.Conv2D(width, 1)(x))


WRITTEN = {
    "6.3 right shape, wrong features": gram_of_channels_first,
    "6.2 only the last layer is asked": perceptual_of_the_last_layer,
    "6.2 the pictures are shown in the wrong range": perceptual_in_the_wrong_range,
    "6.4 the last score is matched": match_the_score,
    "6.4 every fake is compared with one real image": match_in_pairs,
    "6.1 a new block adds as much as passes by": block_without_a_small_start,
}


@pytest.mark.parametrize("name", WRITTEN)
def test_wrong_answers_as_people_write_them_are_named(name, capsys):
    key = name.split()[0]
    assert check(key, WRITTEN[name]) is find(key).reference
    assert capsys.readouterr().out.startswith(f"✗ {name}: ")


def test_every_other_wrong_answer_hears_what_differs(capsys):
    told = {
        (
            "6.3",
            lambda maps: gram_matrix(maps)[:1, 0],
        ): "the result has the wrong shape: expected shape (1, 2, 2)",
        ("6.2", lambda feature_maps, clean, restored, weights: 1.0): (
            "the price differs: for small pictures, two layers and weights = (1.0, 2.0)"
        ),
        ("6.4", lambda reader, real, fake: 2 * matching_price(reader, real, fake)): (
            "the price differs: for two small crowds of pictures expected"
        ),
        ("6.1", lambda x, width: x): "the number of pixels seen to each side is off: expected 2, received 0",
        ("6.1", lambda x, width: keras.Model(x, x)): "the kind of result is off: expected a map, received",
    }
    for (key, attempt), text in told.items():
        check(key, attempt)
        assert text in capsys.readouterr().out, text


# --- what the texts claim


def test_only_the_gram_matrix_divided_by_places_alone_is_free_of_the_map_s_size():
    maps = normal(1, 4, 4, 3)
    large = np.tile(maps, (1, 2, 2, 1))
    np.testing.assert_allclose(gram_matrix(large), gram_matrix(maps), rtol=1e-5)
    wrong = find("6.3").mistakes["the places are not counted"].wrong
    assert np.abs(np.asarray(wrong(large)) / np.asarray(wrong(maps)) - 4).max() < 1e-3


def test_in_another_range_a_network_sees_another_picture():
    onlooker, images = Onlooker(normal(3, 5)), np.clip(normal(4, 6, 6, 3), -1, 1)
    seen, fog = (onlooker(shown)[0] for shown in (images, (images + 1) / 2))
    assert np.corrcoef(np.ravel(seen), np.ravel(fog))[0, 1] < 0.95


def test_pairs_are_cheapest_for_one_mean_picture_and_means_are_not():
    def reader(images):
        return images, images[:, :1]

    real = normal(400, 2)
    crowd, mean = normal(400, 2), np.zeros((400, 2), "float32")
    pairs = find("6.4").mistakes["every fake is compared with one real image"].wrong
    assert float(pairs(reader, real, mean)) < 0.6 * float(pairs(reader, real, crowd))
    assert float(matching_price(reader, real, crowd)) < 0.05 * float(pairs(reader, real, crowd))


def size_after(block, count):
    """How large the numbers are after `count` new blocks, beside those that came in."""
    x = entry = keras.Input((4, 4, 8))
    for _ in range(count):
        x = block(x, 8)
    maps = normal(4, 4, 4, 8)
    return float(np.square(keras.Model(entry, x)(maps)).mean() / np.square(maps).mean())


def test_blocks_without_a_small_start_make_the_map_grow_and_ours_do_not():
    block = find("6.1")
    assert 0.5 < size_after(block.reference, 40) < 2
    assert size_after(block.mistakes["a new block adds as much as passes by"].wrong, 40) > 1e3
