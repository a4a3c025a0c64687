"""Exercise 5.5: every other row of the batch is a real, but mismatched, negative."""

from keras import ops

from utils.exercises.lesson_02.losses import loss_and_gradient
from utils.exercises.lesson_04.blocks import draw_floats, floats
from utils.exercises.verdict import Exercise, Mistake
from utils.losses import matching_loss


def scores(first, second):
    """How well each row of the one fits each row of the other."""
    return ops.matmul(first, ops.transpose(second)) / first.shape[-1] ** 0.5


def one_way(table):
    """The price of rows that do not find their own column."""
    return ops.mean(ops.logsumexp(table, axis=1) - ops.diagonal(table))


def without_own(first, second):
    """The price when a row's own is not among those that it is compared with."""
    table = scores(first, second)
    own = ops.diagonal(table)
    others = table - 1e9 * ops.eye(len(first))
    return ops.mean(0.5 * (ops.logsumexp(others, axis=1) + ops.logsumexp(others, axis=0)) - own)


MATCHING_LOSS = Exercise(
    id="5.5",
    title="Real, but mismatched: the other rows of the batch",
    minutes=12,
    difficulty=3,
    reference=matching_loss,
    examples=(
        (floats([1, 0, 2], [0, 3, 1]), floats([2, 0, 0], [1, 0, 1])),
        (floats([0, 1], [2, 0], [0, 0]), floats([0, 0], [1, 1], [-1, 2])),
        (floats([60, 0], [0, 80]), floats([-50, 0], [0, 90])),
    ),
    draw=lambda generator, size: (
        draw_floats(generator, size, size + 2),
        draw_floats(generator, size, size + 2),
    ),
    observe=loss_and_gradient,
    mistakes={
        "only the first looks for the second": Mistake(
            lambda first, second: one_way(scores(first, second)),
            "a picture finds its sound, and the sound its picture: rows and columns, then the mean of both",
        ),
        "only the second looks for the first": Mistake(
            lambda first, second: one_way(scores(second, first)),
            "both ways: along axis 1 and along axis 0, then the mean",
        ),
        "both ways are added up": Mistake(
            lambda first, second: 2 * matching_loss(first, second),
            "take the mean of both: log batch, undecided",
        ),
        "there are no negatives": Mistake(
            lambda first, second: ops.mean(ops.softplus(-ops.diagonal(scores(first, second)))),
            "vectors that are all alike would win: every other row must lose against a row's own",
        ),
        "the own one is not among the candidates": Mistake(
            without_own, "logsumexp over the whole row, the diagonal too: then the price is never below 0"
        ),
        "the next row is taken for the own one": Mistake(
            lambda first, second: matching_loss(first, ops.roll(second, 1, axis=0)),
            "row i of both tells of the same product: the diagonal is right",
        ),
        "the width is not divided out": Mistake(
            lambda first, second: matching_loss(first * first.shape[-1] ** 0.5, second),
            "a sum of d products grows with d: divide by its square root, or it is sure from the start",
        ),
        "directions are compared, not vectors": Mistake(
            lambda first, second: matching_loss(ops.normalize(first, axis=1), ops.normalize(second, axis=1)),
            "a cosine needs a temperature to become sure; here the lengths are learnt: leave them in",
        ),
        "summed over the batch": Mistake(
            lambda first, second: len(first) * matching_loss(first, second),
            "take the mean over the rows, or the step grows with the batch size",
        ),
        "exp of a large score is infinite": Mistake(
            lambda first, second: ops.mean(
                0.5
                * (
                    ops.log(ops.sum(ops.exp(scores(first, second)), axis=1))
                    + ops.log(ops.sum(ops.exp(scores(first, second)), axis=0))
                )
                - ops.diagonal(scores(first, second))
            ),
            "ops.logsumexp takes out the largest score first",
        ),
        "the value is right, but no gradient comes back": Mistake(
            lambda first, second: matching_loss(ops.stop_gradient(first), ops.stop_gradient(second)),
            "stay in keras.ops from the vectors to the result, without stop_gradient and .numpy()",
        ),
    },
    hints=(
        "The matrix product of all rows with all other rows is (batch, batch). What is right in it?",
        "The diagonal. For each row: logsumexp over its candidates, minus its own score.",
        "The same along the columns; the mean of both. Divide the scores by the root of the width.",
    ),
    why="63 mismatched triples for the price of one product of matrices, and each of them looks perfect",
)
