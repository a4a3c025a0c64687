"""python on_four_devices.py STEPS: what the cards on many devices show, as JSON. Four devices share a CPU."""

import json
import sys

from utils.training import quiet  # noqa: F401  (first: TensorFlow starts without its log lines)

import keras  # isort: skip
import numpy as np  # isort: skip
import tensorflow as tf  # isort: skip
from keras import layers  # isort: skip

from utils.data import load_products
from utils.interview.deck import load_deck

PART, BATCH = 16, 64


def strategies():
    """The strategies of one device and of four."""
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 4)
    devices = [f"CPU:{number}" for number in range(4)]
    return tf.distribute.MirroredStrategy(devices[:1]), tf.distribute.MirroredStrategy(devices)


def last_losses(one, four):
    """What the card `scaling-mean` prints, and a quarter of the rate on four."""
    names = {"tf": tf, "keras": keras, "layers": layers}
    exec(load_deck()["scaling-mean"].code, names)
    sgd, adam, train = keras.optimizers.SGD, keras.optimizers.Adam, names["train"]
    return {
        "SGD(0.1)": [train(one, lambda: sgd(0.1)), train(four, lambda: sgd(0.1))],
        "SGD(0.3)": [train(one, lambda: sgd(0.3)), train(four, lambda: sgd(0.3))],
        "Adam(0.3)": [train(one, lambda: adam(0.3)), train(four, lambda: adam(0.3))],
        "SGD(0.025)": train(four, lambda: sgd(0.025)),
    }


def traces(one, four, steps):
    """The columns of the card `scaling-trace`, and two of them with Adam."""
    products = load_products("catalogue", count=BATCH * steps)
    grain = np.random.default_rng(0).normal(0, 0.1, products.images.shape)  # a flat ground has no variance
    images = (products.images / 127.5 - 1 + grain).astype("float32")
    batches = [
        (images[start : start + BATCH], products.class_ids[start : start + BATCH])
        for start in range(0, BATCH * steps, BATCH)
    ]
    classes = len(products.class_names)
    right = trace(four, batches, classes)
    return {
        "one": trace(one, batches, classes),
        "A": trace(four, batches, classes, divide_by=1),
        "B": right,
        "C": trace(four, batches, classes, synchronized=False),
        "D": trace(four, batches, classes, own_part=lambda replica: 0),
        "E": [4 * loss for loss in right],
        "F": trace(four, batches, classes, divide_by=16),
        "one, Adam": trace(one, batches, classes, make_optimizer=keras.optimizers.Adam),
        "A, Adam": trace(four, batches, classes, make_optimizer=keras.optimizers.Adam, divide_by=1),
    }


def trace(
    strategy,
    batches,
    classes,
    *,
    make_optimizer=lambda: keras.optimizers.SGD(0.05),
    divide_by=None,
    synchronized=True,
    own_part=lambda replica: replica,
):
    """The loss of each step of a small classifier, as the mean over the replicas."""
    replicas = strategy.num_replicas_in_sync
    size = BATCH // replicas
    keras.utils.set_random_seed(1)
    with strategy.scope():
        model = build_classifier(batches[0][0].shape[1:], classes, synchronized)
        optimizer = make_optimizer()
        optimizer.build(model.trainable_variables)

    @tf.function
    def step(images, class_ids):
        with tf.GradientTape() as tape:
            logits = model(images, training=True)
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(class_ids, logits))
            share = loss / (divide_by or replicas)
        weights = model.trainable_variables
        optimizer.apply(tape.gradient(share, weights), weights)
        return loss

    def part_of(batch, context):
        start = size * own_part(context.replica_id_in_sync_group)
        return tuple(tf.constant(rows[start : start + size]) for rows in batch)

    losses = []
    for batch in batches:
        parts = strategy.experimental_distribute_values_from_function(
            lambda context, batch=batch: part_of(batch, context)
        )
        losses.append(float(strategy.reduce("MEAN", strategy.run(step, args=parts), axis=None)))
    return losses


def build_classifier(shape, classes, synchronized):
    """Two convolutions, each with batch norm."""
    blocks = []
    for width in (8, 16):
        blocks += [layers.Conv2D(width, 3, strides=2), layers.BatchNormalization(synchronized=synchronized)]
        blocks += [layers.ReLU()]
    return keras.Sequential([layers.Input(shape), *blocks, layers.Flatten(), layers.Dense(classes)])


def clipped(four):
    """What parts of 10, 0.1, 0.1, 0.1 become when Keras clips to a norm of 1."""
    with four.scope():
        weight = keras.Variable([0.0])
        optimizer = keras.optimizers.SGD(1.0, global_clipnorm=1.0)
        optimizer.build([weight])

    def step():
        first = tf.distribute.get_replica_context().replica_id_in_sync_group == 0
        optimizer.apply([tf.where(first, [10.0], [0.1])], [weight])

    four.run(tf.function(step))
    return -float(np.squeeze(weight.numpy()))


def main(steps):
    """Print all of it."""
    one, four = strategies()
    shown = {"mean": last_losses(one, four), "trace": traces(one, four, steps), "clipped": clipped(four)}
    print(json.dumps(shown))


if __name__ == "__main__":
    main(int(sys.argv[1]))
