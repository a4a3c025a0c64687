"""What this machine is and how long a lesson takes on it, measured before it starts."""

import os

from utils.training import quiet  # noqa: F401  (first: TensorFlow starts without its log lines)

import keras  # isort: skip
import tensorflow as tf  # isort: skip

from utils.training.budget import budget_name, load_budget
from utils.training.gpu import warn_if_busy
from utils.training.lesson_version import version_line
from utils.training.strategy import share_work, training_strategy, worker_index, workers

SEED = 2026


def start_lesson(lesson, version=None):
    """Prepare the machine for a lesson, say in one line what it will run on, and return its budget.

    The builder writes the version into notebooks; for one that does not fit the course there is a line more.
    """
    gpus = tf.config.list_physical_devices("GPU")
    for gpu in gpus:
        tf.config.experimental.set_memory_growth(gpu, True)
    if gpus:
        warn_if_busy()
    keras.utils.set_random_seed(SEED)
    share_work()
    budget = load_budget(lesson)
    print(f"Lesson {lesson} on {describe_device()}, budget {budget_name()}.")
    if line := version_line(lesson, version):
        print(line)
    return budget


def describe_device():
    """Name the device that will train, as a learner would say it."""
    gpus = tf.config.list_physical_devices("GPU")
    place = f", worker {worker_index()} of {len(workers())}" if len(workers()) > 1 else ""
    if gpus:
        names = [tf.config.experimental.get_device_details(gpu).get("device_name", "GPU") for gpu in gpus]
        return f"{len(gpus)} x {names[0]}{place}"
    count = 1 if place else training_strategy().num_replicas_in_sync
    return f"{usable_cores()} CPU cores{f' as {count} devices' if count > 1 else ''}, no GPU{place}"


def usable_cores():
    """Count the cores this process may use; a container often has fewer than the machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
