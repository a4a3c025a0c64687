"""The cards on training on GPUs: each number on a whiteboard is computed again, each faulty snippet run."""

import contextlib
import io
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from utils.interview.deck import load_deck
from utils.training import quiet  # noqa: F401  (first: TensorFlow starts without its log lines)

import keras  # isort: skip
import tensorflow as tf  # isort: skip
from keras import layers  # isort: skip

from utils.models.text_gan import build_text_discriminator, build_text_generator  # isort: skip
from utils.training.penalties import r1_penalty  # isort: skip

FOUR = Path(__file__).with_name("on_four_devices.py")
STEPS = 3  # of the trace; the card goes on to step 100


def board(card):
    """The lines of the whiteboard of a card."""
    return load_deck()[f"scaling-{card}"].code.splitlines()


def numbers(line):
    """The numbers in a line."""
    return [float(word) for word in line.replace("%", "").split() if word.replace(".", "").isdigit()]


@pytest.mark.parametrize("card", ["statistics", "half-penalty"])
def test_a_snippet_prints_what_stands_below_it(card):
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec("\n".join(board(card)), {"np": np, "tf": tf})
    assert said.getvalue().splitlines() == [line[2:] for line in board(card) if line.startswith("# ")]


def test_the_mended_penalty_has_gradients_at_both_ends():
    mended = "\n".join(board("half-penalty")).replace("slopes**2", 'tf.cast(slopes, "float32") ** 2')
    names = {"np": np, "tf": tf}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(mended, names)
    assert names["test"](0.00015)[1] == pytest.approx(-217, rel=0.01)
    assert names["test"](2.5)[1] == pytest.approx(61_216, rel=0.01)


def test_the_mean_square_cancels_and_what_the_parts_have_does_not():
    values = (1_000 + np.random.default_rng(0).normal(size=64)).astype(np.float32)
    parts = values.reshape(4, 16)
    cancelled = (values * values).mean() - values.mean() ** 2
    assert (
        16 * cancelled == round(16 * cancelled) and abs(cancelled - 0.832) > 0.015
    )  # float32 near a million
    assert parts.var(axis=1).mean() + parts.mean(axis=1).var() == pytest.approx(0.832, abs=0.001)


@pytest.fixture(scope="module")
def on_four():
    """What four devices in a process of its own give; TensorFlow shares out a CPU only at its start."""
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, FOUR, str(STEPS)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(root), "CUDA_VISIBLE_DEVICES": "-1"},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_adam_hides_the_gradient_that_is_four_times_too_large_and_sgd_does_not(on_four):
    for line in board("mean")[-3:]:
        name, one, four = line.split()[1], *numbers(line)
        assert on_four["mean"][name] == pytest.approx([one, four], rel=0.01, abs=0.002)
    assert on_four["mean"]["SGD(0.025)"] == pytest.approx(on_four["mean"]["SGD(0.1)"][0], abs=0.002)


def test_the_first_steps_of_all_seven_columns(on_four):
    names, *rows = (line.split() for line in board("trace"))
    for step in range(STEPS):
        shown = [on_four["trace"][name][step] for name in names[1:]]
        assert [float(cell) for cell in rows[step][1:]] == pytest.approx(shown, abs=0.005)
    assert on_four["trace"]["one"] == pytest.approx(on_four["trace"]["B"], abs=0.001)
    assert on_four["trace"]["one, Adam"][1] == pytest.approx(on_four["trace"]["A, Adam"][1], abs=0.001)
    assert "2.7996" in load_deck()["scaling-trace"].long.en and on_four["trace"]["A, Adam"][1] < 2.81


def test_keras_clips_the_part_of_each_replica(on_four):
    assert on_four["clipped"] == pytest.approx(1.3)


def images_a_second(gpus, per_gpu, size=400e6):
    """The cost model of the card `scaling-table`."""
    return gpus * per_gpu / (0.005 * per_gpu + 2 * (gpus - 1) / gpus * size / 4e9)


def test_the_table_of_speeds_is_its_cost_model():
    for line in board("table")[2:]:
        gpus, weak, weak_share, strong, strong_share = numbers(line)
        for per_gpu, speed, share in ((32, weak, weak_share), (256 / gpus, strong, strong_share)):
            exact = images_a_second(gpus, per_gpu)
            assert (round(exact), round(exact / gpus / 2)) == (speed, share)
    said = load_deck()["scaling-table"].long.en
    half, four_batches = images_a_second(8, 32, size=200e6), images_a_second(8, 128)
    assert f"half-precision gradients {half:,.0f}; four batches accumulated {four_batches:,.0f}" in said


def simulated(batch, rate, steps, weights=400):
    """Mean and spread of weights that Adam pulls from 3 to 0 with noisy slopes."""
    draw, weight = np.random.default_rng(0), np.full(weights, 3.0)
    first, second = np.zeros(weights), np.zeros(weights)
    for step in range(1, steps + 1):
        slope = weight + 30 / math.sqrt(batch) * draw.standard_normal(weights)
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
        scale = np.sqrt(second / (1 - 0.999**step)) + 1e-8
        weight = weight - rate * first / (1 - 0.9**step) / scale
    return weight.mean(), weight.std()


@pytest.mark.parametrize(
    ("batch", "rate", "steps", "said"),
    [
        (1, 0.001, 32_000, "end at 1.03 ± 0.11"),
        (16, 0.004, 2_000, "times 4 gives 1.08 ± 0.11"),
        (16, 0.016, 2_000, "times 16 gives 0.04 ± 0.25"),
        (16, 0.001, 2_000, "unchanged 2.34 ± 0.04"),
    ],
)
def test_adam_takes_the_root_of_a_larger_batch(batch, rate, steps, said):
    mean, spread = (float(part) for part in said.split(" ")[-3::2])
    assert simulated(batch, rate, steps) == (pytest.approx(mean, abs=0.03), pytest.approx(spread, abs=0.02))
    assert said in " ".join(load_deck()["scaling-rate"].long.en.split())


def descended(optimizer, scaled):
    """Where 30 steps from 3 down a parabola end, with the loss scaled or that forgotten."""
    weight, optimizer = keras.Variable(3.0), keras.optimizers.LossScaleOptimizer(optimizer)
    optimizer.build([weight])
    for _ in range(30):
        with tf.GradientTape() as tape:
            loss = weight * weight
            loss = optimizer.scale_loss(loss) if scaled else loss
        optimizer.apply(tape.gradient(loss, [weight.value]), [weight])
    return float(weight)


def test_a_forgotten_loss_scale_stops_sgd_and_hides_from_adam():
    sgd, adam = keras.optimizers.SGD, keras.optimizers.Adam
    assert descended(sgd(0.1), True) == pytest.approx(0.004, abs=0.001)
    assert descended(sgd(0.1), False) == pytest.approx(2.999, abs=0.001)
    assert descended(adam(0.1), True) == pytest.approx(0.42, abs=0.01)
    assert descended(adam(0.1), False) == pytest.approx(0.43, abs=0.01)


def test_the_ends_of_both_halves():
    half, wide = np.finfo(np.float16), tf.bfloat16
    assert half.max == 65504 and float(half.tiny) == pytest.approx(6.1e-5, rel=0.01)
    assert float(half.smallest_subnormal) == pytest.approx(6.0e-8, rel=0.01)
    assert float(wide.max) == pytest.approx(3.4e38, rel=0.01)
    for kind, one, small in ((wide, 1, 1 / 256), (wide, 256, 1), (wide, 1, -1e-3), (tf.float16, 1, -1e-4)):
        assert float(tf.constant(one, kind) + tf.constant(small, kind)) == one


def r1_in_parts(norm, part, seed=0):
    """By how much R1 of a small discriminator differs: the mean over parts against all 32 pictures."""
    keras.utils.set_random_seed(seed)
    blocks = []
    for width in (16, 32):
        blocks += [layers.Conv2D(width, 4, strides=2, padding="same"), *norm()]
        blocks += [layers.LeakyReLU(negative_slope=0.2)]
    discriminator = keras.Sequential([layers.Input((32, 32, 3)), *blocks, layers.Flatten(), layers.Dense(1)])
    images = tf.random.uniform((32, 32, 32, 3), -1, 1)
    parts = [float(r1_penalty(discriminator, images[start : start + part])) for start in range(0, 32, part)]
    return np.mean(parts) / float(r1_penalty(discriminator, images)) - 1


def test_r1_adds_up_unless_batch_norm_mixes_the_pictures():
    assert r1_in_parts(list, 4) == pytest.approx(0, abs=1e-6)
    assert r1_in_parts(lambda: [layers.LayerNormalization()], 4) == pytest.approx(0, abs=1e-6)
    for part, said in ((4, 0.007), (2, 0.014)):
        off = [r1_in_parts(lambda: [layers.BatchNormalization()], part, seed) for seed in range(6)]
        assert np.mean(off) == pytest.approx(said, abs=0.002)


def test_the_bytes_of_two_networks():
    generator = build_text_generator(64, width=96, image_size=64)
    discriminator = build_text_discriminator(64, 23, width=96, image_size=64)
    parameters = generator.count_params() + discriminator.count_params()
    shapes = [layer.output.shape[1:] for network in (generator, discriminator) for layer in network.layers]
    per_picture = 4 * sum(map(math.prod, shapes))
    assert parameters == pytest.approx(15.7e6, rel=0.005) and 16 * parameters == pytest.approx(
        251e6, rel=0.005
    )
    assert per_picture == pytest.approx(5.1e6, rel=0.005) and 256 * per_picture == pytest.approx(
        1.31e9, rel=0.005
    )
    assert 49 * per_picture < 16 * parameters < 50 * per_picture
