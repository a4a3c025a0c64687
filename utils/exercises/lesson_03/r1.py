"""Exercise 3.3: the price of steep scores at the images themselves."""

import numpy as np
from keras import ops

from utils.critic_losses import one_centred_penalty
from utils.exercises.lesson_03.penalties import Witness, slope_of_the_mean
from utils.exercises.verdict import Exercise, Mistake
from utils.losses import zero_centred_penalty
from utils.training.gradients import gradient, slopes
from utils.training.penalties import input_slopes, r1_penalty


def price_at_images(penalty, inputs):
    """The price, and how it moves the critic."""
    images, rows, *gamma = inputs
    critic = Witness(rows, bend=0.5)
    price, moved = slopes(lambda: penalty(critic, ops.convert_to_tensor(images), *gamma), [critic.rows.value])
    return {
        "price": price,
        "slope of the price for the critic": np.zeros_like(rows) if moved[0] is None else moved[0],
    }


def draw_images(generator, size):
    """Tiny images, a slope for each, a price."""
    images, rows = generator.normal(size=(2, size, 2, 2, 1)).astype(np.float32)
    return images, rows, float(size)


def r1_by(price):
    """An r1_penalty that is wrong in one place: price(critic, images)."""

    def wrong(discriminator, images, gamma=1.0):
        return gamma * price(discriminator, images)

    return wrong


def squares(critic, images):
    """One squared slope per image."""
    return ops.sum(ops.square(input_slopes(critic, images)), axis=(1, 2, 3))


R1_PENALTY = Exercise(
    id="3.3",
    title="R1: no interpolation, no target of 1",
    minutes=6,
    difficulty=2,
    reference=r1_penalty,
    examples=(
        (np.array([[1, 2], [0, 0]], np.float32).reshape(2, 1, 2, 1), np.zeros((2, 1, 2, 1), np.float32)),
    ),
    draw=draw_images,
    observe=price_at_images,
    quote=lambda *_: "a critic of known slopes",
    mistakes={
        "the half is missing": Mistake(
            r1_by(lambda critic, x: ops.mean(squares(critic, x))), "gamma / 2, as papers count it"
        ),
        "the norm is not squared": Mistake(
            r1_by(lambda critic, x: 0.5 * ops.mean(ops.sqrt(squares(critic, x) + 1e-12))),
            "no root is needed at all: the sum of squares is the squared norm",
        ),
        "the mean over pixels stands where the sum belongs": Mistake(
            r1_by(lambda critic, x: 0.5 * ops.mean(ops.square(input_slopes(critic, x)))),
            "sum over the pixels, then take the mean over the images",
        ),
        "summed over the batch": Mistake(
            r1_by(lambda critic, x: 0.5 * ops.sum(squares(critic, x))),
            "take the mean over the images, or the price grows with the batch size",
        ),
        "the slope is pulled to 1, not to 0": Mistake(
            r1_by(lambda critic, x: one_centred_penalty(input_slopes(critic, x), 0.5)),
            "at the end real and fake are alike, and the best score is flat",
        ),
        "the slope is that of the mean score, not of each score": Mistake(
            r1_by(lambda critic, x: zero_centred_penalty(slope_of_the_mean(critic, x), 1.0)),
            "it is smaller by the batch size: differentiate the scores, not a mean or a loss",
        ),
        "the slope is that of a probability": Mistake(
            r1_by(
                lambda critic, x: zero_centred_penalty(
                    gradient(lambda images: ops.sigmoid(critic(images)), (x,))[1][0], 1.0
                )
            ),
            "where the discriminator is sure the sigmoid is flat, and the penalty falls silent: raw scores",
        ),
        "the slope is that of the loss": Mistake(
            r1_by(
                lambda critic, x: zero_centred_penalty(
                    gradient(lambda images: ops.softplus(-critic(images)), (x,))[1][0], 1.0
                )
            ),
            "a loss is flat where the discriminator is sure: differentiate the raw scores",
        ),
        "the price does not reach the discriminator": Mistake(
            r1_by(lambda critic, x: zero_centred_penalty(ops.stop_gradient(input_slopes(critic, x)), 1.0)),
            "the outer tape must see how the slope depends on the weights: no stop_gradient, no .numpy()",
        ),
        "gamma is left out": Mistake(
            lambda discriminator, images, gamma=1.0: r1_penalty(discriminator, images, 1.0),
            "hand gamma on to zero_centred_penalty",
        ),
    },
    hints=(
        "Nothing is mixed: the slope is taken at the images that come in.",
        "input_slopes gives one slope per image; zero_centred_penalty prices them.",
        "return zero_centred_penalty(input_slopes(discriminator, images), gamma)",
    ),
    why="at real images it is R1, at fake images R2, and its target 0 fits the end of the game",
)
