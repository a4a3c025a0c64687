"""Exercises 3.1 and 3.6: the price of a slope that is not 1, and the hinge."""

import numpy as np
from keras import ops

from utils import critic_losses, losses
from utils.critic_losses import hinge_loss, one_centred_penalty
from utils.exercises.lesson_02.losses import column, draw_scores, loss_and_gradient
from utils.exercises.verdict import Exercise, Mistake


def draw_slopes(generator, size):
    """Slopes of a batch of small images; every second batch comes with a weight of its own."""
    slopes = generator.normal(size=(size, 2, 3, 1)).astype(np.float32)
    return (slopes,) if size < 4 else (slopes, 3.0)


def penalty_of(price, norm=lambda squares: ops.sqrt(ops.sum(squares, axis=(1, 2, 3)) + 1e-12)):
    """A one_centred_penalty that is wrong in one place: price(norms), or the norm of the squared slopes."""

    def wrong(gradients, weight=10.0):
        return weight * price(norm(ops.square(gradients)))

    return wrong


def mean_distance(norms):
    """What one image more or less pays, as it should be."""
    return ops.mean(ops.square(norms - 1.0))


EXAMPLE = np.array([[3, 4], [1, 0]], np.float32).reshape(2, 1, 2, 1)  # slopes of length 5 and 1
FLAT = np.array([[0, 0], [0, 2]], np.float32).reshape(2, 1, 2, 1)

ONE_CENTRED_PENALTY = Exercise(
    id="3.1",
    title="The price of a slope that is not 1",
    minutes=8,
    difficulty=2,
    reference=one_centred_penalty,
    examples=((EXAMPLE,), (FLAT,)),
    draw=draw_slopes,
    observe=loss_and_gradient,
    mistakes={
        "the penalty is taken of the batch mean, not per image": Mistake(
            penalty_of(lambda norms: ops.square(ops.mean(norms) - 1.0)),
            "slopes of 0 and 2 would cost nothing: square each distance from 1, then take the mean",
        ),
        "the norm runs over the batch axis": Mistake(
            penalty_of(mean_distance, lambda squares: ops.sqrt(ops.sum(squares, axis=0) + 1e-12)),
            "each image has a slope of its own: sum over all axes but the first",
        ),
        "one norm for the whole batch": Mistake(
            penalty_of(mean_distance, lambda squares: ops.sqrt(ops.sum(squares) + 1e-12)),
            "it grows with the batch size: sum over all axes but the first, not over all",
        ),
        "the norm runs over one axis of the image only": Mistake(
            penalty_of(mean_distance, lambda squares: ops.sqrt(ops.sum(squares, axis=1) + 1e-12)),
            "rows, columns and channels belong to one slope: sum over all axes but the first",
        ),
        "the square root has no epsilon": Mistake(
            penalty_of(mean_distance, lambda squares: ops.sqrt(ops.sum(squares, axis=(1, 2, 3)))),
            "its own slope at 0 is infinite, so a flat critic gives NaN: add 1e-12 inside the root",
        ),
        "the root is missing: the squared norm is compared with 1": Mistake(
            penalty_of(lambda norms: ops.mean(ops.square(ops.square(norms) - 1.0))),
            "a slope of length 5 is 4 away from 1, not 24",
        ),
        "the slope is pulled to 0, not to 1": Mistake(
            penalty_of(lambda norms: ops.mean(ops.square(norms))),
            "that is R1's target; a Wasserstein critic wants a slope of 1",
        ),
        "slopes below 1 cost nothing": Mistake(
            penalty_of(lambda norms: ops.mean(ops.square(ops.relu(norms - 1.0)))),
            "that is the one-sided penalty of WGAN-LP; WGAN-GP charges both sides",
        ),
        "the distance is not squared": Mistake(
            penalty_of(lambda norms: ops.mean(ops.abs(norms - 1.0))), "square each distance from 1"
        ),
        "the mean over pixels stands where the sum belongs": Mistake(
            penalty_of(mean_distance, lambda squares: ops.sqrt(ops.mean(squares, axis=(1, 2, 3)) + 1e-12)),
            "the length of a vector is the root of a sum of squares",
        ),
        "the weight is left out": Mistake(
            lambda gradients, weight=10.0: one_centred_penalty(gradients, 1.0), "multiply by weight"
        ),
        "summed over the batch": Mistake(
            penalty_of(lambda norms: ops.sum(ops.square(norms - 1.0))),
            "take the mean over the images, or the price grows with the batch size",
        ),
    },
    hints=(
        "Three steps: one length per image, its squared distance from 1, the mean over the images.",
        "Sum the squares over every axis but the first, add 1e-12, take the root: shape (batch,).",
        "weight * ops.mean(ops.square(norm - 1.0))",
    ),
    why="it is a price per image, and a flat critic still gets a finite gradient",
)

HINGE_LOSS = Exercise(
    id="3.6",
    title="The hinge",
    minutes=5,
    difficulty=1,
    reference=hinge_loss,
    examples=((column(2, 0.5, -1), column(-2, -0.5, 1)), (column(5, 0.5), column(-5, -0.5))),
    draw=lambda generator, size: (draw_scores(generator, size), draw_scores(generator, size)),
    observe=loss_and_gradient,
    mistakes={
        "real and fake are swapped": Mistake(
            lambda real, fake: hinge_loss(fake, real),
            "real images should score above +1: what does a real score of 2 cost?",
        ),
        "there is no hinge: beyond the margin it still pays": Mistake(
            lambda real, fake: 2.0 + critic_losses.critic_loss(real, fake),
            "cut each price off at 0 with ops.relu before the mean",
        ),
        "the mean is cut off, not each score": Mistake(
            lambda real, fake: ops.relu(1.0 - ops.mean(real)) + ops.relu(1.0 + ops.mean(fake)),
            "a score far beyond the margin would pay for others: relu first, then mean",
        ),
        "the margin is 0": Mistake(
            lambda real, fake: ops.mean(ops.relu(-real)) + ops.mean(ops.relu(fake)),
            "then a score of 0 for everything costs nothing and teaches nothing: 1 - real, 1 + fake",
        ),
        "half the price": Mistake(
            lambda real, fake: 0.5 * hinge_loss(real, fake), "add the two means: undecided must cost 2"
        ),
        "both halves ask for real": Mistake(
            lambda real, fake: ops.mean(ops.relu(1.0 - real)) + ops.mean(ops.relu(1.0 - fake)),
            "fakes should score below -1: 1 + fake",
        ),
        "pairs are compared": Mistake(
            lambda real, fake: ops.mean(ops.relu(1.0 - (real - fake))),
            "that is a relativistic hinge; here each half is judged alone",
        ),
        "this is the soft loss of lesson 02": Mistake(
            losses.discriminator_loss, "softplus never reaches 0; the hinge does, at the margin"
        ),
        "summed over the batch": Mistake(
            lambda real, fake: ops.sum(ops.relu(1.0 - real)) + ops.sum(ops.relu(1.0 + fake)),
            "take the mean, or the step grows with the batch size",
        ),
    },
    hints=(
        "A real score of +1 or more costs nothing, and so does a fake score of -1 or less.",
        "ops.relu(1.0 - real_logits) is the price of each real score.",
        "ops.mean(ops.relu(1.0 - real_logits)) + ops.mean(ops.relu(1.0 + fake_logits))",
    ),
    why="scores that are clear enough teach nothing more, so the score does not run away",
)
