"""Out of memory becomes one sentence that names the knob; every other error passes as it is."""

import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from unittest.mock import Mock

import keras
import numpy as np
import pytest
import tensorflow as tf

from utils.training import out_of_memory
from utils.training.budget import LESSONS
from utils.training.fit import train
from utils.training.out_of_memory import explain_out_of_memory
from utils.training.state import checkpoints, resume, steps_done

SOLUTIONS = Path(__file__).parents[2] / "solutions"
HUGE = 2**50  # numbers: more bytes than any machine has


@pytest.fixture(autouse=True)
def smoke(monkeypatch):
    """The budget that the sentences name."""
    monkeypatch.setenv("COURSE_BUDGET", "smoke")


class Line(keras.Model):
    """A line that is learned; `before_step(images)` may plant an error."""

    def __init__(self, before_step=None, **compiled):
        super().__init__()
        self.line = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        self.before_step = before_step
        self.built = True
        self.compile(keras.optimizers.Adam(0.05), **compiled)

    def train_step(self, images):
        if self.before_step is not None:
            images += self.before_step(images)
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((self.line(images) - 3.0) ** 2)
        variables = self.line.trainable_variables
        self.optimizer.apply(tape.gradient(loss, variables), variables)
        return {"loss": loss}


class After(keras.callbacks.Callback):
    """Does something after a given step."""

    def __init__(self, step, act):
        super().__init__()
        self.step, self.act = step, act

    def on_train_batch_end(self, batch, logs=None):
        if batch + 1 == self.step:
            self.act(self.model)


def fails(step, error):
    """A callback that raises an error after a step."""

    def fail(model):
        raise error

    return After(step, fail)


def dataset(batch_size=8):
    """Return batches of ones, (batch, 1)."""
    images = np.ones((64, 1), "float32")
    return tf.data.Dataset.from_tensor_slices(images).batch(batch_size, drop_remainder=True)


def exhausted(message="OOM when allocating tensor with shape[512,64] and type float on GPU:0"):
    """TensorFlow's own error."""
    return tf.errors.ResourceExhaustedError(None, None, message)


def too_large(images):
    """A tensor of 4 PiB, made in the step."""
    return tf.reduce_sum(tf.random.normal([2**25, 2**25])) * 0.0


def sentence(model, batches=None, **further):
    """Train until memory runs out; return what is said."""
    with pytest.raises(MemoryError) as raised:
        train(model, dataset() if batches is None else batches, 20, **further)
    said = str(raised.value)
    assert said.count("\n") == 0 and raised.value.__suppress_context__  # no page of a graph's own trace
    assert "must fit" in said and "Received: " in said and "Most likely fix: " in said
    return said


@pytest.mark.parametrize("compiled", [{}, {"jit_compile": True}], ids=str)
def test_a_tensor_that_fits_into_no_machine_is_one_sentence(compiled):
    model = Line(too_large, **compiled)
    said = sentence(model)
    assert "batches of (8, 1), budget smoke; " in said and "a batch_size of 4 in place of 8" in said
    assert re.search(r"shape\[33554432,33554432\]|allocate 8.00PiB", said)
    assert "The model is kept, at step 0" in said


@pytest.mark.parametrize(
    "error",
    [
        exhausted(),
        MemoryError(),
        np._core._exceptions._ArrayMemoryError((HUGE,), np.dtype("float64")),
        tf.errors.InternalError(None, None, "cudaGetDevice() failed. Status: out of memory"),
        tf.errors.InternalError(None, None, "cuDevicePrimaryCtxRetain: CUDA_ERROR_OUT_OF_MEMORY"),
        RuntimeError("Exception encountered when calling Layer.call(). Unable to allocate 8.00 PiB for an"),
        ExceptionGroup("two replicas", [ValueError("one"), exhausted()]),
    ],
    ids=lambda error: type(error).__name__,
)
def test_every_kind_is_known(error):
    assert "The model is kept, at step 3." in sentence(Line(), callbacks=[fails(3, error)])


def test_a_wrapped_error_is_known():
    def wrapped(model):
        try:
            raise exhausted()
        except tf.errors.OpError as error:
            raise ValueError("a layer failed") from error  # Keras drops the cause on its way up

    assert "shape[512,64]" in sentence(Line(), callbacks=[After(3, wrapped)])


@pytest.mark.parametrize(
    "error",
    [
        ValueError("OOM is a word in a caption"),
        tf.errors.InvalidArgumentError(None, None, "shapes differ"),
        exhausted("/cache/0.lockfile; No space left on device"),
        exhausted("/photos/7.jpg; Too many open files"),
    ],
    ids=["words", "shapes", "disk", "files"],
)
def test_another_error_passes_as_it_is(error):
    with pytest.raises(type(error)) as raised:
        train(Line(), dataset(), 20, callbacks=[fails(3, error)])
    assert raised.value is error


def test_an_error_of_the_dataset_passes_as_it_is():
    def broken():
        yield np.ones((8, 1), "float32")
        raise KeyError("a photo is missing")

    batches = tf.data.Dataset.from_generator(broken, output_signature=tf.TensorSpec((8, 1), tf.float32))
    with pytest.raises(tf.errors.OpError, match="a photo is missing"):
        train(Line(), batches, 20)


def test_an_error_of_a_second_try_is_not_laid_to_the_first():
    try:
        train(Line(), dataset(), 20, callbacks=[fails(3, exhausted())])
    except MemoryError:
        with pytest.raises(ValueError, match="of another kind"):
            train(Line(), dataset(4), 20, callbacks=[fails(3, ValueError("of another kind"))])


def test_memory_that_the_dataset_asks_for_counts_too():
    def too_many():
        yield np.ones((8, 1), "float32")
        yield np.ones(HUGE)

    batches = tf.data.Dataset.from_generator(too_many, output_signature=tf.TensorSpec((8, 1), tf.float32))
    assert "Unable to allocate 8.00 PiB" in sentence(Line(), batches)


def test_the_model_and_what_was_saved_are_kept(tmp_path, capsys):
    train(Line(), dataset(), 10, folder=tmp_path)
    model = Line()
    said = sentence(model, folder=tmp_path, callbacks=[fails(5, exhausted())])
    assert f"The model is kept, at step 15, and what was saved in {tmp_path} stays." in said
    assert steps_done(model) == 15 and checkpoints(tmp_path)[0].name == "step_00000010.npz"
    train(model, dataset(4), 20, folder=tmp_path)  # the cell once more, with a smaller batch
    assert steps_done(model) == 20 and resume(Line(), tmp_path) == 20


@pytest.mark.parametrize(
    ("batches", "words"),
    [
        (dataset(1), "batches of (1, 1), "),
        (dataset().unbatch().batch(8), "batches of (None, 1), "),
        (tf.data.Dataset.zip((dataset(), dataset())), "batches of (8, 1) and (8, 1), "),
        ([np.ones((8, 1))], "batches of a shape that is not told, "),
    ],
    ids=["one", "unknown", "pairs", "a list"],
)
def test_batches_of_any_kind_are_described(batches, words):
    with pytest.raises(MemoryError) as raised, explain_out_of_memory(batches, Mock(step=0)):
        raise exhausted()
    assert words in str(raised.value) and " of 0 in place" not in str(raised.value)


def test_a_smaller_preset_is_named_where_there_is_one(monkeypatch):
    assert "COURSE_BUDGET=cpu" not in out_of_memory.cure(dataset())  # smoke is in force
    monkeypatch.setenv("COURSE_BUDGET", "gpu")
    assert "; else COURSE_BUDGET=cpu, with smaller networks and batches; else " in out_of_memory.cure(
        dataset()
    )


def test_who_holds_the_gpu_comes_first(monkeypatch):
    held = "process 4242 (python) holds 11.2 of 16.0 GB of the GPU"
    monkeypatch.setattr(out_of_memory, "busy_gpus", lambda: [held])
    assert held not in out_of_memory.cure(dataset())  # nothing is trained on it
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [kind])
    said = out_of_memory.cure(dataset())
    assert said.startswith("in JupyterLab, Kernel, Shut Down All Kernels, because " + held)
    assert said.count("Shut Down All Kernels") == 1


def sizes(budget, path=""):
    """Every batch_size and width in a budget and in those inside it."""
    for field in fields(budget):
        value = getattr(budget, field.name)
        if is_dataclass(value):
            yield from sizes(value, f"{path}{field.name}.")
        elif field.name.endswith(("batch_size", "width")):
            yield f"{path}{field.name}", value


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_cpu_preset_is_not_the_larger_one(lesson):
    larger = dict(sizes(LESSONS[lesson]["gpu"]))
    assert all(value <= larger[name] for name, value in sizes(LESSONS[lesson]["cpu"]))


@pytest.mark.parametrize("lesson", [name for name in LESSONS if "batch_size" in str(LESSONS[name]["gpu"])])
def test_a_lesson_takes_its_batch_size_where_its_dataset_is_made(lesson):
    text = (SOLUTIONS / f"{lesson}.py").read_text(encoding="utf-8")
    assert re.search(r"make_\w+\([^()]*budget(\.\w+)?\.batch_size", text)
