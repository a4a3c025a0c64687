"""Measure what feeding costs beside training: python tests/benchmarks/pipelines.py."""

import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from utils.data.pipelines import make_dataset

BATCH_SIZE, SIDE, STEPS = 64, 28, 100
LIMIT = 0.03  # of a training step, the figure to stay under


def main():
    """Print CPU time per batch of feeding, alone and augmented, and its share of a training step."""
    images = np.random.default_rng(0).integers(0, 256, (60_000, SIDE, SIDE, 1), dtype=np.uint8)
    step_ms = measure_training_step(images[: 2 * BATCH_SIZE])
    print(f"training step of a small convolutional network: {step_ms:.1f} ms CPU")
    shares = []
    for augment in (None, "flip"):
        batch_ms = measure_feeding(make_dataset(images, BATCH_SIZE, seed=0, augment=augment), 20 * STEPS)
        shares.append(batch_ms / step_ms)
        print(f"batch of {BATCH_SIZE}, augment={augment}: {batch_ms:.3f} ms CPU, {shares[-1]:.2%} of a step")
    print(f"under {LIMIT:.0%} of a step: {'yes' if max(shares) < LIMIT else 'no'}")


def measure_feeding(dataset, steps):
    """Return CPU milliseconds per batch, read inside a graph as a trainer does."""

    @tf.function
    def read(batches):
        total = 0.0
        for images in batches:
            total += images[0, 0, 0, 0]
        return total

    read(dataset.take(10))
    start = time.process_time()
    read(dataset.take(steps))
    return (time.process_time() - start) / steps * 1000


def measure_training_step(images):
    """Return CPU milliseconds of one step of a network with two convolutions, fed from memory."""
    model = keras.Sequential(
        [
            layers.Input((SIDE, SIDE, 1)),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.Conv2D(32, 3, strides=2, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    batch = tf.constant(images[:BATCH_SIZE] / 127.5 - 1, tf.float32), tf.zeros(BATCH_SIZE, tf.int32)
    for _ in range(5):
        model.train_on_batch(*batch)
    start = time.process_time()
    for _ in range(STEPS):
        model.train_on_batch(*batch)
    return (time.process_time() - start) / STEPS * 1000


if __name__ == "__main__":
    main()
