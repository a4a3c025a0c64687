import keras
import numpy as np
import pytest
import tensorflow as tf

from utils.data.images import scale_images, unscale_images
from utils.data.pipelines import make_dataset

IMAGES = np.tile(np.arange(40, dtype=np.uint8)[:, None, None, None], (1, 4, 4, 3))  # each is its own number


def numbers(dataset, epochs=1, steps=None):
    """Return the numbers of the images: (epochs, steps, batch)."""
    steps = steps or len(dataset)
    batches = [unscale_images(batch.numpy())[:, 0, 0, 0] for batch in dataset.take(epochs * steps)]
    return np.array(batches, int).reshape(epochs, steps, -1)


def assert_batches_are_mixed_anew(epochs):
    """No batch of one epoch holds exactly the images of a batch of another."""
    first, second = ({frozenset(batch) for batch in epoch} for epoch in epochs.tolist())
    assert not first & second


def assert_each_once(epochs):
    for epoch in epochs:
        assert sorted(epoch.ravel()) == list(range(len(IMAGES)))


def test_batches_are_float32_from_minus_one_to_one_and_of_fixed_shape():
    dataset = make_dataset(IMAGES, 8)
    assert dataset.element_spec == tf.TensorSpec((8, 4, 4, 3), tf.float32)
    every = np.arange(256, dtype=np.uint8).reshape(256, 1, 1, 1)
    batch = next(iter(make_dataset(every, 256))).numpy()
    assert (batch.min(), batch.max()) == (-1, 1)
    np.testing.assert_allclose(np.sort(batch.ravel()), scale_images(every).ravel(), atol=1e-6)
    np.testing.assert_array_equal(np.sort(unscale_images(batch).ravel()), every.ravel())


def test_every_image_comes_once_per_epoch():
    assert_each_once(numbers(make_dataset(IMAGES, 8, seed=1), epochs=3, steps=5))
    drawn = np.random.default_rng(0).integers(0, 40, (1, 5, 8))
    with pytest.raises(AssertionError):  # planted bug: drawing with replacement
        assert_each_once(drawn)


def test_batches_differ_between_epochs():
    assert_batches_are_mixed_anew(numbers(make_dataset(IMAGES, 8, seed=1), epochs=2, steps=5))
    planted = tf.data.Dataset.from_tensor_slices(IMAGES).batch(8).shuffle(5).repeat().map(scale)
    with pytest.raises(AssertionError):  # planted bug: shuffled after batching
        assert_batches_are_mixed_anew(numbers(planted, epochs=2, steps=5))


def scale(images):
    return tf.cast(images, tf.float32) / 127.5 - 1


def test_an_image_can_land_anywhere_in_the_epoch():
    places = np.argsort(
        numbers(make_dataset(IMAGES, 8, seed=1), epochs=100, steps=5).reshape(100, 40), axis=1
    )
    assert np.abs(places.mean(axis=0) - 19.5).max() < 6  # 1.2 is one standard error
    window = np.array([np.argsort(epoch.ravel()) for epoch in small_buffer(100)])
    assert np.abs(window.mean(axis=0) - 19.5).max() > 6  # planted bug: a shuffle buffer of eight images


def small_buffer(epochs):
    dataset = tf.data.Dataset.range(40).shuffle(8, seed=1).batch(8)
    return [np.array(list(dataset.as_numpy_iterator())) for _ in range(epochs)]


def test_one_epoch_at_a_time_differs_from_the_next():
    dataset = make_dataset(IMAGES, 8, seed=1, repeat=False)
    assert len(dataset) == 5
    epochs = np.concatenate([numbers(dataset), numbers(dataset)])
    assert_each_once(epochs)
    assert_batches_are_mixed_anew(epochs)


def test_keras_sees_new_batches_in_each_epoch_of_fit():
    seen = []

    class Recorder(keras.Model):
        def train_step(self, images):
            seen.append(unscale_images(images.numpy())[:, 0, 0, 0])
            return {"seen": tf.constant(float(len(seen)))}

    model = Recorder()
    model.compile(run_eagerly=True)
    model.fit(make_dataset(IMAGES, 8, seed=1, repeat=False), epochs=2, verbose=0, shuffle=False)
    epochs = np.array(seen, int).reshape(2, 5, 8)
    assert_each_once(epochs)
    assert_batches_are_mixed_anew(epochs)


def test_the_odd_rest_is_left_out_of_an_epoch_but_not_always_the_same():
    epochs = numbers(make_dataset(IMAGES, 7, seed=1), epochs=20, steps=5).reshape(20, 35)
    left_out = [set(range(40)) - set(epoch) for epoch in epochs]
    assert all(len(rest) == 5 for rest in left_out)
    assert len(set.union(*left_out)) > 20


def test_a_repeating_dataset_has_no_end():
    dataset = make_dataset(IMAGES, 40)
    assert dataset.cardinality() == tf.data.INFINITE_CARDINALITY
    assert numbers(dataset, epochs=3, steps=1).shape == (3, 1, 40)


def test_a_seed_repeats_the_order_and_another_does_not():
    runs = [numbers(make_dataset(IMAGES, 8, seed=seed), epochs=2, steps=5) for seed in (3, 3, 4)]
    np.testing.assert_array_equal(runs[0], runs[1])
    assert (runs[0] != runs[2]).any()


def test_without_a_seed_the_order_is_new():
    runs = [numbers(make_dataset(IMAGES, 8), epochs=1, steps=5) for _ in range(2)]
    assert (runs[0] != runs[1]).any()


SIDED = np.zeros((64, 4, 4, 1), np.uint8)
SIDED[:, :, 0] = 255  # bright on the left


def test_flip_mirrors_about_half_each_image_for_itself_and_by_the_seed():
    first, second = (
        np.array(list(make_dataset(SIDED, 64, seed=5, augment="flip").take(8))) for _ in range(2)
    )
    np.testing.assert_array_equal(first, second)
    right = first[:, :, 0, -1, 0] == 1  # (batch, image)
    assert set(np.unique(first.sum(axis=(2, 3, 4)))) == {-8.0}  # whole columns, nothing else changed
    assert 0.4 < right.mean() < 0.6
    assert 0 < right[0].mean() < 1 and (right[0] != right[1]).any()
    plain = np.array(list(make_dataset(SIDED, 64, seed=5).take(2)))
    assert plain[:, :, 0, -1].max() == -1


def test_a_function_augments_a_whole_batch():
    batch = next(iter(make_dataset(IMAGES, 8, augment=lambda images: images * 0 + 0.5)))
    assert float(tf.reduce_min(batch)) == float(tf.reduce_max(batch)) == 0.5


@pytest.mark.filterwarnings("ignore")
def test_a_keras_layer_augments_too():
    layer = keras.layers.RandomFlip("horizontal", seed=1)
    batches = np.array(
        list(make_dataset(SIDED, 64, seed=1, augment=lambda x: layer(x, training=True)).take(2))
    )
    assert 0 < (batches[:, :, 0, -1, 0] == 1).mean() < 1


TOKENS = np.stack([np.arange(40), 100 + np.arange(40), np.zeros(40)], axis=1).astype(np.int32)  # its number


def assert_each_image_keeps_its_tokens(batches):
    """The number that an image shows is the number that its tokens say."""
    for images, tokens in batches:
        shown = unscale_images(np.asarray(images))[:, 0, 0, 0].astype(int)
        np.testing.assert_array_equal(np.stack([shown, shown + 100, 0 * shown], axis=1), tokens)


@pytest.mark.parametrize("augment", [None, "flip", lambda images: tf.reverse(images, axis=[1])])
def test_each_image_keeps_its_own_tokens_in_every_epoch(augment):
    dataset = make_dataset(IMAGES, 8, tokens=TOKENS, seed=1, augment=augment)
    assert dataset.element_spec == (tf.TensorSpec((8, 4, 4, 3), tf.float32), tf.TensorSpec((8, 3), tf.int32))
    epochs = list(dataset.take(2 * 5).as_numpy_iterator())
    assert_each_image_keeps_its_tokens(epochs)
    assert_each_once(np.array([tokens[:, 0] for _, tokens in epochs]).reshape(2, 5, 8))
    planted = [(images, TOKENS[8 * i % 40 :][:8]) for i, (images, _) in enumerate(epochs)]
    with pytest.raises(AssertionError):  # planted bug: the tokens stay in their first order
        assert_each_image_keeps_its_tokens(planted)


def test_tokens_change_nothing_about_the_images():
    alone, with_tokens = (
        make_dataset(SIDED, 16, tokens=tokens, seed=5, augment="flip").take(8).as_numpy_iterator()
        for tokens in (None, np.ones((64, 2), np.int64))
    )
    for images, (same_images, tokens) in zip(alone, with_tokens, strict=True):
        np.testing.assert_array_equal(images, same_images)
        assert tokens.dtype == np.int32


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"tokens": TOKENS[:39]}, r"each of the 40 images. Received: .*\(39, 3\)"),
        ({"tokens": TOKENS[:, 0]}, r"\(n, length\).*Received: .*\(40,\)"),
        ({"tokens": TOKENS / 2}, "whole numbers.*Received: float64"),
        ({"tokens": [["a", "blue", "shirt"]] * 40}, "whole numbers.*Received: <U5"),
        ({"tokens": TOKENS, "augment": lambda images: (images, images)}, "must return a batch like the one"),
        ({"batch_size": 41}, "batch_size=41 for 40 images"),
        ({"batch_size": 0}, "above 0. Received: 0"),
        ({"batch_size": 8.0}, "whole number above 0. Received: 8.0"),
        ({"images_uint8": IMAGES / 127.5 - 1}, "uint8 .*Received: float64 values from -1 to"),
        ({"images_uint8": IMAGES.astype(int)}, "Received: int64 values from 0 to 39"),
        ({"images_uint8": IMAGES[..., 0]}, r"shape \(40, 4, 4\)"),
        ({"images_uint8": IMAGES[:0]}, r"shape \(0, 4, 4, 3\)"),
        ({"augment": "rotate"}, "\"flip\" or a function.*Received: 'rotate'"),
        ({"augment": 3}, "Received: 3"),
        ({"augment": lambda images: images[:, 1:]}, r"float32 \(8, 4, 4, 3\). Received: .*3, 4, 3"),
        ({"augment": lambda images: tf.cast(images, tf.float16)}, "Received: .*float16"),
        ({"augment": lambda images: (images, images)}, "must return a batch like the one"),
        ({"seed": "one"}, "seed must be .*Received: 'one'"),
        ({"seed": -1}, "seed must be .*Received: -1"),
    ],
)
def test_a_wrong_request_is_named_with_the_cure(wrong, says):
    with pytest.raises(ValueError, match=f"(?s){says}.*Most likely fix"):
        make_dataset(**{"images_uint8": IMAGES, "batch_size": 8, **wrong})
