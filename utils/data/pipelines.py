"""From pictures in memory to batches for training: shuffled, augmented, prefetched."""

import numpy as np
import tensorflow as tf

from utils.data.images import describe
from utils.data.products import check_seed, is_whole


def make_dataset(images_uint8, batch_size, *, tokens=None, seed=None, augment=None, repeat=True):
    """Make a dataset of float32 batches in [-1, 1]; each epoch shows every image once, in a new order.

    What does not fill the last batch of an epoch is left out of that epoch. `augment` is "flip" (each
    image is mirrored or not, by chance) or a function of a batch that returns a batch of the same shape.
    With repeat=False an iteration is one epoch, and the next iteration has another order. With `tokens`,
    whole numbers (n, length), a batch is (images, tokens): each image brings its own, in every order.
    """
    images_uint8 = np.asarray(images_uint8)
    check_pictures(images_uint8)
    check_batch_size(batch_size, len(images_uint8))
    if not (augment in (None, "flip") if augment is None or isinstance(augment, str) else callable(augment)):
        raise ValueError(
            f'augment must be None, "flip" or a function of a batch. Received: {augment!r}. '
            'Most likely fix: augment="flip".'
        )
    if seed is not None:
        check_seed(seed)
    if tokens is not None:
        tokens = check_tokens(tokens, len(images_uint8))
    count, steps = len(images_uint8), len(images_uint8) // batch_size
    with tf.device("CPU:0"):  # the pictures wait in main memory, as bytes: a quarter of the floats
        pictures = tf.constant(images_uint8)

    def shuffle_epoch(number):
        # Shuffling numbers, once per epoch, costs a fifth of passing every picture through a shuffle buffer.
        order = tf.random.experimental.stateless_shuffle(tf.range(count), seed=tf.stack([number, 0]))
        batches = tf.reshape(order[: steps * batch_size], (steps, batch_size))
        seeds = tf.stack([tf.fill([steps], number), tf.range(1, steps + 1, dtype=tf.int64)], axis=1)
        return tf.data.Dataset.from_tensor_slices((batches, seeds))

    def load_batch(indices, batch_seed):
        images = tf.cast(tf.gather(pictures, indices), tf.float32) / 127.5 - 1.0
        if augment == "flip":
            images = flip(images, batch_seed)
        elif augment:
            images = augment(images)
        return images if tokens is None else (images, tf.gather(tokens, indices))

    epochs = tf.data.Dataset.random(seed=seed, rerandomize_each_iteration=True)
    dataset = (epochs if repeat else epochs.take(1)).flat_map(shuffle_epoch).map(load_batch)
    augmented = dataset.element_spec if tokens is None else dataset.element_spec[0]
    check_augmented(augmented, (batch_size, *images_uint8.shape[1:]))
    dataset = dataset.apply(
        tf.data.experimental.assert_cardinality(tf.data.INFINITE_CARDINALITY if repeat else steps)
    )
    options = tf.data.Options()
    options.autotune.enabled = False  # nothing to tune here, and the tuning itself costs time
    return dataset.prefetch(2).with_options(options)


def flip(images, seed):
    """Mirror each image left to right with probability one half."""
    mirrored = tf.random.stateless_uniform((len(images), 1, 1, 1), seed) < 0.5
    return tf.where(mirrored, tf.reverse(images, axis=[2]), images)


def check_pictures(images):
    """Refuse anything but bytes of shape (n, height, width, channels)."""
    if images.dtype != np.uint8 or images.ndim != 4 or images.size == 0:
        raise ValueError(
            "Images of a dataset must be uint8 (n, height, width, channels), from 0 to 255. "
            f"Received: {describe(images)}. Most likely fix: pass products.images as they were loaded."
        )


def check_batch_size(batch_size, count):
    """Refuse a batch that the images cannot fill."""
    if not is_whole(batch_size) or batch_size < 1:
        raise ValueError(
            f"batch_size must be a whole number above 0. Received: {batch_size!r}. "
            "Most likely fix: batch_size=64."
        )
    if batch_size > count:
        raise ValueError(
            f"A batch must fit into the data. Received: batch_size={batch_size} for {count} images. "
            f"Most likely fix: batch_size={count} or less, or load more images."
        )


def check_tokens(tokens, count):
    """Return the tokens as int32, one row per image, or say what is wrong."""
    tokens = np.asarray(tokens)
    if tokens.dtype.kind not in "iu" or tokens.ndim != 2 or len(tokens) != count:
        raise ValueError(
            f"Tokens must be whole numbers (n, length), a row for each of the {count} images. "
            f"Received: {describe(tokens)}. Most likely fix: make both from the same products, "
            "images from products.images and tokens from products.captions."
        )
    return tokens.astype(np.int32)


def check_augmented(spec, shape):
    """Refuse an augmentation that changes what the network gets."""
    if not isinstance(spec, tf.TensorSpec) or spec.shape != shape or spec.dtype != tf.float32:
        raise ValueError(
            f"augment must return a batch like the one it gets: float32 {shape}. Received: {spec}. "
            "Most likely fix: return images of the same shape, as tf.float32."
        )
