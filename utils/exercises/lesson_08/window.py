"""Exercise 8.3: what SSIM compares in a window."""

import numpy as np

from utils.exercises.results import named_results
from utils.exercises.verdict import Exercise, Mistake
from utils.exercises.wording import show_value
from utils.metrics.restoration import K1, K2, gaussian_windows, window_similarity


class Moments:
    """What two pictures have on average in each window, and the two constants."""

    def __init__(self, x, y, average, data_range):
        self.x_mean, self.y_mean = average(x), average(y)
        self.x_square, self.y_square, self.product = average(x * x), average(y * y), average(x * y)
        self.x_variance = self.x_square - self.x_mean**2
        self.y_variance = self.y_square - self.y_mean**2
        self.covariance = self.product - self.x_mean * self.y_mean
        self.c1, self.c2 = (K1 * data_range) ** 2, (K2 * data_range) ** 2


def right_luminance(m):
    """The factor of the means."""
    return (2 * m.x_mean * m.y_mean + m.c1) / (m.x_mean**2 + m.y_mean**2 + m.c1)


def right_contrast(m):
    """The factor of what varies around the means."""
    return (2 * m.covariance + m.c2) / (m.x_variance + m.y_variance + m.c2)


def similarity_with(luminance=right_luminance, contrast=right_contrast, constants=None):
    """A window_similarity that is wrong in one factor, or in constants(data_range) -> c1, c2."""

    def wrong(x, y, average, data_range):
        moments = Moments(x, y, average, data_range)
        if constants:
            moments.c1, moments.c2 = constants(data_range)
        with np.errstate(all="ignore"):  # without constants a black picture is 0 / 0
            return luminance(moments), contrast(moments)

    return wrong


def plain_mean(picture):
    """One window that holds the whole picture."""
    return np.mean(picture, axis=(-2, -1))


def by_gauss(height, width):
    """The windows of SSIM for pictures of this size."""
    rows, columns = gaussian_windows(height), gaussian_windows(width).T
    return lambda picture: rows @ picture @ columns


def draw_pairs(generator, size):
    """Pictures, and the same with noise, a little darker or brighter; one pair is inverted."""
    data_range = (1, 2, 255)[size % 3]
    x = generator.uniform(0.2, 1, (size, 12, 13))
    y = np.clip(0.8 * x + generator.uniform(0, 0.2, x.shape), 0, 1)
    y[0] = 1 - x[0]
    return data_range * x, data_range * y, by_gauss(12, 13), data_range


WINDOW_SIMILARITY = Exercise(
    id="8.3",
    title="What SSIM compares in a window",
    minutes=12,
    difficulty=2,
    reference=window_similarity,
    examples=(
        (np.array([[0.2, 0.4]]), np.array([[0.3, 0.7]]), plain_mean, 1),
        (np.array([[0.0, 0.0]]), np.array([[0.0, 0.1]]), plain_mean, 1),
        (np.array([[20.0, 40.0]]), np.array([[40.0, 20.0]]), plain_mean, 255),
    ),
    draw=draw_pairs,
    observe=named_results("luminance", "contrast"),
    quote=lambda reference, inputs: (
        "two small pictures"
        if np.size(inputs[0]) > 2
        else f"x = {show_value(inputs[0])}, y = {show_value(inputs[1])}, one window, data_range = {inputs[3]}"
    ),
    mistakes={
        "the means are not subtracted": Mistake(
            similarity_with(contrast=lambda m: (2 * m.product + m.c2) / (m.x_square + m.y_square + m.c2)),
            "a bright picture would seem rich in contrast: average(x * x) - average(x) ** 2, and so for x y",
        ),
        "the mean is not subtracted from the product": Mistake(
            similarity_with(contrast=lambda m: (2 * m.product + m.c2) / (m.x_variance + m.y_variance + m.c2)),
            "covariance: average(x * y) - average(x) * average(y)",
        ),
        "the pattern is not compared": Mistake(
            similarity_with(
                contrast=lambda m: (
                    (2 * np.sqrt((m.x_variance * m.y_variance).clip(0)) + m.c2)
                    / (m.x_variance + m.y_variance + m.c2)
                )
            ),
            "an inverted picture would get full marks: the covariance, not the product of the two spreads",
        ),
        "the sign of the covariance is lost": Mistake(
            similarity_with(
                contrast=lambda m: (2 * np.abs(m.covariance) + m.c2) / (m.x_variance + m.y_variance + m.c2)
            ),
            "an inverted picture would get full marks: leave the covariance below 0 where it is",
        ),
        "spreads stand where variances belong": Mistake(
            similarity_with(
                contrast=lambda m: (
                    (2 * m.covariance + m.c2)
                    / (np.sqrt(m.x_variance.clip(0)) + np.sqrt(m.y_variance.clip(0)) + m.c2)
                )
            ),
            "without the root: the covariance above is in squared units, too",
        ),
        "the factor 2 of the covariance is missing": Mistake(
            similarity_with(contrast=lambda m: (m.covariance + m.c2) / (m.x_variance + m.y_variance + m.c2)),
            "two equal windows must give 1: two variances stand below, so the covariance counts twice",
        ),
        "the factor 2 of the means is missing": Mistake(
            similarity_with(lambda m: (m.x_mean * m.y_mean + m.c1) / (m.x_mean**2 + m.y_mean**2 + m.c1)),
            "two equal windows must give 1: two squares stand below, so the product counts twice",
        ),
        "the means are not squared": Mistake(
            similarity_with(lambda m: (2 * m.x_mean * m.y_mean + m.c1) / (m.x_mean + m.y_mean + m.c1)),
            "two equal windows must give 1: the squares of both means stand below the line",
        ),
        "the constants have changed places": Mistake(
            similarity_with(constants=lambda r: ((K2 * r) ** 2, (K1 * r) ** 2)),
            "K1 belongs to the means, K2 to what varies around them",
        ),
        "the constants forget the range": Mistake(
            similarity_with(constants=lambda r: (K1**2, K2**2)),
            "the same pictures as bytes would get another value: (K1 * data_range) ** 2",
        ),
        "the constants are not squared": Mistake(
            similarity_with(constants=lambda r: (K1 * r, K2 * r)),
            "they stand beside squares: (K1 * data_range) ** 2 and (K2 * data_range) ** 2",
        ),
        "the constants are missing": Mistake(
            similarity_with(constants=lambda r: (0.0, 0.0)),
            "two black windows would be 0 / 0: add c1 and c2 above and below the line",
        ),
        "the two factors have changed places": Mistake(
            lambda x, y, average, data_range: window_similarity(x, y, average, data_range)[::-1],
            "return the luminance first, then the contrast",
        ),
        "the factors are multiplied already": Mistake(
            lambda x, y, average, data_range: np.prod(window_similarity(x, y, average, data_range), axis=0),
            "MS-SSIM needs the contrast alone: return both, luminance first",
        ),
    },
    hints=(
        "Five averages over the window are enough: of x, y, x * x, y * y and x * y.",
        "A variance is average(x * x) - average(x) ** 2; the covariance is built alike from x * y.",
        "(2 a b + c1) / (a a + b b + c1) with the means; (2 covariance + c2) / (variances + c2).",
    ),
    why="equal windows alone get 1 and 1; a change of brightness costs the first factor, a blur the second",
)
