"""A shard: one TFRecord file of pictures, each with its class id and its caption.

Pictures are stored as raw bytes. PNG takes half of the room, but is read many times more slowly, and it is
reading that a training waits for; tests/benchmarks/shards.py prints both.
"""

import errno
import pathlib

import numpy as np
import tensorflow as tf

from utils.data.shard_manifest import sha256_of
from utils.data.storage import write_atomic

FIELDS = {
    "picture": tf.io.FixedLenFeature((), tf.string),  # height x width x channels bytes
    "class_id": tf.io.FixedLenFeature((), tf.int64),
    "caption": tf.io.FixedLenFeature((), tf.string),  # UTF-8
}


def write_shard(folder, name, rows):
    """Write (picture uint8, class id, caption) rows as one shard, whole or not at all; return its entry."""
    entry = {"file": name}

    def write(path):
        entry["pictures"] = write_records(path, rows)
        entry.update(bytes=path.stat().st_size, sha256=sha256_of(path))

    write_atomic(pathlib.Path(folder, name), write)
    return entry


def write_records(path, rows):
    """Write rows into a TFRecord file; return how many."""
    count = 0
    try:
        with tf.io.TFRecordWriter(str(path)) as writer:
            for row in rows:
                writer.write(as_record(*row))
                count += 1
    except tf.errors.OpError as error:  # TensorFlow's own kind of OSError
        full = isinstance(error, tf.errors.ResourceExhaustedError)
        raise OSError(errno.ENOSPC if full else errno.EIO, error.message.split("; ")[-1]) from error
    return count


def as_record(picture, class_id, caption):
    """Return one row as bytes, the same ones each time."""
    values = {
        "picture": tf.train.Feature(bytes_list=tf.train.BytesList(value=[picture.tobytes()])),
        "class_id": tf.train.Feature(int64_list=tf.train.Int64List(value=[class_id])),
        "caption": tf.train.Feature(
            bytes_list=tf.train.BytesList(value=[caption.encode("utf-8", "replace")])
        ),
    }
    example = tf.train.Example(features=tf.train.Features(feature=values))
    return example.SerializeToString(deterministic=True)  # else the order of the fields is left open


def parse_records(records, image_size, channels):
    """Return uint8 pictures (batch, image_size, image_size, channels), class ids and captions of records."""
    fields = tf.io.parse_example(records, FIELDS)
    pixels = tf.io.decode_raw(fields["picture"], tf.uint8)
    shape = (records.shape[0] or -1, image_size, image_size, channels)
    return tf.reshape(pixels, shape), fields["class_id"], fields["caption"]


def read_shard(path, image_size, channels):
    """Yield the rows of one shard in the order in which they were written."""
    for records in tf.data.TFRecordDataset(str(path)).batch(64):
        pictures, class_ids, captions = parse_records(records, image_size, channels)
        texts = [caption.decode("utf-8") for caption in captions.numpy()]
        yield from zip(np.asarray(pictures), class_ids.numpy().tolist(), texts, strict=True)
