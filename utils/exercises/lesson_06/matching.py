"""Exercise 6.4: the features of fakes and of real pictures, equal on average."""

from keras import ops

from utils.exercises.lesson_04.blocks import draw_floats, floats
from utils.exercises.lesson_06.perceptual import Onlooker
from utils.exercises.verdict import Exercise, Mistake
from utils.feature_losses import matching_price
from utils.training.gradients import compiled, gradient


class Reader:
    """The inside of a discriminator: features of each picture, and its score."""

    def __init__(self, filters):
        self.look = Onlooker(filters)

    def __call__(self, images, training=None):
        features = ops.mean(self.look(images)[0], axis=1)  # (batch, width, features)
        return features, ops.sum(features, axis=(1, 2))[:, None]


def price_and_slopes(function, inputs):
    """The price and, unless it is computed in NumPy, how it moves either crowd; whether it can train."""
    reader, real, fake = inputs
    price, moved = gradient(lambda *crowds: function(reader, *crowds), (real, fake))
    seen = {"price": price}
    if moved is not None:
        seen |= {"slope for the fakes": moved[1], "slope for the real images": moved[0]}
        try:
            compiled(lambda *crowds: function(reader, *crowds), real, fake)
            seen["can be compiled"] = True
        except Exception:
            return seen
    return seen


def price_with(price, read=lambda reader, images: reader(images)[0]):
    """A matching_price that is wrong in its price(real features, fake features) or in what it reads."""
    return lambda reader, real_images, fake_images: price(
        ops.stop_gradient(read(reader, real_images)), read(reader, fake_images)
    )


def gap(real, fake, axis=0):
    """The difference of two means."""
    return ops.mean(fake, axis=axis) - ops.mean(real, axis=axis)


def squared(difference):
    """The sum of squares."""
    return ops.sum(ops.square(difference))


def both_move(reader, real_images, fake_images):
    """The right price, with a way to the real images."""
    return squared(gap(reader(real_images)[0], reader(fake_images)[0]))


FEATURE_MATCHING = Exercise(
    id="6.4",
    title="Alike on average: feature matching",
    minutes=10,
    difficulty=2,
    reference=matching_price,
    examples=((Reader(floats([1])), floats([[[0.5]]], [[[-1]]]), floats([[[0]]], [[[1]]])),),
    draw=lambda generator, size: (
        Reader(draw_floats(generator, 2, 5)),
        *draw_floats(generator, 2, size, 3, 4, 2),
    ),
    observe=price_and_slopes,
    quote=lambda reference, inputs: "two small crowds of pictures",
    mistakes={
        "the last score is matched": Mistake(
            price_with(lambda real, fake: squared(gap(real, fake)), lambda reader, images: reader(images)[1]),
            "one number is soon alike on average, and says nothing of how: take the features inside",
        ),
        "every fake is compared with one real image": Mistake(
            price_with(lambda real, fake: squared(fake - real) / fake.shape[0]),
            "no fake has a partner: the cheapest is then one mean picture, always; first both means",
        ),
        "the mean over the features stands where the sum belongs": Mistake(
            price_with(lambda real, fake: ops.mean(ops.square(gap(real, fake)))),
            "a squared length is a sum over the features: only the batch is averaged",
        ),
        "summed over the batch": Mistake(
            price_with(lambda real, fake: squared(ops.sum(fake, axis=0) - ops.sum(real, axis=0))),
            "the price would grow with the square of the batch: the mean over axis 0",
        ),
        "the length is not squared": Mistake(
            price_with(lambda real, fake: ops.sqrt(squared(gap(real, fake)))),
            "the squared length: its slope falls to 0 where both means are alike",
        ),
        "absolute differences stand for squared ones": Mistake(
            price_with(lambda real, fake: ops.sum(ops.abs(gap(real, fake)))),
            "the squared length of the difference: ops.square, then the sum",
        ),
        "all features become one mean": Mistake(
            price_with(lambda real, fake: ops.square(gap(real, fake, axis=None))),
            "sleeves too often and collars too rarely would cancel: average over the batch alone, axis=0",
        ),
        "the mean is taken over the features": Mistake(
            price_with(lambda real, fake: squared(gap(real, fake, axis=-1))),
            "axis 0 is the batch: the mean over the pictures, feature by feature",
        ),
        "places are averaged as well": Mistake(
            price_with(lambda real, fake: squared(gap(real, fake, axis=(0, 1)))),
            "features may have places, too, and each is matched for itself: the mean over axis 0 only",
        ),
        "pixels are matched, not features": Mistake(
            price_with(lambda real, fake: squared(gap(real, fake)), lambda reader, images: images),
            "a grey average picture, drawn always, would do: read both crowds first",
        ),
        "the real images are pulled as well": Mistake(
            both_move, "they are the goal: ops.stop_gradient around their mean"
        ),
        "nothing reaches the fakes": Mistake(
            lambda *inputs: ops.stop_gradient(matching_price(*inputs)),
            "the generator learns through the fakes' features: no stop_gradient on their side",
        ),
    },
    hints=(
        "features, logits = reader(images); which of the two tells how pictures differ?",
        "A mean over the batch for each crowd, axis=0, then the squared length of their difference.",
        "ops.sum(ops.square(ops.mean(fake, axis=0) - ops.stop_gradient(ops.mean(real, axis=0))))",
    ),
    why="no fake needs a partner; but means alone are matched, so it stands beside the game, not for it",
)
