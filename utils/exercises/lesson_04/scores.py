"""Exercises 4.7 and 4.8: read from a judge's answers how well a generator follows captions."""

import numpy as np

from utils.data.captions import COLOURS
from utils.exercises.lesson_04.answers import joint_accuracy, most_confused
from utils.exercises.verdict import Exercise, Mistake
from utils.exercises.wording import article, show_value


def truths(*rows):
    """Rows of 0 and 1 as what is right."""
    return np.array(rows, bool)


JOINT_ACCURACY = Exercise(
    id="4.7",
    title="All attributes right at once",
    minutes=5,
    difficulty=1,
    reference=joint_accuracy,
    examples=(
        (truths([1, 1, 0], [1, 1, 1], [0, 1, 1], [1, 0, 1]),),
        (truths([1, 1], [1, 0], [0, 0], [0, 0], [0, 1]),),
        (truths([1, 1], [1, 0], [1, 1], [1, 1]),),
    ),
    draw=lambda generator, size: (generator.random((20 * size + 1, size)) < 0.9,),
    mistakes={
        "this is the mean of the attributes": Mistake(
            lambda right: np.mean(right),
            "a red mug for a red hat would count two thirds; a picture is right in everything, or it is not",
        ),
        "the accuracies are multiplied": Mistake(
            lambda right: np.prod(np.mean(right, axis=0)),
            "that holds only for independent faults; often one bad picture has them all: go by pictures",
        ),
        "this is the worst attribute": Mistake(
            lambda right: np.min(np.mean(right, axis=0)),
            "it is the upper end of what we look for: other pictures can fail in other attributes",
        ),
        "one right attribute is enough here": Mistake(
            lambda right: np.any(right, axis=1).mean(), "all of them must be right: np.all instead of np.any"
        ),
        "all was taken along the wrong axis": Mistake(
            lambda right: np.all(right, axis=0).mean(),
            "this is the share of attributes that no picture got wrong: all within a picture, axis=1",
        ),
        "this is a count": Mistake(
            lambda right: float(np.all(right, axis=1).sum()),
            "divide by the number of pictures: mean, not sum",
        ),
        "this is a percentage": Mistake(
            lambda right: 100 * np.all(right, axis=1).mean(), "shares are 0 to 1 here"
        ),
        "this is one answer for all pictures together": Mistake(
            lambda right: float(np.all(right)), "np.all(right, axis=1) asks each picture; then take the mean"
        ),
        "this is the share of faults": Mistake(
            lambda right: 1 - np.all(right, axis=1).mean(), "True is right: do not subtract from 1"
        ),
    },
    hints=(
        "Go picture by picture: when does one count?",
        "np.all(right, axis=1) is one truth value per picture; the mean of truth values is a share.",
    ),
    why="0.9 in each of three attributes can be anything from 0.7 to 0.9 in all three: only counting tells",
)


def pair_of_names(function, inputs):
    """The pair in words."""
    result = function(*inputs)
    if isinstance(result, str) or not isinstance(result, tuple | list | np.ndarray) or len(result) != 2:
        return {"kind of result": article(type(result).__name__)}
    return {"kind of result": "a pair", "pair": f"{result[0]} read as {result[1]}"}


def draw_matrix(generator, size):
    """A confusion matrix in which the largest share has no close second."""
    while True:
        totals, favour = generator.integers(20, 400, size), generator.dirichlet(np.full(size, 0.5), size)
        matrix = generator.multinomial(totals, 0.6 * np.eye(size) + 0.4 * favour)
        shares = np.sort((matrix / totals[:, None])[~np.eye(size, dtype=bool)])
        if shares[-1] - shares[-2] > 0.01:
            return matrix, list(COLOURS)[:size]


def quote(reference, inputs):
    """The matrix, whose rows and columns the names follow."""
    return f"matrix = {show_value(inputs[0])}, names = {show_value(inputs[1])}"


def confused_by(shares_of, found=lambda names, wanted, read: (names[wanted], names[read]), diagonal=0):
    """A most_confused that is wrong in its shares, in what it returns, or about the diagonal."""

    def wrong(matrix, names):
        shares = np.array(shares_of(matrix), float)
        if diagonal is not None:
            np.fill_diagonal(shares, diagonal)
        wanted, read = np.unravel_index(shares.argmax(), shares.shape)
        return found(names, int(wanted), int(read))

    return wrong


def shares_of_rows(matrix):
    """What each count is of its row; a row of zeros stays one."""
    return matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)


def shares_of_faults(matrix):
    """What each count is of the faults in its row."""
    faults = matrix * (1 - np.eye(len(matrix), dtype=int))
    return shares_of_rows(faults)


def worst_row_first(matrix):
    """The shares of the row that has the fewest right, and nothing else."""
    shares = shares_of_rows(matrix)
    worst = np.where(matrix.sum(axis=1) > 0, np.diagonal(shares), 1).argmin()
    return shares * (np.arange(len(matrix)) == worst)[:, None]


THREE = ["red", "blue", "green"]
MOST_CONFUSED = Exercise(
    id="4.8",
    title="The most frequent confusion",
    minutes=8,
    difficulty=2,
    reference=most_confused,
    examples=(
        (np.array([[90, 10, 0], [1, 5, 4], [2, 18, 80]]), THREE),
        (np.array([[0, 0, 0], [9, 70, 1], [30, 2, 48]]), THREE),
        (np.array([[40, 30, 30], [45, 55, 0], [0, 1, 99]]), THREE),
        (np.array([[95, 0, 5], [20, 70, 10], [0, 25, 75]]), THREE),
        (np.array([[60, 0, 40], [30, 270, 0], [0, 50, 150]]), THREE),
    ),
    draw=draw_matrix,
    observe=pair_of_names,
    quote=quote,
    mistakes={
        "the diagonal counts, too": Mistake(
            confused_by(shares_of_rows, diagonal=None),
            "what is read as itself is right: set the diagonal to 0",
        ),
        "wanted and read have changed places": Mistake(
            confused_by(shares_of_rows, lambda names, wanted, read: (names[read], names[wanted])),
            "rows are what was wanted, columns what was read: the row's name comes first",
        ),
        "the counts are compared as they are": Mistake(
            confused_by(lambda matrix: matrix),
            "what is asked for often fails often: divide each row by its total",
        ),
        "the counts are divided by the columns' totals": Mistake(
            confused_by(lambda matrix: matrix / np.maximum(matrix.sum(axis=0), 1)),
            "that is the share of what was read; of what was wanted it is the row's: axis=1",
        ),
        "a row of zeros wins": Mistake(
            confused_by(lambda matrix: matrix / matrix.sum(axis=1, keepdims=True)),
            "0 / 0 is NaN, and argmax takes NaN for the largest: divide by np.maximum(total, 1)",
        ),
        "the right ones are missing from the totals": Mistake(
            confused_by(shares_of_faults),
            "one fault among a hundred right ones is no large share: total first, diagonal to 0 afterwards",
        ),
        "only the worst row is searched": Mistake(
            confused_by(worst_row_first),
            "its faults can be spread over many names: compare all entries off the diagonal",
        ),
        "both directions are added up": Mistake(
            confused_by(lambda matrix: shares_of_rows(matrix) + shares_of_rows(matrix).T),
            "red read as blue and blue read as red have different causes: look at each alone",
        ),
        "these are places, not names": Mistake(
            confused_by(shares_of_rows, lambda names, wanted, read: (wanted, read)),
            "look them up: names[wanted], names[read]",
        ),
    },
    hints=(
        "Rows have different totals. What makes 4 of 10 comparable with 18 of 100?",
        "Divide by matrix.sum(axis=1, keepdims=True), then np.fill_diagonal(shares, 0).",
        "np.unravel_index(shares.argmax(), shares.shape) is (row, column).",
    ),
    why="one cell says what to look at next: more of these pictures, or a judge that cannot tell either",
)
