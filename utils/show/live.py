"""Watch a model learn: one picture, redrawn in place, with the losses, sample images and the time left."""

import math
import time

import keras
import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from utils.show import style
from utils.show.curves import draw_curves, label_ends
from utils.show.grids import checked_pixels, mosaic
from utils.show.style import BLUE, FAINT, INK, QUIET, Picture, short

PAPER = 840  # width of the picture in pixels
CURVES = 480  # of these for the losses; the rest is for the images
STRIP = 46  # height of the progress bar with its text
MOST_TIME = 1 / 25  # share of the time that drawing may take
POINTS = 200  # values kept per curve
PLAIN = "Live view of the training: loss curves, sample images, progress"


class LiveTraining(keras.callbacks.Callback):
    """Shows training live: draw() returns images of always the same latents, total_steps ends the bar."""

    skips_steps = True  # one call may make several

    def __init__(self, draw, total_steps, every=2.5, references=None):
        """Remember what to draw; `every` is the least number of seconds between two pictures."""
        super().__init__()
        if int(total_steps) < 1:
            raise ValueError(
                f"total_steps must be 1 or more. Received: {total_steps!r}. "
                "Most likely fix: pass the number of steps you train for."
            )
        self.draw, self.total_steps, self.every = draw, int(total_steps), every
        self.references = references
        self.history, self.step = {"step": []}, 0
        self.record_every = max(1, self.total_steps // POINTS)
        self.drawing_seconds = 0.0
        self.handle = self.bar = None

    def continue_from(self, history, step):
        """Start the curves and the bar where an earlier training stopped."""
        self.history = {name: list(values) for name, values in history.items()} or {"step": []}
        self.step = step

    def on_train_begin(self, logs=None):
        """Show what the model draws before it has learned anything."""
        self.handle = self.bar = None
        self.epoch_start = self.session_start = self.step
        self.compiled = False
        self.started = self.rate_started = time.monotonic()
        self.wait = self.every
        if style.in_notebook():
            self.redraw()
        else:
            from tqdm import tqdm

            self.bar = tqdm(total=self.total_steps, initial=self.step, unit="step", mininterval=0.5)

    def on_epoch_begin(self, epoch, logs=None):
        """Count steps on across epochs."""
        self.epoch_start = self.step

    def on_train_batch_end(self, batch, logs=None):
        """Keep a value now and then, redraw now and then; all other steps cost a comparison."""
        before, self.step = self.step, self.epoch_start + batch + 1
        if not self.compiled:
            self.rate_started = time.monotonic()  # the first step compiles: it says nothing about the rest
            self.session_start, self.compiled = self.step, True
        if self.step // self.record_every > before // self.record_every:
            self.record(logs or {})
        if self.bar is not None:
            self.bar.update(self.step - before)
        elif time.monotonic() - self.drawn >= self.wait:
            self.redraw()

    def on_train_end(self, logs=None):
        """Leave the last state behind, without times, so that equal trainings leave equal pictures."""
        if self.bar is not None:
            self.bar.close()
        elif self.handle is not None:
            self.redraw(ended=True)

    def record(self, logs):
        """Append one point per loss; running means of the model start again, so a point is its own window."""
        self.history["step"].append(self.step)
        for name, value in logs.items():
            self.history.setdefault(name, []).append(float(value))
        self.model.reset_metrics()
        if self.bar is not None:
            losses = [
                f"{name} {short(values[-1])}" for name, values in self.history.items() if name != "step"
            ]
            self.bar.set_postfix_str(", ".join(losses), refresh=False)

    def redraw(self, ended=False):
        """Draw the picture and put it in the place of the one before."""
        from IPython.display import display

        start, first = time.monotonic(), self.handle is None
        data, metadata = style.bundle(self.picture(ended), self.describe(), sharpness=2 if ended else 1)
        data["text/plain"] = PLAIN  # constant: text is what nbval compares
        if first:
            self.handle = display(data, metadata=metadata, raw=True, display_id=True)
        else:
            self.handle.update(data, metadata=metadata, raw=True)
        self.drawn = time.monotonic()
        if not first:  # the first drawing loads fonts and compiles the generator
            self.drawing_seconds += self.drawn - start
            self.wait = max(self.every, (self.drawn - start) / MOST_TIME)

    def picture(self, ended=False):
        """Return the figure: losses left, images right, progress above."""
        images = np.asarray(self.draw())
        if images.dtype != np.uint8:  # a diverged model is shown as black, its diagnosis comes from elsewhere
            images = np.clip(np.nan_to_num(images, nan=-1.0, posinf=1.0, neginf=-1.0), -1, 1)
        pixels = checked_pixels(images)
        columns = math.ceil(math.sqrt(len(pixels)))
        zoom = max(1, (PAPER - CURVES) // (columns * pixels.shape[2]))
        page = mosaic(pixels, columns, zoom, gap=2)
        high, wide, _ = page.shape
        width, height = CURVES + wide, STRIP + max(high, 280)
        with style.in_course_style():
            figure = Picture(width, height, PLAIN, is_chart=False)
            self.draw_progress(figure, width, height, ended)
            self.draw_losses(figure, width, height)
            axes = figure.add_axes((CURVES / width, 1 - (STRIP + high) / height, wide / width, high / height))
            axes.imshow(page, interpolation="nearest", aspect="auto")
            axes.axis("off")
        return figure

    def draw_progress(self, figure, width, height, ended):
        """Draw a thin bar over the whole width with step and time left in words above it."""
        done = min(self.step / self.total_steps, 1)
        axes = figure.add_axes((0, 1 - (STRIP - 16) / height, 1, 6 / height))
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.axis("off")
        axes.add_patch(Rectangle((0, 0), 1, 1, color=FAINT, linewidth=0))
        axes.add_patch(Rectangle((0, 0), done, 1, color=BLUE, linewidth=0))
        line = 1 - 15 / height
        figure.text(0.001, line, self.progress(ended), fontsize=11, color=INK, va="baseline")
        note = "" if ended else self.time_left()
        figure.text(0.999, line, note, fontsize=10.5, color=QUIET, va="baseline", ha="right")

    def draw_losses(self, figure, width, height):
        """Draw the loss curves, or say that they are about to begin."""
        share = (52 / width, 46 / height, 300 / width, 1 - (STRIP + 62) / height)
        axes = figure.add_axes(share)
        axes.set_xlabel("step")
        axes.set_title("loss", pad=8, fontsize=10.5, fontweight="normal", color=QUIET)
        axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(5))
        steps = np.asarray(self.history["step"])
        curves = {name: np.asarray(values) for name, values in self.history.items() if name != "step"}
        if not steps.size:
            axes.set(xlim=(0, self.total_steps), ylim=(0, 1), yticks=[])
            words = "the losses follow" if self.step else "the first step compiles"
            axes.text(0.5, 0.5, words, transform=axes.transAxes, ha="center", color=QUIET)
            return
        axes.grid(True, axis="y")
        for value in (self.references or {}).values():
            axes.axhline(value, color=QUIET, linewidth=1, linestyle=(0, (1, 2)))
        ends = draw_curves(axes, steps, curves, max(1, steps.size // 12))
        axes.margins(x=0.01)
        label_ends(axes, ends, self.references or {}, letters=12)

    def progress(self, ended):
        """Return the state in words: 'step 812 of 2000', or 'stopped at step …'."""
        span = f"step {short(self.step)} of {short(self.total_steps)}"
        if not ended:
            return span
        return f"stopped at {span}" if self.step < self.total_steps else f"{short(self.step)} steps, done"

    def time_left(self):
        """Return the time left in words, from the speed since the first step was compiled."""
        steps = self.step - self.session_start
        if steps < 1:
            return "compiling"
        seconds = (time.monotonic() - self.rate_started) / steps * (self.total_steps - self.step)
        if seconds < 90:
            return f"{max(seconds, 0):.0f} s left"
        return f"{seconds / 60:.0f} min left" if seconds < 5400 else f"{seconds / 3600:.1f} h left"

    def describe(self):
        """Return the alt text: step and losses in one sentence."""
        names = [name for name in self.history if name != "step" and self.history[name]]
        losses = ", ".join(f"{name} {short(self.history[name][-1])}" for name in names)
        return f"Training at step {self.step} of {self.total_steps}: {losses or 'no loss yet'}; sample images"
