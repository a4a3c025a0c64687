"""A VAE without hidden layers ends at probabilistic PCA, which is known without any training.

Tipping and Bishop 1999: the best noise is the mean of the discarded eigenvalues, and the decoder spans the
directions of the kept ones. Lucas et al. 2019, arXiv:1911.02469: there the ELBO is the log-likelihood itself,
and a latent whose eigenvalue lies below the variance of the noise is shut.
"""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from scipy.linalg import subspace_angles

from utils.metrics.latents import active_units
from utils.training.vae import VAE

SIZE, KEPT, COUNT = 6, 2, 2_000
EIGENVALUES = np.array([4.0, 1.5, 0.3, 0.25, 0.2, 0.15])


def gaussian_images():
    """Return images (count, 2, 3, 1) whose covariance has two large eigenvalues, not along the axes."""
    rng = np.random.default_rng(0)
    directions, _ = np.linalg.qr(rng.normal(size=(SIZE, SIZE)))
    values = rng.normal(size=(COUNT, SIZE)) * np.sqrt(EIGENVALUES) @ directions.T
    return (values - values.mean(axis=0)).reshape(-1, 2, 3, 1).astype("float32")


IMAGES = gaussian_images()


def pca():
    """Return the eigenvalues of the images, the largest first, and the directions that are kept."""
    values, vectors = np.linalg.eigh(np.cov(IMAGES.reshape(COUNT, SIZE).T, bias=True))
    return values[::-1], vectors[:, ::-1][:, :KEPT]


def linear_vae(beta=1.0, sigma=None, steps=1_200):
    """Train a VAE of straight lines on all images at once."""
    keras.utils.set_random_seed(0)
    images = keras.Input((2, 3, 1))
    values = layers.Flatten()(images)
    z_mean = layers.Dense(KEPT)(values)
    z_log_var = layers.Dense(KEPT)(layers.Rescaling(0.0)(values))  # its offset alone: the same for all images
    decoder = [keras.Input((KEPT,)), layers.Dense(SIZE), layers.Reshape((2, 3, 1))]
    vae = VAE(keras.Model(images, [z_mean, z_log_var]), keras.Sequential(decoder), beta=beta, sigma=sigma)
    rate = keras.optimizers.schedules.CosineDecay(0.05, steps)
    vae.compile(optimizer=keras.optimizers.Adam(rate, beta_2=0.99), steps_per_execution=100)
    vae.fit(tf.data.Dataset.from_tensors(IMAGES).repeat(steps), verbose=0, shuffle=False)
    return vae


def assert_noise_is_the_mean_of_what_was_discarded(vae):
    values, _ = pca()
    assert np.exp(2 * float(vae.log_sigma)) == pytest.approx(values[KEPT:].mean(), rel=0.02)


def assert_elbo_is_the_log_likelihood(vae):
    values, _ = pca()
    spread = np.log(values[:KEPT]).sum() + (SIZE - KEPT) * np.log(values[KEPT:].mean())
    exact = 0.5 * (SIZE * np.log(2 * np.pi) + spread + SIZE)  # of the best Gaussian of this form
    nats = vae.evaluate(tf.data.Dataset.from_tensors(IMAGES).repeat(20), verbose=0, return_dict=True)
    assert nats["reconstruction"] + nats["kl"] == pytest.approx(exact, abs=0.02)


@pytest.fixture(scope="module")
def vae():
    return linear_vae()


@pytest.fixture(scope="module", params=[0.0, 4.0], ids=["the KL is left out", "beta is 4"])
def wrong_vae(request):
    return linear_vae(beta=request.param)


def test_the_learned_noise_is_the_mean_of_the_discarded_eigenvalues(vae):
    assert_noise_is_the_mean_of_what_was_discarded(vae)


def test_the_decoder_spans_the_principal_directions(vae):
    columns = vae.decode(np.eye(KEPT)).reshape(KEPT, SIZE) - vae.decode(np.zeros((1, KEPT))).reshape(1, SIZE)
    _, directions = pca()
    assert np.rad2deg(subspace_angles(columns.T, directions)).max() < 2
    others = np.eye(SIZE)[:, :KEPT]  # planted
    assert np.rad2deg(subspace_angles(others, directions)).max() > 20


def test_the_elbo_is_the_exact_log_likelihood(vae):
    assert_elbo_is_the_log_likelihood(vae)


def test_another_price_of_the_latents_ends_elsewhere(wrong_vae):
    with pytest.raises(AssertionError):
        assert_noise_is_the_mean_of_what_was_discarded(wrong_vae)
    with pytest.raises(AssertionError):
        assert_elbo_is_the_log_likelihood(wrong_vae)


@pytest.mark.parametrize(("variance", "active"), [(0.1, 2), (2.5, 1), (6.0, 0)])
def test_a_latent_is_shut_when_its_eigenvalue_lies_below_the_noise(variance, active):
    """The posterior collapses by the noise of the decoder alone: the eigenvalues are 4 and 1.5."""
    vae = linear_vae(sigma=np.sqrt(variance), steps=300)
    assert active_units(vae.encode(IMAGES)[0]) == active
