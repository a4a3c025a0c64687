"""Exercise 6.3: the Gram matrix, which knows what goes together and forgets where."""

from keras import ops

from utils.exercises.lesson_04.blocks import draw_floats, floats, result_and_gradient
from utils.exercises.verdict import Exercise, Mistake
from utils.feature_losses import gram_matrix


def rows_of(maps):
    """One row of features per place."""
    return ops.reshape(maps, (-1, maps.shape[1] * maps.shape[2], maps.shape[3]))


def products(left, right):
    """Sums over the middle axis of both."""
    return ops.matmul(ops.transpose(left, (0, 2, 1)), right)


def gram_with(change=lambda rows: rows, count=lambda maps: maps.shape[1] * maps.shape[2]):
    """A gram_matrix that is wrong in its rows or in what it divides by."""

    def wrong(maps):
        rows = change(rows_of(maps))
        return products(rows, rows) / count(maps)

    return wrong


def misread(maps):
    """Rows that are numbers of one channel only in name."""
    rows = ops.reshape(maps, (-1, maps.shape[3], maps.shape[1] * maps.shape[2]))
    return ops.matmul(rows, ops.transpose(rows, (0, 2, 1))) / rows.shape[2]


def by_place(maps):
    """How alike two places are."""
    rows = rows_of(maps)
    return ops.matmul(rows, ops.transpose(rows, (0, 2, 1))) / rows.shape[1]


GRAM_MATRIX = Exercise(
    id="6.3",
    title="Style: what is seen together, wherever it is",
    minutes=8,
    difficulty=2,
    reference=gram_matrix,
    examples=(
        (floats([[[1, 2], [3, 0]]]),),
        (floats([[[1, 0, 2]], [[0, 1, 1]]], [[[2, 2, 0]], [[-1, 0, 3]]]),),
    ),
    draw=lambda generator, size: (draw_floats(generator, size, size, size + 1, 5),),
    observe=result_and_gradient,
    mistakes={
        "the places are not counted": Mistake(
            gram_with(count=lambda maps: 1),
            "a large map would cost more than a small one: divide by height times width",
        ),
        "places are compared, not features": Mistake(
            by_place, "the result is (batch, channels, channels): sum over the places, keep the channels"
        ),
        "right shape, wrong features": Mistake(
            misread,
            "a reshape to (batch, channels, places) mixes the channels: one row per place, then transpose",
        ),
        "the pictures of the batch are mixed": Mistake(
            lambda maps: ops.einsum("bhwc,bhwd->cd", maps, maps) / (maps.shape[1] * maps.shape[2]),
            "each picture has a style of its own: keep the batch axis",
        ),
        "the channels are counted as well": Mistake(
            gram_with(count=lambda maps: maps.shape[1] * maps.shape[2] * maps.shape[3]),
            "some papers divide so; here it is the mean over the places alone",
        ),
        "the batch is counted as well": Mistake(
            gram_with(count=lambda maps: maps.shape[0] * maps.shape[1] * maps.shape[2]),
            "the same picture would have another style in another batch: height times width alone",
        ),
        "the means are subtracted": Mistake(
            gram_with(lambda rows: rows - ops.mean(rows, axis=1, keepdims=True)),
            "that is a covariance; the Gram matrix keeps how strong a feature is on the whole",
        ),
        "all features are brought to one length": Mistake(
            gram_with(
                lambda rows: rows / ops.sqrt(ops.mean(ops.square(rows), axis=1, keepdims=True) + 1e-12)
            ),
            "strong and weak texture would cost the same: leave the features as they are",
        ),
        "features are only compared with themselves": Mistake(
            lambda maps: ops.mean(ops.square(maps), axis=(1, 2)),
            "that is the diagonal; style is which features go together: all pairs of channels",
        ),
    },
    hints=(
        "For each pair of channels: multiply both at each place, then take the mean over the places.",
        "Reshape to (batch, places, channels) first; then a matrix product sums over the places.",
        "ops.matmul(ops.transpose(rows, (0, 2, 1)), rows) / places, with places = height * width.",
    ),
    why="shuffle the places and it stays the same: texture without a shape",
)
