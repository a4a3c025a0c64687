"""Exercise 7.1: latents are drawn so that the gradient reaches the encoder."""

import keras
from keras import ops

from utils.exercises.lesson_04.blocks import draw_floats, floats, result_and_gradient
from utils.exercises.seen import as_seen, same
from utils.exercises.verdict import Exercise, Mistake
from utils.models.vae import reparameterise


def drawn_twice(function, inputs):
    """Whether the same noise gives the same latents, and then the latents with their gradient."""
    if not same(*(as_seen(function(*inputs)) for _ in range(2))):
        return {"second call": "gives other latents"}
    return {"second call": "gives the same latents", **result_and_gradient(function, inputs)}


def draw_latents(generator, size):
    """Means, log-variances and noise; one batch is square, so that a wrong axis raises no error."""
    return tuple(draw_floats(generator, size, min(size, 5)) for _ in range(3))


REPARAMETERISE = Exercise(
    id="7.1",
    title="Draw latents so that the gradient passes",
    minutes=5,
    difficulty=1,
    reference=reparameterise,
    examples=(
        (floats([1, -1]), floats([0, 2]), floats([0.5, -2])),
        (floats([0, 3], [2, -4]), floats([-6, 1], [0.5, -1]), floats([1, 0], [-1, 2])),
    ),
    draw=draw_latents,
    observe=drawn_twice,
    mistakes={
        "the noise that was given is not used": Mistake(
            lambda mean, log_var, noise: mean + ops.exp(0.5 * log_var) * keras.random.normal(ops.shape(mean)),
            "drawn inside, it cannot be repeated and not be tested: use the third argument",
        ),
        "the log-variance is taken for the spread": Mistake(
            lambda mean, log_var, noise: mean + log_var * noise,
            "a log-variance of 0 is a variance of 1, and this would draw nothing: exp(z_log_var / 2)",
        ),
        "the variance is taken for the spread": Mistake(
            lambda mean, log_var, noise: mean + ops.exp(log_var) * noise,
            "noise is stretched by the standard deviation, the root of the variance: exp(z_log_var / 2)",
        ),
        "this is the root of the log-variance": Mistake(
            lambda mean, log_var, noise: mean + ops.sqrt(log_var) * noise,
            "it has none where the variance is below 1: exp first, then the root, so exp(z_log_var / 2)",
        ),
        "the sign of the half is turned": Mistake(
            lambda mean, log_var, noise: mean + ops.exp(-0.5 * log_var) * noise,
            "this spreads most where the encoder is most certain: exp(+z_log_var / 2)",
        ),
        "there is no noise": Mistake(
            lambda mean, log_var, noise: mean,
            "then this is no VAE but an autoencoder: add exp(z_log_var / 2) * noise",
        ),
        "the noise is not stretched": Mistake(
            lambda mean, log_var, noise: mean + noise,
            "how certain the encoder is must count: multiply the noise by exp(z_log_var / 2)",
        ),
        "the mean is missing": Mistake(
            lambda mean, log_var, noise: ops.exp(0.5 * log_var) * noise,
            "every image has a place of its own: add z_mean",
        ),
        "the mean is multiplied": Mistake(
            lambda mean, log_var, noise: mean * ops.exp(0.5 * log_var) * noise,
            "the mean says where, the spread how far from there: add the two",
        ),
        "the noise multiplies the mean, too": Mistake(
            lambda mean, log_var, noise: (mean + ops.exp(0.5 * log_var)) * noise,
            "look at the brackets: only the spread is multiplied by the noise",
        ),
        "the noise stands in the exponent": Mistake(
            lambda mean, log_var, noise: mean + ops.exp(0.5 * log_var * noise),
            "look at the brackets: ops.exp(0.5 * z_log_var) is closed before the noise comes",
        ),
        "mean and log-variance are swapped": Mistake(
            lambda mean, log_var, noise: reparameterise(log_var, mean, noise),
            "z_mean is the first argument: it is added, z_log_var is stretched",
        ),
        "the whole batch gets the same noise": Mistake(
            lambda mean, log_var, noise: reparameterise(mean, log_var, noise[:1]),
            "each image has a row of noise: keep the batch axis",
        ),
        "the value is right, but no gradient comes back": Mistake(
            lambda mean, log_var, noise: ops.stop_gradient(reparameterise(mean, log_var, noise)),
            "stay in keras.ops from the arguments to the result, without stop_gradient and .numpy()",
        ),
    },
    hints=(
        "Noise from N(0, 1) is stretched by a standard deviation and moved by a mean.",
        "z_log_var is log(sigma ** 2) = 2 * log(sigma). What is sigma then?",
        "z_mean + ops.exp(0.5 * z_log_var) * noise",
    ),
    why="chance comes in from outside, so the gradient reaches both the mean and the spread",
)
