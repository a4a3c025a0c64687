"""Watchmen of a training: one stops it when a number is no number, one saves what was learned."""

import math
import time

import keras
import tensorflow as tf

from utils.training.state import (
    is_finite,
    optimizers_of,
    save_state,
    steps_done,
    tensor_of,
    values_of,
    variables_of,
)
from utils.training.strategy import is_chief


class StopOnNaN(keras.callbacks.Callback):
    """Ends a training that has diverged, puts the last finite weights back and says what to look at."""

    skips_steps = True

    def __init__(self, every=50):
        """Look at the losses and weights once in `every` steps: each look waits for the device."""
        super().__init__()
        self.every, self.kept = every, None

    def on_train_begin(self, logs=None):
        """Keep the weights that the training starts from."""
        self.losses, self.seen, self.stopped, self.compiled = {}, -1, False, None
        self.keep(self.read()[0])

    def on_train_batch_end(self, batch, logs=None):
        """Look now and then: keep a finite state, stop at any other."""
        window = (batch + 1) // self.every
        if window > self.seen:
            self.seen = window
            self.look(logs or {})

    def on_train_end(self, logs=None):
        """Look once more, so that no training ends on broken weights unseen."""
        if self.kept is not None and not self.stopped and not is_finite(self.model):
            self.stop({})

    def look(self, logs):
        """Keep the state when all is finite, else stop."""
        losses = {name: float(value) for name, value in logs.items()}
        state, finite = self.read()
        if finite and all(math.isfinite(value) for value in losses.values()):
            self.losses = losses
            self.keep(state)
        else:
            self.stop(losses)

    def read(self):
        """Return what each variable holds, and whether all is finite; compiled once a training is long."""
        variables = variables_of(self.model)
        if self.seen > 0 and self.compiled is None:
            self.compiled = tf.function(lambda: values_of(variables), autograph=False)
        tensors, finite = self.compiled() if self.compiled else values_of(variables)
        return dict(zip(map(id, variables), tensors, strict=True)), bool(finite)

    def keep(self, state):
        """Remember the state on the device; tensors are shared with it until a step changes them."""
        self.kept = state
        self.kept_step = steps_done(self.model)

    def stop(self, losses):
        """Stop the training, print the diagnosis, put the kept state back."""
        self.model.stop_training = self.stopped = True
        lines = self.diagnosis(losses)
        for variable in variables_of(self.model):  # a slot made since then began with zeros
            variable.assign(self.kept.get(id(variable), tf.zeros_like(tensor_of(variable))))
        print("\n".join(lines))

    def diagnosis(self, losses):
        """Return what broke, what was there before it broke, and which knob to turn, line by line."""
        broken = [f"{name} is {value}" for name, value in losses.items() if not math.isfinite(value)]
        places = [
            getattr(variable, "path", variable.name)
            for variable in variables_of(self.model)
            if tensor_of(variable).dtype.is_floating
            and not bool(tf.reduce_all(tf.math.is_finite(tensor_of(variable))))
        ]
        what = ", ".join(broken) or "the weights are not finite"
        largest = max(
            float(tf.reduce_max(tf.abs(one))) for one in self.kept.values() if one.dtype.is_floating
        )
        before = "".join(f"{name} {value:.4g}, " for name, value in self.losses.items())
        rates = {name: float(one.learning_rate) for name, one in optimizers_of(self.model).items()}
        smaller = ", ".join(f"{name} {rate:.3g} -> {rate / 10:.3g}" for name, rate in rates.items())
        lines = [
            f"✗ Training stopped at step {steps_done(self.model)}: {what}.",
            f"  The weights of step {self.kept_step} are back, the last that were looked at and finite"
            f" ({before}largest weight {largest:.4g}).",
        ]
        if places:
            lines.append(f"  First variable that broke: {places[0]} ({len(places)} in all).")
        if "float16" in str(getattr(self.model.dtype_policy, "name", "")).replace("bfloat16", ""):
            lines.append("  Mixed precision is on: float16 ends at 65504; let the losses compute in float32.")
        lines.append(
            f"  Most likely: the learning rate is too large. Try a tenth: {smaller or 'learning_rate'}."
        )
        lines.append(
            "  Else: images outside [-1, 1] (call scale_images), or a log or division of 0 in a loss."
        )
        return lines


class Checkpoint(keras.callbacks.Callback):
    """Saves weights, optimizers and step now and then; a full disk costs one line, not the training."""

    skips_steps = True

    def __init__(self, folder, every_seconds=30, every_steps=None, history=None):
        """Remember where to save; `history` is the dict of losses that is saved along."""
        super().__init__()
        self.folder, self.every_seconds, self.every_steps = folder, every_seconds, every_steps
        self.history = {} if history is None else history
        self.warned, self.saved_step = False, None

    def on_train_begin(self, logs=None):
        """Start the clock."""
        self.saved_at, self.saved_step, self.batches = time.monotonic(), steps_done(self.model), 0

    def on_train_batch_end(self, batch, logs=None):
        """Save when it is time."""
        steps, self.batches = batch + 1 - self.batches, batch + 1
        due = time.monotonic() - self.saved_at >= self.every_seconds
        if self.every_steps:
            due = due or self.batches // self.every_steps > (self.batches - steps) // self.every_steps
        if due:
            self.save()

    def on_train_end(self, logs=None):
        """Save the last step, however the training ended."""
        if steps_done(self.model) != self.saved_step:
            self.save()

    def save(self):
        """Write one checkpoint; broken weights are not saved, and trouble with the disk is said once."""
        self.saved_at = time.monotonic()
        if not is_chief() or not is_finite(self.model):
            return
        try:
            save_state(self.model, self.folder, self.history)
            self.saved_step, self.warned = steps_done(self.model), False
        except OSError as error:
            if not self.warned:
                print(f"Warning: no checkpoint, training goes on. {error.strerror or error}")
            self.warned = True
