"""Shares, statistics, rates, steps and bills of many devices equal those of one that sees everything."""

import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from utils.training.scaling import global_moments, rate_at, replica_loss, steps_per_epoch, training_cost

RNG = np.random.default_rng(0)

# --- replica_loss


def added_gradients(share, parts):
    """The gradients of a small model on the parts of a batch of 12, added as an optimizer adds them."""
    images, wanted = (np.random.default_rng(seed).normal(size=(12, 3)).astype("float32") for seed in (1, 2))
    weights = tf.Variable(np.eye(3, dtype="float32"))
    total, begin = np.zeros((3, 3)), 0
    for size in parts:
        mine = slice(begin, begin + size)
        begin += size
        with tf.GradientTape() as tape:
            costs = ops.sum(ops.square(images[mine] @ weights - wanted[mine]), axis=1)
            loss = share(costs, 12)
        total += tape.gradient(loss, weights).numpy()
    return total


@pytest.mark.parametrize("parts", [(6, 6), (3, 3, 3, 3), (9, 3), (5, 4, 2, 1), (7, 5, 0)])
def test_added_gradients_are_those_of_the_whole_batch_on_one_device(parts):
    whole = added_gradients(lambda costs, count: ops.mean(costs), (12,))
    assert added_gradients(replica_loss, parts) == pytest.approx(whole, rel=1e-5)
    own_means = added_gradients(lambda costs, count: ops.mean(costs), parts)  # planted
    assert own_means != pytest.approx(whole, rel=1e-2, nan_ok=True)
    if len(set(parts)) > 1:  # planted: what Keras' own fit does with parts that are unequal
        equal_weights = added_gradients(lambda costs, count: ops.mean(costs) / len(parts), parts)
        assert equal_weights != pytest.approx(whole, rel=1e-2, nan_ok=True)


def test_it_is_the_average_loss_of_tensorflow():
    costs = RNG.exponential(size=7).astype("float32")
    assert float(replica_loss(costs, 20)) == pytest.approx(
        float(tf.nn.compute_average_loss(costs, global_batch_size=20)), rel=1e-6
    )


def test_means_of_parts_make_a_step_as_many_times_too_large_as_there_are_parts():
    whole = added_gradients(lambda costs, count: ops.mean(costs), (12,))
    own_means = added_gradients(lambda costs, count: ops.mean(costs), (3,) * 4)
    assert own_means == pytest.approx(4 * whole, rel=1e-5)


TWO_REPLICAS = """
from utils.training import quiet
import keras, numpy as np, tensorflow as tf
from keras import ops
from utils.training.scaling import replica_loss

halves = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], halves)
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
parts = {"0": [[1.0], [3.0], [8.0]], "1": [[20.0]]}  # a mean of 8; of the two means 12

def moved(price):
    with strategy.scope():
        weight, optimizer = keras.Variable([[0.0]]), keras.optimizers.SGD(1.0)
        optimizer.build([weight])

    def step():
        replica = tf.distribute.get_replica_context().replica_id_in_sync_group
        images = tf.constant(parts["0"]) if replica == 0 else tf.constant(parts["1"])
        with tf.GradientTape() as tape:
            loss = price(ops.matmul(images, weight))
        optimizer.apply(tape.gradient(loss, [weight.value]), [weight])

    strategy.run(step)
    return -float(weight.numpy()[0, 0])

class Raw(keras.losses.Loss):
    def call(self, wanted, given):
        return given[:, 0]

print(moved(lambda costs: replica_loss(costs[:, 0], 4)), moved(lambda costs: Raw()(costs, costs)))
"""


def test_two_replicas_step_as_far_as_one_device_and_farther_with_a_loss_of_keras():
    done = subprocess.run([sys.executable, "-c", TWO_REPLICAS], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    ours, theirs = map(float, done.stdout.split())
    assert ours == pytest.approx(8) and theirs == pytest.approx(12)


# --- global_moments


def moments_of_parts(parts):
    """Mean and variance of each part, as each replica has them: (replicas, channels)."""
    return np.stack([part.mean(axis=0) for part in parts]), np.stack([part.var(axis=0) for part in parts])


def assert_is_the_whole(function, replicas=4):
    """The moments of all parts are NumPy's, TensorFlow's and those of a BatchNormalization of the whole."""
    batch = RNG.normal(RNG.normal(0, 3, (replicas, 1, 5)), 1.5, (replicas, 8, 5))
    mean, variance = (np.asarray(part) for part in function(*moments_of_parts(batch)))
    whole = batch.reshape(-1, 5)
    for expected in ((whole.mean(axis=0), whole.var(axis=0)), tf.nn.moments(whole, axes=[0])):
        assert mean == pytest.approx(np.asarray(expected[0]), rel=1e-9)
        assert variance == pytest.approx(np.asarray(expected[1]), rel=1e-9)
    layer = keras.layers.BatchNormalization(momentum=0.0)  # keeps nothing but the last batch
    layer(whole.astype("float32"), training=True)
    assert layer.moving_mean.numpy() == pytest.approx(mean, rel=1e-4, abs=1e-5)
    assert layer.moving_variance.numpy() == pytest.approx(variance, rel=1e-4)


def test_moments_of_the_parts_give_those_of_the_whole_batch():
    for replicas in (1, 2, 4, 8):
        assert_is_the_whole(global_moments, replicas)


@pytest.mark.parametrize(
    "bug",
    [
        lambda means, variances: (means.mean(0), variances.mean(0)),
        lambda means, variances: (means.mean(0), variances.mean(0) + means.var(0, ddof=1)),
        lambda means, variances: (means.mean(0), np.sqrt(variances).mean(0) ** 2 + means.var(0)),
        lambda means, variances: (means.mean(0), (variances + means**2).mean(0)),
    ],
)
def test_planted_moments_are_not_those_of_the_whole(bug):
    with pytest.raises(AssertionError):
        assert_is_the_whole(bug)


def test_with_four_pictures_a_replica_the_mean_of_the_variances_is_three_quarters():
    means, variances = moments_of_parts(RNG.normal(size=(64, 4, 2_000)))
    assert variances.mean() == pytest.approx(0.75, abs=0.01)
    _, whole = global_moments(means, variances)
    assert np.mean(whole) == pytest.approx(1 - 1 / 256, abs=0.01)
    assert np.all(whole >= variances.mean(axis=0))


# --- rate_at


def is_a_warm_up(rate):
    """Whether a rate of 0.1 rises to 0.8 in 100 even steps and stays there."""
    rates = np.array([rate(step, 0.1, 8, 100) for step in range(200)])
    rises = np.allclose(np.diff(rates[:101]), 0.007) and np.allclose(rates[100:], 0.8)
    return rises and np.isclose(rates[0], 0.1) and np.isclose(rate(0, 0.1, 8, 0), 0.8)


def test_the_rate_rises_in_even_steps_and_stays():
    assert is_a_warm_up(rate_at)
    for planted in (
        lambda step, rate, factor, warmup_steps: rate * factor,
        lambda step, rate, factor, warmup_steps: rate * factor * min(1, step / max(1, warmup_steps)),
        lambda step, rate, factor, warmup_steps: rate + step / max(1, warmup_steps) * rate * (factor - 1),
        lambda step, rate, factor, warmup_steps: rate * factor ** min(1, step / max(1, warmup_steps)),
    ):
        assert not is_a_warm_up(planted)


def test_the_line_is_that_of_a_schedule_of_keras():
    schedule = keras.optimizers.schedules.CosineDecay(
        0.1, 10**9, warmup_target=rate_at(100, 0.1, 8, 100), warmup_steps=100
    )
    for step in (0, 1, 50, 99, 100, 150):
        assert rate_at(step, 0.1, 8, 100) == pytest.approx(float(schedule(step)), rel=1e-5)


def test_eight_times_the_batch_is_eight_times_the_rate_for_sgd_and_its_root_for_adam():
    assert rate_at(9, 0.1, 8, 5) == pytest.approx(0.8)  # Goyal et al. 2017: 0.1 at 256, 3.2 at 8192 pictures
    assert rate_at(9, 0.1, 8192 / 256, 5) == pytest.approx(3.2)
    assert (
        rate_at(9, 0.1, 8, 5, power=0.5) == pytest.approx(0.1 * np.sqrt(8)) == pytest.approx(0.28, abs=0.01)
    )
    assert rate_at(3, 0.1, 1, 5) == 0.1  # the batch as it was: nothing changes


# --- steps_per_epoch


def played_out(shard_sizes, workers, replica_batch_size):
    """Deal the shards card by card, then step together until a worker has no full batch left."""
    hands = [0] * workers
    for number, size in enumerate(shard_sizes):
        hands[number % workers] += size
    steps = 0
    while all(hand >= replica_batch_size for hand in hands):
        hands = [hand - replica_batch_size for hand in hands]
        steps += 1
    return steps


def differs_from_play(function, repeats=200):
    """How often a function gives another number than playing it out."""
    rng, differs = np.random.default_rng(3), 0
    for _ in range(repeats):
        workers = int(rng.integers(1, 6))
        sizes = rng.integers(1, 60, workers + int(rng.integers(0, 9))).tolist()
        batch = int(rng.integers(1, 16))
        differs += function(sizes, workers, batch) != played_out(sizes, workers, batch)
    return differs


def test_as_many_steps_as_can_be_played_out():
    assert differs_from_play(steps_per_epoch) == 0
    for planted in (
        lambda sizes, workers, batch: sum(sizes) // (workers * batch),
        lambda sizes, workers, batch: max(sum(sizes[w::workers]) for w in range(workers)) // batch,
        lambda sizes, workers, batch: min(-(-sum(sizes[w::workers]) // batch) for w in range(workers)),
        lambda sizes, workers, batch: min(sum(map(int, h)) for h in np.array_split(sizes, workers)) // batch,
    ):
        assert differs_from_play(planted) > 50


def test_shards_are_dealt_as_tensorflow_shards():
    sizes = RNG.integers(20, 200, 11).tolist()
    hands = [sum(map(int, tf.data.Dataset.from_tensor_slices(sizes).shard(3, index))) for index in range(3)]
    assert steps_per_epoch(sizes, 3, 7) == min(hands) // 7


def test_equal_hands_make_all_steps_that_there_are_and_unequal_ones_fewer():
    assert steps_per_epoch([100] * 8, 4, 10) == 8 * 100 // (4 * 10) == 20
    assert steps_per_epoch([100] * 9, 4, 10) == 20 < 9 * 100 // (4 * 10)
    steps = steps_per_epoch(np.array([9, 9, 9]), 3, 10)
    assert steps == 0 and type(steps) is int


def test_a_worker_without_a_shard_is_refused():
    with pytest.raises(ValueError, match=r"Received: 3 shards, 4 workers\. Most likely fix: write the pict"):
        steps_per_epoch([10, 10, 10], 4, 2)


# --- training_cost

BY_HAND = {  # images, images a second, workers, efficiency, price of an hour: hours, price
    (3_600_000, 100, 1, 1.0, 2.0): (10.0, 20.0),  # 36,000 seconds
    (3_600_000, 100, 4, 1.0, 2.0): (2.5, 20.0),  # four times as fast, four to pay
    (3_600_000, 100, 4, 0.8, 2.0): (3.125, 25.0),  # 320 images a second: 11,250 seconds
    (900_000, 250, 2, 0.5, 3.0): (1.0, 6.0),  # two that are as fast as one
    (180_000, 1000, 8, 0.625, 4.0): (0.01, 0.32),  # 36 seconds
}


def is_by_hand(function):
    """Whether a function gives the hours and prices that were computed by hand."""
    return all(function(*one) == pytest.approx(by_hand, rel=1e-12) for one, by_hand in BY_HAND.items())


def test_hours_and_price_are_those_computed_by_hand():
    assert is_by_hand(training_cost)
    for planted in (
        lambda n, speed, w, e, p: (n / (speed * w * e) / 3600, n / (speed * w * e) / 3600 * p),
        lambda n, speed, w, e, p: (n / (speed * w) / 3600, n / speed / 3600 * p),
        lambda n, speed, w, e, p: (n / (speed * w * e) / 3600, n / speed / 3600 * p),
        lambda n, speed, w, e, p: (n * e / (speed * w) / 3600, n * e / speed / 3600 * p),
    ):
        assert not is_by_hand(planted)


def test_more_workers_save_time_and_cost_what_the_efficiency_loses():
    alone = training_cost(1e7, 120, 1, 1.0, 3.0)
    assert training_cost(1e7, 120, 8, 1.0, 3.0) == pytest.approx((alone[0] / 8, alone[1]))
    assert training_cost(1e7, 120, 8, 0.8, 3.0)[1] == pytest.approx(1.25 * alone[1])
