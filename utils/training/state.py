"""All that a training needs to go on later: weights, optimizers and step, in one whole file."""

import contextlib
import json
import pathlib
import zipfile
import zlib

import keras
import numpy as np
import tensorflow as tf

from utils.data.storage import sweep, write_atomic

# Which part of the model each optimizer moves; "" is the whole model. The first one found counts the steps.
OPTIMIZERS = {"g_optimizer": "generator", "d_optimizer": "discriminator", "optimizer": ""}
UNREADABLE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error)
KEPT = 2  # files: the newest, and the one before it should the newest turn out damaged


def optimizers_of(model):
    """Return the model's optimizers by attribute name, each with its slots built."""
    found = {name: getattr(model, name, None) for name in OPTIMIZERS}
    found = {name: one for name, one in found.items() if isinstance(one, keras.optimizers.Optimizer)}
    if len(found) > 1:  # compile() without an optimizer makes one that nobody uses
        found.pop("optimizer", None)
    for name, optimizer in found.items():
        part = getattr(model, OPTIMIZERS[name], model) if OPTIMIZERS[name] else model
        if not optimizer.built and part.built:
            optimizer.build(part.trainable_variables)
    return found


def steps_done(model):
    """Return how many steps the model has been trained: what its first optimizer has counted."""
    return next((int(tensor_of(one.iterations)) for one in optimizers_of(model).values()), 0)


def variables_of(model):
    """Return every variable that a training changes, each once: weights, seeds, optimizer slots, step."""
    listed = list(model.variables)
    for optimizer in optimizers_of(model).values():
        listed += optimizer.variables
    step = getattr(model, "step", None)
    listed += [step] if hasattr(step, "assign") else []
    return list({id(variable): variable for variable in listed}.values())


def tensor_of(variable):
    """Return what a variable holds now, as a tensor that later steps leave alone."""
    return tf.identity(variable.value if isinstance(variable, keras.Variable) else variable)


def values_of(variables):
    """Return what variables hold now, and whether every number is finite: one wait for the device in all."""
    tensors = [tensor_of(variable) for variable in variables]
    checks = [tf.reduce_all(tf.math.is_finite(one)) for one in tensors if one.dtype.is_floating]
    return tensors, tf.reduce_all(tf.stack(checks)) if checks else tf.constant(True)


def is_finite(model):
    """Tell whether every number of the model is finite."""
    return bool(values_of(variables_of(model))[1])


def shapes_of(model):
    """Return the shapes of all variables in order: what two models must share to share a checkpoint."""
    return [list(variable.shape) for variable in variables_of(model)]


def checkpoints(folder):
    """Return the checkpoint files of a folder, the latest step first; no clock is asked, it may be wrong."""
    return sorted(pathlib.Path(folder).glob("step_" + "[0-9]" * 8 + ".npz"), reverse=True)


def step_of(path):
    """Return the step that a checkpoint's file name says."""
    return int(path.stem.removeprefix("step_"))


def save_state(model, folder, history=None):
    """Write weights, optimizers, step and history to a new file, drop the oldest; OSError when it cannot."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    step = steps_done(model)
    about = {"step": step, "shapes": shapes_of(model), "history": history or {}}
    arrays = {f"v{number:04d}": stored(variable) for number, variable in enumerate(variables_of(model))}
    path = folder / f"step_{step:08d}.npz"
    write_atomic(path, lambda place: np.savez(place, about=np.array(json.dumps(about)), **arrays))
    saved = checkpoints(folder)
    here = saved.index(path)
    for old in saved[:here] + saved[here + KEPT :]:  # later steps were undone, or are of another training
        with contextlib.suppress(OSError):
            old.unlink()
    sweep(folder)
    return path


def stored(variable):
    """Return a variable as an array that numpy can store: bfloat16 becomes float32."""
    array = tensor_of(variable).numpy()
    return array if array.dtype.kind in "biuf" else array.astype("float32")


def read_state(path):
    """Return (step, shapes, history, arrays) of a checkpoint, read whole, so that damage shows here."""
    with open(path, "rb") as opened, np.load(opened, allow_pickle=False) as file:
        about = json.loads(str(file["about"]))
        arrays = [file[name] for name in sorted(file.files) if name != "about"]
        return about["step"], about["shapes"], about["history"], arrays


def forget(folder):
    """Remove the checkpoints of a folder, so that training begins anew."""
    for path in checkpoints(folder):
        path.unlink(missing_ok=True)


def resume(model, folder):
    """Load the newest readable checkpoint into the model; return its step, or 0 when there is none."""
    return resume_with_history(model, folder)[0]


def resume_with_history(model, folder):
    """Load the newest readable checkpoint; return (step, history), or (0, {}) when there is none."""
    for path in checkpoints(folder):
        try:
            step, shapes, history, arrays = read_state(path)
        except UNREADABLE:
            aside = path.with_suffix(".damaged")
            with contextlib.suppress(OSError):
                path.replace(aside)
            print(f"Checkpoint {path.name} is damaged; it was set aside as {aside.name}.")
            continue
        if shapes != shapes_of(model):
            raise ValueError(
                f"The checkpoint {path} must hold a model like this one. "
                f"Received: {difference(shapes, shapes_of(model))}. "
                "Most likely fix: the model was changed since; pass fresh=True to train it from the start, "
                "or another folder to keep both."
            )
        for variable, array in zip(variables_of(model), arrays, strict=True):
            variable.assign(array)
        return step, history
    return 0, {}


def difference(saved, present):
    """Say where two lists of shapes first differ."""
    for number, (theirs, ours) in enumerate(zip(saved, present, strict=False)):
        if theirs != ours:
            return f"shape {tuple(theirs)} for variable {number}, which is {tuple(ours)} here"
    return f"{len(saved)} variables, here are {len(present)}"
