"""One process or many, one device or all of them: how a training is shared, and who writes its files."""

import json
import os
import random

import tensorflow as tf

SHARED = []  # the strategy of all trainings; none where there is one device


def share_work():
    """Share every training that follows among all GPUs here, or among the machines that TF_CONFIG lists.

    COURSE_DEVICES=2 cuts the processor in two, to see on a laptop what two GPUs would do. `train` takes the
    strategy up without a word in the lessons; all that is not a training stays on the first device.
    """
    if SHARED:
        return  # the cell was run again
    asked = os.environ.get("COURSE_DEVICES", "")
    if asked:
        split_processor(asked)
    if len(workers()) > 1:
        strategy = tf.distribute.MultiWorkerMirroredStrategy()
    else:
        devices = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")
        if len(devices) < 2:
            return
        strategy = tf.distribute.MirroredStrategy([device.name for device in devices])
    SHARED[:] = [strategy]


def training_strategy():
    """Return how trainings share their work; on one device, the strategy that does nothing."""
    return SHARED[0] if SHARED else tf.distribute.get_strategy()


def split_processor(count):
    """Make several logical devices of the processor; must come before TensorFlow has looked at it."""
    if not count.isdecimal() or int(count) < 1:
        raise ValueError(
            f"COURSE_DEVICES must be a whole number above 0. Received: {count!r}. "
            "Most likely fix: unset it, then a lesson takes what the machine has."
        )
    if int(count) == 1:
        return
    processor = tf.config.list_physical_devices("CPU")[0]
    parts = [tf.config.LogicalDeviceConfiguration() for _ in range(int(count))]
    try:
        tf.config.set_logical_device_configuration(processor, parts)
    except RuntimeError:
        raise RuntimeError(
            f"COURSE_DEVICES must be read before TensorFlow computes. Received: {count}, too late. "
            "Most likely fix: restart the kernel and run the setup cell first."
        ) from None


def workers():
    """Return the addresses of all machines that train together, as TF_CONFIG lists them; [] when alone."""
    return cluster()[0]


def worker_index():
    """Return the number of this process among those that train together; 0 when alone."""
    return cluster()[1]


def cluster():
    """Read TF_CONFIG: the addresses of all workers, and which of them this process is."""
    told = os.environ.get("TF_CONFIG", "")
    try:
        config = json.loads(told) if told else {"cluster": {"worker": []}, "task": {"index": 0}}
        (addresses,), index = config["cluster"].values(), config["task"]["index"]
        if "worker" not in config["cluster"] or index not in range(max(1, len(addresses))):
            raise ValueError
        return addresses, index
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ValueError(
            'TF_CONFIG must be JSON like {"cluster": {"worker": ["host0:2222", "host1:2222"]}, '
            f'"task": {{"type": "worker", "index": 0}}}}. Received: {told!r}. '
            "Most likely fix: the same cluster on every machine, and an index of its own on each."
        ) from None


def is_chief():
    """Tell whether this process writes checkpoints and pictures: worker 0, or the only one."""
    return worker_index() == 0


def draw_own_noise():
    """Let each worker draw noise of its own: from the seed of a lesson all would draw the same fakes."""
    tf.random.set_seed(random.randrange(2**31) + worker_index())


def check_same_step(step):
    """Refuse to go on from different steps: workers must see the same checkpoints."""
    strategy = training_strategy()
    if len(workers()) < 2:
        return
    steps = strategy.gather(strategy.run(lambda: tf.constant([step])), axis=0).numpy().tolist()
    if len(set(steps)) > 1:
        raise ValueError(
            f"All workers must go on from the same step. Received: {steps}, worker by worker. "
            "Most likely fix: a folder for checkpoints that every machine sees, or fresh=True on all."
        )


def replica_count():
    """Return how many copies of a model take this step together; 1 outside of a training."""
    return tf.distribute.get_strategy().num_replicas_in_sync
