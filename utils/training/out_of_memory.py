"""Out of memory, in one sentence: what did not fit, what is kept, and which knob to turn."""

import re
import sys
from contextlib import contextmanager

import tensorflow as tf

from utils.training.budget import budget_name
from utils.training.gpu import SHUT_DOWN, busy_gpus

DISK = ("No space left", "Disk quota", "Too many open files")  # TensorFlow gives these the same class
WANTED = re.compile(
    r"OOM when allocating tensor with shape\[[\d,]*\] and type \w+"  # TensorFlow
    r"|Out of memory while trying to allocate [\d.]+ ?\w+"  # XLA
    r"|Unable to allocate [\d.]+ \w+"  # numpy
)
CUDA = re.compile(r"out of memory|CUDA_ERROR_OUT_OF_MEMORY|_STATUS_ALLOC_FAILED")


@contextmanager
def explain_out_of_memory(dataset, record, folder=None):
    """Turn an error of memory in a training into one clear MemoryError; any other passes as it is."""
    earlier = sys.exception()  # this may be a second try, made where the error of the first is handled
    try:
        yield
    except Exception as error:
        found = [one for one in with_causes(error, earlier) if is_out_of_memory(one)]
        if not found:
            raise
        wanted = WANTED.search("\n".join(map(str, found)))
        stays = "" if folder is None else f", and what was saved in {folder} stays"
        raise MemoryError(
            "The network, a batch and all that a step keeps for its gradients must fit into memory. "
            f"Received: {describe_batches(dataset)}, budget {budget_name()}"
            f"{f'; {wanted[0]}' if wanted else ''}. The model is kept, at step {record.step}{stays}. "
            f"Most likely fix: {cure(dataset)}"
        ) from None


def with_causes(error, earlier=None):
    """Return an error, those inside it and those behind it, up to one that was handled earlier."""
    found, waiting = [], [error]
    while waiting:
        one = waiting.pop(0)
        if one is not None and one is not earlier and one not in found:
            found.append(one)
            waiting += [*getattr(one, "exceptions", ()), one.__cause__, one.__context__]
    return found


def is_out_of_memory(error):
    """Say whether an error is of memory: Python's, numpy's, TensorFlow's, or CUDA's told by TensorFlow."""
    if isinstance(error, tf.errors.ResourceExhaustedError):
        return not any(word in str(error) for word in DISK)
    told = isinstance(error, (tf.errors.OpError, RuntimeError))  # Keras makes a RuntimeError of numpy's
    return isinstance(error, MemoryError) or told and any(one.search(str(error)) for one in (WANTED, CUDA))


def cure(dataset):
    """Return what to do, the likeliest first; every lesson has a place where its dataset is made."""
    busy = busy_gpus() if tf.config.list_physical_devices("GPU") else []
    count = batch_size_of(dataset)
    smaller = f"of {count // 2} in place of {count}" if count and count > 1 else "that is smaller"
    steps = [
        *([f"{SHUT_DOWN}, because {'; '.join(busy)}"] if busy else []),
        f"where the dataset is made, a batch_size {smaller}"
        " (lessons take it from their budget; for every run, change it in utils/training/budget.py)",
        *(["COURSE_BUDGET=cpu, with smaller networks and batches"] if budget_name() == "gpu" else []),
        *([] if busy else [f"shut down other kernels: {SHUT_DOWN}"]),
    ]
    return "; else ".join(steps) + "."


def shapes_of(dataset):
    """Return the shape of each part of a batch, as far as the dataset tells it."""
    parts = tf.nest.flatten(getattr(dataset, "element_spec", []))
    return [part.shape for part in parts if getattr(part, "shape", None) is not None]


def batch_size_of(dataset):
    """Return how many rows a batch has, or None where the dataset does not tell."""
    return next((shape[0] for shape in shapes_of(dataset) if shape.rank), None)


def describe_batches(dataset):
    """Return the shapes of a batch in words."""
    return "batches of " + (" and ".join(map(str, shapes_of(dataset))) or "a shape that is not told")
