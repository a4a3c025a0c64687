"""Other right answers to the exercises of lesson 02 pass, and what their texts claim is true."""

import collections

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

from utils import losses
from utils.exercises import check, find
from utils.exercises.lesson_02.answers import collapsed_classes, receptive_field
from utils.training.ema import ema_decay_at
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
    return loss


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


def resize_and_convolve(latent_dim=8, width=4, image_size=28, channels=1):
    latents = keras.Input((latent_dim,))
    small = image_size // 4
    x = layers.Dense(small * small * width, activation="relu")(latents)
    x = layers.BatchNormalization()(layers.Reshape((small, small, width))(x))
    for _ in range(2):
        x = layers.Conv2D(width, 3, padding="same", activation="relu")(layers.UpSampling2D()(x))
    return keras.Model(latents, layers.Conv2D(channels, 3, padding="same", activation="tanh")(x))


def dcgan(latent_dim=8, width=4, image_size=28, channels=1):
    small, start = image_size // 4, keras.initializers.RandomNormal(stddev=0.02)
    return keras.Sequential(
        [
            layers.Input((latent_dim,)),
            layers.Dense(small * small * width, use_bias=False, kernel_initializer=start),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Reshape((small, small, width)),
            layers.Conv2DTranspose(width, 5, 2, "same", use_bias=False, kernel_initializer=start),
            layers.BatchNormalization(),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2DTranspose(channels, 5, 2, "same", activation="tanh", kernel_initializer=start),
        ]
    )


def perceptron(latent_dim=8, width=4, image_size=28, channels=1):
    shape = (image_size, image_size, channels)
    return keras.Sequential(
        [
            layers.Input((latent_dim,)),
            layers.Dense(8 * width, "tanh"),
            layers.Dense(image_size * image_size * channels, "sigmoid"),
            layers.Rescaling(2.0, -1.0),
            layers.Reshape(shape),
        ]
    )


def decay_in_tensorflow(step, decay):
    step = tf.cast(step, tf.float32)
    return tf.minimum(decay, (1 + step) / (10 + step))


def decay_by_branch(step, decay):
    ramp = (1 + step) / (10 + step)
    return ramp if ramp < decay else decay


def loss_in_a_loop(fake_logits):
    prices = [ops.softplus(-score) for score in fake_logits]
    return sum(prices)[0] / len(prices)


RIGHT = {
    "2.2": {
        "keras.ops": lambda fake: -ops.mean(ops.log_sigmoid(fake)),
        "keras loss": lambda fake: cross_entropy(ops.ones_like(fake), fake),
        "tensorflow": lambda fake: tf.reduce_mean(
            tf.nn.sigmoid_cross_entropy_with_logits(tf.ones_like(fake), fake)
        ),
        "compiled": tf.function(lambda fake: tf.reduce_mean(tf.math.softplus(-fake))),
    },
    "2.1": {
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
    "2.5": {"frozen": frozen_step, "spare": step_with_spare_gradients, "compiled": compiled_step},
    "2.4": {"from the end": field_from_the_end, "by reach": field_by_reach},
    "2.7": {
        "a list": lambda ids, count, share=0.02: [k for k in range(count) if np.mean(ids == k) < share],
        "a set": collapsed_by_counter,
        "keras.ops": collapsed_with_keras,
        "tensorflow": collapsed_with_tensorflow,
        "from the last": lambda ids, count, share=0.02: collapsed_classes(ids, count, share)[::-1],
    },
    "2.3": {"resize": resize_and_convolve, "dcgan": dcgan, "perceptron": perceptron},
    "2.6": {
        "keras.ops": lambda step, decay: ops.minimum(decay, (1 + step) / (10 + step)),
        "tensorflow": decay_in_tensorflow,
    },
}
NOT_FOR_TRAINING = {
    "2.2": {
        "functions": lambda fake: np.mean(np.logaddexp(0, -fake)),
        "methods": lambda fake: np.log1p(np.exp(-fake.clip(-50))).mean() + np.maximum(-fake - 50, 0).mean(),
        "a loop": loss_in_a_loop,
        "out of the tensor": lambda fake: float(np.logaddexp(0, -np.array(fake)).mean()),
    },
    "2.1": {"functions": lambda real, fake: np.mean(np.logaddexp(0, -real) + np.logaddexp(0, fake))},
    "2.6": {
        "min": lambda step, decay: min(decay, (1 + step) / (10 + step)),
        "branch": decay_by_branch,
        "numpy": lambda step, decay: np.minimum(decay, (1 + step) / (10 + step)),
    },
}


@pytest.mark.parametrize(("key", "name"), [(key, name) for key in RIGHT for name in RIGHT[key]])
def test_a_right_answer_of_another_kind_passes(key, name, capsys):
    assert check(key, RIGHT[key][name]) is RIGHT[key][name]
    assert capsys.readouterr().out.startswith(f"✓ {key} ")


@pytest.mark.parametrize(
    ("key", "name"), [(key, name) for key in NOT_FOR_TRAINING for name in NOT_FOR_TRAINING[key]]
)
def test_what_cannot_be_trained_with_passes_and_the_training_goes_on_with_the_library(key, name, capsys):
    assert check(key, NOT_FOR_TRAINING[key][name]) is find(key).reference
    assert capsys.readouterr().out.startswith(f"✓ {key} ")


def test_a_loss_in_numpy_can_be_wrong_by_name(capsys):
    check("2.2", lambda fake: np.sum(np.logaddexp(0, -fake)))
    check("2.1", lambda real, fake: np.mean(np.logaddexp(0, real) + np.logaddexp(0, -fake)))
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("✗ 2.2 summed over the batch: ")
    assert second.startswith("✗ 2.1 real and fake are swapped: ")


def test_every_other_wrong_answer_hears_what_differs(capsys):
    told = {
        ("2.2", lambda fake: ops.mean(ops.softplus(-fake), axis=0)): (
            "the loss has the wrong shape: expected one number, received shape (1,) for fake_logits = [-2,"
        ),
        ("2.2", lambda fake: ops.mean(ops.softplus(-fake)) + 1): (
            "the loss differs: for fake_logits = [-2, 0, 3] expected 0.956, received 1.96"
        ),
        ("2.2", lambda fake: fake.no_such_thing): "stops with AttributeError: ",
        ("2.4", lambda convolutions: float(receptive_field(convolutions))): (
            "wrong type: expected int64, received float64 for convolutions = [(3, 1), (3, 1)]"
        ),
        ("2.5", lambda *inputs: 0.5): "✗ 2.5 nothing moves: ",
        ("2.3", lambda *sizes: 3): "the kind of result is off: expected a Keras model, received an int",
        ("2.3", lambda *sizes: keras.Sequential([layers.Input((8,)), layers.Dense(5)])): (
            "expected (None, 8) to (None, 28, 28, 1), received (None, 8) to (None, 5)"
        ),
    }  # fmt: skip
    for (key, attempt), text in told.items():
        check(key, attempt)
        assert text in capsys.readouterr().out


class Constant(layers.Layer):
    """One learned image for everybody."""

    def build(self, shape):
        self.image = self.add_weight(shape=(28, 28, 1), initializer="random_normal")

    def call(self, latents):
        return ops.tanh(self.image + ops.zeros((ops.shape(latents)[0], 1, 1, 1)))


def test_a_generator_that_is_wrong_in_its_own_way_is_still_named(capsys):
    check("2.3", lambda *sizes: keras.Sequential([Constant()]))
    assert capsys.readouterr().out.startswith("✗ 2.3 Keras does not know its shapes yet: ")
    check("2.3", lambda latent_dim=8, *sizes: dcgan(latent_dim, 6, 28, sizes[2] if sizes else 1))
    assert capsys.readouterr().out.startswith("✗ 2.3 the image size is written in: ")


def test_a_check_never_touches_the_random_state_of_the_notebook():
    def draws(between):
        keras.utils.set_random_seed(3)
        between()
        return np.ravel([tf.random.normal((3,)), keras.random.normal((3,)), np.random.rand(3)])

    undisturbed = draws(lambda: None)
    assert np.array_equal(draws(lambda: check("2.3", dcgan)), undisturbed)
    assert not np.array_equal(draws(lambda: dcgan()(np.ones((1, 8)))), undisturbed)


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
