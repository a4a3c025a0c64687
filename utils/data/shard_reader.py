"""From shards on disk to batches for training: a million pictures in the memory of a few thousand."""

import os
import pathlib

import tensorflow as tf

from utils.data.pipelines import check_batch_size
from utils.data.products import check_seed, is_whole
from utils.data.shard_files import parse_records
from utils.data.shard_manifest import read_manifest, shard_names, trouble

OPEN = 8  # shards that are read in turn, so that a batch mixes them
BUFFER = 32 * 2**20  # bytes of pictures of which the next one is chosen: 2,730 pictures of 64 x 64 x 3
THREADS = min(8, os.cpu_count() or 1)


def make_shard_dataset(folder, batch_size, *, tokens=None, seed=None, worker=0, workers=1, repeat=True):
    """Make a dataset of float32 batches in [-1, 1] from shards; each epoch shows every picture once.

    The order is new in each epoch, and the same for the same seed. What does not fill the last batch of an
    epoch is left out of that epoch. `tokens` is a function of a tensor of captions, such as the vectorizer
    of learn_vocabulary, or "classes"; a batch is then (images, tokens). Several workers share the shards.
    """
    manifest = whole_manifest(folder)
    check_worker(worker, workers, len(manifest["shards"]))
    mine = manifest["shards"][worker::workers]
    count = sum(entry["pictures"] for entry in mine)
    check_batch_size(batch_size, count)
    check_token_function(tokens)
    if seed is not None:
        check_seed(seed)
    size, channels = manifest["settings"]["size"], manifest["settings"]["channels"]

    def load_batch(records):
        pictures, class_ids, captions = parse_records(records, size, channels)
        images = tf.cast(pictures, tf.float32) / 127.5 - 1.0
        if tokens is None:
            return images
        words = class_ids[:, None] if tokens == "classes" else tokens(captions)
        return images, tf.cast(tf.ensure_shape(words, (batch_size, words.shape[1])), tf.int32)

    files = tf.data.Dataset.from_tensor_slices([str(pathlib.Path(folder, one["file"])) for one in mine])
    # One thread reads: with several, each would in time keep as much memory as the whole buffer takes.
    records = files.shuffle(len(mine), seed=seed).interleave(tf.data.TFRecordDataset, cycle_length=OPEN)
    # Shuffled before they are parsed: a picture waits as bytes, a quarter of the floats.
    records = records.shuffle(max(batch_size, BUFFER // (size * size * channels)), seed=seed)
    batches = records.batch(batch_size, drop_remainder=True).map(load_batch, num_parallel_calls=THREADS)
    batches = batches.repeat() if repeat else batches
    batches = batches.apply(
        tf.data.experimental.assert_cardinality(
            tf.data.INFINITE_CARDINALITY if repeat else count // batch_size
        )
    )
    return batches.prefetch(2).with_options(reading_options(seed, workers))


def reading_options(seed, workers):
    """Return how the batches are read: with buffers of a fixed size, and with a seed in a fixed order."""
    options = tf.data.Options()
    options.deterministic = seed is not None
    options.autotune.enabled = False  # it lets buffers grow, up to a share of the memory of the machine
    if workers > 1:  # the shards are shared out already
        off = tf.data.experimental.AutoShardPolicy.OFF
        options.experimental_distribute.auto_shard_policy = off
    return options


def whole_manifest(folder):
    """Return the manifest of a folder in which no shard is missing, unfinished or cut off."""
    manifest = read_manifest(folder)
    shards = manifest["shards"]
    names = zip(shard_names(len(shards)), shards, strict=True)
    wrong = [f"{name} is {why}" for name, entry in names if (why := trouble(folder, name, entry))]
    if wrong:
        raise ValueError(
            f"All {len(shards)} shards in {folder} must be whole. Received: {len(wrong)} that are not; "
            f"{wrong[0]}. Most likely fix: give the command that made them again; it writes what is missing."
        )
    return manifest


def check_worker(worker, workers, shards):
    """Refuse a worker who does not exist, or for whom there is no shard."""
    if not (is_whole(worker) and is_whole(workers) and 0 <= worker < workers):
        raise ValueError(
            "worker must be a whole number from 0 to workers - 1. "
            f"Received: worker={worker!r}, workers={workers!r}. Most likely fix: worker=0, workers=1."
        )
    if workers > shards:
        raise ValueError(
            f"Each worker must have a shard of its own. Received: {workers} workers for {shards} shards. "
            "Most likely fix: make the shards anew with a smaller --shard-size."
        )


def check_token_function(tokens):
    """Refuse what does not turn captions into rows of whole numbers."""
    if tokens is None or isinstance(tokens, str) and tokens == "classes":
        return
    made = tokens(tf.constant(["a photo", "a coat"])) if callable(tokens) else tokens
    if not (tf.is_tensor(made) and made.dtype.is_integer and made.shape.rank == 2 and len(made) == 2):
        raise ValueError(
            'tokens must be "classes" or a function of a tensor of captions that returns whole numbers '
            f"(n, length). Received: {made!r}. Most likely fix: tokens=learn_vocabulary(captions)."
        )
