"""The mean and the spread of samples: known values, an outside oracle and planted bugs."""

import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from utils.models.confidence import confidence


def samples_with(spread, k=4000, channels=3):
    """Samples of one grey picture of 1 x 3 pixels, each pixel with a spread of its own."""
    noise = np.random.default_rng(0).standard_normal((k, 1, 1, 3, channels))
    return (0.2 + noise * np.reshape(spread, (1, 1, 1, 3, 1))).astype("float32")


def assert_spread_is_what_was_put_in(confidence):
    """A third of the pixels is sure, the others are off by 0.1 and 0.4."""
    mean, spread = confidence(samples_with([0, 0.1, 0.4]))
    assert np.shape(mean) == (1, 1, 3, 3) and np.shape(spread) == (1, 1, 3)
    assert np.asarray(mean) == pytest.approx(np.full((1, 1, 3, 3), 0.2), abs=0.03)
    assert np.asarray(spread) == pytest.approx(np.array([[[0, 0.1, 0.4]]]), rel=0.02, abs=1e-5)


BUGS = {
    "variance": lambda samples: (samples.mean(0), samples.var(0).mean(-1)),
    "channels averaged first": lambda samples: (samples.mean(0), samples.mean(-1).std(0)),
    "between the channels": lambda samples: (samples.mean(0), samples.mean(0).std(-1)),
    "standard error": lambda samples: (
        samples.mean(0),
        np.sqrt(samples.var(0).mean(-1) / len(samples)),
    ),
    "a sample for the mean": lambda samples: (samples[0], np.sqrt(samples.var(0).mean(-1))),
}


def test_the_spread_is_the_standard_deviation_of_the_samples():
    assert_spread_is_what_was_put_in(confidence)


@pytest.mark.parametrize("bug", BUGS.values(), ids=BUGS)
def test_planted_spreads_are_found(bug):
    with pytest.raises(AssertionError):
        assert_spread_is_what_was_put_in(bug)


def test_it_agrees_with_numpy_in_double_precision():
    samples = np.random.default_rng(1).uniform(-1, 1, (5, 2, 4, 6, 3))
    mean, spread = confidence(samples.astype("float32"))
    assert np.asarray(mean) == pytest.approx(np.mean(samples, axis=0), abs=1e-6)
    assert np.asarray(spread) == pytest.approx(np.sqrt(np.var(samples, axis=0).mean(axis=-1)), abs=1e-6)


def test_colours_that_cancel_in_grey_are_still_unsure():
    red, blue = np.zeros((2, 1, 1, 1, 3), "float32")
    red[..., 0] = blue[..., 2] = 1.0
    _, spread = confidence(np.stack([red, blue]))
    assert np.asarray(spread).item() == pytest.approx(np.sqrt(2 * 0.25 / 3))
    assert np.stack([red, blue]).mean(-1).std(0).item() == 0  # planted: the grey of both is the same


def test_one_sample_and_equal_samples_have_no_spread():
    image = np.random.default_rng(2).uniform(-1, 1, (1, 2, 3, 3, 1)).astype("float32")
    for samples in (image, image.repeat(8, axis=0)):
        mean, spread = confidence(samples)
        assert np.allclose(mean, image[0], atol=1e-6) and np.abs(spread).max() < 1e-6


def test_it_runs_inside_a_compiled_function():
    samples = samples_with([0.1, 0.2, 0.3], k=5)
    compiled = tf.function(confidence, input_signature=[tf.TensorSpec([None, None, None, None, 3])])
    for ours, plain in zip(compiled(ops.convert_to_tensor(samples)), confidence(samples), strict=True):
        np.testing.assert_allclose(ours, plain, atol=1e-6)
