"""A training survives the stop button, a killed kernel, a full disk and numbers that are none."""

import os
import signal
import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

from utils.show import style
from utils.show.live import PLAIN, LiveTraining
from utils.training import state
from utils.training.callbacks import Checkpoint, StopOnNaN
from utils.training.fit import checkpoint_folder, train
from utils.training.state import checkpoints, resume, steps_done, variables_of


class Tiny(keras.Model):
    """A line whose slope and offset are learned, and a second one beside it."""

    def __init__(self, width=1, learning_rate=0.05):
        super().__init__()
        self.generator = keras.Sequential([keras.Input((1,)), keras.layers.Dense(width)])
        self.discriminator = keras.Sequential([keras.Input((width,)), keras.layers.Dense(1)])
        self.g_optimizer = keras.optimizers.Adam(learning_rate)
        self.d_optimizer = keras.optimizers.Adam(learning_rate)
        self.d_loss = keras.metrics.Mean("d_loss")
        self.poison = tf.Variable(0.0)  # planted: NaN here breaks the next step
        self.built = True
        self.compile()

    @property
    def metrics(self):
        return [self.d_loss]

    def train_step(self, images):
        with tf.GradientTape(persistent=True) as tape:
            scores = self.discriminator(self.generator(images))
            loss = tf.reduce_mean((scores - 3.0) ** 2) + self.poison * tf.reduce_mean(scores)
        for part, optimizer in ((self.generator, self.g_optimizer), (self.discriminator, self.d_optimizer)):
            optimizer.apply(tape.gradient(loss, part.trainable_variables), part.trainable_variables)
        self.d_loss.update_state(loss)
        return {"d_loss": self.d_loss.result()}


def dataset(count=64, batch_size=8):
    """Return batches of ones, (batch, 1)."""
    images = np.ones((count, 1), "float32")
    return tf.data.Dataset.from_tensor_slices(images).batch(batch_size, drop_remainder=True)


class At(keras.callbacks.Callback):
    """Does something after a given step."""

    def __init__(self, step, act):
        super().__init__()
        self.step, self.act = step, act

    def on_train_batch_end(self, batch, logs=None):
        if steps_done(self.model) == self.step:
            self.act(self.model)


def press_stop(model):
    raise KeyboardInterrupt


def weights(model):
    return [np.array(state.tensor_of(variable)) for variable in variables_of(model)]


def same(ours, theirs):
    return len(ours) == len(theirs) and all(np.array_equal(a, b) for a, b in zip(ours, theirs, strict=True))


def test_training_makes_exactly_the_steps_asked_and_keeps_a_record():
    model = Tiny()
    history = train(model, dataset(), 60, record_every=7)
    assert steps_done(model) == 60
    assert history["step"] == [7, 14, 21, 28, 35, 42, 49, 56]
    assert len(history["d_loss"]) == 8 and history["d_loss"][-1] < history["d_loss"][0]


def test_a_recorded_point_is_the_mean_of_its_own_window():
    one, two = Tiny(), Tiny()
    two.set_weights(one.get_weights())
    every = train(one, dataset(), 20, record_every=1)["d_loss"]
    tenth = train(two, dataset(), 20, record_every=10)["d_loss"]
    assert np.allclose(tenth, [np.mean(every[:10]), np.mean(every[10:])], rtol=1e-4)
    assert not np.allclose(tenth[1], np.mean(every), rtol=1e-4)  # planted: the mean since the start


def test_stop_button_keeps_the_model_and_the_next_run_goes_on(tmp_path, capsys):
    model = Tiny()
    history = train(model, dataset(), 60, folder=tmp_path, callbacks=[At(25, press_stop)], record_every=5)
    assert (
        "Stopped at step 25 of 60: the model is kept; run the cell again to go on." in capsys.readouterr().out
    )
    assert steps_done(model) == 25 and checkpoints(tmp_path)[0].name == "step_00000025.npz"
    history = train(model, dataset(), 60, folder=tmp_path, record_every=5)
    assert steps_done(model) == 60 and history["step"] == list(range(5, 61, 5))


def test_stop_button_without_a_folder_goes_on_from_memory():
    model = Tiny()
    train(model, dataset(), 60, callbacks=[At(25, press_stop)])
    before = weights(model)
    train(model, dataset(), 26)
    assert steps_done(model) == 26 and not same(before, weights(model))


def killed_training(folder):
    """Train until killed at step 41, as a kernel is that runs out of memory."""
    keras.utils.set_random_seed(1)

    def die(model):
        np.savez(os.path.join(folder, "seen.npz"), *weights(model))
        os.kill(os.getpid(), signal.SIGKILL)

    train(Tiny(), dataset(), 60, folder=folder, save_seconds=0, callbacks=[At(41, die)])


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_a_killed_kernel_goes_on_from_its_last_checkpoint(tmp_path, capsys):
    done = subprocess.run([sys.executable, __file__, str(tmp_path)], capture_output=True, timeout=300)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-2000:]
    model = Tiny()
    assert resume(model, tmp_path) == 40  # killed in step 41, before that step was saved
    seen = np.load(tmp_path / "seen.npz")
    slots = [variable.path for variable in variables_of(model) if "velocity" in variable.path]
    assert len(slots) == 4 and len(seen.files) == len(variables_of(model))
    fresh = Tiny()
    history = train(fresh, dataset(), 60, folder=tmp_path)
    assert "Going on from step 40 of 60" in capsys.readouterr().out
    assert steps_done(fresh) == 60 and history["step"] == list(range(1, 61))
    # the same as a training that was never killed; without the optimizers' state it would not be
    keras.utils.set_random_seed(1)
    whole = Tiny()
    train(whole, dataset(), 60)
    assert np.allclose(fresh.get_weights()[0], whole.get_weights()[0], atol=1e-6)
    keras.utils.set_random_seed(1)
    lame = Tiny()
    train(lame, dataset(), 40)
    for optimizer in (lame.g_optimizer, lame.d_optimizer):
        for variable in optimizer.variables[2:]:
            variable.assign(tf.zeros_like(variable))  # planted
    train(lame, dataset(), 60)
    assert not np.allclose(lame.get_weights()[0], whole.get_weights()[0], atol=1e-6)


def test_a_folder_that_cannot_be_made_costs_one_line_and_no_training(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("COURSE_FOLDER", str(tmp_path / "file"))
    assert checkpoint_folder("02_code_a_gan") is None
    assert capsys.readouterr().out.startswith("Warning: no checkpoints")
    monkeypatch.setenv("COURSE_FOLDER", str(tmp_path))
    assert checkpoint_folder("02_code_a_gan").is_dir()


def test_fresh_forgets_the_checkpoints(tmp_path):
    train(Tiny(), dataset(), 20, folder=tmp_path)
    model = Tiny()
    assert train(model, dataset(), 10, folder=tmp_path, fresh=True)["step"][-1] == 10
    assert [path.name for path in checkpoints(tmp_path)] == ["step_00000010.npz"]


def test_a_finished_training_is_not_made_again_but_a_new_model_begins_a_new_one(tmp_path, capsys):
    first = Tiny()
    train(first, dataset(), 20, folder=tmp_path)
    train(first, dataset(), 20, folder=tmp_path)
    assert "Nothing left to train" in capsys.readouterr().out
    second = Tiny()
    before = weights(second)
    history = train(second, dataset(), 20, folder=tmp_path)
    assert "Nothing left" not in capsys.readouterr().out
    assert history["step"] == list(range(1, 21)) and not same(before, weights(second))


@pytest.mark.parametrize("damage", ["cut", "empty", "other bytes", "flipped"])
def test_a_damaged_checkpoint_is_set_aside_and_the_one_before_is_taken(tmp_path, capsys, damage):
    model = Tiny()
    train(model, dataset(), 10, folder=tmp_path)
    train(model, dataset(), 20, folder=tmp_path)
    newest = checkpoints(tmp_path)[0]
    whole = newest.read_bytes()
    middle = len(whole) // 3
    newest.write_bytes(
        {
            "cut": whole[: len(whole) // 2],
            "empty": b"",
            "other bytes": b"not a checkpoint",
            "flipped": whole[:middle] + bytes(400) + whole[middle + 400 :],
        }[damage]
    )
    assert resume(Tiny(), tmp_path) == 10
    assert capsys.readouterr().out.count("\n") == 1
    assert (tmp_path / "step_00000020.damaged").exists()
    checkpoints(tmp_path)[0].write_bytes(b"")
    assert resume(Tiny(), tmp_path) == 0  # none is left: training starts anew


def test_a_checkpoint_of_another_architecture_is_refused(tmp_path):
    train(Tiny(width=1), dataset(), 10, folder=tmp_path)
    with pytest.raises(ValueError, match="fresh=True"):
        train(Tiny(width=3), dataset(), 20, folder=tmp_path)
    assert len(checkpoints(tmp_path)) == 1  # nothing is lost


def test_a_full_disk_costs_one_line_and_keeps_the_old_checkpoint(tmp_path, capsys, monkeypatch):
    model = Tiny()
    train(model, dataset(), 10, folder=tmp_path)
    write = np.savez

    def full(place, **arrays):
        write(place, **arrays)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    train(model, dataset(), 30, folder=tmp_path, save_seconds=0)
    out = capsys.readouterr().out
    assert out.count("Warning: no checkpoint, training goes on.") == 1 and "No space left" in out
    assert steps_done(model) == 30
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == ["step_00000010.npz"]
    assert resume(Tiny(), tmp_path) == 10


def test_a_folder_that_cannot_be_made_costs_one_line(tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    model = Tiny()
    train(model, dataset(), 10, folder=tmp_path / "file" / "inside")
    assert capsys.readouterr().out.count("Warning: no checkpoint") == 1 and steps_done(model) == 10


def test_only_the_two_newest_checkpoints_are_kept(tmp_path):
    train(Tiny(), dataset(), 12, folder=tmp_path, save_seconds=0)
    assert [path.name for path in checkpoints(tmp_path)] == ["step_00000012.npz", "step_00000011.npz"]


def test_checkpoints_can_be_counted_in_steps(tmp_path):
    model, seen = Tiny(), []
    watch = At(0, None)
    watch.on_train_batch_end = lambda batch, logs=None: seen.append(len(checkpoints(tmp_path)))
    model.fit(
        dataset(80),
        epochs=1,
        verbose=0,
        shuffle=False,
        callbacks=[Checkpoint(tmp_path, every_seconds=999, every_steps=4), watch],
    )
    assert seen == [0, 0, 0, 1, 1, 1, 1, 2, 2, 2]


def poison(model):
    model.poison.assign(np.nan)


def test_nan_stops_the_training_and_brings_the_last_finite_weights_back(tmp_path, capsys):
    model, kept = Tiny(), {}
    keep = At(31, lambda model: kept.update(weights=weights(model)))
    train(
        model,
        dataset(),
        200,
        folder=tmp_path,
        save_seconds=0,
        callbacks=[StopOnNaN(every=10), keep, At(33, poison)],
    )
    out = capsys.readouterr().out
    assert "Training stopped at step 40: d_loss is nan." in out
    assert "weights of step 30" in out and "g_optimizer 0.05 -> 0.005" in out and "scale_images" in out
    assert "kernel" in out  # the first variable that broke
    assert steps_done(model) == 30
    assert all(np.isfinite(one).all() for one in weights(model))
    again = Tiny()
    assert resume(again, tmp_path) == 30  # broken weights were never saved over good ones
    assert all(np.isfinite(one).all() for one in weights(again))
    assert not same(kept["weights"], weights(model))  # planted: the state one step later is another one


def test_without_the_watchman_nan_destroys_the_weights():
    model = Tiny()
    model.fit(
        dataset(8).repeat(), epochs=1, steps_per_epoch=9, verbose=0, shuffle=False, callbacks=[At(3, poison)]
    )
    assert not all(np.isfinite(one).all() for one in weights(model))


def test_nan_in_the_last_steps_is_seen_at_the_end(capsys):
    model = Tiny()
    train(model, dataset(), 60, callbacks=[StopOnNaN(every=50), At(55, poison)])
    assert "the weights are not finite" in capsys.readouterr().out
    assert all(np.isfinite(one).all() for one in weights(model))


def test_a_batch_larger_than_the_data_is_said():
    with pytest.raises(ValueError, match="batch_size no larger"):
        train(Tiny(), dataset(4, batch_size=8), 10)


class Screen:
    """Stands in for the notebook: keeps what is shown."""

    def __init__(self):
        self.shown, self.updates = [], []

    def display(self, data, metadata=None, raw=False, display_id=None):
        self.shown.append((data, metadata))
        return self

    def update(self, data, metadata=None, raw=False):
        self.updates.append((data, metadata))


@pytest.fixture
def screen(monkeypatch):
    import IPython.display

    screen = Screen()
    monkeypatch.setattr(style, "in_notebook", lambda: True)
    monkeypatch.setattr(IPython.display, "display", screen.display)
    return screen


def noise():
    return np.random.default_rng(0).uniform(-1, 1, (9, 8, 8, 1))


def test_live_view_is_one_display_with_constant_text_and_a_last_picture(screen):
    train(Tiny(), dataset(), 60, callbacks=[LiveTraining(noise, 60, every=0.05)])
    assert len(screen.shown) == 1 and screen.updates
    assert {data["text/plain"] for data, _ in [*screen.shown, *screen.updates]} == {PLAIN}
    assert "step 60 of 60: d_loss" in screen.updates[-1][1]["image/png"]["alt"]


def test_live_view_shows_the_end_after_the_stop_button_too(screen, tmp_path):
    live = LiveTraining(noise, 60, every=999)
    model = Tiny()
    train(model, dataset(), 60, folder=tmp_path, callbacks=[live, At(25, press_stop)])
    assert len(screen.updates) == 1 and "step 25 of 60" in screen.updates[0][1]["image/png"]["alt"]
    assert "stopped at step 25 of 60" in [text.get_text() for text in live.picture(ended=True).texts]
    again = LiveTraining(noise, 60, every=999)
    train(model, dataset(), 60, folder=tmp_path, callbacks=[again])
    assert again.history["step"] == list(range(1, 61))  # the curves go on where they stopped


def test_the_time_left_is_told_once_the_first_step_is_compiled(screen):
    live = LiveTraining(noise, 60, every=999)
    told = []
    train(Tiny(), dataset(), 60, callbacks=[live, At(1, lambda model: told.append(live.time_left()))])
    train(Tiny(), dataset(), 60, callbacks=[live, At(25, lambda model: told.append(live.time_left()))])
    assert told[0] == "compiling" and told[1].endswith(" s left")


def test_drawing_waits_longer_where_it_is_slow(screen):
    import time

    def slow():
        time.sleep(0.05)
        return noise()

    live = LiveTraining(slow, 60, every=0.0)
    train(Tiny(), dataset(), 60, callbacks=[live])
    assert live.wait > 0.05 * 20


def test_live_view_of_a_diverged_model_does_not_hide_its_diagnosis(screen, capsys):
    live = LiveTraining(lambda: np.full((4, 8, 8, 1), np.nan), 60, every=0.0)
    train(Tiny(), dataset(), 60, callbacks=[live, StopOnNaN(every=5), At(20, poison)])
    assert "Training stopped at step 25" in capsys.readouterr().out


def test_plain_python_shows_a_progress_bar(capsys):
    train(Tiny(), dataset(), 60, callbacks=[LiveTraining(noise, 60)])
    assert "60/60" in capsys.readouterr().err


def test_live_view_needs_a_number_of_steps():
    with pytest.raises(ValueError, match="total_steps"):
        LiveTraining(noise, 0)


if __name__ == "__main__":
    killed_training(sys.argv[1])
