"""Exercise 7.3: what an image costs in all, the errors that are left and what was said of it."""

import numpy as np
from keras import ops

from utils.exercises.lesson_02.losses import loss_and_gradient
from utils.exercises.lesson_04.blocks import draw_floats, floats
from utils.exercises.verdict import Exercise, Mistake
from utils.losses import free_bits, nats_per_image, negative_elbo


def elbo_of(nll_price=nats_per_image, kl_price=free_bits, join=lambda nll, kl, beta: nll + beta * kl):
    """A negative_elbo that is wrong in the price of the pixels, in that of the latents or in their sum."""

    def wrong(nll, kl, beta=1.0, floor=0.0):
        return join(nll_price(nll), kl_price(kl, floor), beta)

    return wrong


def draw_costs(generator, size):
    """Costs of pixels, which may be below 0, and of latents, which may not; beta and floor."""
    nll = draw_floats(generator, size, 4, 3, 2)
    kl = generator.gamma(1.0, 0.5, (size, min(size, 5))).astype(np.float32)
    return nll, kl, float(generator.uniform(1.5, 4)), float(generator.uniform(0.3, 0.8))


NLL = floats([[[1], [2]], [[3], [6]]], [[[0], [1]], [[-2], [5]]])
KL = floats([0.5, 1], [0.25, 3])

NEGATIVE_ELBO = Exercise(
    id="7.3",
    title="What an image costs, in nats",
    minutes=12,
    difficulty=2,
    reference=negative_elbo,
    examples=((NLL, KL), (NLL, KL, 4.0), (NLL, KL, 0.5, 0.75), (NLL, KL, 1.0, 2.5)),
    draw=draw_costs,
    observe=lambda function, inputs: loss_and_gradient(
        lambda nll, kl: function(nll, kl, *inputs[2:]), inputs[:2]
    ),
    mistakes={
        "the pixels are averaged": Mistake(
            elbo_of(ops.mean),
            "that divides the errors by the number of pixels and makes beta as many times larger: "
            "the recipe for posterior collapse. Sum over the pixels",
        ),
        "pixels and latents are averaged": Mistake(
            elbo_of(ops.mean, lambda kl, floor: ops.mean(ops.maximum(ops.mean(kl, axis=0), floor))),
            "then beta depends on how many there are of each: sum within an image, mean over the batch",
        ),
        "the latents are averaged": Mistake(
            elbo_of(kl_price=lambda kl, floor: ops.mean(ops.maximum(ops.mean(kl, axis=0), floor))),
            "each latent pays for itself: sum over the latents, mean over the batch",
        ),
        "the KL is a reward": Mistake(
            elbo_of(join=lambda nll, kl, beta: nll - beta * kl),
            "the ELBO has a minus there, and this is the negative ELBO: both are prices, add them",
        ),
        "this is the ELBO, not the negative one": Mistake(
            elbo_of(join=lambda nll, kl, beta: -(nll + beta * kl)),
            "an optimizer makes its loss small: nll and kl are prices already, add them",
        ),
        "beta stands at the reconstruction": Mistake(
            elbo_of(join=lambda nll, kl, beta: beta * nll + kl),
            "beta is the factor of the KL: a beta above 1 asks for fewer nats in the latents",
        ),
        "beta stands at both halves": Mistake(
            elbo_of(join=lambda nll, kl, beta: beta * (nll + kl)),
            "that only changes the learning rate: beta is the factor of the KL alone",
        ),
        "beta is not used": Mistake(
            elbo_of(join=lambda nll, kl, beta: nll + kl), "warm-up turns beta from 0 to 1: multiply the KL"
        ),
        "summed over the batch": Mistake(
            elbo_of(ops.sum, lambda kl, floor: ops.sum(ops.maximum(ops.sum(kl, axis=0), floor))),
            "take the mean over the batch, or the step grows with the batch size",
        ),
        "one price for each image": Mistake(
            elbo_of(
                lambda nll: ops.sum(nll, axis=(1, 2, 3)),
                lambda kl, floor: ops.sum(ops.maximum(kl, floor), axis=1),
            ),
            "a loss is one number: the mean over the batch is missing",
        ),
        "the floor is not used": Mistake(
            elbo_of(kl_price=lambda kl, floor: nats_per_image(kl)),
            "each latent may say `floor` nats for free: ops.maximum(ops.mean(kl, axis=0), floor)",
        ),
        "there is one floor for all latents together": Mistake(
            elbo_of(kl_price=lambda kl, floor: ops.maximum(nats_per_image(kl), floor)),
            "one latent that says much would leave the others no reason to speak: floor first, then sum",
        ),
        "each image has a floor of its own": Mistake(
            elbo_of(kl_price=lambda kl, floor: nats_per_image(ops.maximum(kl, floor))),
            "a latent may say nothing of one image and much of the next: first the mean, then the floor",
        ),
        "the free nats are subtracted": Mistake(
            elbo_of(kl_price=lambda kl, floor: ops.sum(ops.relu(ops.mean(kl, axis=0) - floor))),
            "the slopes stay, but the price is no bound any more: ops.maximum(..., floor), without the minus",
        ),
        "the floor is a ceiling": Mistake(
            elbo_of(kl_price=lambda kl, floor: ops.sum(ops.minimum(ops.mean(kl, axis=0), floor))),
            "below the floor a latent pays the floor: maximum, not minimum",
        ),
        "the value is right, but no gradient comes back": Mistake(
            elbo_of(join=lambda nll, kl, beta: ops.stop_gradient(nll + beta * kl)),
            "stay in keras.ops from the arguments to the result, without stop_gradient and .numpy()",
        ),
    },
    hints=(
        "Two halves, each summed within an image and averaged over the batch. Which axes are which?",
        "The pixels: ops.sum(nll, axis=(1, 2, 3)), then the mean. The latents: their mean over axis 0 first.",
        "ops.maximum(ops.mean(kl, axis=0), floor) is one price per latent: sum it, times beta.",
    ),
    why="both halves are nats per image: only so is beta = 1 a bound on -log p(x)",
)
