"""Exercises 2.1 and 2.2: the prices of the game, in value and in slope."""

import contextlib

import numpy as np
from keras import ops

from utils import losses
from utils.exercises.verdict import Exercise, Mistake
from utils.training.gradients import compiled, gradient


def loss_and_gradient(function, inputs):
    """The loss and, unless it is computed in NumPy, its gradient for all scores; whether it can train."""
    try:
        loss, gradients = gradient(function, inputs)
    except Exception as error:
        try:
            loss, gradients = function(*inputs), None  # NumPy code may want NumPy arrays
        except Exception:
            raise error from None
    seen = {"loss": loss}
    if gradients is not None:
        seen["gradient"] = np.concatenate([np.ravel(slope) for slope in gradients])
        with contextlib.suppress(Exception):
            compiled(function, *inputs)
            seen["can be compiled"] = True  # a loop over the batch is right, too, but cannot be
    return seen


def column(*numbers):
    """Scores as a discriminator gives them: (batch, 1)."""
    return np.array(numbers, np.float32)[:, None]


def draw_scores(generator, size):
    """Random scores of one batch."""
    return generator.normal(0, 3, (size, 1)).astype(np.float32)


def clipped_log(probabilities):
    """log as a cross-entropy on probabilities takes it."""
    return ops.log(ops.clip(probabilities, 1e-7, 1 - 1e-7))


DISCRIMINATOR_LOSS = Exercise(
    id="2.1",
    title="The discriminator's loss",
    minutes=8,
    difficulty=1,
    reference=losses.discriminator_loss,
    examples=((column(2, 0, -1), column(-2, 1, 3)), (column(40, -100), column(-30, 100))),
    draw=lambda generator, size: (draw_scores(generator, size), draw_scores(generator, size)),
    observe=loss_and_gradient,
    mistakes={
        "real and fake are swapped": Mistake(
            lambda real, fake: losses.discriminator_loss(fake, real),
            "real images should score high: the price of a high real score must be near 0",
        ),
        "the fake half is missing": Mistake(
            lambda real, fake: ops.mean(ops.softplus(-real)),
            "without it, calling everything real costs nothing: add softplus(fake)",
        ),
        "the real half is missing": Mistake(
            lambda real, fake: ops.mean(ops.softplus(fake)),
            "without it, calling everything fake costs nothing: add softplus(-real)",
        ),
        "both halves ask for real": Mistake(
            lambda real, fake: losses.generator_loss(real) + losses.generator_loss(fake),
            "fakes get the other label: 1 - sigmoid(x) = sigmoid(-x) turns the sign",
        ),
        "half the price": Mistake(
            lambda real, fake: 0.5 * losses.discriminator_loss(real, fake),
            "add the two means, do not average them: undecided must cost log 4 = 1.386",
        ),
        "summed over the batch": Mistake(
            lambda real, fake: ops.sum(ops.softplus(-real)) + ops.sum(ops.softplus(fake)),
            "take the mean, or the step grows with the batch size",
        ),
        "this is the Wasserstein critic's loss": Mistake(
            lambda real, fake: ops.mean(fake) - ops.mean(real),
            "it has no log and no lower end, and needs a critic that is held to a slope of 1",
        ),
        "a sigmoid was applied first, but these scores are still raw": Mistake(
            lambda real, fake: losses.discriminator_loss(ops.sigmoid(real), ops.sigmoid(fake)),
            "softplus holds the sigmoid already: give it the scores as they come",
        ),
        "probabilities are clipped, so the slope dies at large scores": Mistake(
            lambda real, fake: (
                -ops.mean(clipped_log(ops.sigmoid(real))) - ops.mean(clipped_log(1 - ops.sigmoid(fake)))
            ),
            "a cross-entropy on sigmoid(x) is flat beyond 16: use the raw scores (from_logits=True)",
        ),
        "log of a sigmoid is infinite at large scores": Mistake(
            lambda real, fake: (
                -ops.mean(ops.log(ops.sigmoid(real))) - ops.mean(ops.log(1 - ops.sigmoid(fake)))
            ),
            "1 - sigmoid(100) is rounded to 0; -log(1 - sigmoid(x)) = softplus(x) is safe",
        ),
        "the value is right, but no gradient comes back": Mistake(
            lambda real, fake: losses.discriminator_loss(ops.stop_gradient(real), ops.stop_gradient(fake)),
            "stay in keras.ops from the scores to the result, without stop_gradient and .numpy()",
        ),
    },
    hints=(
        "Two prices are added: one for real images that score low, one for fake images that score high.",
        "-log sigmoid(x) = softplus(-x) is for the real; -log(1 - sigmoid(x)) = softplus(x) for the fake.",
        "ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))",
    ),
    why="at log 4 = 1.386 it cannot tell real from fake; near 0 it has won and teaches little",
)

GENERATOR_LOSS = Exercise(
    id="2.2",
    title="The generator's loss",
    minutes=5,
    difficulty=1,
    reference=losses.generator_loss,
    examples=((column(-2, 0, 3),), (column(-100, 40),)),
    draw=lambda generator, size: (draw_scores(generator, size),),
    observe=loss_and_gradient,
    mistakes={
        "this is the minimax loss, which saturates": Mistake(
            losses.saturating_generator_loss,
            "at a score of -20 its slope is 2e-9, so the worst images learn nothing; "
            "ask for log sigmoid(fake) to grow instead",
        ),
        "the sign is flipped": Mistake(
            lambda fake: -losses.generator_loss(fake),
            "a price falls when the generator does well: try one very high score",
        ),
        "this asks for fakes that look fake": Mistake(
            lambda fake: ops.mean(ops.softplus(fake)),
            "that is the discriminator's half; the generator wants its images labelled real",
        ),
        "this is the Wasserstein loss": Mistake(
            lambda fake: -ops.mean(fake),
            "it belongs to a critic without log and sigmoid; here it has no lower end",
        ),
        "summed over the batch": Mistake(
            lambda fake: ops.sum(ops.softplus(-fake)),
            "take the mean, or the step grows with the batch size",
        ),
        "half the price": Mistake(
            lambda fake: 0.5 * losses.generator_loss(fake),
            "no factor is needed: undecided must cost log 2 = 0.693",
        ),
        "a sigmoid was applied first, but softplus wants raw scores": Mistake(
            lambda fake: losses.generator_loss(ops.sigmoid(fake)),
            "fake_logits are raw already, and softplus(-x) is -log sigmoid(x)",
        ),
        "probabilities are clipped, so the slope dies at large scores": Mistake(
            lambda fake: -ops.mean(clipped_log(ops.sigmoid(fake))),
            "a cross-entropy on sigmoid(x) is flat below -16: use the raw scores (from_logits=True)",
        ),
        "log of a sigmoid is infinite at large scores": Mistake(
            lambda fake: -ops.mean(ops.log(ops.sigmoid(fake))),
            "sigmoid(-100) is rounded to 0; -log sigmoid(x) = softplus(-x) is safe",
        ),
        "the value is right, but no gradient comes back": Mistake(
            lambda fake: losses.generator_loss(ops.stop_gradient(fake)),
            "stay in keras.ops from the scores to the result, without stop_gradient and .numpy()",
        ),
    },
    hints=(
        "The generator wants sigmoid(fake) near 1. Which function of it is 0 there and large at 0?",
        "-log sigmoid(x) equals softplus(-x), which is finite for every score: ops.softplus.",
        "Take the mean of ops.softplus(-fake_logits) over the batch.",
    ),
    why="it is steepest for the worst fakes: at a score of -20 its slope is -1, the minimax loss's -2e-9",
)
