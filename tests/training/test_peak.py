"""FLOPs of a training step: by hand, by TensorFlow's own counter, and what is not counted."""

import keras
import pytest
import tensorflow as tf
from keras import layers

from utils.training import peak
from utils.training.peak import graph_flops, matmul_peak, step_flops


class Trained:
    """A network with the training step of a squared error."""

    def __init__(self, *stack):
        self.network = keras.Sequential(stack)

    def train_step(self, batch):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(self.network(batch, training=True)))
        slopes = tape.gradient(loss, self.network.trainable_variables)
        return {"loss": loss + 0.0 * sum(tf.reduce_sum(slope) for slope in slopes)}


CONVOLUTION = 2 * (2 * 4 * 4) * (3 * 3) * 3 * 5  # 2 x batch x places x taps x channels in x channels out
SECOND = 2 * (2 * 4 * 4) * (3 * 3) * 5 * 7
DENSE = 2 * 2 * (4 * 4 * 7) * 6


def convolutions_and_dense():
    stack = [layers.Conv2D(5, 3, strides=2, padding="same"), layers.Conv2D(7, 3, padding="same")]
    return Trained(layers.Input((8, 8, 3)), *stack, layers.Flatten(), layers.Dense(6))


def test_a_step_costs_what_a_hand_counts():
    flops = step_flops(convolutions_and_dense(), tf.ones((2, 8, 8, 3)))
    assert flops == {
        "Conv2D": CONVOLUTION + SECOND,
        "Conv2DBackpropFilter": CONVOLUTION + SECOND,
        "Conv2DBackpropInput": SECOND,  # nobody asks for the slope of the pictures
        "MatMul": 3 * DENSE,
    }


def test_a_count_over_the_pixels_before_the_stride_would_be_caught():
    planted = 2 * (2 * 8 * 8) * (3 * 3) * 3 * 5
    flops = step_flops(convolutions_and_dense(), tf.ones((2, 8, 8, 3)))
    assert flops["Conv2D"] != planted + SECOND


def test_a_transposed_convolution_costs_what_the_convolution_back_does():
    model = Trained(layers.Input((4, 4, 5)), layers.Conv2DTranspose(3, 3, strides=2, padding="same"))
    flops = step_flops(model, tf.ones((2, 4, 4, 5)))
    assert flops == {"Conv2DBackpropInput": CONVOLUTION, "Conv2DBackpropFilter": CONVOLUTION}


def forward(function, *specs):
    return tf.function(function, input_signature=specs).get_concrete_function().graph


@pytest.mark.parametrize(
    ("function", "shapes"),
    [
        (lambda x, w: tf.nn.conv2d(x, w, 2, "SAME"), [(2, 9, 9, 3), (3, 3, 3, 5)]),
        (lambda x, w: x @ w, [(4, 6), (6, 5)]),
        (lambda x, w: tf.matmul(x, w, transpose_a=True), [(6, 4), (6, 5)]),
    ],
    ids=["convolution", "product", "turned product"],
)
def test_tensorflow_counts_the_same(function, shapes):
    graph = forward(function, *(tf.TensorSpec(shape) for shape in shapes))
    options = tf.compat.v1.profiler.ProfileOptionBuilder(
        tf.compat.v1.profiler.ProfileOptionBuilder.float_operation()
    ).with_empty_output()
    counted = tf.compat.v1.profiler.profile(graph, options=options.build()).total_float_ops
    assert sum(graph_flops(graph).values()) == counted > 0


def test_what_nobody_reads_is_not_counted():
    x = tf.TensorSpec((4, 4))
    assert graph_flops(forward(lambda x: (x @ x, x)[1], x)) == {}
    assert graph_flops(forward(lambda x: x @ x, x)) == {"MatMul": 2 * 4**3}  # planted: read, so it counts


def test_a_branch_counts_as_often_as_it_is_taken():
    def sometimes(x):
        return tf.cond(x[0, 0] > 0, lambda: x @ x @ x @ x @ x, lambda: x @ x)

    graph = forward(sometimes, tf.TensorSpec((4, 4)))
    once = 2 * 4**3
    assert graph_flops(graph, 0.25)["MatMul"] == 0.25 * 4 * once + 0.75 * once
    assert graph_flops(graph)["MatMul"] == 4 * once  # planted: taken always


def test_a_batch_of_unknown_size_is_refused():
    with pytest.raises(ValueError, match="fixed shapes. Received: (?i:matmul).*Most likely fix"):
        graph_flops(forward(lambda x: x @ tf.ones((4, 4)), tf.TensorSpec((None, 4))))


def test_a_loop_is_refused():
    def repeated(x):
        return tf.while_loop(lambda x: x[0, 0] < 10, lambda x: (x @ x,), (x,))[0]

    with pytest.raises(ValueError, match="without loops. Received: a (Stateless)?While"):
        graph_flops(forward(repeated, tf.TensorSpec((4, 4))))


def test_the_peak_is_two_flops_per_multiplication_and_second(monkeypatch):
    clock = iter(range(100))
    monkeypatch.setattr(peak.time, "process_time", lambda: 0.5 * next(clock))
    assert matmul_peak(trials=2, side=64) == 2 * 64**3 / 0.5
    assert matmul_peak(trials=2, side=64) != 64**3 / 0.5  # planted: multiplications alone


def test_the_best_trial_is_the_peak(monkeypatch):
    clock = iter([0.0, 4.0, 4.0, 5.0, 5.0, 7.0])  # other work made two of three trials slow
    monkeypatch.setattr(peak.time, "process_time", lambda: next(clock))
    assert matmul_peak(trials=3, side=64) == 2 * 64**3 / 1.0
