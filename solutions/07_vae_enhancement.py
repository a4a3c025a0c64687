# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 07 · Enhance product photos with a VAE
#
# > **Coding problem 3.** Write a VAE-based model that enhances product images.
# >
# > **编程题 3。** 编写一个基于变分自编码器（VAE）的商品图像增强模型：输入质量差的商品照片，输出修复后的照片。
#
# **You will be able to**
#
# * say what a VAE pays for, in nats per image, and compute both halves by hand;
# * see a collapsed posterior, name its cause and cure it;
# * turn a VAE that repeats pictures into one that repairs them, and say what else is needed for that;
# * judge a restorer: against what people use without a network, on damage it never saw, and where it is unsure.
#
# | budget | what for | training | whole notebook |
# |---|---|---|---|
# | `smoke` | tests | seconds | about 20 s |
# | `cpu` | a laptop with 2 cores | a bit over 3 minutes | about 6 minutes |
# | `gpu` | one GPU | longer and wider | not yet run on a GPU |
#
# The exercises take about 80 minutes. You can run the whole notebook first and solve them afterwards.
#
# Late, or here for one part? In a new cell at the top, `from utils.course.skip import skip_to; skip_to("07", "The result")`
# loads what the parts before it make. `skip_to("07")` lists the parts.

# %% tags=["setup"]
from utils.training.device import start_lesson  # first: TensorFlow starts without its log lines

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from utils.exercises import check, hint, progress, solution

# %% tags=["setup"]
budget = start_lesson("07_vae_enhancement")

# %% [markdown]
# ## Photos, and what happens to them
#
# Real photos of clothes (CC0), 64 x 64 pixels. The first row is as they are; below it is what phones, chats and old
# catalogues make of them. Each kind of damage is a pure function with a strength in a unit that can be named: grey
# levels, photons, pixels, stops.

# %%
from utils.data import load_products, scale_images
from utils.data.degrade import CONDITIONS, HELD_OUT, degrade
from utils.show.pictures import plot_curves, plot_images, plot_rows, show

size = {"image_size": 64, "channels": 3, "fallback": "catalogue"}
photos = load_products("clothing-photos", "train", count=budget.restorer.image_count, **size)
held_out = load_products("clothing-photos", "validation", count=budget.score_count, **size)
clean = scale_images(held_out.images)
print(f"{len(photos.images):,} photos to learn from, {len(clean)} others to be judged on")
damage = {name: degrade(clean[:4], steps, seed=1) for name, steps in (CONDITIONS | HELD_OUT).items()}
chosen = ("noise sigma 25", "mixed", "motion blur 5 px")
show(
    plot_rows({"clean": clean[:3]} | {name: damage[name][:3] for name in chosen}, zoom=2),
    alt=f"Three photos of clothes, clean and with {', '.join(chosen)}",
)

# %%
from utils.data.degrade.strength import check_float_images, per_picture, picture_rng
from utils.data.products import check_seed

# %% tags=["listing"]
from utils.data.degrade.noise import gaussian_noise

# %% [markdown]
# `noise sigma 25` is noise with a standard deviation of 25 of 255 grey levels. `mixed` is a bad phone photo: out of
# focus, half the size, noise, JPEG. Motion blur, low light, stickers and watermarks are **held out**: no training
# picture ever shows them, so they tell what happens with damage that nobody foresaw.
#
# ## The draft answer
#
# A draft that circulates as the answer to this problem, in our words:


# %%
def draft_encoder(images):
    x = layers.Conv2D(64, 3, activation="relu", padding="same")(images)
    x = layers.Conv2D(128, 3, activation="relu", padding="same")(x)
    x = layers.Dense(64, activation="relu")(layers.Flatten()(x))
    return layers.Dense(latent_dim)(x), layers.Dense(latent_dim)(x)  # noqa: F821


def draft_decoder(z):
    x = layers.Reshape((7, 7, 64))(layers.Dense(64, activation="relu")(z))
    for channels in (128, 128, 64):
        x = layers.Conv2DTranspose(channels, 3, activation="relu", padding="same")(x)
    return layers.Conv2DTranspose(1, 3, activation="sigmoid", padding="same")(x)


def draft_vae(encoder, decoder):
    z_mean, z_log_var = encoder(x_input)  # noqa: F821
    z = layers.Lambda(lambda t: tf.random.normal(t.shape) * tf.exp(0.5 * t))(z_log_var)
    return keras.Model(x_input, decoder(z + z_mean))  # noqa: F821


# %% [markdown]
# **Predict first:** it is called an enhancement model. Which line makes a picture better?
#
# ### What an interviewer catches in it
#
# **Defect 1. Names from nowhere.** Nothing in it defines `x_input`, and no argument is the picture.

# %% tags=["broken"]
draft_vae(draft_encoder, draft_decoder)

# %% [markdown]
# **Defect 2. One more.** With an input, the next missing name shows: how many latents there are.

# %% tags=["broken"]
x_input = keras.Input((28, 28, 1))
draft_vae(draft_encoder, draft_decoder)

# %% [markdown]
# **Defect 3. The log-variance used as a shape.** `t.shape` is `(None, 16)` while a model is built: how many pictures
# come in one batch is not known yet. `ops.shape(t)` asks when they are there. The scale, `exp(0.5 * t)`, is right:
# half a log-variance is the logarithm of a standard deviation. Do not repair that one.

# %% tags=["broken"]
latent_dim = 16
draft_vae(draft_encoder, draft_decoder)

# %% [markdown]
# **Defect 4. 64 numbers do not fill 7 x 7 x 64 places.**

# %% tags=["broken"]
draft_decoder(keras.Input((latent_dim,)))


# %% [markdown]
# **Defect 5. The decoder draws 7 x 7 pixels.** Repair the line above, and it runs. Without strides no layer makes the
# map larger, so 28 x 28 come in and 7 x 7 go out. No message says so before a loss compares them.


# %%
def repaired_decoder(z):
    x = layers.Reshape((7, 7, 64))(layers.Dense(7 * 7 * 64, activation="relu")(z))
    for channels in (128, 128, 64):
        x = layers.Conv2DTranspose(channels, 3, activation="relu", padding="same")(x)
    return layers.Conv2DTranspose(1, 3, activation="sigmoid", padding="same")(x)


z = keras.Input((latent_dim,))
print("in: ", x_input.shape, "  out:", repaired_decoder(z).shape)

# %% [markdown]
# **Defect 6. Each call makes new layers.** `encoder` and `decoder` are functions that create layers. A second call draws
# with other weights, so what was trained can never be used to draw.

# %%
first, second = (keras.Model(z, repaired_decoder(z)) for _ in range(2))
latents = np.ones((1, latent_dim), "float32")
difference = ops.max(ops.abs(first(latents) - second(latents)))
print(f"the same latents, drawn by both calls: different by {float(difference):.3f}")

# %% [markdown]
# **Defect 7. No price.** Neither the errors nor the latents cost anything: the model has no loss. It is not a VAE, it is
# the drawing of one.

# %%
autoencoder = keras.Model(x_input, first(layers.Dense(latent_dim)(layers.Flatten()(x_input))))
print("losses:", autoencoder.losses)

# %% [markdown]
# **Defect 8. It enhances nothing.** No degraded picture ever enters it. A VAE learns to repeat what it is given; what
# that does to a noisy picture is measured below.
#
# | defect | what you saw | repair |
# |---|---|---|
# | `x_input`, `latent_dim` undefined | `NameError` | build from arguments |
# | shape taken from `t.shape` | error while building | `ops.shape(t)`, or noise as an argument |
# | 64 numbers for 3,136 places | `ValueError` | `Dense(7 * 7 * 64)` |
# | 7 x 7 pixels | nothing until a loss compares | two strides of 2 |
# | new layers at each call | other weights | return a `keras.Model` once |
# | no KL, no reconstruction loss | `losses: []` | the negative ELBO, in a `train_step` |
# | clean in, clean out | nothing: that is the trap | pairs of degraded and clean, p(clean \| degraded, z) |
#
# ## The answer in 30 seconds
#
# > "A VAE maximises a lower bound of log p(x): how well the picture is rebuilt from latents, minus the KL divergence of
# > what was said from the prior. I sample with z = mean + spread x noise, so the gradient passes. To *enhance*, the model
# > must be conditional: p(clean | degraded, z), trained on pairs that I make by degrading clean photos. In training a
# > posterior sees the answer; at test time there is only the prior p(z | degraded). The mean of several samples has the
# > best PSNR, one sample looks sharper, and where samples disagree the model is guessing. I compare with doing nothing
# > and with tuned classical filters, and on damage that was not in the training."
#
# ## The answer in 3 minutes
#
# * **The bound**: $\log p(x) \ge \mathbb{E}_{q(z|x)}[\log p(x|z)] - \mathrm{KL}(q(z|x) \,\|\, p(z))$; the gap is
#   $\mathrm{KL}(q(z|x) \,\|\, p(z|x))$, so a better posterior tightens it.
# * **Reparameterise**: $z = \mu + \sigma \epsilon$ moves the chance outside; the gradient reaches $\mu$ and $\sigma$.
# * **Units**: both halves are sums in nats per image. The mean over 784 pixels is another price: it is the ELBO of a
#   decoder with noise $\sigma = \sqrt{784/2} \approx 20$, and then nothing is worth saying: the posterior collapses.
# * **One knob**: with a Gaussian decoder the errors cost $\mathrm{SSE}/2\sigma^2$, so $\beta$ and $\sigma^2$ trade the
#   same two things. A learned $\sigma$ finds the balance (Rybkin et al. 2020).
# * **Conditional**: prior $p(z|y)$, posterior $q(z|x,y)$, decoder $p(x|y,z)$ with $y$ the degraded picture (Sohn et al.
#   2015). The decoder adds to $y$ what is missing, and takes features of $y$ over skip connections: what is certain
#   need not pass the latents.
# * **Perception and distortion**: the mean of all plausible pictures has the least squared error and is blurred; a
#   sample is sharp and at most 3 dB worse (Blau and Michaeli 2018).
# * **Evaluation**: PSNR and SSIM with the data range named, per damage and strength, against filters tuned on training
#   pairs; sharpness; calibration of the spread; a gallery of the worst.
#
# ## A VAE first
#
# ### Exercise 7.1 · draw latents so that the gradient passes (5 minutes, ★☆☆)
#
# The encoder says of each latent a mean and a **log-variance**. **Predict first:** log-variance 0 means which spread?

# %% tags=["exercise"]
from utils.models.vae import reparameterise

# %% tags=["check"]
reparameterise = check("7.1", reparameterise)

# %% [markdown]
# ### Exercise 7.2 · the price of saying more than the prior (12 minutes, ★★☆)
#
# The KL divergence of two Gaussians has a closed form, and it is needed for two of any mean and variance: further down
# the prior is no longer N(0, 1). **Predict first:** what does a latent cost that says exactly what the prior says?

# %% tags=["exercise"]
from utils.losses import gaussian_kl

# %% tags=["check"]
gaussian_kl = check("7.2", gaussian_kl)

# %%
rng = np.random.default_rng(0)
draws = rng.normal(1.0, 0.5, 200_000)  # q = N(1, 0.5 squared), p = N(0, 1)
log_ratio = -np.log(0.5) - 0.5 * ((draws - 1) / 0.5) ** 2 + 0.5 * draws**2
closed = float(np.squeeze(gaussian_kl(np.float32([[1.0]]), np.float32([[2 * np.log(0.5)]]))))
print(f"closed form {closed:.4f} nats, mean of 200,000 draws {log_ratio.mean():.4f}")

# %% [markdown]
# ### Exercise 7.3 · what an image costs, in nats (12 minutes, ★★☆)
#
# The errors of a pixel are priced by a Gaussian whose width the model learns.

# %%
import math

# %% tags=["listing"]
from utils.losses import gaussian_nll, nats_per_image, free_bits

# %% [markdown]
# **Predict first:** 784 pixels, 16 latents. If you take the *mean* over pixels instead of the sum, which half of the
# price becomes too small, and by how much?

# %% tags=["exercise"]
from utils.losses import negative_elbo

# %% tags=["check"]
negative_elbo = check("7.3", negative_elbo)

# %% [markdown]
# ### Exercise 7.4 · repair the draft's decoder (12 minutes, ★★☆)
#
# It must return a `keras.Model` that draws pictures of any given size and number of channels, in [-1, 1].

# %%
from utils.models.gan import check_sizes  # says what is wrong before Keras does

# %% tags=["exercise"]
from utils.models.vae import build_decoder

# %% tags=["check"]
build_decoder = check("7.4", build_decoder)

# %% tags=["listing"]
from utils.models.vae import build_encoder

# %% [markdown]
# The training step is the whole idea: say each image in latents, draw it again, pay for both.

# %% tags=["listing"]
from utils.training.vae import VAE, warmed_up, build_vae

# %% [markdown]
# ### Train it, live
#
# On Fashion-MNIST, grey, 28 x 28. Left: both halves of the price in nats per image; right: pictures of 12 latents that
# were drawn from the prior. The errors fall below 0 because a density may be larger than 1.

# %%
from utils.data.pipelines import make_dataset
from utils.show.live import LiveTraining
from utils.training.fit import checkpoint_folder, train

fashion = load_products("fashion-mnist", "train", count=budget.vae.image_count, fallback="catalogue")
fashion_test = load_products("fashion-mnist", "test", count=1_000, fallback="catalogue")
test_images = scale_images(fashion_test.images)
image_size, channels = test_images.shape[2:]
keras.utils.set_random_seed(2026)
vae = build_vae(budget.vae, image_size, channels)
dataset = make_dataset(fashion.images, budget.vae.batch_size, seed=2026)

# %% tags=["train"]
prior_latents = np.random.default_rng(1).standard_normal((12, vae.latent_dim))
history = train(
    vae,
    dataset,
    budget.vae.steps,
    callbacks=[LiveTraining(lambda: vae.decode(prior_latents), budget.vae.steps)],
    folder=checkpoint_folder("07_vae_enhancement"),
)

# %%
from utils.metrics.latents import active_units, kl_per_latent
from utils.metrics.restoration import psnr

z_mean, z_log_var = vae.encode(test_images)
rebuilt = vae.decode(z_mean)
show(
    plot_rows(
        {"photos": test_images[:8], "rebuilt": rebuilt[:8], "from the prior": vae.decode(prior_latents[:8])}
    ),
    alt="Eight products, the same as the VAE rebuilds them, and eight drawn from the prior",
)
print(f"rebuilt: PSNR {psnr(test_images, rebuilt, data_range=2).mean():.2f} dB")
print("nats that each latent says, most first:", np.sort(kl_per_latent(z_mean, z_log_var))[::-1].round(1))
print(f"active latents: {active_units(z_mean)} of {vae.latent_dim}")

# %% [markdown]
# **From one product to another**, through the latents. Each picture in between is drawn by the decoder.

# %%
from utils.show.explore_latents import explore_active_latents, interpolate

first, second = (int(np.flatnonzero(fashion_test.class_ids == kind)[3]) for kind in (1, 3))
names = [fashion_test.class_names[fashion_test.class_ids[index]] for index in (first, second)]
between = vae.decode(interpolate(z_mean[first], z_mean[second], 9))
show(plot_images(between, columns=9), alt=f"Nine pictures that turn a {names[0]} into a {names[1]}")

# %% [markdown]
# **Arithmetic with attributes.** The mean latents of one kind minus those of another are a direction. Add it to a
# product, and what makes the difference is added.

# %%
kinds = [int(kind) for kind in (0, 3)]
change = z_mean[fashion_test.class_ids == kinds[1]].mean(axis=0)
change -= z_mean[fashion_test.class_ids == kinds[0]].mean(axis=0)
some = np.flatnonzero(fashion_test.class_ids == kinds[0])[:8]
names = [fashion_test.class_names[kind] for kind in kinds]
steps = {f"+ {share:.1f} x change": vae.decode(z_mean[some] + share * change) for share in (0.0, 0.7, 1.4)}
show(plot_rows(steps), alt=f"Eight of {names[0]}, moved step by step towards {names[1]}")

# %% [markdown]
# **Turn the latents yourself.** The most active ones have sliders.

# %% tags=["widget"]
explore_active_latents(vae.decode, z_mean)

# %% [markdown]
# ### Rate against distortion
#
# $\beta$ is the price of a nat that is said. **Predict first:** with $\beta = 16$, do the pictures become sharper or
# blurrier, and how many latents are still in use?

# %%
import dataclasses

from utils.show.planes import plot_plane


def short_vae(**changes):
    """Train a VAE for a moment with one setting changed; return it and (rate, distortion) on test pictures."""
    sigma = changes.pop("sigma", None)
    keras.utils.set_random_seed(2026)
    model = build_vae(
        dataclasses.replace(budget.vae, steps=budget.sweep_steps, **changes),
        image_size,
        channels,
        sigma=sigma,
    )
    train(model, dataset, budget.sweep_steps)
    mean, log_var = model.encode(test_images)
    squared = np.square(test_images - model.decode(mean)).sum(axis=(1, 2, 3)).mean()
    return model, (kl_per_latent(mean, log_var).sum(), squared)


swept = {f"beta {beta:g}": short_vae(beta=beta) for beta in (0.1, 1.0, 4.0, 16.0)}
show(
    plot_plane(
        {name: place for name, (_, place) in swept.items()},
        "rate: KL, nats per image",
        "distortion: squared error",
        path=True,
    )
)
for name, (model, (rate, distortion)) in swept.items():
    active = active_units(model.encode(test_images)[0])
    print(f"{name:9} rate {rate:5.1f} nats, distortion {distortion:5.1f}, active latents {active}")

# %% [markdown]
# ## Break it: posterior collapse
#
# The usual mean squared error, plus the KL. It looks like a VAE. The mean over all pixels divides the errors by their
# number; as a sum it is a decoder with noise $\sigma = \sqrt{n / 2}$, about 20 where the pictures span 2.

# %%
mean_of_pixels = float(np.sqrt(test_images[0].size / 2))
collapsed, _ = short_vae(sigma=mean_of_pixels)
cured = swept["beta 1"][0]  # the sum of pixels, a learned sigma
for name, model in {"mean of pixels + KL": collapsed, "sum, learned sigma": cured}.items():
    mean, log_var = model.encode(test_images)
    quality = psnr(test_images, model.decode(mean), data_range=2).mean()
    nats = kl_per_latent(mean, log_var).sum()
    print(
        f"{name:20} KL {nats:5.2f} nats, active {active_units(mean)}/{model.latent_dim}, PSNR {quality:.2f} dB"
    )
rows = {"photos": test_images[:8], "collapsed": collapsed.reconstruct(test_images[:8])}
show(
    plot_rows(rows | {"cured": cured.reconstruct(test_images[:8])}),
    alt="Eight products; the collapsed VAE draws one grey blur for all of them, the cured one draws each",
)

# %% [markdown]
# **Diagnosis.** The loss falls and is finite, and the pictures look like an average: the decoder ignores its latents.
# The number that tells is the count of active latents. Every nat costs more than it saves, so none is said.
#
# | symptom | what it says | first cure to try |
# |---|---|---|
# | KL near 0, all pictures alike | collapse: nothing is worth its price | sum over pixels, learn sigma |
# | KL falls to 0 in the first steps | the prior won before the decoder could read | warm-up of beta, free bits |
# | some latents at 0 | more latents than are needed | nothing: they cost nothing |
# | sharp rebuilt pictures, bad pictures from the prior | too much is said (beta near 0) | raise beta to 1 |

# %% [markdown]
# ## Then enhancement
#
# A VAE repeats what it is given. **Predict first:** what does the trained VAE make of a noisy picture?

# %%
noisy = gaussian_noise(test_images, sigma=25, seed=0)
repeated = vae.reconstruct(noisy)
print(f"noisy:      PSNR {psnr(test_images, noisy, data_range=2).mean():.2f} dB")
print(f"VAE of it:  PSNR {psnr(test_images, repeated, data_range=2).mean():.2f} dB")
show(
    plot_rows({"clean": test_images[:8], "noisy": noisy[:8], "VAE of it": repeated[:8]}),
    alt="Eight products, the same with noise, and what the VAE makes of them: smooth, but with their details gone",
)

# %% [markdown]
# The noise is gone, because 16 numbers have no place for it, and so is all that 16 numbers cannot say. To enhance, the
# picture itself must reach the decoder, and the target must be another picture than the input: a pair.
#
# ### Exercise 7.5 · make it half the size, and keep the original (8 minutes, ★★☆)
#
# The pair needs no label: the clean picture is its own answer. **Predict first:** "keep every second pixel" is the short
# way to half the size. What happens to a striped shirt?

# %% tags=["exercise"]
from utils.exercises.lesson_07.answers import half_size_pair

# %% tags=["check"]
half_size_pair = check("7.5", half_size_pair)

# %%
degraded_half, clean_half = half_size_pair(clean[:3])
show(
    plot_rows({"input": degraded_half, "target": clean_half}, zoom=2),
    alt="Three photos at half the size beside the originals",
)

# %% [markdown]
# Training draws another recipe for each picture in each step: noise of any strength up to 35 grey levels, or a camera's
# chain of blur, half size, noise and JPEG with gaps. One in nine stays clean, so that the model learns to leave good
# photos alone.

# %%
from utils.data.degrade import defocus_blur, jpeg, poisson_noise, shrink

# %% tags=["listing"]
from utils.data.degrade.recipes import random_steps

# %% [markdown]
# ### A first guess, and what it cannot know
#
# All networks are convolutions, so that a photo of any size can be restored. The first one is a plain **regressor**: it
# adds to the degraded picture what is missing, and pays the squared error. Its best answer is the *mean* of all clean
# pictures that fit, so it is blurred wherever it cannot know.

# %% tags=["listing"]
from utils.models.regressor import near_zero, residual_block, residual_blocks, to_picture, build_regressor

# %% [markdown]
# A conditional VAE says the rest. It takes the **features** of the regressor, what is sure of the picture, and adds
#
# * a **prior**: how far each latent may lie from 0 for this picture, that is, how unsure the guess is there, and what a
#   latent would draw at this place;
# * a **posterior** that only training asks. It knows the answer and says, in latents, where the guess was wrong;
# * a **decoder** that draws, from both, what is to be *added* to the guess. It runs once per sample, so it is light: linear
#   in the latents. Given the photo, all answers together are one Gaussian around the guess.
#
# ### Exercise 7.6 · what the prior says and what the picture says (12 minutes, ★★★)
#
# The prior and the one who knows the answer both speak of the same latents, each as a Gaussian. What they say together
# is the product of both, the q(z | clean, degraded) of the training.
# **Predict first:** the prior says 0 with variance 1, the picture says 2 with variance 1. What do they say together, and
# how sure are they?

# %% tags=["exercise"]
from utils.models.restorer import product_of_gaussians

# %% tags=["check"]
product_of_gaussians = check("7.6", product_of_gaussians)

# %%
from utils.models.restorer import log_variances  # a convolution whose results stay between -6 and 6

# %% tags=["listing"]
from utils.models.restorer import build_prior, build_posterior, build_residual_decoder

# %% [markdown]
# The training step is that of the VAE, with a prior that has seen the degraded picture. The regressor stays as it is, so
# the latents can only say what it missed. One small thing decides whether they say anything at all: the layer that hears
# them starts near zero. With the usual start their noise hurts the guess from the first step on, and the cheapest cure is a
# prior of no width: after 100 steps the KL was 0.0, and all samples were one (with the weights of the long training below).
#
# And one small rule: what the guess would change by less than 3 grey levels (39 dB, root mean square) stays exactly as it is.
# Nobody sees such a change, and a photo without damage, or with one that the model does not know, is not touched.

# %%
from typing import NamedTuple

from utils.data.images import check_images
from utils.models.confidence import confidence
from utils.training.restorer import AT_ONCE, SAMPLES, VISIBLE, Restored

# %%
from functools import partial

from utils.training.first_guess import falling_adam  # Adam with a falling rate and a limit for the gradient

# %% tags=["listing"]
from utils.training.restorer import Restorer, left_alone_if_good, build_restorer

# %% [markdown]
# ### Two readers
#
# Noise on a sharp photo wants smoothing, a photo that was enlarged wants sharpening. One small network does both, each worse
# than it could. So at half of the way the regressor is copied, and from then on each copy sees its own kind of photo
# (a *mixture of experts*, Jacobs et al. 1991). No third network has to choose: a photo that was enlarged has no detail as fine as
# its pixels. **Predict first:** differences of neighbours, of those again, six times. What is left of a smooth slope?

# %%
from utils.models.enlarged import (
    FINE,
)  # 0.13: the share of fine detail below which a picture counts as enlarged

# %% tags=["listing"]
from utils.models.enlarged import roughness, was_enlarged

# %%
for name in ("noise sigma 25", "jpeg quality 20", "half size", "mixed", "motion blur 5 px"):
    damaged = degrade(clean, (CONDITIONS | HELD_OUT)[name], seed=3).astype("float32")
    print(f"{name:17} taken for enlarged: {np.mean(was_enlarged(damaged)):4.0%}")

# %% [markdown]
# ### Train it, live: first the guess
#
# The squared error is decided by the few photos that are far off, and the good ones are spoiled a little by the way. So the
# second part, that of the two readers, pays PSNR turned round: for each photo the logarithm of its error.

# %%
from utils.losses import SMALL_ERROR
from utils.models.regressor import build_regressor

# %% tags=["listing"]
from utils.losses import log_error

# %% tags=["listing"]
from utils.training.first_guess import FirstGuess, build_first_guess, finish_first_guess

# %% [markdown]
# Left: the squared error. Right: a held-out photo with noise and one with mixed damage, as the regressor gives them back. The
# stop button keeps the model; run the cell again to go on.
#
# One photo in twelve stands there a second time, darker, and one in six with bars or a disc printed on it, both also as
# the *answer*: a dark photo is not a damaged one, and what is printed on a product is a part of it.

# %%
from utils.data.pairs import make_pairs, with_darker_copies, with_printed_copies

keras.utils.set_random_seed(2026)
training_photos = with_printed_copies(with_darker_copies(photos.images))
pairs = make_pairs(
    training_photos, budget.restorer.batch_size, seed=2026, crop_size=budget.restorer.crop_size
)
regressor = build_first_guess(budget.restorer)
watched = np.concatenate([damage["noise sigma 25"][:1], damage["mixed"][1:2]])

# %% tags=["train"]
guess_history = train(
    regressor,
    pairs,
    budget.restorer.guess_steps,
    callbacks=[
        LiveTraining(lambda: np.clip(regressor.predict_on_batch(watched), -1, 1), budget.restorer.guess_steps)
    ],
    folder=checkpoint_folder("07_vae_enhancement-first-guess"),
)

# %% tags=["train"]
first_guess = finish_first_guess(regressor, budget.restorer)
finish_history = train(first_guess, pairs, budget.restorer.finish_steps)

# %% [markdown]
# ### Then what it cannot know
#
# Left: the errors that are left and the nats that the posterior says beyond the prior. Right: one sample of each of the two.

# %%
trained_here = build_restorer(budget.restorer, first_guess)

# %% tags=["train"]
restorer_history = train(
    trained_here,
    pairs,
    budget.restorer.steps,
    callbacks=[LiveTraining(lambda: trained_here.enhance(watched).sample, budget.restorer.steps)],
    folder=checkpoint_folder("07_vae_enhancement-restorer"),
)

# %% [markdown]
# **The same, trained longer.** The library holds the weights of the same networks, trained in the same three parts with 40, 40 and
# 4 times as many steps, twice the batch (`python -m utils.enhance.train`), on these photos and, so that they also restore drawings and
# grey pictures, some of the catalogue and of Fashion-MNIST. From here on `restorer` is that one; what you have just trained
# stands beside it.

# %%
import json

from utils.enhance.shipped import WEIGHTS, load_restorer


def steps_of(settings):
    """Say the steps of the three parts: squared error, logarithm, latents."""
    return " + ".join(f"{settings[part]:,}" for part in ("guess_steps", "finish_steps", "steps"))


restorer = load_restorer()
facts = json.loads((WEIGHTS / "restorer.json").read_text("utf-8"))
print(
    f"shipped: {steps_of(facts['budget'])} steps, "
    f"{facts['cpu_seconds']:,} CPU seconds; "
    f"trained here: {steps_of(dataclasses.asdict(budget.restorer))} steps"
)

# %% [markdown]
# ## The result
#
# Photos that the model never saw. **The guess** is the regressor's, **one sample** is one draw of the latents around
# it, and the **spread** shows where six samples disagree: dark is sure, bright is invented.

# %%
from utils.show.confidence import confidence_pixels

mixed = damage["mixed"][:3]
restored = restorer.enhance(mixed)
rows = {
    "mixed damage": mixed,
    "trained here, guess": trained_here.enhance(mixed).mean,
    "guess": restored.mean,
    "one sample": restored.sample,
    "spread": np.stack([confidence_pixels(spread) for spread in restored.spread]),
    "clean": held_out.images[:3],
}
show(
    plot_rows(rows, zoom=2),
    alt="Three held-out photos with mixed damage, restored by the short training; by the long one: the guess, one "
    "sample, the spread; and the clean photo",
)

# %% [markdown]
# The guess is calm and soft. The sample is as sharp as a clean photo and grainy: with this training the latents know how
# *much* detail is missing better than *which*. The spread is brightest at edges and prints, where the damaged photo does
# not say what was there.
#
# ### Exercise 7.7 · decibels, with the right range (8 minutes, ★★☆)
#
# PSNR compares the error with the distance from black to white. **Predict first:** the pictures are in [-1, 1], and you
# pass `data_range=1`. By how many decibels are you off?

# %%
from utils.metrics.restoration import check_pairs  # refuses pictures outside of the named range

# %% tags=["exercise"]
from utils.metrics.restoration import psnr

# %% tags=["check"]
psnr = check("7.7", psnr)

# %%
from utils.metrics.restoration import ms_ssim, ssim

noisy = gaussian_noise(clean, sigma=25, seed=1)
print("PSNR of the noisy photos, data_range=2:", f"{psnr(clean, noisy, data_range=2).mean():.2f} dB")
print(
    "a textbook would say",
    f"{20 * np.log10(255 / 25):.2f} dB; clipping at black and white takes some noise away",
)

# %% [markdown]
# ### Against what people use without a network
#
# Each classical restorer gets the strength that was best **on training photos with the same damage**. That is generous:
# it knows the damage, the model does not. All are measured on the same held-out photos.

# %%
from utils.metrics.classical_restorers import tuned
from utils.metrics.restoration_yardsticks import error_by_decile, print_restoration_table, restoration_table

tuning = scale_images(photos.images[: budget.tuning_count])
restorers = {
    "ours, trained here, guess": lambda degraded: trained_here.enhance(degraded).mean,
    "ours, guess": lambda degraded: restorer.enhance(degraded).mean,
    "ours, mean of 8 samples": lambda degraded: restorer.samples(degraded, 8).mean(axis=0),
    "ours, one sample": lambda degraded: restorer.enhance(degraded).sample,
}
tables = {}
for name in ("noise sigma 25", "mixed"):
    classical = tuned(tuning, degrade(tuning, CONDITIONS[name], seed=2))
    tables[name] = restoration_table(clean, degrade(clean, CONDITIONS[name], seed=3), classical | restorers)
    print(f"\n{name}")
    print_restoration_table(tables[name])

# %% [markdown]
# For plain noise the guess is 2.1 dB above the best of what libraries offer under a name (wavelets), and 1.2 dB above the
# sliding DCT, which we wrote for this comparison because it is the strongest we know of that learns nothing. For mixed
# damage it is 1.55 dB above the best single filter, and 1.2 dB above two of them in a row. SSIM is better in all four. The
# training that you have just watched reaches most of that: 40 times as many steps bring 0.35 dB to mixed damage, 0.8 dB to
# noise. *Mean of 8 samples* is the guess itself: four of them lie opposite to the other four.
#
# **What two readers are worth.** After 85,000 steps one reader alone had 30.2 dB for noise and 25.7 dB for mixed damage. Two
# copies of it, each on its own kind of photo for 40,000 steps more, brought 0.5 and 0.2 dB, and restoring costs the same.
#
# **Perception against distortion.** Farther right is nearer to the clean photo, a sharpness of 1 is that of clean
# photos. **Predict first:** where does the mean of 2 samples lie, between one sample and the mean of 8?

# %%
degraded = degrade(clean, CONDITIONS["mixed"], seed=3)
samples = restorer.samples(degraded, 16)[:8]  # independent ones: the other eight lie opposite to them
path = {"guess": (tables["mixed"]["ours, guess"]["psnr"], tables["mixed"]["ours, guess"]["sharpness"])}
for count in (8, 4, 2, 1):
    averaged = samples[:count].mean(axis=0)
    row = restoration_table(clean, degraded, {"ours": lambda _: averaged})["ours"]  # noqa: B023
    path[f"mean of {count}" if count > 1 else "one sample"] = row["psnr"], row["sharpness"]
chosen = ("do nothing", "unsharp mask", "bilateral", "non-local means", "non-local means, unsharp mask")
peers = {name: (row["psnr"], row["sharpness"]) for name, row in tables["mixed"].items() if name in chosen}
show(
    plot_plane(path | peers, "PSNR, dB", "sharpness, clean = 1", highlight=tuple(path), title="mixed damage")
)

# %% [markdown]
# Each doubling of the samples halves what lies between their mean and the guess. A blurred guess and a grainy sample are
# two ends of one trade: what lies between them, sharp *and* near, would need the photo to say more.
#
# ### Every other kind of damage, and damage it never saw
#
# Fewer photos and fewer classical restorers here, because these are slow. *Best classical* is the best of the strongest
# four, tuned for this very damage. The last four rows were in no training pair.

# %%
few = clean[: 2 * budget.tuning_count]
strongest = ("do nothing", "wavelets", "non-local means", "sliding DCT")
others = {name: steps for name, steps in (CONDITIONS | HELD_OUT).items() if name not in tables}
print(
    f"{'PSNR, dB':20} {'nothing':>8} {'classical':>10} {'ours':>7}   SSIM: {'nothing':>7} {'ours':>6}   best classical"
)
for name, steps in others.items():
    damaged = degrade(few, steps, seed=3)
    classical = tuned(tuning, degrade(tuning, steps, seed=2), strongest)
    scores = {key: psnr(few, one(damaged), data_range=2).mean() for key, one in classical.items()}
    best = max(scores, key=scores.get)
    mean = restorer.enhance(damaged).mean
    ours = psnr(few, mean, data_range=2).mean()
    similar = [ssim(few, one, data_range=2).mean() for one in (damaged, mean)]
    print(
        f"{name:20} {scores['do nothing']:8.2f} {scores[best]:10.2f} {ours:7.2f}   "
        f"{similar[0]:13.3f} {similar[1]:6.3f}   {best}"
    )

# %% [markdown]
# What was trained gains, and beats the filters that were told the damage. Motion blur, never trained, gains as well. Low
# light, a sticker and a watermark are left as they are in nearly every photo, by the rule of 3 grey levels: 0.001, 0.003 and
# 0.014 dB are lost on 300 photos. The 0.06 dB of the watermark above are one photo of 24, the first of those below.
#
# ### Exercise 7.8 · how sure is it, pixel by pixel? (10 minutes, ★★☆)
#
# **Predict first:** a pixel is red in one sample and blue in the next, equally bright. Is the model sure of it?

# %% tags=["exercise"]
from utils.models.confidence import confidence

# %% tags=["check"]
confidence = check("7.8", confidence)

# %% [markdown]
# **Is it right when it is sure?** All pixels, sorted by the spread, in ten groups. A spread that knows nothing would give
# a flat line.

# %%
deciles = {}
for name in ("noise sigma 25", "mixed", "motion blur 5 px"):
    damaged = degrade(clean, (CONDITIONS | HELD_OUT)[name], seed=3)
    restored = restorer.enhance(damaged)
    deciles[name] = error_by_decile(np.abs(clean - restored.mean).mean(axis=-1), restored.spread) * 127.5
    print(
        f"{name:17} most unsure tenth errs {deciles[name][-1] / deciles[name][0]:.1f} times as much as the surest"
    )
show(
    plot_curves(
        {"step": np.arange(1, 11)} | deciles,
        window=1,
        xlabel="pixels by spread, surest tenth first",
        ylabel="error, grey levels",
    )
)

# %% [markdown]
# For mixed damage the surest pixels err less than a fifth as much as the most unsure ones. Plain noise leaves an error nearly
# everywhere alike, so there is less to be known.
#
# ### Where it fails
#
# The held-out photos that lost most, of all kinds of damage. In an interview, show these before you are asked.

# %%
losses = []
for name, steps in (CONDITIONS | HELD_OUT).items():
    damaged = degrade(clean, steps, seed=3)
    restored = restorer.enhance(damaged).mean
    gain = psnr(clean, restored, data_range=2) - psnr(clean, damaged, data_range=2)
    worst = int(np.argmin(gain))
    losses.append((gain[worst], name, damaged[worst], restored[worst], clean[worst]))
losses = sorted(losses, key=lambda row: row[0])[:3]
show(
    plot_rows(
        {
            "damaged": np.stack([row[2] for row in losses]),
            "restored": np.stack([row[3] for row in losses]),
            "clean": np.stack([row[4] for row in losses]),
        },
        zoom=2,
    ),
    alt="The three photos that the restorer harmed most: damaged, restored and clean",
)
for gain, name, *_ in losses:
    print(f"{gain:+6.2f} dB  {name}")

# %% [markdown]
# Two ways to fail. What is faint and fine, a small print or a texture, is taken for noise and smoothed away. And damage that was
# never trained is taken for a part of the product: the stripes of the watermark stay, and the print under them goes. The
# average of the table hides such photos. Before you promise "never worse", gate the model: restore only what a detector of
# known damage asks for.
#
# ## Your own photos
#
# `enhance` is the shipped restorer for pictures of any size, grey or colour:

# %%
from utils.enhance import enhance

catalogue = scale_images(load_products("catalogue", "test", count=100).images)
grey = scale_images(load_products("fashion-mnist", "test", count=100, fallback="catalogue").images)
large = load_products(
    "clothing-photos", "validation", count=2, image_size=256, channels=3, fallback="catalogue"
)
sets = {
    "grey 28 x 28": grey,
    "catalogue 32 x 32": catalogue,
    "photos 64 x 64": clean,
    "photos 256 x 256": scale_images(large.images),
}
print(f"{'noise sigma 25':18} {'noisy':>7} {'restored':>9}")
for name, pictures in sets.items():
    noisy = gaussian_noise(pictures, sigma=25, seed=0)
    restored = enhance(noisy).mean
    before, after = (psnr(pictures, one, data_range=2).mean() for one in (noisy, restored))
    print(f"{name:18} {before:7.2f} {after:9.2f}")

# %% [markdown]
# Drop a photo of your own. The border between before and after follows the slider, also by keyboard.

# %% tags=["widget"]
from utils.enhance.widget import enhance_widget

enhance_widget(enhance)

# %% [markdown]
# For a whole shop there is a command. It never touches the originals, goes on where it was stopped, skips what it cannot
# read and says why, and leaves a page of all photos before and after:
#
# ```
# python -m utils.enhance my_photos
# ```
#
# ## What this does not show
#
# * 64 x 64 pixels. On large photos the same network sees smaller parts of a product, and restores texture, not shape.
# * The damage is simulated. Real phones add demosaicing, their own denoising and two more JPEGs: take pairs of the same
#   scene, or a richer mixture (Real-ESRGAN), before you promise anything.
# * PSNR, SSIM and sharpness are no shoppers. Lesson 08 lets people judge.
# * The spread is that of this model. It knows what it learned to doubt; a sticker it takes for print, surely and wrongly.
# * One seed, one data set. Trained on a CPU; the `gpu` budget was not run for this notebook.
#
# ## Follow-up questions
#
# <details><summary>Why are VAEs blurred?</summary>
#
# With a Gaussian decoder the best picture for given latents is the *mean* of all pictures that these latents could mean,
# and a mean of shifted edges is a soft edge. It is the loss, not the architecture: cures are more latents, a decoder
# that models dependence between pixels, a perceptual or adversarial term, or a discrete code with a strong prior.
# </details>
#
# <details><summary>What do VQ-VAE and latent diffusion change?</summary>
#
# A VQ-VAE has a codebook in the place of Gaussians: nothing to collapse into a prior, and the prior over codes is learned
# afterwards (van den Oord et al. 2017). Latent diffusion keeps a VAE with a weak KL as a codec and lets a diffusion model
# be the prior of its latents (Rombach et al. 2022). The VAE then limits what can be shown: small print and logos.
# </details>
#
# <details><summary>ESRGAN, diffusion restorers: what would you take today?</summary>
#
# For speed and fidelity a regressor or a model like this one. For looks a GAN-trained network (ESRGAN, Wang et al. 2018;
# Real-ESRGAN, Wang et al. 2021) or a diffusion restorer (SR3, Saharia et al. 2021; StableSR, Wang et al. 2023). These
# draw plausible detail, and plausible is not true: for a shop that matters.
# </details>
#
# <details><summary>What happens when you add a GAN loss?</summary>
#
# Samples become sharper and PSNR falls: the restorer moves along the perception-distortion curve, it does not leave it
# (Blau and Michaeli 2018). Start with the pixel loss alone, add a small weight, and plot both numbers.
# </details>
#
# <details><summary>When does enhancement become invention, and what may a shop not change?</summary>
#
# When samples disagree on what a customer decides by: colour, print, logo, number of buttons, texture that says cotton
# or silk, a stain on a used coat. Keep the product's pixels where the spread is high, or ask for a new photo; never
# restore text; check colour difference (Delta E) and logos automatically; keep the original and mark what was generated.
# </details>
#
# <details><summary>Why not use the posterior at test time? It gives much better PSNR.</summary>
#
# Because it has seen the answer: q(z | clean, degraded) needs the clean picture. A number from it measures a leak. At
# test time there is the prior, and the difference of both is exactly the KL that training pays for.
# </details>
#
# <details><summary>Why nats, and why the sum?</summary>
#
# Both halves of the bound are log-probabilities of one whole image. A mean over pixels is a factor of 1 / n on one half
# alone, and moves the balance by n. In bits per dimension one divides both, after adding them.
# </details>
#
# <details><summary>How many samples does the mean need?</summary>
#
# The variance of the mean of k samples falls as 1 / k: of the 3 dB between a perfect sample and the perfect mean, two
# samples bring 1.25 dB, eight 2.5 dB. Pairs with opposite noise (z and its mirror) cancel first-order errors.
# </details>

# %% [markdown] tags=["recall"]
# **Rehearse this lesson:** topic *Photo enhancement with a VAE* in `10_mock_interview`, or in a terminal
# `python -m utils.interview --topics enhancement`.

# %% [markdown]
# ## Sources
#
# * Kingma, Welling 2013, Auto-Encoding Variational Bayes, arXiv:1312.6114; Rezende et al. 2014, arXiv:1401.4082
# * Sohn, Lee, Yan 2015, Learning Structured Output Representation using Deep Conditional Generative Models (NeurIPS)
# * Sonderby et al. 2016, Ladder VAE, arXiv:1602.02282; Higgins et al. 2017, beta-VAE (ICLR)
# * Bowman et al. 2016, arXiv:1511.06349; Kingma et al. 2016, free bits, arXiv:1606.04934
# * Rybkin et al. 2020, sigma-VAE, arXiv:2006.13202; Burda et al. 2015, active units, arXiv:1509.00519
# * Blau, Michaeli 2018, The Perception-Distortion Tradeoff, arXiv:1711.06077
# * Zhang et al. 2017, residual denoising, arXiv:1608.03981; Ronneberger et al. 2015, U-Net, arXiv:1505.04597
# * Wang et al. 2004, SSIM, IEEE TIP 13(4); Wang et al. 2003, MS-SSIM (Asilomar)
# * van den Oord et al. 2017, arXiv:1711.00937; Rombach et al. 2022, arXiv:2112.10752
# * Wang et al. 2018, ESRGAN, arXiv:1809.00219; Wang et al. 2021, Real-ESRGAN, arXiv:2107.10833
# * Saharia et al. 2021, SR3, arXiv:2104.07636; Wang et al. 2023, StableSR, arXiv:2305.07015

# %% tags=["widget"]
progress()
