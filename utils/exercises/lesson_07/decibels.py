"""Exercise 7.7: the error of each picture in decibels, against the range that was named."""

import numpy as np

from utils.exercises.verdict import Exercise, Mistake
from utils.metrics.restoration import psnr

IN_PICTURE = (1, 2, 3)


def errors(clean, restored):
    """The differences as floats."""
    return np.asarray(clean, float) - restored


def mean_squares(clean, restored):
    """The mean squared error of each picture."""
    return np.mean(errors(clean, restored) ** 2, axis=IN_PICTURE)


def with_range(range_of):
    """A psnr with another range: range_of(clean, data_range)."""
    return lambda clean, restored, data_range: (
        10 * np.log10(range_of(np.asarray(clean, float), data_range) ** 2 / mean_squares(clean, restored))
    )


def pictures(data_range, *levels):
    """Flat pictures of 1 x 2 pixels, at shares of the range above black."""
    black = -1.0 if data_range == 2 else 0.0
    values = black + data_range * np.array(levels)[:, None, None, None]
    return (values + np.zeros((1, 1, 2, 1))).astype(np.uint8 if data_range == 255 else np.float32)


def draw_pictures(generator, size):
    """Clean pictures in [-1, 1] and noisy ones, each with noise of its own strength."""
    clean = generator.uniform(-1, 1, (size, 5, 4, 3)).astype(np.float32)
    strengths = generator.uniform(0.01, 0.3, (size, 1, 1, 1))
    noisy = clean + strengths * generator.normal(size=clean.shape)
    return clean, np.clip(noisy, -1, 1).astype(np.float32), 2


PSNR = Exercise(
    id="7.7",
    title="Decibels, with the right range",
    minutes=8,
    difficulty=2,
    reference=psnr,
    examples=(
        (pictures(1, 0.5, 0.5), pictures(1, 0.6, 0.51), 1),
        (pictures(2, 0.5, 0.25), pictures(2, 0.6, 0.2), 2),
        (pictures(255, 0.2, 0.8), pictures(255, 0.4, 0.7), 255),
    ),
    draw=draw_pictures,
    mistakes={
        "the errors of all pictures are pooled": Mistake(
            lambda clean, restored, data_range: (
                10 * np.log10(data_range**2 / np.mean(errors(clean, restored) ** 2))
            ),
            "one bad picture would decide for all: a mean squared error for each picture, axis=(1, 2, 3)",
        ),
        "this is the mean of all pictures": Mistake(
            lambda clean, restored, data_range: psnr(clean, restored, data_range).mean(),
            "return one value per picture: who asks can take the mean, the median or look for the worst",
        ),
        "the bytes wrapped around": Mistake(
            lambda clean, restored, data_range: (
                10 * np.log10(data_range**2 / np.mean(np.square(clean - restored), axis=IN_PICTURE))
            ),
            "for uint8, 51 - 102 is 205: make floats of both before you subtract",
        ),
        "the range is taken for 1": Mistake(
            with_range(lambda clean, data_range: 1.0),
            "images in [-1, 1] span 2, bytes 255: use data_range",
        ),
        "the range is taken for 2": Mistake(
            with_range(lambda clean, data_range: 2.0),
            "only images in [-1, 1] span 2: use data_range",
        ),
        "the range is taken for 255": Mistake(
            with_range(lambda clean, data_range: 255.0),
            "only bytes span 255; the same error would get 42 dB more in [-1, 1]: use data_range",
        ),
        "the range is read off the pictures": Mistake(
            with_range(lambda clean, data_range: np.ptp(clean, axis=IN_PICTURE)),
            "a dark picture would be punished for being dark: use data_range",
        ),
        "the peak is the brightest pixel": Mistake(
            with_range(lambda clean, data_range: clean.max(axis=IN_PICTURE)),
            "a dark picture would be punished for being dark: use data_range",
        ),
        "the range is not squared": Mistake(
            lambda clean, restored, data_range: 10 * np.log10(data_range / mean_squares(clean, restored)),
            "the error is squared, so the range must be, too: a change of units would change the decibels",
        ),
        "the root is missing": Mistake(
            lambda clean, restored, data_range: 20 * np.log10(data_range / mean_squares(clean, restored)),
            "20 log10 is for the root of the mean squared error: 10 log10(data_range ** 2 / mse)",
        ),
        "20 instead of 10": Mistake(
            lambda clean, restored, data_range: 2 * psnr(clean, restored, data_range),
            "20 log10 is for ratios of sizes; both sides are squared here: 10 log10",
        ),
        "this is the natural logarithm": Mistake(
            lambda clean, restored, data_range: 10 * np.log(data_range**2 / mean_squares(clean, restored)),
            "decibels are tenths of powers of ten: log10 (in keras.ops log(x) / log(10))",
        ),
        "the sign is turned": Mistake(
            lambda clean, restored, data_range: -psnr(clean, restored, data_range),
            "signal over noise: the better the picture the more decibels",
        ),
        "the errors are not squared": Mistake(
            lambda clean, restored, data_range: (
                20 * np.log10(data_range / np.mean(np.abs(errors(clean, restored)), axis=IN_PICTURE))
            ),
            "PSNR is defined by the mean squared error, which large errors dominate",
        ),
        "the decibels of the pixels are averaged": Mistake(
            lambda clean, restored, data_range: np.mean(
                10 * np.log10(data_range**2 / errors(clean, restored) ** 2), axis=IN_PICTURE
            ),
            "a single pixel that is right would be worth infinitely much: mean first, logarithm after",
        ),
        "every channel has a value of its own": Mistake(
            lambda clean, restored, data_range: (
                10 * np.log10(data_range**2 / np.mean(errors(clean, restored) ** 2, axis=(1, 2)))
            ),
            "one value per picture: the mean goes over height, width and channels, axis=(1, 2, 3)",
        ),
    },
    hints=(
        "The mean squared error of each picture is (n,): which three axes does the mean go over?",
        "Both sides are squared: data_range ** 2 over the mean squared error, then 10 * log10.",
        "10 * np.log10(data_range ** 2 / np.mean((clean - restored) ** 2, axis=(1, 2, 3))), as floats",
    ),
    why="each picture has its decibels, and the range is said, not guessed: only so do figures compare",
)
