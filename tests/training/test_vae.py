"""A step pays the ELBO, the price of the latents warms up, and a killed training goes on exactly."""

import dataclasses
import os
import signal
import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

from utils.losses import gaussian_kl
from utils.metrics.latents import active_units
from utils.training.fit import train
from utils.training.sizes import VAEBudget
from utils.training.state import resume, steps_done, variables_of
from utils.training.vae import build_vae, warmed_up

TINY = VAEBudget(image_count=64, latent_dim=4, width=4, batch_size=8, steps=20, learning_rate=5e-3)


def vae_with(sigma=None, **settings):
    keras.utils.set_random_seed(0)
    return build_vae(dataclasses.replace(TINY, **settings), image_size=8, sigma=sigma)


def ramps(count=64):
    """Return images (count, 8, 8, 1) that differ in two ways: brightness, and tilt from left to right."""
    brightness, tilt = np.random.default_rng(0).normal(0, 0.5, (2, count, 1, 1, 1))
    across = np.linspace(-1, 1, 8)[None, None, :, None]
    return np.tile(np.tanh(brightness + tilt * across), (1, 8, 1, 1)).astype("float32")


def batches(images, batch_size=8):
    return tf.data.Dataset.from_tensor_slices(images).batch(batch_size, drop_remainder=True)


def test_both_halves_are_learned_and_both_are_shown():
    vae = vae_with(learning_rate=2e-2, steps=300)
    before = vae.evaluate(batches(ramps()), verbose=0, return_dict=True)
    assert set(train(vae, batches(ramps()), 300)) == {"step", "reconstruction", "kl"}
    after = vae.evaluate(batches(ramps()), verbose=0, return_dict=True)
    assert after["reconstruction"] < before["reconstruction"] - 20  # nats per image of 64 pixels
    assert after["kl"] > 1  # the latents say which picture it is
    errors = np.square(vae.reconstruct(ramps()) - ramps()).mean()
    mean_image = ramps().mean(axis=0)  # planted: what a VAE draws whose latents say nothing
    assert errors < 0.1 * np.square(mean_image - ramps()).mean()


def test_the_shown_kl_is_the_closed_form_per_image():
    vae, images = vae_with(), ramps()
    z_mean, z_log_var = vae.encode(images)
    expected = float(np.sum(gaussian_kl(z_mean, z_log_var)) / len(images))
    shown = vae.evaluate(batches(images), verbose=0, return_dict=True)["kl"]
    assert shown == pytest.approx(expected, rel=1e-4)
    assert shown != pytest.approx(expected / TINY.latent_dim, rel=1e-2)  # planted: a mean over latents


def gradients_at(**settings):
    """Return the slopes of one step, by the name of the variable."""
    vae, seen = vae_with(**settings), {}

    def keep(gradients, variables):
        seen.update(
            {
                variable.path.removeprefix(f"{vae.name}/"): np.array(slope)
                for slope, variable in zip(gradients, variables, strict=True)
            }
        )

    vae.optimizer.apply = keep
    vae.train_step(tf.constant(ramps(8)))
    return seen


def test_an_expensive_latent_is_pulled_harder():
    cheap, dear = gradients_at(beta=0.0), gradients_at(beta=100.0)
    assert np.abs(dear["z_log_var/bias"] - cheap["z_log_var/bias"]).max() > 0.1
    assert np.allclose(dear["log_sigma"], cheap["log_sigma"])  # beta has no part in the errors


def test_the_price_of_the_latents_warms_up():
    prices = [float(warmed_up(2.0, step, warmup_steps=10)) for step in (0, 5, 10, 40)]
    assert prices == pytest.approx([0, 1, 2, 2])
    assert warmed_up(2.0, 0, warmup_steps=0) == 2.0
    cold = gradients_at(beta=2.0, warmup_steps=10)
    assert np.allclose(cold["z_log_var/bias"], gradients_at(beta=0.0)["z_log_var/bias"])


def test_free_bits_leave_latents_below_the_floor_alone():
    free, priced, unpriced = (gradients_at(free_bits=f, beta=b) for f, b in ((50.0, 1.0), (0, 1.0), (0, 0.0)))
    assert np.allclose(free["z_mean/bias"], unpriced["z_mean/bias"])
    assert not np.allclose(priced["z_mean/bias"], unpriced["z_mean/bias"])


def test_a_fixed_sigma_stays_and_a_learned_one_moves():
    fixed, learned = vae_with(sigma=0.1), vae_with()
    assert "log_sigma" not in "".join(variable.path for variable in fixed.trainable_variables)
    before = float(learned.log_sigma)
    for vae in (fixed, learned):
        vae.fit(batches(ramps()), verbose=0, shuffle=False)
    assert float(fixed.log_sigma) == pytest.approx(np.log(0.1))
    assert float(learned.log_sigma) != before


def active_after_training(sigma):
    """Return how many latents are left after a short training with a fixed noise of the decoder."""
    vae = vae_with(sigma=sigma, learning_rate=2e-2, steps=200)
    train(vae, batches(ramps()), 200)
    return active_units(vae.encode(ramps())[0])


def test_a_mean_over_pixels_collapses_the_latents_and_the_sum_does_not():
    """Mean squared error plus KL is the ELBO of a decoder whose variance is half the number of pixels."""
    assert active_after_training(np.sqrt(64 / 2)) == 0
    assert active_after_training(0.2) > 0


def test_images_and_latents_of_any_number_are_drawn():
    vae = vae_with()
    for count in (1, 7, 501):
        latents = vae.draw_latents(count)
        assert vae.draw(latents).shape == (count, 8, 8, 1)
    assert isinstance(vae.decode(np.zeros((2, 4))), np.ndarray)
    odd = ramps(11)
    vae.fit(tf.data.Dataset.from_tensor_slices(odd).batch(4), verbose=0, shuffle=False)
    assert vae.reconstruct(odd).shape == odd.shape
    assert np.array_equal(vae.reconstruct(odd), vae.reconstruct(odd))  # no chance in it
    with pytest.raises(ValueError, match=r"\(count, 4\).*Received: .*\(3, 9\)"):
        vae.draw(np.ones((3, 9), "float32"))


def killed_training(folder):
    """Train until killed at step 21, as a kernel is that runs out of memory."""

    class Die(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if steps_done(self.model) == 21:
                os.kill(os.getpid(), signal.SIGKILL)

    train(
        vae_with(warmup_steps=30, steps=40),
        whole_batch(),
        40,
        folder=folder,
        save_seconds=0,
        callbacks=[Die()],
    )


def whole_batch():
    """Return a dataset that gives the same batch again and again."""
    return tf.data.Dataset.from_tensors(ramps())


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_a_killed_training_goes_on_as_if_nothing_had_happened(tmp_path, capsys):
    done = subprocess.run([sys.executable, __file__, str(tmp_path)], capture_output=True, timeout=300)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-2000:]
    whole, gone_on, other_noise = (vae_with(warmup_steps=30, steps=40) for _ in range(3))
    train(whole, whole_batch(), 40)
    assert resume(other_noise, tmp_path) == 20
    train(gone_on, whole_batch(), 40, folder=tmp_path)
    assert "Going on from step 20 of 40" in capsys.readouterr().out
    other_noise.seeds.state.assign([9, 9])  # planted: the noise of another training
    train(other_noise, whole_batch(), 40)
    ends = [np.concatenate([v.numpy().ravel() for v in variables_of(one)]) for one in (whole, gone_on)]
    assert np.allclose(*ends, atol=1e-5)
    assert not np.allclose(whole.get_weights()[-1], other_noise.get_weights()[-1], atol=1e-5)


if __name__ == "__main__":
    killed_training(sys.argv[1])
