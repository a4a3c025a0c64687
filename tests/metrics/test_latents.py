"""A latent is active when its mean moves with the image; the spread of its posterior says nothing of that."""

import numpy as np
import pytest

from utils import losses
from utils.metrics.latents import active_units, kl_per_latent, latent_variances

RNG = np.random.default_rng(0)
COUNT = 500
# Five latents: two used, one that hardly moves, one shut at the prior, one shut beside zero.
Z_MEANS = RNG.normal(size=(COUNT, 5)) * [1.0, 0.5, 0.02, 0.0, 0.0] + [0, 0, 0, 0, 2]
Z_LOG_VARS = np.log([0.05, 0.3, 0.99, 1.0, 1.0]) + np.zeros((COUNT, 1))


def assert_two_are_active(count):
    assert count(Z_MEANS, Z_LOG_VARS) == 2


ACTIVE_BUGS = {
    "the variance of the posterior": lambda mean, log_var: int((np.exp(log_var).mean(axis=0) > 0.01).sum()),
    "the size of the mean": lambda mean, log_var: int((np.square(mean).mean(axis=0) > 0.01).sum()),
    "the standard deviation": lambda mean, log_var: int((mean.std(axis=0) > 0.01).sum()),
    "over latents": lambda mean, log_var: active_units(mean.T),
}


def test_latents_whose_means_move_are_active():
    assert_two_are_active(lambda mean, log_var: active_units(mean))


@pytest.mark.parametrize("bug", ACTIVE_BUGS.values(), ids=ACTIVE_BUGS)
def test_planted_counts_are_found(bug):
    with pytest.raises(AssertionError):
        assert_two_are_active(bug)


def test_a_posterior_that_is_the_prior_has_no_active_latent():
    assert active_units(np.zeros((10, 16))) == 0


def test_variances_tell_the_most_active_latent_first():
    assert np.argsort(-latent_variances(Z_MEANS))[:3].tolist() == [0, 1, 2]
    assert latent_variances(Z_MEANS)[0] == pytest.approx(1, rel=0.2)


def test_the_kl_of_the_latents_adds_up_to_that_of_the_training():
    per_latent = kl_per_latent(Z_MEANS, Z_LOG_VARS)
    assert per_latent.shape == (5,) and per_latent[3] == 0
    posterior = (Z_MEANS.astype("float32"), Z_LOG_VARS.astype("float32"))
    shown = float(losses.nats_per_image(losses.gaussian_kl(*posterior)))
    assert per_latent.sum() == pytest.approx(shown, rel=1e-5)
    assert per_latent[4] == pytest.approx(2)  # paid for although it says nothing: active_units sees that


def test_what_encode_returns_is_refused_with_the_cure():
    with pytest.raises(ValueError, match=r"Received: shape \(2, 500, 5\).*encode\(images\)\[0\]"):
        active_units((Z_MEANS, Z_LOG_VARS))
    with pytest.raises(ValueError, match="Received: shape"):
        active_units(Z_MEANS[:1])
    with pytest.raises(ValueError, match="Received: 1 NaN"):
        latent_variances(np.array([[0.0, np.nan], [1.0, 2.0]]))
