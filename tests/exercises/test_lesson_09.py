"""Other right answers to the exercises of lesson 09 pass, and what their texts claim is true."""

from fractions import Fraction

import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from utils.exercises import check, find
from utils.training.half import stable_softplus
from utils.training.scaling import global_moments, rate_at, steps_per_epoch, training_cost


def share_by_weight(costs, global_batch_size):
    """The own mean, by the share of the pictures that it stands for."""
    return tf.reduce_mean(costs) * tf.cast(tf.size(costs), costs.dtype) / global_batch_size


def share_by_tensorflow(costs, global_batch_size):
    return tf.nn.compute_average_loss(costs, global_batch_size=global_batch_size)


def moments_by_squares(means, variances):
    squares = np.mean(variances + np.square(means), axis=0)
    return means.mean(axis=0), squares - means.mean(axis=0) ** 2


def moments_in_a_loop(means, variances):
    replicas = len(means)
    mean = sum(means) / replicas
    return [mean, sum(v + (m - mean) ** 2 for m, v in zip(means, variances, strict=True)) / replicas]


def moments_in_keras(means, variances):
    mean = ops.mean(means, axis=0)
    return mean, ops.mean(variances + ops.square(means - mean), axis=0)


def rate_by_interpolation(step, rate, factor, warmup_steps, power=1.0):
    target = rate * np.power(factor, power)
    return np.interp(step, [0, warmup_steps], [rate, target]) if warmup_steps else target


def rate_by_factors(step, rate, factor, warmup_steps, power=1.0):
    goal = factor**power
    if step >= warmup_steps:
        return rate * goal
    return rate * (1 + step * (goal - 1) / warmup_steps)


def softplus_by_sign(x):
    """Two formulas, each where it is safe, and out of reach where it is not."""
    above = ops.maximum(x, 0)
    return ops.where(x > 0, above + ops.log1p(ops.exp(-above)), ops.log1p(ops.exp(ops.minimum(x, 0))))


def softplus_in_float32(x):
    wide = tf.cast(x, tf.float32)
    return tf.cast(tf.maximum(wide, 0.0) + tf.math.log1p(tf.exp(-tf.abs(wide))), x.dtype)


def softplus_by_halves(x):
    """The half of x and of |x| instead of the maximum: a slope of 1/2 at 0."""
    return 0.5 * x + 0.5 * ops.abs(x) + ops.log1p(ops.exp(-ops.abs(x)))


def steps_by_dealing(shard_sizes, workers, replica_batch_size):
    hands = [0] * workers
    for number, size in enumerate(shard_sizes):
        hands[number % workers] += size
    return np.min(np.array(hands) // replica_batch_size)


def steps_by_strides(shard_sizes, workers, replica_batch_size):
    return min(int(np.sum(shard_sizes[w::workers]) / replica_batch_size) for w in range(workers))


def cost_by_seconds(images, images_per_second, workers, efficiency, price_per_hour):
    seconds = images / images_per_second / (workers * efficiency)
    return list(np.array([seconds, seconds * workers * price_per_hour]) / 3600)


def cost_by_worker_hours(images, images_per_second, workers, efficiency, price_per_hour):
    worker_hours = images / (3600 * images_per_second * efficiency)
    return [worker_hours / workers, worker_hours * price_per_hour]


RIGHT = {
    "9.1": {
        "by weight": share_by_weight,
        "tensorflow": share_by_tensorflow,
        "numpy": lambda costs, global_batch_size: np.sum(costs) / global_batch_size,
    },
    "9.2": {"squares": moments_by_squares, "a loop": moments_in_a_loop, "keras": moments_in_keras},
    "9.3": {"interpolation": rate_by_interpolation, "factors": rate_by_factors},
    "9.4": {
        "two formulas": softplus_by_sign,
        "float32 inside": softplus_in_float32,
        "halves": softplus_by_halves,
        "tensorflow": tf.nn.softplus,
        "keras": lambda x: ops.softplus(x),
        "logaddexp": lambda x: ops.logaddexp(x, ops.zeros_like(x)),
    },
    "9.5": {"dealing": steps_by_dealing, "strides": steps_by_strides},
    "9.6": {"seconds": cost_by_seconds, "worker hours": cost_by_worker_hours},
}


@pytest.mark.parametrize(("key", "name"), [(key, name) for key in RIGHT for name in RIGHT[key]])
def test_a_right_answer_of_another_kind_passes(key, name, capsys):
    for _ in range(3):  # other inputs each time
        answer = check(key, RIGHT[key][name])
        assert capsys.readouterr().out.startswith(f"✓ {key} ")
        assert answer is (find(key).reference if name == "numpy" else RIGHT[key][name])


def test_a_softplus_in_numpy_passes_and_the_library_trains_in_its_place(capsys):
    def by_numpy(x):
        return np.logaddexp(np.float16(0), x) if x.dtype == np.float16 else np.logaddexp(np.float32(0), x)

    assert check("9.4", by_numpy) is stable_softplus
    assert capsys.readouterr().out.startswith("✓ 9.4 ")


def contiguous(shard_sizes, workers, replica_batch_size):
    share = len(shard_sizes) // workers
    hands = [shard_sizes[w * share : (w + 1) * share] for w in range(workers - 1)]
    hands.append(shard_sizes[(workers - 1) * share :])
    return min(sum(hand) for hand in hands) // replica_batch_size


WRITTEN = {
    "9.1 this is the mean of the own part": lambda costs, global_batch_size: tf.reduce_mean(costs),
    "9.1 the parts are taken for equal": lambda costs, global_batch_size: (
        tf.reduce_sum(costs) / costs.shape[0] / (global_batch_size // costs.shape[0])
    ),
    "9.2 only the variances are averaged": lambda means, variances: (means.mean(0), variances.mean(0)),
    "9.2 taken over the channels": lambda means, variances: (
        means.mean(1), variances.mean(-1) + means.var(axis=1),
    ),
    "9.3 there is no warm-up": lambda step, rate, factor, warmup_steps, power=1.0: rate * factor**power,
    "9.3 the warm-up starts at 0": lambda step, rate, factor, warmup_steps, power=1.0: (
        rate * factor**power * (min(1, step / warmup_steps) if warmup_steps else 1)
    ),
    "9.3 without a warm-up it divides by 0": lambda step, rate, factor, warmup_steps, power=1.0: (
        rate + min(step / warmup_steps, 1) * (rate * factor**power - rate)
    ),
    "9.4 e^x overflows": lambda x: tf.math.log(1 + tf.exp(x)),
    "9.4 this is a relu": ops.relu,
    "9.4 small values are lost": lambda x: tf.maximum(x, 0) + tf.math.log(tf.exp(-tf.abs(x)) + 1),
    "9.4 the value is right, but the slope is no number": lambda x: (
        tf.where(x > 10, x, tf.math.log1p(tf.exp(x)))
    ),
    "9.5 all pictures are shared out evenly": lambda shard_sizes, workers, replica_batch_size: (
        int(np.sum(shard_sizes) / workers) // replica_batch_size
    ),
    "9.5 the shards are handed out in a row, and the last worker gets the rest": contiguous,
    "9.6 only one worker is paid": lambda images, images_per_second, workers, efficiency, price_per_hour: (
        (hours := images / (images_per_second * workers * efficiency * 3600)), hours * price_per_hour,
    ),
    "9.6 these are seconds": lambda images, images_per_second, workers, efficiency, price_per_hour: (
        (seconds := images / (workers * efficiency * images_per_second)), seconds * workers * price_per_hour,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRITTEN)
def test_wrong_answers_as_people_write_them_are_named(name, capsys):
    key = name.split()[0]
    for _ in range(3):
        assert check(key, WRITTEN[name]) is find(key).reference
        assert capsys.readouterr().out.startswith(f"✗ {name}: ")


def test_every_other_wrong_answer_hears_what_differs(capsys):
    told = {
        ("9.1", lambda costs, global_batch_size: 2 * ops.sum(costs) / global_batch_size): (
            "the result differs: for costs = [1, 2, 3, 6], global_batch_size = 8 expected 1.5, received 3"
        ),
        ("9.1", lambda costs: 1.0): "its arguments are (costs): it must take (costs, global_batch_size)",
        ("9.2", lambda means, variances: means.mean(0)): "expected a pair, received",
        ("9.2", lambda means, variances: (means.mean(0), 7 * variances.mean(0))): (
            "the variance differs: for means = [0, 4], variances = [1, 9] expected [9], received [35]"
        ),
        ("9.3", lambda step, rate, factor, warmup_steps, power=1.0: 0.5): (
            "the rate in thousandths differs: for step = 0, rate = 0.1, factor = 8, warmup_steps = 100 "
            "expected 100, received 500"
        ),
        ("9.4", lambda x: 2 * stable_softplus(x)): "the result differs: for x = [-8, -1, 0, 2, 12] expected",
        ("9.4", lambda x: ops.sum(x)): "the result has the wrong shape: expected shape (5,), received one",
        ("9.4", lambda x: "log"): "the result is not made of numbers: expected shape (5,), received log",
        ("9.5", lambda shard_sizes, workers, replica_batch_size: 3): (
            "the number of steps differs: for shard_sizes = [40, 40, 40, 40], workers = 2, "
            "replica_batch_size = 8 expected 10, received 3"
        ),
        ("9.6", lambda images, images_per_second, workers, efficiency, price_per_hour: (1, 2)): (
            "the time in hours has the wrong type: expected float64, received int64"
        ),
        ("9.6", lambda images, images_per_second, workers, efficiency, price_per_hour: (1.0, 2.0)): (
            "the time in hours differs: for images = 3600000, images_per_second = 100, workers = 1"
        ),
    }
    for (key, attempt), text in told.items():
        check(key, attempt)
        assert text in capsys.readouterr().out


# --- what the texts claim


def test_shares_of_unequal_parts_add_up_to_the_mean_and_own_means_do_not():
    costs = np.float32([1, 2, 3, 6, 5, 7, 9, 3])
    parts = costs[:3], costs[3:]
    share, wrong = find("9.1").reference, find("9.1").mistakes
    assert sum(float(share(part, 8)) for part in parts) == pytest.approx(costs.mean())
    for name in ("the parts are taken for equal", "this is the mean of the own part"):
        added = sum(float(wrong[name].wrong(part, 8)) for part in parts)
        assert abs(added - costs.mean()) > 0.1, name


def test_a_replica_of_zeros_and_one_of_fours_have_no_variance_but_four_together():
    parts = np.array([[0.0, 0, 0], [4, 4, 4]])
    _, variance = global_moments(parts.mean(1, keepdims=True), parts.var(1, keepdims=True))
    assert parts.var(axis=1).tolist() == [0, 0] and np.asarray(variance).tolist() == [4] == [parts.var()]


def test_adam_bears_twice_the_rate_with_four_times_the_batch():
    assert rate_at(200, 0.02, 4, 100, 0.5) == pytest.approx(0.04)
    ignored = find("9.3").mistakes["the power is ignored"].wrong
    assert ignored(200, 0.02, 4, 100, 0.5) == pytest.approx(0.08)


def test_each_formula_of_a_softplus_breaks_where_its_text_says():
    wrong = {name: mistake.wrong for name, mistake in find("9.4").mistakes.items()}
    for name, kind, below, above in (
        ("e^x overflows", np.float16, 11.0, 11.2),
        ("log1p does not keep e^x from overflowing", np.float16, 11.0, 11.2),
        ("float32 only moves the end", np.float16, 88.5, 89.0),
        ("e^x overflows", np.float32, 88.5, 89.0),
    ):
        finite, infinite = np.asarray(wrong[name](np.array([below, above], kind))).astype(float)
        assert finite == pytest.approx(below, rel=1e-3) and infinite == np.inf, (name, kind)
    minus_eight = np.float16([-8])
    assert (
        np.asarray(wrong["small values are lost"](minus_eight))
        == 0
        < np.asarray(stable_softplus(minus_eight))
    )
    infinite = np.asarray(wrong["the logarithm of a sigmoid is infinite"](np.float16([20])))
    assert infinite == np.inf
    score = tf.constant([100.0])
    with tf.GradientTape() as tape:
        tape.watch(score)
        value = wrong["the value is right, but the slope is no number"](score)
    assert float(value[0]) == 100 and np.isnan(tape.gradient(value, score).numpy()[0])


def test_a_batch_may_take_the_end_of_one_shard_and_the_beginning_of_the_next():
    assert steps_per_epoch([50, 15, 50, 15], 2, 8) == 3
    assert find("9.5").mistakes["the batches end with each shard"].wrong([50, 15, 50, 15], 2, 8) == 2


def test_the_bill_rises_by_what_the_efficiency_loses():
    for efficiency in (Fraction(1), Fraction(4, 5), Fraction(1, 2)):
        _, price = training_cost(3_600_000, 100, 4, efficiency, 2)
        assert price == 20 / efficiency
