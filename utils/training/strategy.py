"""One process or many, one device or all of them: how a training is shared, and who writes its files."""

import json
import os

import tensorflow as tf


def share_work(seed):
    """Share every training that follows among all GPUs here, or among the machines that TF_CONFIG lists.

    COURSE_DEVICES=2 cuts the processor in two, to see on a laptop what two GPUs would do. A strategy is
    set for the whole process: models, optimizers and `fit` take it up without a word in the lessons.
    Workers draw noise of their own: with one seed all of them would draw the same fakes.
    """
    asked = os.environ.get("COURSE_DEVICES", "")
    if asked:
        split_processor(asked)
    if len(workers()) > 1:
        strategy = tf.distribute.MultiWorkerMirroredStrategy()
        tf.random.set_seed(seed + worker_index())  # the same weights come from the chief, noise must differ
    else:
        devices = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
        if len(devices) < 2:
            return
        strategy = tf.distribute.MirroredStrategy([device.name for device in devices])
    tf.distribute.experimental_set_strategy(strategy)


def split_processor(count):
    """Make several logical devices of the processor; must come before TensorFlow has looked at it."""
    if not count.isdecimal() or int(count) < 1:
        raise ValueError(
            f"COURSE_DEVICES must be a whole number above 0. Received: {count!r}. "
            "Most likely fix: unset it, then a lesson takes what the machine has."
        )
    processor = tf.config.list_physical_devices("CPU")[0]
    parts = [tf.config.LogicalDeviceConfiguration() for _ in range(int(count))]
    tf.config.set_logical_device_configuration(processor, parts)


def workers():
    """Return the addresses of all machines that train together, as TF_CONFIG lists them; [] when alone."""
    told = os.environ.get("TF_CONFIG", "")
    try:
        return json.loads(told)["cluster"]["worker"] if told else []
    except (ValueError, KeyError, TypeError):
        raise ValueError(
            'TF_CONFIG must be JSON like {"cluster": {"worker": ["host0:2222", "host1:2222"]}, '
            f'"task": {{"type": "worker", "index": 0}}}}. Received: {told!r}. '
            "Most likely fix: the same cluster on every machine, and an index of its own on each."
        ) from None


def worker_index():
    """Return the number of this process among those that train together; 0 when alone."""
    return int(json.loads(os.environ["TF_CONFIG"])["task"]["index"]) if workers() else 0


def is_chief():
    """Tell whether this process writes checkpoints and pictures: worker 0, or the only one."""
    return worker_index() == 0


def check_same_step(step):
    """Refuse to go on from different steps: workers must see the same checkpoints."""
    strategy = tf.distribute.get_strategy()
    if len(workers()) < 2:
        return
    total = strategy.reduce("SUM", strategy.run(lambda: tf.constant(step)), axis=None)
    if int(total) != step * replica_count():
        raise ValueError(
            f"All workers must go on from the same step. Received: {step} here, another one elsewhere. "
            "Most likely fix: a folder for checkpoints that every machine sees, or fresh=True on all."
        )


def replica_count():
    """Return how many copies of a model learn together."""
    return tf.distribute.get_strategy().num_replicas_in_sync
