"""The guess is learned first and stays; a step pays the ELBO; restoring asks the prior alone."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from utils.data.degrade import gaussian_noise
from utils.data.pairs import make_pairs
from utils.models.confidence import confidence
from utils.training.first_guess import build_first_guess, finish_first_guess
from utils.training.fit import train
from utils.training.restorer import SAMPLES, VISIBLE, build_restorer, left_alone_if_good
from utils.training.sizes import RestorerBudget

TINY = RestorerBudget(
    32, 8, 3, crop_size=16, batch_size=4, guess_steps=60, finish_steps=20, steps=60, learning_rate=5e-3
)


def restorer_with(channels=3, **settings):
    keras.utils.set_random_seed(0)
    budget = dataclasses.replace(TINY, **settings)
    return build_restorer(budget, finish_first_guess(build_first_guess(budget, channels), budget))


def ramps(count=32, size=16, channels=3):
    """Return uint8 pictures (count, size, size, channels): a tilt of its own for each channel."""
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[:size, :size] / size - 0.5
    down, across = rng.uniform(-100, 100, (2, count, 1, 1, channels))
    return (128 + down * rows[..., None] + across * columns[..., None]).astype("uint8")


def noisy(images, seed):
    return gaussian_noise(images, 40, seed)


def pairs(channels=3):
    return make_pairs(ramps(channels=channels), 4, seed=1, degrade=noisy)


def pair(count=4, channels=3):
    clean = tf.constant(ramps(count, channels=channels) / 127.5 - 1, "float32")
    return tf.constant(noisy(clean.numpy(), 3)), clean


def error(restored, clean):
    return float(np.square(restored - clean).mean())


@pytest.fixture(scope="module")
def trained():
    keras.utils.set_random_seed(0)
    budget = dataclasses.replace(
        TINY, guess_steps=400, steps=200, beta=0.1
    )  # else the latents may fall silent
    regressor = build_first_guess(budget)
    guess_history = train(regressor, pairs(), 400)
    restorer = build_restorer(budget, finish_first_guess(regressor, budget))
    return restorer, guess_history | train(restorer, pairs(), 200)


def test_all_prices_fall_and_noise_is_taken_away(trained):
    restorer, history = trained
    assert set(history) == {"step", "loss", "reconstruction", "kl"}
    assert np.mean(history["loss"][-20:]) < 0.5 * history["loss"][0]
    assert np.mean(history["reconstruction"][-20:]) < np.mean(history["reconstruction"][:20]) - 100  # of 768
    degraded, clean = (part.numpy() for part in pair())
    assert error(restorer.enhance(degraded).mean, clean) < 0.5 * error(degraded, clean)


def test_the_first_guess_stays_while_the_rest_learns():
    restorer = restorer_with()
    before = restorer.first_guess.get_weights()
    train(restorer, pairs(), 5)
    for old, new in zip(before, restorer.first_guess.get_weights(), strict=True):
        assert np.array_equal(old, new)
    moving = restorer_with()
    moving.first_guess.trainable = True  # planted: the guess learns too
    moving.optimizer.build(moving.trainable_variables)
    assert len(moving.trainable_variables) > len(restorer.trainable_variables)


def gradients_of_a_step(restorer):
    seen = []

    def keep(gradients, variables):
        seen.extend(zip(variables, gradients, strict=True))

    restorer.optimizer.apply = keep
    restorer.train_step(pair())
    return seen


def test_the_gradient_reaches_every_weight():
    restorer = restorer_with()
    slopes = gradients_of_a_step(restorer)
    networks = (restorer.prior, restorer.posterior, restorer.decoder)
    assert len(slopes) == sum(len(network.trainable_variables) for network in networks) + 1  # log_sigma
    assert all(slope is not None and np.abs(slope).max() > 0 for _, slope in slopes)
    deaf = restorer_with()
    deaf.posterior = keras.Model(deaf.posterior.inputs, [0 * one for one in deaf.posterior.outputs])
    slopes = gradients_of_a_step(deaf)  # the planted bug: what the posterior says is not heard
    assert any(slope is None or np.abs(slope).max() == 0 for _, slope in slopes)


def saying(restorer, z_mean, z_log_var):
    """Let the posterior say the same of every picture."""
    for name, value in (("z_mean", z_mean), ("z_log_var", z_log_var)):
        layer = restorer.posterior.get_layer(name)
        layer.kernel.assign(tf.zeros_like(layer.kernel))
        layer.bias.assign(tf.fill(layer.bias.shape, float(value)))
    return restorer


def test_a_posterior_that_says_nothing_costs_nothing():
    _, silent = saying(restorer_with(), 0, 1e6).costs(*pair(), training=False)
    assert np.abs(silent).max() < 1e-4
    _, speaking = saying(restorer_with(), 0, 0).costs(*pair(), training=False)
    assert np.min(speaking) > 0.05  # planted: as sure as the prior, so both together are surer


def test_the_price_of_the_latents_warms_up():
    def slope(**settings):
        restorer = restorer_with(**settings)
        bias = restorer.posterior.get_layer("z_log_var").bias
        return next(one for variable, one in gradients_of_a_step(restorer) if variable is bias)

    cold, free, warm = slope(beta=2.0, warmup_steps=10), slope(beta=0.0), slope(beta=2.0)
    assert np.allclose(cold, free) and not np.allclose(warm, free)  # at the first step it costs nothing


def test_restoring_never_asks_the_posterior():
    restorer, degraded = restorer_with(), pair()[0].numpy()

    def never(*_, **__):
        raise AssertionError("the posterior was asked, and it knows the answer")

    restorer.posterior = never
    restorer.enhance(degraded)
    with pytest.raises(AssertionError, match="knows the answer"):
        restorer.costs(*pair(), training=False)  # the planted bug


def test_samples_differ_and_the_guess_comes_with_them(trained):
    restorer, degraded = trained[0], pair()[0].numpy()
    samples, restored = restorer.samples(degraded), restorer.enhance(degraded)
    assert samples.shape == (SAMPLES, *degraded.shape) and np.abs(samples).max() <= 1
    assert len(np.unique(samples.reshape(SAMPLES, -1), axis=0)) == SAMPLES
    assert np.allclose(restored.spread, confidence(samples)[1])
    guess = np.clip(restorer.first_guess.read(tf.constant(degraded))[1], -1, 1)
    assert np.allclose(restored.mean, guess, atol=1e-6)  # noise is visible damage, so the guess is taken
    assert np.array_equal(restored.sample, samples[0])
    assert restored.spread.min() > 0


def test_opposite_samples_cancel_in_the_mean(trained):
    restorer, degraded = trained[0], 0.5 * pair(count=16)[0].numpy()  # so that no sample is cut off at 1
    guess, samples = restorer.enhance(degraded).mean, restorer.samples(degraded, 4)
    assert np.allclose(samples.mean(axis=0), guess, atol=1e-5)
    assert not np.allclose(samples[:2].mean(axis=0), guess, atol=1e-3)  # planted: two of independent noise
    assert np.array_equal(restorer.samples(degraded, 3), samples[:3])


def test_a_picture_that_would_hardly_change_stays_as_it_is():
    degraded = np.zeros((3, 8, 8, 3), "float32")
    change = np.reshape([0.9, 1.1, -1.1], (3, 1, 1, 1)) * VISIBLE / 127.5
    kept = ops.convert_to_numpy(left_alone_if_good(degraded, degraded + change.astype("float32")))
    assert np.array_equal(kept[0], degraded[0])
    assert np.allclose(kept[1:], np.broadcast_to(change[1:], kept[1:].shape))
    few = np.zeros_like(degraded)
    few[:, 0, 0] = 20 * VISIBLE / 127.5  # one pixel in 64: 2.5 times what counts, root mean square
    assert np.array_equal(left_alone_if_good(degraded, few), few)
    assert np.abs(few).mean() < VISIBLE / 127.5  # planted: the mean of the changes would leave it alone


def test_what_is_left_alone_comes_back_exactly_with_its_spread(monkeypatch):
    clean = pair()[1].numpy()
    monkeypatch.setattr("utils.training.restorer.VISIBLE", 1e6)
    restorer = restorer_with()
    assert np.array_equal(restorer.enhance(clean).mean, clean)
    monkeypatch.setattr("utils.training.restorer.VISIBLE", 0.0)
    assert not np.array_equal(restorer_with().enhance(clean).mean, clean)  # planted: nothing is left alone
    assert restorer.enhance(clean).spread.min() > 0


def test_the_same_seed_gives_the_same_answers_alone_and_in_a_batch(trained):
    restorer, degraded = trained[0], pair(count=5)[0].numpy()
    together = restorer.enhance(degraded)
    for again in (restorer.enhance(degraded), restorer.enhance(degraded, seed=0)):
        assert np.array_equal(again.sample, together.sample)
    assert not np.allclose(restorer.enhance(degraded, seed=1).sample, together.sample, atol=1e-5)
    alone = restorer.enhance(degraded[3:4])
    for whole, part in zip(together, alone, strict=True):
        assert np.allclose(whole[3:4], part, atol=1e-5)


@pytest.mark.parametrize("size", [(1, 1), (13, 18), (28, 28), (33, 64)])
@pytest.mark.parametrize("channels", [1, 3])
def test_pictures_of_any_size_grey_or_in_colour(trained, size, channels):
    images = np.random.default_rng(0).uniform(-1, 1, (3, *size, channels)).astype("float32")
    restored = trained[0].enhance(images)
    assert restored.mean.shape == restored.sample.shape == images.shape
    assert restored.spread.shape == images.shape[:3]
    assert all(part.dtype == np.float32 and isinstance(part, np.ndarray) for part in restored)


def test_what_is_filled_up_is_cut_off_and_many_pictures_are_read_in_parts(trained, monkeypatch):
    restorer, degraded = trained[0], pair(count=7)[0].numpy()
    whole = restorer.enhance(degraded)
    monkeypatch.setattr("utils.training.restorer.AT_ONCE", 3 * 16 * 16)
    for one, other in zip(restorer.enhance(degraded), whole, strict=True):
        assert np.allclose(one, other, atol=1e-5)
    cut = restorer.enhance(degraded[:, :15, :14]).mean
    assert error(cut[:, :8, :8], whole.mean[:, :8, :8]) < 0.01 * error(cut[:, :8, :8], 0)
    assert error(cut[:, :8, :8], whole.mean[:, 8:, 6:14]) > 0.01 * error(cut[:, :8, :8], 0)  # planted


def test_grey_is_read_as_colour_and_comes_back_grey(trained):
    grey = pair(channels=1)[0].numpy()
    colour = trained[0].enhance(grey.repeat(3, axis=-1))
    restored = trained[0].enhance(grey)
    assert np.allclose(restored.mean, colour.mean.mean(axis=-1, keepdims=True), atol=1e-5)
    own = restorer_with(channels=1)
    assert own.enhance(grey).mean.shape == grey.shape
    with pytest.raises(ValueError, match="Received: 3 channels"):
        own.enhance(grey.repeat(3, axis=-1))
    with pytest.raises(ValueError, match="Received: uint8"):
        trained[0].enhance(ramps())


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras with numpy 2
def test_a_restorer_survives_saving(trained, tmp_path):
    trained[0].save_weights(tmp_path / "restorer.weights.h5")
    again, degraded = restorer_with(), pair()[0].numpy()
    fresh = again.enhance(degraded).mean
    again.load_weights(tmp_path / "restorer.weights.h5")
    expected = trained[0].enhance(degraded).mean
    assert np.allclose(again.enhance(degraded).mean, expected, atol=1e-6)
    assert not np.allclose(fresh, expected, atol=1e-2)  # planted: nothing was loaded


def test_a_training_goes_on_from_its_checkpoint(tmp_path, capsys):
    restorer = restorer_with()
    train(restorer, pairs(), 30, folder=tmp_path, save_seconds=0)
    again = restorer_with()
    history = train(again, pairs(), 60, folder=tmp_path)
    assert "Going on from step 30 of 60" in capsys.readouterr().out and history["step"][-1] == 60
