"""Other right answers to the exercises of lesson 02 pass, and what their texts claim is true."""

import collections

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

from utils import losses
from utils.exercises import check
from utils.exercises.lesson_02.answers import collapsed_classes, ema_decay_at, receptive_field
from utils.training.gradients import gradient

cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)


def frozen_step(generator, discriminator, optimizer, latents):
    """Keras-2 style: freezes the discriminator, which is not needed and does no harm."""
    discriminator.trainable = False
    with tf.GradientTape() as tape:
        fake_logits = discriminator(generator(latents, training=True), training=False)
        loss = cross_entropy(tf.ones_like(fake_logits), fake_logits)
    optimizer.apply(tape.gradient(loss, generator.trainable_weights), generator.trainable_weights)
    return loss


def step_with_spare_gradients(generator, discriminator, optimizer, latents):
    """Asks for the gradients of both and applies those of one."""
    mine = generator.trainable_variables
    with tf.GradientTape() as tape:
        loss = ops.mean(-ops.log_sigmoid(discriminator(generator(latents, training=True))))
    gradients = tape.gradient(loss, mine + discriminator.trainable_variables)
    optimizer.apply_gradients(zip(gradients[: len(mine)], mine, strict=True))
    return float(loss)


@tf.function
def compiled_step(generator, discriminator, optimizer, latents):
    with tf.GradientTape() as tape:
        loss = losses.generator_loss(discriminator(generator(latents, training=True)))
    variables = generator.trainable_variables
    optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
    return loss


def field_from_the_end(convolutions):
    field = 1
    for kernel, stride in reversed(convolutions):
        field = (field - 1) * stride + kernel
    return np.int32(field)


def field_by_reach(convolutions):
    """Follows the pixels that one output touches."""
    seen = {0}
    for kernel, stride in reversed(convolutions):
        seen = {unit * stride + offset for unit in seen for offset in range(kernel)}
    return max(seen) - min(seen) + 1


def collapsed_by_counter(class_ids, class_count, share=0.02):
    counts = collections.Counter(class_ids.tolist())
    return {k for k in range(class_count) if counts[k] / len(class_ids) < share}


def collapsed_with_keras(class_ids, class_count, share=0.02):
    shares = ops.mean(ops.one_hot(class_ids, class_count), axis=0)
    return ops.nonzero(shares < share)[0]


def collapsed_with_tensorflow(class_ids, class_count, share=0.02):
    counts = tf.math.bincount(tf.cast(class_ids, tf.int32), minlength=class_count)
    return tf.where(counts / len(class_ids) < share)[:, 0]


def resize_and_convolve(latent_dim):
    latents = keras.Input((latent_dim,))
    x = layers.Dense(7 * 7 * 8, activation="relu")(latents)
    x = layers.BatchNormalization()(layers.Reshape((7, 7, 8))(x))
    for _ in range(2):
        x = layers.Conv2D(8, 3, padding="same", activation="relu")(layers.UpSampling2D()(x))
    return keras.Model(latents, layers.Conv2D(1, 3, padding="same", activation="tanh")(x))


def dcgan(latent_dim):
    start = keras.initializers.RandomNormal(stddev=0.02)
    return keras.Sequential(
        [
            layers.Dense(7 * 7 * 8, use_bias=False, kernel_initializer=start),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.2),
            layers.Reshape((7, 7, 8)),
            layers.Conv2DTranspose(4, 5, 2, "same", use_bias=False, kernel_initializer=start),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.2),
            layers.Conv2DTranspose(1, 5, 2, "same", activation="tanh", kernel_initializer=start),
        ]
    )


class Perceptron(keras.Model):
    """A generator of two dense layers, whose range comes from a sigmoid."""

    def __init__(self):
        super().__init__()
        self.hidden, self.pixels = layers.Dense(32, "tanh"), layers.Dense(28 * 28, "sigmoid")

    def call(self, latents):
        return ops.reshape(2 * self.pixels(self.hidden(latents)) - 1, (-1, 28, 28, 1))


def decay_by_branch(step, decay):
    ramp = (1 + step) / (10 + step)
    return ramp if ramp < decay else decay


RIGHT = {
    "2.1": {
        "keras.ops": lambda fake: -ops.mean(ops.log_sigmoid(fake)),
        "keras loss": lambda fake: cross_entropy(ops.ones_like(fake), fake),
        "tensorflow": lambda fake: tf.reduce_mean(
            tf.nn.sigmoid_cross_entropy_with_logits(tf.ones_like(fake), fake)
        ),
        "compiled": tf.function(lambda fake: tf.reduce_mean(tf.math.softplus(-fake))),
    },
    "2.2": {
        "keras.ops": lambda real, fake: -ops.mean(ops.log_sigmoid(real) + ops.log_sigmoid(-fake)),
        "keras loss": lambda real, fake: (
            cross_entropy(ops.ones_like(real), real) + cross_entropy(ops.zeros_like(fake), fake)
        ),
        "both in one batch": lambda real, fake: (
            2
            * cross_entropy(
                ops.concatenate([ops.ones_like(real), ops.zeros_like(fake)]), ops.concatenate([real, fake])
            )
        ),
        "tensorflow": lambda real, fake: (
            tf.reduce_mean(tf.nn.softplus(-real)) + tf.reduce_mean(tf.nn.softplus(fake))
        ),
    },
    "2.3": {"frozen": frozen_step, "spare": step_with_spare_gradients, "compiled": compiled_step},
    "2.4": {"from the end": field_from_the_end, "by reach": field_by_reach},
    "2.5": {
        "a list": lambda ids, count, share=0.02: [k for k in range(count) if np.mean(ids == k) < share],
        "a set": collapsed_by_counter,
        "keras.ops": collapsed_with_keras,
        "tensorflow": collapsed_with_tensorflow,
        "from the last": lambda ids, count, share=0.02: collapsed_classes(ids, count, share)[::-1],
    },
    "2.6": {"resize": resize_and_convolve, "dcgan": dcgan, "perceptron": lambda latent_dim: Perceptron()},
    "2.7": {
        "branch": decay_by_branch,
        "numpy": lambda step, decay: np.minimum(decay, (1 + step) / (10 + step)),
        "keras.ops": lambda step, decay: ops.minimum(decay, (1 + step) / (10 + step)),
        "tensorflow": lambda step, decay: tf.minimum(decay, (1 + step) / (10 + step)),
    },
}
IN_NUMPY = {
    "2.1": {
        "functions": lambda fake: np.mean(np.logaddexp(0, -fake)),
        "methods": lambda fake: np.log1p(np.exp(-fake.clip(-50))).mean() + np.maximum(-fake - 50, 0).mean(),
        "out of the tensor": lambda fake: float(np.logaddexp(0, -np.array(fake)).mean()),
    },
    "2.2": {"functions": lambda real, fake: np.mean(np.logaddexp(0, -real) + np.logaddexp(0, fake))},
}


@pytest.mark.parametrize(("key", "name"), [(key, name) for key in RIGHT for name in RIGHT[key]])
def test_a_right_answer_of_another_kind_passes(key, name, capsys):
    assert check(key, RIGHT[key][name]) is RIGHT[key][name]
    assert capsys.readouterr().out.startswith(f"✓ {key} ")


@pytest.mark.parametrize(("key", "name"), [(key, name) for key in IN_NUMPY for name in IN_NUMPY[key]])
def test_a_loss_in_numpy_passes_and_the_training_goes_on_with_the_library(key, name, capsys):
    reference = {"2.1": losses.generator_loss, "2.2": losses.discriminator_loss}[key]
    assert check(key, IN_NUMPY[key][name]) is reference
    assert capsys.readouterr().out.startswith(f"✓ {key} ")


def test_a_loss_in_numpy_can_be_wrong_by_name(capsys):
    check("2.1", lambda fake: np.sum(np.logaddexp(0, -fake)))
    check("2.2", lambda real, fake: np.mean(np.logaddexp(0, real) + np.logaddexp(0, -fake)))
    assert capsys.readouterr().out.startswith("✗ 2.1 summed over the batch: ")


def test_every_other_wrong_answer_hears_what_differs(capsys):
    check("2.1", lambda fake: ops.mean(ops.softplus(-fake), axis=0))
    check("2.1", lambda fake: ops.mean(ops.softplus(-fake)) + 1)
    check("2.1", lambda fake: fake.no_such_thing)
    check("2.4", lambda convolutions: float(receptive_field(convolutions)))
    check("2.6", lambda latent_dim: 3)
    check("2.6", lambda latent_dim: keras.Sequential([layers.Dense(5)]))
    check("2.3", lambda *inputs: 0.5)
    lines = capsys.readouterr().out.splitlines()
    for text, told in zip(
        lines,
        [
            "the loss has the wrong shape: expected one number, received shape (1,) for fake_logits = [-2,",
            "the loss differs: for fake_logits = [-2, 0, 3] expected 0.956, received 1.96",
            "stops with AttributeError: ",
            "wrong type: expected int64, received float64 for convolutions = [(3, 1), (3, 1)]",
            "the kind of result is off: expected a Keras model, received an int",
            "the shape of a batch is off: expected (2, 28, 28, 1), received (2, 5)",
            "✗ 2.3 the ",
        ],
        strict=True,
    ):
        assert told in text


def test_a_generator_that_ignores_its_latents_in_its_own_way_is_still_named(capsys):
    class Constant(keras.Model):
        def build(self, shape):
            self.image = self.add_weight(shape=(28, 28, 1), initializer="random_normal")

        def call(self, latents):
            return ops.tanh(self.image + ops.zeros((ops.shape(latents)[0], 1, 1, 1)))

    check("2.6", lambda latent_dim: Constant())
    assert capsys.readouterr().out.startswith("✗ 2.6 the latents are ignored: ")


def test_a_step_never_touches_the_random_state_of_the_notebook():
    def draws(between):
        keras.utils.set_random_seed(3)
        between()
        return np.ravel([tf.random.normal((3,)), keras.random.normal((3,)), np.random.rand(3)])

    undisturbed = draws(lambda: None)
    assert np.array_equal(draws(lambda: check("2.6", dcgan)), undisturbed)
    assert not np.array_equal(draws(lambda: dcgan(4)(np.ones((1, 4)))), undisturbed)


def test_the_slopes_that_the_texts_name():
    scores = np.full((1, 1), -20, np.float32)
    slope = {loss: float(gradient(loss, (scores,))[1][0][0, 0]) for loss in (
        losses.generator_loss, losses.saturating_generator_loss)}  # fmt: skip
    assert slope[losses.generator_loss] == pytest.approx(-1, abs=1e-6)
    assert slope[losses.saturating_generator_loss] == pytest.approx(-2e-9, rel=0.05)


def test_the_field_of_two_and_of_three_layers():
    assert receptive_field([(4, 2), (4, 2)]) == 10
    assert receptive_field([(4, 2), (4, 2), (4, 2)]) == 22
    assert receptive_field([(3, 1), (3, 1)]) == 5


def test_the_warm_up_forgets_the_random_start():
    left = np.prod([ema_decay_at(step, 0.999) for step in range(10)])
    assert 1 / left == pytest.approx(90_000, rel=0.03)
    left = np.prod([0.999] * 100)
    assert left == pytest.approx(0.90, abs=0.01)  # and without one it stays


def test_an_even_generator_has_no_collapsed_class_and_a_collapsed_one_has():
    even = np.repeat(np.arange(10), 20)
    assert list(collapsed_classes(even, 10)) == []
    assert list(collapsed_classes(np.where(even == 7, 1, even), 10)) == [7]
    assert list(collapsed_classes(np.where(even > 7, 1, even), 10)) == [8, 9]
