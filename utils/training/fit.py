"""`train`: model.fit that can be stopped, killed and gone on with."""

import keras

from utils.data.storage import course_folder, reason
from utils.training.budget import budget_name
from utils.training.callbacks import Checkpoint, StopOnNaN
from utils.training.mirror import on_all_devices
from utils.training.out_of_memory import explain_out_of_memory
from utils.training.precision import compute_in_bfloat16, gpus_like_bfloat16
from utils.training.replicas import check_shares
from utils.training.state import checkpoints, forget, resume_with_history, step_of, steps_done
from utils.training.steps_per_call import in_calls_of, record_interval, steps_per_call
from utils.training.strategy import check_same_step

POINTS = 200  # values per loss in the history


class Callbacks(keras.callbacks.CallbackList):
    """Hands the losses on as the device left them: turning each into a number would wait for every step."""

    def on_train_batch_end(self, batch, logs=None):
        """Call every callback with the losses as tensors."""
        for callback in self.callbacks:
            callback.on_train_batch_end(batch, logs=logs)


class Record(keras.callbacks.Callback):
    """Keeps one value per loss every so many steps."""

    skips_steps = True

    def __init__(self, history, start, every):
        """Append to `history`, whose steps count on from `start`."""
        super().__init__()
        self.history, self.step, self.start, self.every = history, start, start, every
        known = sum(step <= start for step in history.setdefault("step", []))
        for values in history.values():
            del values[known:]  # steps that were undone are made again

    def on_train_batch_end(self, batch, logs=None):
        """Append now and then; running means of the model start again, so a point is its own window."""
        before, self.step = self.step, self.start + batch + 1
        if self.step // self.every > before // self.every:
            self.history["step"].append(self.step)
            for name, value in (logs or {}).items():
                self.history.setdefault(name, []).append(float(value))
            self.model.reset_metrics()


def train(
    model, dataset, steps, *, callbacks=(), folder=None, fresh=False, record_every=None, save_seconds=30
):
    """Train until the model has made `steps` steps; return {"step": [...], "d_loss": [...], ...}.

    With a folder, a checkpoint is written there every save_seconds, and a killed kernel costs no more
    than that; fresh=True forgets them. The stop button ends the training, keeps the model and says so.
    """
    if gpus_like_bfloat16():
        compute_in_bfloat16(model)
    check_shares(dataset)
    start, history = steps_done(model), {}
    if folder is not None and fresh:
        forget(folder)
    elif folder is not None:
        start, history = go_on(model, folder, steps)
    check_same_step(start)
    if start >= steps:
        print(
            f"Nothing left to train: the model has made {start} of {steps} steps. "
            "To train anew, run the cell that builds the model, then this one."
        )
        return history
    every = record_every or record_interval(steps, POINTS)
    record = Record(history, start, every)
    watchmen = [] if any(isinstance(one, StopOnNaN) for one in callbacks) else [StopOnNaN()]
    savers = [] if folder is None else [Checkpoint(folder, save_seconds, history=history)]
    listed = [*watchmen, record, *callbacks, *savers]
    for callback in callbacks:
        if hasattr(callback, "continue_from"):
            callback.continue_from(history, start)
    together = Callbacks(listed, add_history=True, model=model, epochs=1, steps=steps - start, verbose=0)
    calls = in_calls_of(steps_per_call(steps - start, every, listed), model)
    try:
        with explain_out_of_memory(dataset, record, folder), on_all_devices(model), calls:
            model.fit(
                endless(dataset), steps_per_epoch=steps - start, callbacks=together, shuffle=False, verbose=0
            )
    except KeyboardInterrupt:
        together.on_train_end()
        print(
            f"Stopped at step {steps_done(model)} of {steps}: the model is kept; run the cell again to go on."
        )
    return history


def checkpoint_folder(lesson):
    """Return where a lesson keeps its checkpoints, or None and one line where nothing can be kept."""
    try:
        return course_folder("checkpoints", f"{lesson}-{budget_name()}")
    except OSError as error:
        print(f"Warning: no checkpoints, a killed kernel starts anew ({reason(error)}).")
        return None


def go_on(model, folder, steps):
    """Load an unfinished training unless the model in memory is ahead of it; return (step, history)."""
    done, saved = steps_done(model), checkpoints(folder)
    if done == 0 and saved and step_of(saved[0]) >= steps:
        forget(folder)  # that training was finished: a new model begins a new one
        return 0, {}
    if not saved or step_of(saved[0]) < done:
        return done, {}
    start, history = resume_with_history(model, folder)
    if start > done:
        print(f"Going on from step {start} of {steps}, saved in {folder}; fresh=True starts anew.")
    return start, history


def endless(dataset):
    """Return the dataset, repeated when it ends; raise when it holds no batch at all."""
    size = int(dataset.cardinality()) if hasattr(dataset, "cardinality") else -1
    if size == 0:
        raise ValueError(
            "The dataset must hold at least one batch. Received: none. "
            "Most likely fix: a batch_size no larger than the number of images."
        )
    return dataset.repeat() if size > 0 else dataset
