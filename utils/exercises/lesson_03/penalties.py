"""Exercise 3.2: where a penalty takes the slope, seen by a critic that keeps what it is shown."""

import keras
import numpy as np
from keras import ops

from utils.critic_losses import one_centred_penalty
from utils.exercises.verdict import Exercise, Mistake
from utils.losses import zero_centred_penalty
from utils.training.gradients import gradient, slopes
from utils.training.penalties import gradient_penalty, input_slopes

EVEN = 0.2  # largest gap to an even spread: 192 even shares exceed it once in a million draws


class Witness:
    """A critic that scores image i as rows[i] . image + bend / 2 |image|^2, and keeps what it was shown."""

    def __init__(self, rows, bend=0.0):
        self.rows, self.bend, self.seen = keras.Variable(rows), bend, []

    def __call__(self, images, training=None):
        self.seen.append(np.asarray(ops.convert_to_numpy(images)))
        axes = tuple(range(1, len(images.shape)))
        return ops.sum(self.rows * images + 0.5 * self.bend * images * images, axis=axes)[:, None]


def place_of(points, real, fake):
    """Where the slope was taken, in words."""
    if points.shape != real.shape:
        return f"at images of shape {points.shape}"
    batch, way = len(real), real - fake
    shares = (points - fake) / way  # the share of the real image in each pixel
    if np.ptp(shares.reshape(batch, -1), axis=1).max() > 1e-2:
        return "at images with a share for each pixel"
    shares = shares.reshape(batch, -1).mean(axis=1)
    if np.ptp(shares) < 1e-3:
        names = {0.0: "at the fake images", 0.5: "halfway, always", 1.0: "at the real images"}
        return next(
            (text for at, text in names.items() if abs(shares[0] - at) < 1e-3), "at one share for all"
        )
    if shares.min() < -1e-3 or shares.max() > 1 + 1e-3:
        return "beyond the line from fake to real, too"
    gap = np.abs(np.sort(shares) - (np.arange(batch) + 0.5) / batch).max()
    return "between real and fake, evenly" if gap < EVEN else "between real and fake, not evenly"


def what_a_witness_saw(penalty, inputs):
    """Where the slopes were taken, the price, and how the price moves the critic."""
    real, fake, rows, *weight = inputs
    critic = Witness(rows)
    price, moved = slopes(
        lambda: penalty(critic, ops.convert_to_tensor(real), ops.convert_to_tensor(fake), *weight),
        [critic.rows.value],
    )
    return {
        "place": place_of(critic.seen[-1], real, fake) if critic.seen else "nowhere",
        "price": price,
        "slope of the price for the critic": np.zeros_like(rows) if moved[0] is None else moved[0],
    }


def draw_pairs(generator, size):
    """Pairs of tiny images that differ in every pixel, and a slope for each."""
    count = 64 * size
    fake = generator.normal(size=(count, 2, 2, 1)).astype(np.float32)
    real = fake + generator.choice([-1, 1], fake.shape) * generator.uniform(0.5, 2, fake.shape)
    rows = generator.normal(size=fake.shape)
    return real.astype(np.float32), fake, rows.astype(np.float32), float(size)


def mixed_by(share_of):
    """A gradient_penalty that takes the slope elsewhere: share_of(batch size) of the real image."""

    def wrong(critic, real_images, fake_images, weight=10.0):
        share = share_of(len(real_images))
        return one_centred_penalty(
            input_slopes(critic, share * real_images + (1 - share) * fake_images), weight
        )

    return wrong


def priced_by(price):
    """A gradient_penalty at the right place whose price is wrong: price(critic, points, weight)."""

    def wrong(critic, real_images, fake_images, weight=10.0):
        share = keras.random.uniform((len(real_images), 1, 1, 1))
        return price(critic, share * real_images + (1 - share) * fake_images, weight)

    return wrong


def slope_of_the_mean(critic, points):
    """The slope of the mean score: that of each score, divided by the batch size."""
    return gradient(lambda images: ops.mean(critic(images)), (points,))[1][0]


GRADIENT_PENALTY = Exercise(
    id="3.2",
    title="The gradient penalty of WGAN-GP",
    minutes=12,
    difficulty=3,
    reference=gradient_penalty,
    examples=(),
    draw=draw_pairs,
    observe=what_a_witness_saw,
    quote=lambda *_: "a critic of known slopes",
    seconds=20.0,
    mistakes={
        "the share is drawn from a normal distribution": Mistake(
            mixed_by(lambda count: keras.random.normal((count, 1, 1, 1))),
            "two of three points then lie beyond the line from fake to real: draw uniformly from [0, 1]",
        ),
        "one share for the whole batch": Mistake(
            mixed_by(lambda count: float(np.random.uniform(0.1, 0.4))),
            "draw one per image: shape (batch, 1, 1, 1)",
        ),
        "the shares have shape (batch,)": Mistake(
            mixed_by(lambda count: keras.random.uniform((count,))),
            "they are spread over the channels, silently: shape (batch, 1, 1, 1)",
        ),
        "each pixel has a share of its own": Mistake(
            mixed_by(lambda count: keras.random.uniform((count, 2, 2, 1))),
            "a point on the line between two images needs one share: shape (batch, 1, 1, 1)",
        ),
        "the slope is always taken halfway": Mistake(
            mixed_by(lambda count: 0.5), "the whole way matters: draw the share"
        ),
        "the slope is taken at the real images": Mistake(
            mixed_by(lambda count: 1.0), "that is where R1 takes it; mix real and fake first"
        ),
        "the slope is taken at the fake images": Mistake(
            mixed_by(lambda count: 0.0), "that is where R2 takes it; mix real and fake first"
        ),
        "the shares are not even": Mistake(
            mixed_by(lambda count: keras.random.uniform((count, 1, 1, 1)) ** 3), "draw uniformly from [0, 1]"
        ),
        "the slope is that of the mean score, not of each score": Mistake(
            priced_by(lambda critic, x, weight: one_centred_penalty(slope_of_the_mean(critic, x), weight)),
            "a mean or a loss divides each slope by the batch size: differentiate the scores themselves",
        ),
        "the slope is pulled to 0, not to 1": Mistake(
            priced_by(lambda critic, x, weight: zero_centred_penalty(input_slopes(critic, x), 2 * weight)),
            "use one_centred_penalty",
        ),
        "the price does not reach the critic": Mistake(
            priced_by(
                lambda critic, x, weight: one_centred_penalty(
                    ops.stop_gradient(input_slopes(critic, x)), weight
                )
            ),
            "the outer tape must see how the slope depends on the weights: no stop_gradient, no .numpy()",
        ),
        "the weight is left out": Mistake(
            priced_by(lambda critic, x, weight: one_centred_penalty(input_slopes(critic, x), 1.0)),
            "hand weight on to one_centred_penalty",
        ),
    },
    hints=(
        "First one share per image in [0, 1], in a shape that stretches over the image's axes.",
        "between = share * real_images + (1 - share) * fake_images, then input_slopes(critic, between).",
        "return one_centred_penalty(input_slopes(critic, between), weight)",
    ),
    why="uniform shares, one per image, the slope of each score, and a price that moves the critic",
)
