"""Exercise 7.2: what a latent pays for saying more than the prior knew."""

from keras import ops

from utils.exercises.lesson_04.blocks import draw_floats, floats, result_and_gradient
from utils.exercises.verdict import Exercise, Mistake
from utils.losses import gaussian_kl


def kl_with(change):
    """A gaussian_kl that is wrong in one place: change(right value, shift, log_ratio)."""

    def wrong(q_mean, q_log_var, p_mean=0.0, p_log_var=0.0):
        shift = ops.square(q_mean - p_mean) * ops.exp(-p_log_var)
        right = gaussian_kl(q_mean, q_log_var, p_mean, p_log_var)
        return change(right, shift, q_log_var - p_log_var)

    return wrong


def kl_with_shift(shift_of):
    """A gaussian_kl whose term of the means is wrong: shift_of(distance of the means, p_log_var)."""

    def wrong(q_mean, q_log_var, p_mean=0.0, p_log_var=0.0):
        ratio = q_log_var - p_log_var
        return 0.5 * (shift_of(q_mean - p_mean, p_log_var) + ops.exp(ratio) - 1.0 - ratio)

    return wrong


def kl_of_variances(q_mean, q_var, p_mean=0.0, p_var=0.0):
    """A gaussian_kl that takes its arguments for variances."""
    ratio = q_var / p_var
    return 0.5 * (ops.square(q_mean - p_mean) / p_var + ratio - 1.0 - ops.log(ratio))


GAUSSIAN_KL = Exercise(
    id="7.2",
    title="The price of saying more than the prior",
    minutes=12,
    difficulty=2,
    reference=gaussian_kl,
    examples=(
        (floats([1, 0]), floats([0, 2])),
        (floats([1, -2]), floats([0.5, -1]), floats([0, 1]), floats([2, -0.5])),
    ),
    draw=lambda generator, size: tuple(draw_floats(generator, size, min(size, 5)) for _ in range(4)),
    observe=result_and_gradient,
    mistakes={
        "the sign is turned": Mistake(
            lambda q_mean, q_log_var, p_mean=0.0, p_log_var=0.0: (
                -gaussian_kl(q_mean, q_log_var, p_mean, p_log_var)
            ),
            "a KL is never below 0: -1/2 (1 + log_var - ...) has its minus for a reason",
        ),
        "the half is missing": Mistake(
            kl_with(lambda kl, shift, ratio: 2 * kl),
            "q = N(1, 1) against N(0, 1) must cost exactly 0.5",
        ),
        "q and p are swapped": Mistake(
            lambda q_mean, q_log_var, p_mean=0.0, p_log_var=0.0: gaussian_kl(
                p_mean, p_log_var, q_mean, q_log_var
            ),
            "KL is not symmetric: distances are measured in standard deviations of p, not of q",
        ),
        "the prior is always N(0, 1)": Mistake(
            lambda q_mean, q_log_var, p_mean=0.0, p_log_var=0.0: gaussian_kl(q_mean, q_log_var),
            "what is known already may depend on the picture: use p_mean and p_log_var",
        ),
        "the 1 is missing": Mistake(
            kl_with(lambda kl, shift, ratio: kl + 0.5),
            "where q = p the price must be 0: exp(0) - 1 - 0",
        ),
        "the log-variance is taken for the variance": Mistake(
            kl_of_variances,
            "out of the logarithm first: exp(q_log_var) is the variance, and it has its logarithm already",
        ),
        "the log-variance is taken for the logarithm of the standard deviation": Mistake(
            lambda q_mean, q_log_var, p_mean=0.0, p_log_var=0.0: gaussian_kl(
                q_mean, 2 * q_log_var, p_mean, 2 * p_log_var
            ),
            "exp(log_var) is the variance already: do not square it",
        ),
        "the standard deviations are compared, not the variances": Mistake(
            kl_with(lambda kl, shift, ratio: 0.5 * (shift + ops.exp(0.5 * ratio) - 1.0 - ratio)),
            "exp(log_var / 2) is right for a draw; here it is exp(log_var), the variance",
        ),
        "the term of the means is missing": Mistake(
            kl_with_shift(lambda distance, p_log_var: 0.0),
            "a latent speaks with its mean: add (q_mean - p_mean) squared, over the variance of p",
        ),
        "the distance of the means is not squared": Mistake(
            kl_with_shift(lambda distance, p_log_var: distance * ops.exp(-p_log_var)),
            "a mean below that of the prior says as much as one above: square it",
        ),
        "the distance of the means is not divided by the prior's variance": Mistake(
            kl_with_shift(lambda distance, p_log_var: ops.square(distance)),
            "for a wide prior the same distance is less of a surprise: times exp(-p_log_var)",
        ),
        "the log-variances are left out": Mistake(
            kl_with(lambda kl, shift, ratio: kl + 0.5 * ratio),
            "without the logarithm it is cheapest to have no variance at all: subtract log_var",
        ),
        "summed over the latents": Mistake(
            kl_with(lambda kl, shift, ratio: ops.sum(kl, axis=-1)),
            "free bits need the price of each latent: leave the shape as it is",
        ),
        "this is one mean for everything": Mistake(
            kl_with(lambda kl, shift, ratio: ops.mean(kl)),
            "return the price of each latent; sums and means come later, in the ELBO",
        ),
        "the value is right, but no gradient comes back": Mistake(
            kl_with(lambda kl, shift, ratio: ops.stop_gradient(kl)),
            "stay in keras.ops from the arguments to the result, without stop_gradient and .numpy()",
        ),
    },
    hints=(
        "How far are the means apart, how do the variances compare, and what makes it 0 for q = p?",
        "r = q_log_var - p_log_var costs exp(r) - 1 - r; the means their squared distance over p's variance.",
        "0.5 * (ops.square(q_mean - p_mean) * ops.exp(-p_log_var) + ops.exp(r) - 1.0 - r)",
    ),
    why="0 where q = p and never below: a latent that says nothing costs nothing",
)
