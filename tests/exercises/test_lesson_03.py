"""Other right answers to the exercises of lesson 03 pass, and what their texts claim is true."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

from utils.critic_losses import hinge_loss, one_centred_penalty
from utils.exercises import check, find
from utils.exercises.lesson_03.answers import averaged_path
from utils.exercises.lesson_03.penalties import EVEN, place_of

hinge = keras.losses.Hinge()


def flattened_norms(gradients, weight=10.0):
    rows = tf.reshape(gradients, (tf.shape(gradients)[0], -1))
    norms = tf.sqrt(tf.reduce_sum(rows**2, axis=1) + 1e-12)
    return weight * tf.reduce_mean((norms - 1) ** 2)


def expanded_square(gradients, weight=10.0):
    squares = ops.sum(gradients * gradients, axis=(1, 2, 3))
    return weight * ops.mean(squares - 2 * ops.sqrt(squares + 1e-12) + 1)


def penalty_with_a_tape_of_its_own(critic, real_images, fake_images, weight=10.0):
    share = tf.random.uniform((tf.shape(real_images)[0], 1, 1, 1))
    between = fake_images + share * (real_images - fake_images)
    with tf.GradientTape() as tape:
        tape.watch(between)
        scores = tf.reduce_sum(critic(between, training=True))
    squares = tf.reduce_sum(tape.gradient(scores, between) ** 2, axis=[1, 2, 3])
    return weight * tf.reduce_mean((tf.sqrt(squares + 1e-12) - 1) ** 2)


def penalty_with_the_share_of_the_fake(critic, real_images, fake_images, weight=10.0):
    share = keras.random.uniform((len(real_images), 1, 1, 1))
    between = (1 - share) * real_images + share * fake_images
    with tf.GradientTape() as tape:
        tape.watch(between)
        scores = critic(between)
    return one_centred_penalty(tape.gradient(scores, between), weight)


def r1_with_a_tape_of_its_own(discriminator, images, gamma=1.0):
    with tf.GradientTape() as tape:
        tape.watch(images)
        scores = tf.reduce_sum(discriminator(images))
    return gamma / 2 * tf.reduce_sum(tape.gradient(scores, images) ** 2) / len(images)


def r1_of_rows(discriminator, images, gamma=1.0):
    with tf.GradientTape() as tape:
        tape.watch(images)
        scores = discriminator(images)
    rows = tf.reshape(tape.gradient(scores, images), (len(images), -1))
    return 0.5 * gamma * tf.reduce_mean(tf.einsum("ij,ij->i", rows, rows))


def critic_without_a_norm(width=64):
    return keras.Sequential(
        [layers.Input((2,)), layers.Dense(width, "leaky_relu"), layers.Dense(width, "elu"), layers.Dense(1)]
    )


def critic_of_groups(width=64):
    points = keras.Input((2,))
    x = layers.LeakyReLU()(layers.GroupNormalization(4)(layers.Dense(width)(points)))
    return keras.Model(points, layers.Dense(1)(x))


def step_in_numpy(kernel, u):
    v = np.asarray(u) @ kernel.T
    v /= np.sqrt((v**2).sum())
    u = v @ kernel
    sigma = np.sqrt((u**2).sum())
    return sigma, u / sigma


def step_in_tensorflow(kernel, u):
    v = tf.math.l2_normalize(tf.matmul(u, kernel, transpose_b=True))
    u = tf.math.l2_normalize(tf.matmul(v, kernel))
    return tf.squeeze(v @ kernel @ tf.transpose(u)), u


def rates_by_branch(step, steps, g_learning_rate=1e-3, ratio=4.0, hold=0.5):
    begin = hold * steps
    if step <= begin:
        share = 1.0
    elif step >= steps:
        share = 0.0
    else:
        share = 1 - (step - begin) / (steps - begin)
    return [ratio * g_learning_rate * share, g_learning_rate * share]


def rates_by_clip(step, steps, g_learning_rate=1e-3, ratio=4.0, hold=0.5):
    g = g_learning_rate * np.clip((steps - step) / (steps * (1 - hold)), 0, 1)
    return ratio * g, g


def path_in_place(path, decay=0.99):
    averages = np.array(path, float)
    for step in range(1, len(path)):
        keep = min(decay, step / (9 + step))
        averages[step] = averages[step - 1] + (1 - keep) * (path[step] - averages[step - 1])
    return averages


RIGHT = {
    "3.1": {"flattened": flattened_norms, "expanded": expanded_square},
    "3.2": {"its own tape": penalty_with_a_tape_of_its_own, "other end": penalty_with_the_share_of_the_fake},
    "3.3": {"its own tape": r1_with_a_tape_of_its_own, "rows": r1_of_rows},
    "3.4": {"no norm": critic_without_a_norm, "groups": critic_of_groups},
    "3.5": {"numpy": step_in_numpy, "tensorflow": step_in_tensorflow},
    "3.6": {
        "maximum": lambda real, fake: ops.mean(ops.maximum(0.0, 1 - real) + ops.maximum(0.0, 1 + fake)),
        "minimum": lambda real, fake: -tf.reduce_mean(tf.minimum(0.0, real - 1) + tf.minimum(0.0, -fake - 1)),
        "keras": lambda real, fake: hinge(ops.ones_like(real), real) + hinge(-ops.ones_like(fake), fake),
    },
    "3.7": {"branch": rates_by_branch, "clip": rates_by_clip},
    "3.8": {"in place": path_in_place},
    "3.9": {
        "another order": lambda: {
            "C": "critic without a bound",
            "A": "generator far too fast",
            "B": "penalty far too strong",
        }
    },
}


@pytest.mark.parametrize(("key", "name"), [(key, name) for key in RIGHT for name in RIGHT[key]])
def test_a_right_answer_of_another_kind_passes(key, name, capsys):
    assert check(key, RIGHT[key][name]) is RIGHT[key][name]
    assert capsys.readouterr().out.startswith(f"✓ {key} ")


def test_a_hinge_in_numpy_passes_and_the_training_goes_on_with_the_library(capsys):
    in_numpy = lambda real, fake: np.mean(np.maximum(0, 1 - real) + np.maximum(0, 1 + fake))  # noqa: E731
    assert check("3.6", in_numpy) is hinge_loss
    assert capsys.readouterr().out.startswith("✓ 3.6 ")


def test_every_other_wrong_answer_hears_what_differs(capsys):
    told = {
        (
            "3.2",
            lambda critic, real, fake, weight=10.0: ops.mean(real),
        ): "the place is off: expected between real",
        ("3.4", lambda width=64: 3): "the kind of result is off: expected a Keras model, received an int",
        ("3.5", lambda kernel, u: 1.0): "the kind of result is off: expected a pair, received a float",
        ("3.9", lambda: "momentum"): "the kind of result is off: expected a dict, received a str",
        ("3.9", lambda: find("3.9").reference() | {"A": "Momentum"}): "a cause is no name of the gallery",
    }
    for (key, attempt), text in told.items():
        check(key, attempt)
        assert text in capsys.readouterr().out


def test_no_verdict_on_the_runs_gives_the_answer_away(capsys):
    right = find("3.9").reference()
    for run in right:
        check("3.9", lambda run=run: right | {run: "healthy"})
        assert right[run] not in capsys.readouterr().out


def test_even_shares_are_told_from_uneven_ones():
    generator = np.random.default_rng(0)
    real, fake = np.ones((192, 2, 2, 1)), -np.ones((192, 2, 2, 1))

    def place(shares):
        return place_of(shares * real + (1 - shares) * fake, real, fake)

    even = {place(generator.uniform(size=(192, 1, 1, 1))) for _ in range(300)}
    assert even == {"between real and fake, evenly"} and EVEN == 0.2
    assert place(generator.uniform(size=(192, 1, 1, 1)) ** 3) == "between real and fake, not evenly"
    assert place(generator.normal(size=(192, 1, 1, 1))) == "beyond the line from fake to real, too"
    assert place(generator.uniform(size=(192, 2, 2, 1))) == "at images with a share for each pixel"


def test_a_share_without_axes_stretches_over_the_channels():
    """As the follow-up of the lesson says: no error, another shape."""
    images, share = np.zeros((4, 8, 8, 1)), np.zeros(4)
    assert (share * images).shape == (4, 8, 8, 4)


def test_without_a_warm_up_the_start_stays():
    assert abs(0.99**100 - 0.37) < 0.005  # as the mistake says
    assert abs(0.999**2_000 - 0.135) < 0.001  # as the lesson says
    path = np.concatenate([[1e6], np.zeros(100)])[:, None]
    assert averaged_path(path, 0.999)[-1, 0] < 1e-3 * 0.99**100 * 1e6
