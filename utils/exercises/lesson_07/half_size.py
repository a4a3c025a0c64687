"""Exercise 7.5: the pair to learn from, a picture of half the size and the picture itself."""

import numpy as np
from keras import ops

from utils.exercises.lesson_07.answers import half_size_pair
from utils.exercises.results import named_results
from utils.exercises.verdict import Exercise, Mistake


def halved(clean):
    """Pictures of half the size, as they should be."""
    return half_size_pair(clean)[0][:, ::2, ::2]


def repeated(small):
    """Pictures of double the size, each pixel four times."""
    return small.repeat(2, axis=1).repeat(2, axis=2)


def pair_with(small=halved, large=repeated, target=lambda clean, degraded: clean):
    """A half_size_pair that is wrong in how it shrinks, in how it enlarges, or in its target."""

    def wrong(clean):
        degraded = large(small(clean))
        return degraded, target(clean, degraded)

    return wrong


def cut_by_reshape(clean):
    """Means of four neighbours in memory, in the shape of half the size."""
    count, height, width, channels = clean.shape
    return clean.reshape(count, height // 2, width // 2, 4, channels).mean(axis=3)


def of_blocks(reduce):
    """Pictures of half the size by another function than the mean: reduce(blocks, axis=...)."""

    def small(clean):
        count, height, width, channels = clean.shape
        return reduce(clean.reshape(count, height // 2, 2, width // 2, 2, channels), axis=(2, 4))

    return small


def interpolated(small):
    """Pictures of double the size, bilinear."""
    size = 2 * small.shape[1], 2 * small.shape[2]
    return np.asarray(ops.image.resize(small, size, interpolation="bilinear", data_format="channels_last"))


def sliding_means(clean):
    """Each pixel the mean of a window of 2 x 2 that begins there, at full size."""
    padded = np.pad(clean, ((0, 0), (0, 1), (0, 1), (0, 0)), "edge")
    rows = (padded[:, 1:] + padded[:, :-1]) / 2
    return (rows[:, :, 1:] + rows[:, :, :-1]) / 2


def draw_clean(generator, size):
    """Pictures of other heights than widths; one batch has as many as rows, so that axes can be mixed up."""
    return (generator.uniform(-1, 1, (size + size % 2, 4, 6, 3)).astype(np.float32),)


HALF_SIZE_PAIR = Exercise(
    id="7.5",
    title="Make it half the size, and keep the original",
    minutes=8,
    difficulty=2,
    reference=half_size_pair,
    examples=(
        (np.float32([[1, 0, 0.5, 0.5], [0, 0, -1, 1]]).reshape(1, 2, 4, 1),),
        (np.float32([[[1, 0], [-1, 0.5]], [[0, 0], [1, 1]]]).reshape(2, 2, 2, 1),),
    ),
    draw=draw_clean,
    observe=named_results("degraded", "clean"),
    mistakes={
        "only every second pixel was kept": Mistake(
            pair_with(lambda clean: clean[:, ::2, ::2]),
            "a thin line vanishes or doubles (aliasing): a small picture shows means of 2 x 2 pixels",
        ),
        "one pixel of four was kept, as resizing to the nearest does": Mistake(
            pair_with(lambda clean: clean[:, 1::2, 1::2]),
            "a thin line vanishes or doubles (aliasing): a small picture shows means of 2 x 2 pixels",
        ),
        "right shape, wrong pixels": Mistake(
            pair_with(cut_by_reshape),
            "a reshape keeps the order in memory, so four pixels of one row were mixed: "
            "(n, height / 2, 2, width / 2, 2, channels), then the mean over axes 2 and 4",
        ),
        "the degraded picture is small": Mistake(
            lambda clean: (halved(clean), clean),
            "both must have one size to be compared pixel by pixel: repeat each pixel in both directions",
        ),
        "the target is degraded, too": Mistake(
            pair_with(target=lambda clean, degraded: degraded),
            "then the network learns to change nothing: the second is the picture as it came",
        ),
        "the pair has changed places": Mistake(
            lambda clean: half_size_pair(clean)[::-1],
            "(what goes in, what should come out): the degraded one first, or it learns to degrade",
        ),
        "four small pictures stand side by side": Mistake(
            pair_with(large=lambda small: np.tile(small, (1, 2, 2, 1))),
            "tile repeats the whole picture, repeat each pixel: np.repeat along axis 1, then axis 2",
        ),
        "the degraded picture is shifted": Mistake(
            pair_with(large=lambda small: np.roll(repeated(small), 1, axis=(1, 2))),
            "the restorer would learn to shift: the mean of 2 x 2 pixels goes back to these four places",
        ),
        "the pairs do not belong together": Mistake(
            lambda clean: (half_size_pair(clean)[0][::-1], clean),
            "the restorer would learn to draw another product: keep the order of the batch in both",
        ),
        "only the height was halved": Mistake(
            lambda clean: (clean.reshape(len(clean), -1, 2, *clean.shape[2:]).mean(2).repeat(2, 1), clean),
            "2 x 2 pixels become one: the mean goes over both directions",
        ),
        "only the width was halved": Mistake(
            lambda clean: (
                clean.reshape(*clean.shape[:2], -1, 2, clean.shape[3]).mean(3).repeat(2, 2),
                clean,
            ),
            "2 x 2 pixels become one: the mean goes over both directions",
        ),
        "four pixels are added up": Mistake(
            pair_with(of_blocks(np.sum)),
            "white would become four times as bright: mean, not sum",
        ),
        "the brightest of four pixels is kept": Mistake(
            pair_with(of_blocks(np.max)), "bright edges would grow: mean, not maximum"
        ),
        "the colours are gone": Mistake(
            pair_with(lambda clean: halved(clean).mean(axis=-1, keepdims=True) + 0 * halved(clean)),
            "each channel has a mean of its own: leave the last axis out of the mean",
        ),
        "it is blurred, not halved": Mistake(
            lambda clean: (sliding_means(clean), clean),
            "a sliding window keeps one value per pixel; blocks that do not overlap keep one of four",
        ),
        "it was brought back by interpolation": Mistake(
            pair_with(large=interpolated),
            "here each small pixel fills its 2 x 2 places unchanged: np.repeat, or nearest",
        ),
    },
    hints=(
        "Cut the height into (height / 2, 2), the width likewise. Which two axes are the inside of a block?",
        "clean.reshape(n, height // 2, 2, width // 2, 2, channels).mean(axis=(2, 4)) is half the size.",
        "np.repeat(small, 2, axis=1), the same along axis 2, and return it together with clean.",
    ),
    why="every picture is its own answer: no label was needed, and the pair fits pixel by pixel",
)
