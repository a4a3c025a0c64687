"""Each special discriminator of points does what it is named for."""

import keras
import numpy as np
import pytest
from keras import layers

from utils.models.points_norms import build_clipped, build_spectral, build_with_deviation, build_with_norm
from utils.training.penalties import cross_talk, input_slopes

POINTS = np.random.default_rng(0).normal(size=(16, 2)).astype("float32")
BUILDERS = {
    "plain": lambda: build_with_norm(None, width=8),
    "spectral": lambda: build_spectral(width=8),
    "clipped": lambda: build_clipped(width=8),
    "deviation": lambda: build_with_deviation(width=8),
}


@pytest.mark.parametrize("name", BUILDERS)
def test_each_gives_one_raw_score_per_point(name):
    network = BUILDERS[name]()
    assert network.input_shape == (None, 2) and network.output_shape == (None, 1)
    assert network(POINTS).shape == (16, 1)


def test_a_spectral_score_has_a_slope_of_at_most_one_and_a_plain_one_need_not():
    spectral, plain = BUILDERS["spectral"](), BUILDERS["plain"]()
    for network in spectral, plain:
        for variable in network.trainable_variables:
            variable.assign(5 * variable)
    for _ in range(200):
        spectral(POINTS, training=True)
    largest = [np.linalg.norm(input_slopes(one, POINTS), axis=1).max() for one in (spectral, plain)]
    assert largest[0] <= 1 + 1e-4 < largest[1]


def test_clipped_weights_stay_within_their_limit_after_a_step():
    network = build_clipped(width=8, limit=0.1)
    optimizer = keras.optimizers.SGD(10.0)
    kernels = [v for v in network.trainable_variables if len(v.shape) == 2]
    optimizer.build(network.trainable_variables)
    optimizer.apply(
        [keras.ops.ones_like(v) for v in network.trainable_variables], network.trainable_variables
    )
    assert all(np.abs(kernel.numpy()).max() <= 0.1 for kernel in kernels)


def test_only_a_look_at_the_batch_makes_points_talk():
    assert cross_talk(BUILDERS["plain"](), POINTS) == 0
    assert cross_talk(build_with_norm(layers.LayerNormalization, width=8), POINTS) == 0
    assert cross_talk(BUILDERS["deviation"](), POINTS) > 0
    assert cross_talk(build_with_norm(layers.BatchNormalization, width=8), POINTS) > 0
