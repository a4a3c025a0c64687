"""Each loss against a known value, its gradient, and the wrong formula that people write."""

import keras
import numpy as np
import pytest
from keras import ops
from scipy.stats import norm

from utils import losses
from utils.training.gradients import gradient

ZEROS = np.zeros((4, 1), "float32")


def scores(seed=0, size=5):
    """Raw scores, some of them extreme."""
    drawn = np.random.default_rng(seed).normal(0, 3, (size, 1))
    return np.concatenate([drawn, [[-40.0], [40.0]]]).astype("float32")


def test_undecided_discriminator_costs_log_four():
    assert float(losses.discriminator_loss(ZEROS, ZEROS)) == pytest.approx(np.log(4), rel=1e-6)


def test_undecided_discriminator_costs_the_generator_log_two():
    assert float(losses.generator_loss(ZEROS)) == pytest.approx(np.log(2), rel=1e-6)
    assert float(losses.relativistic_loss(ZEROS, ZEROS)) == pytest.approx(np.log(2), rel=1e-6)
    assert float(losses.saturating_generator_loss(ZEROS)) == pytest.approx(-np.log(2), rel=1e-6)


def test_discriminator_loss_is_cross_entropy_on_raw_scores():
    real, fake = scores(1), scores(2)
    entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    expected = entropy(np.ones_like(real), real) + entropy(np.zeros_like(fake), fake)
    assert float(losses.discriminator_loss(real, fake)) == pytest.approx(float(expected), rel=1e-5)
    swapped = losses.discriminator_loss(fake, real)
    assert float(swapped) != pytest.approx(float(expected), rel=1e-2)


def silent(loss):
    """Tell whether a loss teaches nothing where a fake was recognised for sure."""
    _, (slope,) = gradient(loss, [[[-20.0]]])
    return abs(slope.numpy().item()) < 1e-3


def test_generator_hears_it_when_its_fakes_are_recognised():
    assert not silent(losses.generator_loss)
    assert silent(losses.saturating_generator_loss)  # the planted bug: the game as written


def test_losses_are_finite_at_extreme_scores():
    extreme = np.array([[-1e4], [1e4]], "float32")
    for value in (
        losses.discriminator_loss(extreme, extreme),
        losses.generator_loss(extreme),
        losses.relativistic_loss(extreme, -extreme),
    ):
        assert np.isfinite(float(value))
    with np.errstate(divide="ignore", over="ignore"):
        naive = -np.log(1 / (1 + np.exp(-extreme.astype("float64"))))
    assert not np.isfinite(naive).all()  # the planted bug: a logarithm of a sigmoid


def test_relativistic_loss_sees_differences_only():
    real, fake = scores(3), scores(4)
    shifted = losses.relativistic_loss(real + 7, fake + 7)
    assert float(losses.relativistic_loss(real, fake)) == pytest.approx(float(shifted), rel=1e-5)
    assert float(losses.discriminator_loss(real + 7, fake + 7)) != pytest.approx(
        float(losses.discriminator_loss(real, fake)), rel=1e-2
    )


def test_penalty_is_half_gamma_times_the_squared_norm_per_image():
    slopes = np.zeros((2, 4, 4, 1), "float32")
    slopes[0, 0, 0, 0], slopes[0, 1, 1, 0] = 3, 4  # norm 5, squared 25; the other image is flat
    assert float(losses.zero_centred_penalty(slopes, 2.0)) == pytest.approx(25 / 2)
    over_pixels = float(ops.mean(ops.square(slopes)))  # the planted bug: a mean over pixels
    assert over_pixels != pytest.approx(25 / 2)


def test_undecided_discriminator_with_captions_costs_log_four():
    assert float(losses.matching_aware_loss(ZEROS, ZEROS, ZEROS)) == pytest.approx(np.log(4), rel=1e-6)


def test_both_rivals_count():
    """Planted: without the wrong captions, a discriminator that judges looks alone would pay nothing."""
    looks_alone = losses.matching_aware_loss(ZEROS + 20, ZEROS, ZEROS + 20)
    assert float(looks_alone) == pytest.approx(np.log(2), rel=1e-3)
    assert float(losses.relativistic_loss(ZEROS + 20, ZEROS)) == pytest.approx(0, abs=1e-3)
    assert float(losses.matching_aware_loss(ZEROS + 20, ZEROS, ZEROS)) == pytest.approx(0, abs=1e-3)


def test_a_wrong_caption_that_equals_the_right_one_teaches_nothing():
    """The scores are one number then, and its slope cancels; as a plain fake it would push the score down."""
    paired, slopes = gradient(
        lambda score: losses.matching_aware_loss(score, ZEROS - 1e9, score), [ZEROS + 3]
    )
    assert np.abs(slopes[0]).max() < 1e-7
    _, slopes = gradient(lambda score: ops.mean(ops.softplus(score)), [ZEROS + 3])
    assert np.abs(slopes[0]).max() > 0.1


def test_naming_is_cross_entropy_over_the_words():
    word_logits = np.random.default_rng(0).normal(size=(3, 6)).astype("float32")
    tokens = np.array([[2, 4, 0, 0], [5, 5, 3, 0], [1, 2, 0, 0]], "int32")  # a word said twice counts once
    said = np.array([[1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 0, 0]], "float32")  # of the words 2 to 5
    entropy = keras.losses.BinaryCrossentropy(from_logits=True, reduction=None)
    expected = 4 * float(ops.mean(entropy(said, word_logits[:, 2:])))
    assert float(losses.naming_loss(word_logits, tokens)) == pytest.approx(expected, rel=1e-5)
    inverted = 4 * float(ops.mean(entropy(1 - said, word_logits[:, 2:])))
    assert float(losses.naming_loss(word_logits, tokens)) != pytest.approx(inverted, rel=1e-3)


def test_a_caption_without_words_asks_for_nothing():
    word_logits = np.full((2, 6), 5.0, "float32")
    assert float(losses.naming_loss(word_logits, np.zeros((2, 4), "int32"))) == 0


def densities(q_mean, q_log_var, p_mean, p_log_var):
    """Log densities of two Gaussians on a fine grid of float64, and the grid's step."""
    q_sigma = np.exp(0.5 * q_log_var)
    grid = np.linspace(q_mean - 12 * q_sigma, q_mean + 12 * q_sigma, 20_001)
    return norm(q_mean, q_sigma).logpdf(grid), norm(p_mean, np.exp(0.5 * p_log_var)).logpdf(grid), grid


GAUSSIANS = [(0.0, 0.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0), (0.7, -1.2, 0.0, 0.0), (-0.4, 0.9, 1.5, -0.3)]
KL_BUGS = {
    "the sign is turned": lambda m, v, pm, pv: -losses.gaussian_kl(m, v, pm, pv),
    "the log-variance is taken for the standard deviation": lambda m, v, pm, pv: losses.gaussian_kl(
        m, 2 * ops.log(ops.abs(v) + 1e-9), pm, pv
    ),
    "the log-variance is taken for its half": lambda m, v, pm, pv: losses.gaussian_kl(m, 2 * v, pm, 2 * pv),
    "q and p are swapped": lambda m, v, pm, pv: losses.gaussian_kl(pm, pv, m, v),
    "the log-variance is left out": lambda m, v, pm, pv: losses.gaussian_kl(m, v, pm, pv) + 0.5 * (v - pv),
}


def assert_kl_is_the_integral(kl):
    """KL is the integral of q log(q / p): a sum over a fine grid knows it without a closed form."""
    for settings in GAUSSIANS:
        log_q, log_p, grid = densities(*settings)
        expected = np.trapezoid(np.exp(log_q) * (log_q - log_p), grid)
        assert float(kl(*np.array(settings, "float32"))) == pytest.approx(expected, abs=2e-6)


def test_gaussian_kl_is_the_integral_that_defines_it():
    assert_kl_is_the_integral(losses.gaussian_kl)


@pytest.mark.parametrize("bug", KL_BUGS.values(), ids=KL_BUGS)
def test_planted_bugs_are_not_the_integral(bug):
    with pytest.raises(AssertionError):
        assert_kl_is_the_integral(bug)


def test_gaussian_kl_is_the_mean_of_the_log_ratio_under_q():
    z = np.random.default_rng(0).normal(0.7, np.exp(-0.6), 200_000)
    ratios = norm(0.7, np.exp(-0.6)).logpdf(z) - norm(0, 1).logpdf(z)
    standard_error = ratios.std() / np.sqrt(len(ratios))
    assert float(losses.gaussian_kl(0.7, -1.2)) == pytest.approx(ratios.mean(), abs=4 * standard_error)
    swapped = float(losses.gaussian_kl(0.0, 0.0, 0.7, -1.2))  # planted
    assert swapped != pytest.approx(ratios.mean(), abs=4 * standard_error)


@pytest.mark.parametrize("shape", [(3, 5), (2, 4, 4, 6)])
def test_gaussian_kl_prices_each_latent_alone_and_never_below_zero(shape):
    rng = np.random.default_rng(1)
    mean, log_var = rng.normal(size=(2, *shape)).astype("float32")
    kl = np.asarray(losses.gaussian_kl(mean, log_var))
    assert kl.shape == shape and kl.min() >= 0
    assert float(losses.gaussian_kl(1.0, 0.0)) == 0.5  # as its docstring says
    same = losses.gaussian_kl(mean, log_var, mean, log_var)
    assert np.abs(same).max() == 0


def test_the_standard_normal_prior_goes_with_float64_too():
    one, zero = np.ones(1, "float64"), np.zeros(1, "float64")
    assert float(losses.gaussian_kl(one, zero)[0]) == 0.5
    assert float(losses.gaussian_nll(one, one, 0.0)[0]) == pytest.approx(0.919, abs=1e-3)


def test_gaussian_nll_is_the_log_density_of_an_outside_library():
    x, mean = np.random.default_rng(2).normal(size=(2, 3, 4, 4, 1)).astype("float32")
    for log_sigma in (-2.0, 0.0, 0.7):
        expected = -norm(mean, np.exp(log_sigma)).logpdf(x)
        assert np.asarray(losses.gaussian_nll(x, mean, log_sigma)) == pytest.approx(expected, rel=1e-4)
        as_variance = losses.gaussian_nll(x, mean, 0.5 * log_sigma)  # planted
        assert log_sigma == 0 or np.asarray(as_variance) != pytest.approx(expected, rel=1e-4)


def test_gaussian_nll_is_least_where_sigma_is_the_size_of_the_errors():
    errors = np.random.default_rng(3).normal(0, 0.2, 5_000).astype("float32")
    size = np.log(np.sqrt(np.mean(errors**2)))
    price = float(ops.mean(losses.gaussian_nll(errors, 0.0, size)))
    assert price == pytest.approx(size + 1.419, abs=1e-3)  # as its docstring says
    for wrong in (size - 0.1, size + 0.1):
        assert float(ops.mean(losses.gaussian_nll(errors, 0.0, wrong))) > price


def elbo_of_known_parts(negative_elbo):
    """Two images of 12 values at 1 and 3 nats each, two latents at 0.5 and 2 nats: 24 and 2.5 nats."""
    nll = np.repeat([1.0, 3.0], 12).reshape(2, 2, 2, 3).astype("float32")
    kl = np.array([[0.5, 1.0], [0.5, 3.0]], "float32")
    return float(negative_elbo(nll, kl))


def test_negative_elbo_adds_up_pixels_and_latents_and_takes_the_mean_over_images():
    assert elbo_of_known_parts(losses.negative_elbo) == 24 + 2.5
    assert elbo_of_known_parts(lambda nll, kl: losses.negative_elbo(nll, kl, beta=4.0)) == 24 + 10


ELBO_BUGS = {
    "mean over pixels": lambda nll, kl: ops.mean(nll) + ops.mean(ops.sum(kl, axis=1)),
    "mean over latents": lambda nll, kl: losses.nats_per_image(nll) + ops.mean(kl),
    "sum over the batch": lambda nll, kl: ops.sum(nll) + ops.sum(kl),
    "the KL is a reward": lambda nll, kl: losses.negative_elbo(nll, kl, beta=-1.0),
    "beta stands at the reconstruction": lambda nll, kl: 4 * losses.nats_per_image(nll) + ops.mean(kl),
}


@pytest.mark.parametrize("bug", ELBO_BUGS.values(), ids=ELBO_BUGS)
def test_planted_bugs_of_the_elbo_have_another_value(bug):
    assert elbo_of_known_parts(bug) != pytest.approx(24 + 2.5, rel=1e-3)


def assert_floor_is_per_latent(free_bits):
    """The batch's mean of latent 0 lies under the floor, although one of its rows lies above it."""
    kl = np.array([[0.0, 3.0], [0.6, 1.0]], "float32")  # means 0.3 and 2
    assert float(free_bits(kl, 0.0)) == pytest.approx(2.3)
    assert float(free_bits(kl, 0.5)) == pytest.approx(0.5 + 2)


FREE_BITS_BUGS = {
    "each image has its own floor": lambda kl, floor: losses.nats_per_image(ops.maximum(kl, floor)),
    "one floor for all latents": lambda kl, floor: ops.maximum(losses.nats_per_image(kl), floor),
    "the free nats are given back": lambda kl, floor: losses.free_bits(kl, floor) - 2 * floor,
}


def test_free_bits_floor_the_mean_of_each_latent():
    assert_floor_is_per_latent(losses.free_bits)


@pytest.mark.parametrize("bug", FREE_BITS_BUGS.values(), ids=FREE_BITS_BUGS)
def test_planted_floors_are_found(bug):
    with pytest.raises(AssertionError):
        assert_floor_is_per_latent(bug)


def test_a_latent_below_its_floor_feels_no_pull_to_the_prior():
    mean = np.array([[0.1, 2.0]], "float32")
    _, (slope,) = gradient(lambda m: losses.free_bits(losses.gaussian_kl(m, 0.0), 0.5), [mean])
    assert slope[0, 0] == 0 and slope[0, 1] == 2
    _, (slope,) = gradient(lambda m: losses.free_bits(losses.gaussian_kl(m, 0.0), 0.0), [mean])
    assert slope[0, 0] > 0  # planted: without the floor it does


def assert_counts_each_picture_in_decibels(log_error):
    """Three pictures at 26, 46 and 20 dB: 20 dB less of each costs as much, but for the best."""
    spread = np.float32(2 * 10 ** (-np.array([26, 46, 20]) / 20)).reshape(3, 1, 1, 1)
    clean = np.zeros((3, 4, 4, 1), "float32")
    price = [
        float(log_error(clean, clean + spread * factor))
        for factor in np.eye(3).reshape(3, 3, 1, 1, 1) * 9 + 1
    ]
    plain = float(log_error(clean, clean + spread))
    rise = np.array(price) - plain
    assert rise[0] == pytest.approx(np.log(100) / 3, abs=0.05)
    assert rise[2] == pytest.approx(np.log(100) / 3, abs=0.05)
    assert rise[1] < 1.0  # from 46 to 26 dB: a third of it lies beyond what is paid for


LOG_ERROR_BUGS = {
    "the plain mean of squares": lambda clean, restored: ops.mean(ops.square(clean - restored)),
    "the logarithm of the mean over all pictures": lambda clean, restored: ops.log(
        ops.mean(ops.square(clean - restored)) + losses.SMALL_ERROR
    ),
    "no end to what the best may gain": lambda clean, restored: ops.mean(
        ops.log(ops.mean(ops.square(clean - restored), axis=(1, 2, 3)))
    ),
}


def test_log_error_counts_each_picture_in_decibels():
    assert_counts_each_picture_in_decibels(losses.log_error)
    same = np.ones((2, 4, 4, 3), "float32")
    assert float(losses.log_error(same, same)) == pytest.approx(np.log(5e-4), rel=1e-5)


@pytest.mark.parametrize("bug", LOG_ERROR_BUGS.values(), ids=LOG_ERROR_BUGS)
def test_planted_prices_of_pictures_are_found(bug):
    with pytest.raises(AssertionError):
        assert_counts_each_picture_in_decibels(bug)
