"""Exercise 4.4: the score of a picture and its caption together."""

from keras import ops

from utils.exercises.lesson_04.blocks import draw_floats, floats, inside_a_model
from utils.exercises.verdict import Exercise, Mistake
from utils.models.blocks import projection_logits

PROJECTION_LOGITS = Exercise(
    id="4.4",
    title="Does the picture point where its caption points?",
    minutes=8,
    difficulty=2,
    reference=projection_logits,
    examples=(
        (floats([1, 2], [3, 4]), floats([10], [20]), floats([1, 0], [-1, 1])),
        (floats([1, 2, 3], [0, 1, 0]), floats([0], [5]), floats([0, 0, 0], [0, 2, 9])),
    ),
    draw=lambda generator, size: tuple(
        draw_floats(generator, size, width) for width in (size + 2, 1, size + 2)
    ),
    observe=inside_a_model,
    mistakes={
        "every picture is compared with every caption": Mistake(
            lambda features, score, captions: score + ops.matmul(features, ops.transpose(captions)),
            "a matrix product is (batch, batch); a picture meets its own caption only: multiply, then sum",
        ),
        "a sum without its axis was spread over the batch": Mistake(
            lambda features, score, captions: score + ops.sum(features * captions, axis=1),
            "(batch, 1) + (batch,) is (batch, batch): keepdims=True",
        ),
        "this is the mean, not the sum": Mistake(
            lambda features, score, captions: score + ops.mean(features * captions, axis=1, keepdims=True),
            "an inner product is a sum; a mean makes the caption weaker the wider the features are",
        ),
        "the unconditional score is missing": Mistake(
            lambda features, score, captions: ops.sum(features * captions, axis=1, keepdims=True),
            "it says whether the picture looks real, whatever the caption: add it",
        ),
        "the caption does not count": Mistake(
            lambda features, score, captions: score + 0 * ops.sum(features * captions),
            "then a blue mug is as good as a red one: add the inner product with the caption vector",
        ),
        "there is a score for each feature": Mistake(
            lambda features, score, captions: score + features * captions,
            "one score per picture: sum over the features, axis 1",
        ),
        "the batch is summed up": Mistake(
            lambda features, score, captions: score + ops.sum(features * captions),
            "a picture's score must not depend on the others: sum over axis 1 only",
        ),
        "the axis of one is lost": Mistake(
            lambda features, score, captions: score[:, 0] + ops.sum(features * captions, axis=1),
            "scores are (batch, 1) everywhere in this course: keepdims=True",
        ),
        "features and caption are added, not multiplied": Mistake(
            lambda features, score, captions: score + ops.sum(features + captions, axis=1, keepdims=True),
            "a sum of both rewards each alone; only their product asks whether they agree",
        ),
        "this compares directions only": Mistake(
            lambda features, score, captions: (
                score
                + ops.sum(
                    ops.normalize(features, axis=1) * ops.normalize(captions, axis=1), axis=1, keepdims=True
                )
            ),
            "a cosine cannot say how sure it is: leave the lengths in",
        ),
    },
    hints=(
        "Two parts are added: a score without the caption, and one number for how well both agree.",
        "An inner product is large when both point the same way: multiply, then sum over the features.",
        "ops.sum(features * caption_vectors, axis=1, keepdims=True) is (batch, 1), as unconditional is.",
    ),
    why="the caption meets the features in the last step, where a wrong one costs at once; zeros ask nothing",
)
