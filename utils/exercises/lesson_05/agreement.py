"""Exercise 5.2: picture, words and sound speak of the same product, or they do not."""

import numpy as np

from utils.exercises.lesson_05.answers import agreement
from utils.exercises.verdict import Exercise, Mistake


def rows(*numbers):
    """What was read off one modality, as whole numbers."""
    return np.array(numbers)


def draw_readings(generator, size):
    """Readings of three modalities that mostly agree."""
    picture = generator.integers(0, 4, (20 * size, 3))
    others = (
        np.where(generator.random(picture.shape) < 0.85, picture, generator.integers(0, 4, picture.shape))
        for _ in range(2)
    )
    return picture, *others


def equal(one, other):
    """Which attributes are equal."""
    return np.asarray(one) == np.asarray(other)


def share(same):
    """The share of rows in which all is true."""
    return float(np.all(same, axis=1).mean())


AGREEMENT = Exercise(
    id="5.2",
    title="All attributes in all three modalities",
    minutes=6,
    difficulty=1,
    reference=agreement,
    examples=(
        (
            rows([0, 1], [2, 3], [1, 1], [0, 0], [3, 2]),
            rows([0, 1], [2, 3], [1, 0], [0, 0], [3, 2]),
            rows([0, 1], [2, 2], [1, 1], [0, 0], [1, 2]),
        ),
        (rows([0, 0], [1, 1]), rows([1, 1], [0, 0]), rows([1, 1], [0, 0])),
        (rows([0, 1, 2]), rows([0, 1, 2]), rows([0, 1, 2])),
    ),
    draw=draw_readings,
    mistakes={
        "this is the mean of the pairs": Mistake(
            lambda picture, words, sound: np.mean(
                [share(equal(*pair)) for pair in ((picture, words), (picture, sound), (words, sound))]
            ),
            "two of three can agree while the third tells of another product: count products, not pairs",
        ),
        "the sound is not listened to": Mistake(
            lambda picture, words, sound: share(equal(picture, words)), "all three must tell the same"
        ),
        "the words are not read": Mistake(
            lambda picture, words, sound: share(equal(picture, sound)), "all three must tell the same"
        ),
        "words and sound are enough here": Mistake(
            lambda picture, words, sound: share(equal(words, sound)), "the picture must tell it, too"
        ),
        "one attribute is enough here": Mistake(
            lambda picture, words, sound: float(
                np.any(equal(picture, words) & equal(picture, sound), axis=1).mean()
            ),
            "a red mug is no red hat: np.all over the attributes, not np.any",
        ),
        "this is the mean over the attributes": Mistake(
            lambda picture, words, sound: float(np.mean(equal(picture, words) & equal(picture, sound))),
            "a product agrees in everything or it does not: np.all along axis 1 before the mean",
        ),
        "the shares of the attributes are multiplied": Mistake(
            lambda picture, words, sound: float(
                np.prod(np.mean(equal(picture, words) & equal(picture, sound), axis=0))
            ),
            "that holds only for independent faults: go product by product",
        ),
        "one agreeing pair is enough here": Mistake(
            lambda picture, words, sound: share(
                equal(picture, words) | equal(picture, sound) | equal(words, sound)
            ),
            "picture equal to words *and* picture equal to sound",
        ),
        "all was taken along the wrong axis": Mistake(
            lambda picture, words, sound: float(
                np.all(equal(picture, words) & equal(picture, sound), axis=0).mean()
            ),
            "rows are products: np.all(same, axis=1)",
        ),
        "this is a count": Mistake(
            lambda picture, words, sound: float(
                np.all(equal(picture, words) & equal(picture, sound), axis=1).sum()
            ),
            "divide by the number of products: mean, not sum",
        ),
    },
    hints=(
        "When does one product count? Only when nothing that any modality tells differs from the others.",
        "(picture == words) & (picture == sound) is one truth per product and attribute.",
        "np.all(same, axis=1) is one truth per product; the mean of truths is a share.",
    ),
    why="each two of three can agree in a third of the products, and all three in none: only counting tells",
)
