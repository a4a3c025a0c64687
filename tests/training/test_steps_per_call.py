"""Several steps in one call learn what single steps learn, and whoever looks at a step sees it."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from utils.training.fit import train
from utils.training.gan import GAN
from utils.training.steps_per_call import in_calls_of, record_interval, steps_per_call


class Patient(keras.callbacks.Callback):
    """Notes the steps after which it is asked, and needs no step in particular."""

    skips_steps = True

    def __init__(self):
        super().__init__()
        self.asked = []

    def on_train_batch_end(self, batch, logs=None):
        self.asked.append(batch + 1)


class Eager(Patient):
    """Wants to see each step."""

    skips_steps = False


def small_gan(seed=3):
    """Return a GAN of single numbers, and batches whose order tells steps apart."""
    keras.utils.set_random_seed(seed)
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    discriminator = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    gan = GAN(generator, discriminator)
    gan.compile(keras.optimizers.Adam(0.01), keras.optimizers.Adam(0.01))
    values = np.linspace(-1, 1, 48, dtype="float32").reshape(48, 1)
    return gan, tf.data.Dataset.from_tensor_slices(values).batch(8)


def learned(callback, steps=40, record_every=20, seed=3):
    """Return weights and losses after a training with a callback."""
    gan, dataset = small_gan(seed)
    history = train(gan, dataset, steps, callbacks=[callback], record_every=record_every)
    return gan.get_weights(), history


def test_ten_steps_in_a_call_learn_what_single_steps_learn():
    patient, eager = Patient(), Eager()
    fast, fast_history = learned(patient)
    slow, slow_history = learned(eager)
    assert patient.asked == [10, 20, 30, 40] and eager.asked == list(range(1, 41))
    for ours, theirs in zip(fast, slow, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6)
    assert fast_history.keys() == slow_history.keys()
    for name, values in fast_history.items():
        np.testing.assert_allclose(values, slow_history[name], rtol=1e-5)
    one_more, _ = learned(Patient(), steps=41)  # the planted bug: a step too many is seen
    assert any(not np.allclose(a, b, rtol=1e-6) for a, b in zip(one_more, slow, strict=True))


@pytest.mark.parametrize(
    ("steps", "every", "calls"), [(5_000, 25, 5), (1_500, 10, 10), (300, 2, 2), (7, 7, 7), (41, 20, 1)]
)
def test_a_call_ends_where_something_is_recorded_and_where_the_training_ends(steps, every, calls):
    assert steps_per_call(steps, every, [Patient()]) == calls
    assert steps % calls == 0 and every % calls == 0
    assert steps_per_call(steps, every, [Patient(), Eager()]) == 1
    assert steps_per_call(steps, every, [keras.callbacks.Callback()]) == 1  # nobody knows what it wants


def test_the_interval_records_the_last_step_and_no_more_than_the_points():
    for steps in (1, 7, 41, 300, 1_500, 2_500, 5_003):
        every = record_interval(steps, 200)
        assert steps % every == 0 and steps // every <= 200
    assert record_interval(1_500, 200) == 10
    assert 1_500 % (1_500 // 200) != 0  # the usual division misses the last step


def test_a_model_that_was_trained_makes_single_steps_again():
    gan, dataset = small_gan()
    train(gan, dataset, 20, record_every=10)
    assert gan.steps_per_execution == 1
    gan.fit(dataset.repeat(), steps_per_epoch=3, verbose=0, shuffle=False)
    assert int(gan.g_optimizer.iterations) == 23

    gan, dataset = small_gan()
    calls = in_calls_of(10, gan)
    calls.__enter__()  # the planted bug: what was compiled for ten steps is never put away
    gan.fit(dataset.repeat(), steps_per_epoch=10, verbose=0, shuffle=False)
    gan.steps_per_execution = 1
    gan.fit(dataset.repeat(), steps_per_epoch=3, verbose=0, shuffle=False)
    assert int(gan.g_optimizer.iterations) == 40


def test_a_stopped_training_goes_on_at_any_step():
    gan, dataset = small_gan()
    train(gan, dataset, 7, record_every=1)
    history = train(gan, dataset, 40, record_every=10)
    assert int(gan.g_optimizer.iterations) == 40 and history["step"] == [10, 20, 30, 40]
