"""What depth does to the slope of the first layer, plain and residual."""

import keras
import numpy as np
import pytest

from utils.models.deep_stack import KINDS, build_deep_stack
from utils.training.gradients import slopes

PIXELS = np.random.default_rng(0).normal(size=(64, 49)).astype("float32")
CLASSES = np.arange(64) % 10


def first_slope(kind, depth):
    keras.utils.set_random_seed(1)
    model = build_deep_stack(kind, depth)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    _, moved = slopes(lambda: loss(CLASSES, model(PIXELS)), model.trainable_variables)
    return float(np.linalg.norm(moved[0]))


def test_plain_layers_silence_the_slope_and_residual_ones_with_a_small_start_keep_it():
    assert first_slope("plain", 64) < 1e-6 * first_slope("plain", 4)
    kept = first_slope("residual, near-zero start", 64) / first_slope("residual, near-zero start", 4)
    assert 0.3 < kept < 3
    wild = first_slope("residual, He start", 64) / first_slope("residual, He start", 4)
    assert not 0.3 < wild < 3  # planted: without the small start it explodes


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_as_many_weights(kind):
    assert build_deep_stack(kind, 4).count_params() == 49 * 32 + 32 + 4 * (32 * 32 + 32) + 32 * 10 + 10


@pytest.mark.parametrize(("kind", "depth"), [("deep", 4), ("plain", 3)])
def test_an_unknown_kind_and_an_odd_depth_are_refused(kind, depth):
    with pytest.raises(ValueError, match=f"one of plain, .*Received: '{kind}', {depth}"):
        build_deep_stack(kind, depth)
