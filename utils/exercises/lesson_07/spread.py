"""Exercise 7.8: the mean of several samples, and how far they lie apart."""

import numpy as np

from utils.exercises.results import named_results
from utils.exercises.verdict import Exercise, Mistake
from utils.models.confidence import confidence


def with_spread(spread):
    """A confidence that is wrong in its spread."""
    return lambda samples: (samples.mean(axis=0), spread(samples))


def with_mean(mean):
    """A confidence that is wrong in its mean picture."""
    return lambda samples: (mean(samples), right_spread(samples))


def right_spread(samples):
    """The root of the variances, averaged over the channels."""
    return np.sqrt(samples.var(axis=0).mean(axis=-1))


def draw_samples(generator, size):
    """Samples around pictures; one draw has as many samples as pictures, so that axes can be mixed up."""
    shape = 3, size, 2, 4, 3
    spreads = generator.uniform(0.05, 0.4, (1, size, 2, 4, 1))
    centres = generator.uniform(-0.5, 0.5, (1, *shape[1:]))
    return ((centres + spreads * generator.normal(size=shape)).astype(np.float32),)


def samples_of(*pixels):
    """Samples of one picture of 1 x 2 pixels: for each sample two pixels with their channels."""
    return (np.float32(pixels).reshape(len(pixels), 1, 1, 2, -1),)


CONFIDENCE = Exercise(
    id="7.8",
    title="How sure is it, pixel by pixel?",
    minutes=10,
    difficulty=2,
    reference=confidence,
    examples=(
        samples_of([[0.5], [-1]], [[0.5], [1]]),
        samples_of([[0.5, -0.5], [0, 0]], [[-0.5, 0.5], [0.5, 0]], [[0, 0], [0.25, 0]]),
        samples_of([[0.25], [-0.75]]),
    ),
    draw=draw_samples,
    observe=named_results("mean", "spread"),
    mistakes={
        "the channels are averaged first": Mistake(
            with_spread(lambda samples: samples.mean(axis=-1).std(axis=0)),
            "red in one sample and blue in the next have one grey, and would count as sure: variance first",
        ),
        "this is how much the colours of a pixel differ": Mistake(
            with_spread(lambda samples: samples.mean(axis=0).std(axis=-1)),
            "a red pixel is no doubt: compare the samples with each other, axis 0",
        ),
        "this is how much the pixels of a sample differ": Mistake(
            with_spread(lambda samples: samples.std(axis=(2, 3)).mean(axis=-1)),
            "that is the contrast of the pictures: compare the samples with each other, axis 0",
        ),
        "this is how much the pictures of the batch differ": Mistake(
            with_spread(lambda samples: np.sqrt(samples.var(axis=1).mean(axis=-1))),
            "products differ, that is no doubt: compare the samples of one picture, axis 0",
        ),
        "samples and batch have changed places": Mistake(
            lambda samples: confidence(samples.swapaxes(0, 1)),
            "the samples are axis 0, the pictures axis 1: the mean goes over axis 0",
        ),
        "this is the variance, not its root": Mistake(
            with_spread(lambda samples: samples.var(axis=0).mean(axis=-1)),
            "squared grey levels are no grey levels: take the root, last",
        ),
        "the roots of the channels are averaged": Mistake(
            with_spread(lambda samples: samples.std(axis=0).mean(axis=-1)),
            "as with the sides of a triangle, squares add up: mean over the channels first, root last",
        ),
        "every channel has a spread of its own": Mistake(
            with_spread(lambda samples: samples.std(axis=0)),
            "a map has one number per pixel: mean of the variances over the last axis",
        ),
        "the axis of one is left": Mistake(
            with_spread(lambda samples: right_spread(samples)[..., None]),
            "the map is (n, height, width): leave keepdims out",
        ),
        "this is one number for each picture": Mistake(
            with_spread(lambda samples: np.sqrt(samples.var(axis=0).mean(axis=(1, 2, 3)))),
            "it must say where, not only whether: mean over the channels alone",
        ),
        "the mean was not subtracted": Mistake(
            with_spread(lambda samples: np.sqrt(np.square(samples).mean(axis=(0, -1)))),
            "this is bright where the picture is far from grey: distances from the mean picture",
        ),
        "this is the standard error of the mean": Mistake(
            with_spread(lambda samples: right_spread(samples) / np.sqrt(np.float32(len(samples)))),
            "more samples would make it surer of what the photo never showed: do not divide by the root of k",
        ),
        "the variance is divided by k - 1": Mistake(
            with_spread(lambda samples: np.sqrt(samples.var(axis=0, ddof=1).mean(axis=-1))),
            "for one sample that is 0 / 0. All pixels get the same factor, so the map stays: divide by k",
        ),
        "this is the range of the samples": Mistake(
            with_spread(lambda samples: np.ptp(samples, axis=0).mean(axis=-1)),
            "it grows with every further sample: use the root of the variance",
        ),
        "the distances are not squared": Mistake(
            with_spread(lambda samples: np.abs(samples - samples.mean(axis=0)).mean(axis=(0, -1))),
            "a variance is a mean of squares: square, mean, root",
        ),
        "this is the median, not the mean": Mistake(
            with_mean(lambda samples: np.median(samples, axis=0)),
            "the mean has the smallest squared error, which is what PSNR counts",
        ),
        "this is one sample, not the mean": Mistake(
            with_mean(lambda samples: samples[0]),
            "a sample looks sharper and is further off: take the mean over axis 0",
        ),
        "the mean picture is grey": Mistake(
            with_mean(lambda samples: samples.mean(axis=(0, -1), keepdims=True)[0] + 0 * samples[0]),
            "each channel has a mean of its own: axis 0 alone",
        ),
        "mean and spread have changed places": Mistake(
            lambda samples: confidence(samples)[::-1], "return the mean picture first, then the spread"
        ),
    },
    hints=(
        "The samples are axis 0. What is left of (k, n, height, width, channels) after a mean over it?",
        "The variance over axis 0 still has channels: the mean over the last axis, then the root.",
        "ops.mean(samples, axis=0), ops.sqrt(ops.mean(ops.var(samples, axis=0), axis=-1))",
    ),
    why="where samples of one photo disagree, the photo did not say what was there: it is invented",
)
