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
# # 03 · Stable GAN training
#
# > **Interview question 2.** How do you make the training of a GAN stable?
# >
# > **面试题 2。** 如何提高 GAN 的训练稳定性？梯度惩罚、谱归一化、批量归一化和学习率调整各自约束什么、放在哪里、为什么有效？
#
# **You will be able to**
#
# * say what each method binds, where, and to which value, and write its formula from memory;
# * code the gradient penalty, R1, one step of spectral normalisation, the hinge, two learning rates and an average;
# * say which of them cannot be combined, and show it with a number;
# * read a failed training off its curves, name the cause and the first cure to try;
# * answer "does it help?" with how often it helped, over learning rates and seeds, instead of with one run.
#
# | budget | what for | training | whole notebook |
# |---|---|---|---|
# | `smoke` | tests | seconds | under 20 s |
# | `cpu` | a laptop with 2 cores | about half a minute | about 1 minute |
# | `gpu` | one GPU | longer, more cells of the map | not yet run on a GPU |
#
# The exercises take about 70 minutes. You can run the whole notebook first and solve them afterwards:
# a cell that checks an unsolved exercise puts the library's own function in its place.
#
# Late, or here for one part? In a new cell at the top, `from utils.course.skip import skip_to; skip_to("03", "The stability map")`
# loads what the parts before it make. `skip_to("03")` lists the parts.

# %% tags=["setup"]
from utils.training.device import start_lesson  # first: TensorFlow starts without its log lines

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from utils.exercises import check, hint, progress, solution

# %% tags=["setup"]
budget = start_lesson("03_stable_gan_training")

# %% [markdown]
# ## The draft answer
#
# A draft that circulates as the answer to this question names four methods. In our words:
#
# * **gradient penalty**: a term in the discriminator's loss that forces the generator to learn stably;
# * **spectral normalisation**: normalise the weights of generator and discriminator, so that gradients stay stable;
# * **batch normalisation**: use it in generator and discriminator, against internal covariate shift;
# * **learning rate**: change it by phase of the training, to avoid overfitting too early.
#
# All four exist, and each is said to be somewhere it is not. **Predict first:** one pair of these four must not be used
# together in a discriminator. Which?
#
# ### What an interviewer catches in it
#
# **Defect 1. The penalty binds the discriminator, not the generator.** It is a function of the discriminator's slope. In
# its step the fakes are fixed points, so the generator's weights get no gradient from it at all. (Of the discriminator's only the last bias
# gets none: it lifts all scores and changes no slope.)

# %%
from utils.training.gradients import slopes
from utils.training.penalties import gradient_penalty as library_penalty
from utils.training.stability import MODES, build_setting
from utils.training.methods import PLAIN

keras.utils.set_random_seed(1)
gan = build_setting(PLAIN)
real_points, latents = ops.convert_to_tensor(MODES.draw(64, seed=1)), keras.random.normal((64, 2), seed=1)
fake_points = ops.stop_gradient(gan.generator(latents))  # as the discriminator's step gets them
for name in ("generator", "discriminator"):
    variables = getattr(gan, name).trainable_variables
    _, moved = slopes(lambda: library_penalty(gan.discriminator, real_points, fake_points), variables)
    count = sum(slope is not None for slope in moved)
    print(f"{name:14} {count} of {len(variables)} variables get a gradient")

# %% [markdown]
# **Defect 2. Spectral normalisation belongs to the discriminator.** SNGAN (Miyato et al. 2018) bounds the slope of the
# *score*. On the generator it is another method with another reason: SAGAN (Zhang et al. 2018) found it to help there too,
# because it keeps the generator's conditioning in bounds. And it does not keep gradients "stable": each layer stretches by
# at most 1, several layers mostly by far less, and the generator's signal becomes small.

# %%
from utils.models.points_norms import build_spectral
from utils.training.penalties import cross_talk, input_slopes

spectral = build_spectral(width=64)
for _ in range(200):
    spectral(real_points, training=True)
steepness = np.linalg.norm(input_slopes(spectral, real_points), axis=1)
print(
    f"slope of a normalised score: largest {steepness.max():.2f}, median {np.median(steepness):.2f}, allowed 1"
)

# %% [markdown]
# **Defect 3. Batch normalisation and a gradient penalty exclude each other.** The penalty is a price on the slope of *one*
# image's score for *that* image. Batch normalisation mixes the images, so that slope does not exist: the score of one hangs
# on all others. That is the pair that was asked for above. WGAN-GP says so in its paper.

# %%
from utils.models.points_norms import build_with_norm

norms = {"none": None, "batch norm": layers.BatchNormalization, "layer norm": layers.LayerNormalization}
few = real_points[:16]
for name, norm in norms.items():
    network = build_with_norm(norm, width=64)
    print(f"{name:10} pull of another point: {cross_talk(network, few):6.1%} of the pull of the point itself")

# %% [markdown]
# In the *generator* batch normalisation helps, and it stands in lesson 02; DCGAN leaves it out of the generator's last
# and the discriminator's first layer. That it works by reducing internal covariate shift is contested: Santurkar et al. (2018)
# add such shift on purpose, and it still helps.
#
# **Defect 4. A falling learning rate is not against overfitting.** Overfitting in a GAN is a discriminator that knows
# the training images by heart, and its cure is augmentation (lesson 06). A falling rate does something else: the two players
# stop circling. The smallest GAN below shows it.
#
# **Defect 5. No formula, no place, no target.** Which slope, of what, at which points, drawn to which value? Without
# that it cannot be coded, and each of the four answers is where the methods differ.
#
# | said | right |
# |---|---|
# | the penalty forces the generator | it binds the slope of D's score; G only gets a better teacher |
# | spectral norm on both | on D for the slope; on G another method, for another reason |
# | batch norm in both | in G; never in a penalised D: layer norm, instance norm or none |
# | decay against overfitting | decay against circling; augmentation against overfitting |
# | nothing about the losses, Adam, averages | non-saturating, hinge or pairs; beta_1 of 0 to 0.5; TTUR; EMA |
#
# ## The answer in 30 seconds
#
# > "Two things go wrong: the discriminator's slope becomes useless or huge, and the game turns instead of arriving. Against the
# > first I bind the slope of D's raw score: R1 at real images, R2 at fakes too, or WGAN-GP between them, or spectral norm
# > in D's layers. Against the second I keep Adam's memory short, beta_1 of 0 to 0.5, give D the larger rate, let both rates fall
# > at the end and draw from an average of the generator. I use a non-saturating, hinge or relativistic loss on logits, and no batch
# > norm in a D with a penalty. I watch modes or recall, D's slope and the singular values, over several seeds, not the losses."
#
# ## The answer in 3 minutes
#
# * **WGAN-GP** (Gulrajani et al. 2017): the critic must have a slope of 1 between real and fake,
#   $\lambda \, \mathbb{E}\,(\lVert \nabla_{\hat x} D(\hat x) \rVert_2 - 1)^2$ with $\hat x = u x + (1 - u) G(z)$ and
#   $u \sim U[0, 1]$, one $u$ per image. Slope 1 is what the best Wasserstein critic has on those lines.
# * **R1** (Mescheder et al. 2018): $\frac{\gamma}{2} \mathbb{E}_{\text{real}} \lVert \nabla_x D(x) \rVert^2$; **R2** the same at
#   fakes. Target 0, because at the end real and fake are alike and the best score is flat. **DRAGAN** (Kodali et al. 2017): target
#   1, in a cloud around real images.
# * **Spectral norm** (Miyato et al. 2018): $W / \sigma(W)$ in each layer, $\sigma$ by one step of the power iteration per
#   training step. The slope of the whole score is at most the product of the layers' factors.
# * **The game turns.** Its Jacobian at the solution has the eigenvalues $\pm \frac{1}{2} i$: no damping. R1 moves them to
#   $-\frac{\gamma}{2} \pm \sqrt{\frac{\gamma^2}{4} - \frac{1}{4}}$ (Mescheder et al. 2018).
# * **Losses**: hinge $\mathbb{E}\max(0, 1 - D(x)) + \mathbb{E}\max(0, 1 + D(G(z)))$; pairs $\mathbb{E}\operatorname{softplus}(D(G(z)) - D(x))$.
#   R3GAN (Huang et al. 2024) is pairs with R1 and R2, and needs no other trick.
# * **Rates**: TTUR (Heusel et al. 2017), D faster than G; SAGAN used 4e-4 and 1e-4. **EMA**: the average of circling
#   weights lies near the middle.

# %% [markdown]
# ## The smallest GAN
#
# One real point at 0. The generator is one number, `theta`, where its fake lies. The discriminator is one number, `psi`:
# its score is `psi * x`. The solution is `theta = psi = 0`. **Predict first:** both players take small steps downhill on their
# own loss, from (1, 1). Where do they end?

# %% tags=["listing"]
from utils.training.dirac import dirac_path

# %%
from utils.show.paths import plot_paths
from utils.show.pictures import plot_curves, plot_images, plot_scores, show

show(
    plot_paths(
        {
            "both at once": dirac_path(),
            "in turn": dirac_path(alternate=True),
            "in turn, beta_1 = 0.9": dirac_path(alternate=True, beta_1=0.9),
            "in turn, R1": dirac_path(alternate=True, gamma=1.0),
        }
    )
)

# %% [markdown]
# Without a penalty nobody arrives, although each step is right for the one who takes it. Momentum makes it worse: it keeps
# pushing where the opponent no longer is. R1 arrives. The eigenvalues say all that before any step is taken: their
# imaginary part turns, their real part damps.

# %% tags=["listing"]
from utils.training.dirac import dirac_eigenvalues

# %%
for gamma in (0.0, 0.5, 1.0, 2.0, 10.0):
    values = ", ".join(f"{value.real:+.2f}{value.imag:+.2f}i" for value in dirac_eigenvalues(gamma))
    end = np.hypot(*dirac_path(gamma=gamma)[-1])
    print(f"gamma {gamma:4}: eigenvalues {values:28} ends {end:.0e} away after 500 steps")

# %% [markdown]
# Too much is as slow as too little: with a gamma of 10 one eigenvalue is almost 0 again. The discriminator is held so flat that it
# has nothing to say. You will see the same curve on 25 modes below.
#
# ## Gradient penalties: the slope of a score
#
# All of them need the slope of each score for its own image, in one tape inside another: the outer one must see how that
# slope depends on the discriminator's weights.

# %% tags=["listing"]
from utils.training.penalties import input_slopes

# %% [markdown]
# ### Exercise 3.1 · the price of a slope that is not 1 (8 minutes, ★★☆)
#
# From slopes to one price: a length per image, its distance from 1, squared, the mean over the batch, times the weight.
# **Predict first:** what is the derivative of a square root at 0, and which critic has slope 0 everywhere?

# %% tags=["exercise"]
from utils.critic_losses import one_centred_penalty

# %% tags=["check"]
one_centred_penalty = check("3.1", one_centred_penalty)

# %% [markdown]
# Stuck? `hint("3.1")` in a new cell gives the next hint, `solution("3.1")` the library's source.
#
# ### Exercise 3.2 · the gradient penalty of WGAN-GP (12 minutes, ★★★)
#
# Where is the slope taken? On the line from a fake to a real image, at a share that is drawn evenly from [0, 1], one share
# per image. A widely copied example draws it from a normal distribution. `input_slopes` and `one_centred_penalty` are yours to use.

# %% tags=["exercise"]
from utils.training.penalties import gradient_penalty

# %% tags=["check"]
gradient_penalty = check("3.2", gradient_penalty)

# %%
shares = np.random.default_rng(0).standard_normal(100_000)
print(
    f"normal shares: {np.mean((shares < 0) | (shares > 1)):.0%} of the points lie beyond the line, where nobody is"
)
kernel = ops.convert_to_tensor(
    [[3.0], [4.0]]
)  # a linear critic: its slope is (3, 4), of length 5, everywhere


def linear_critic(points, training=True):
    return ops.matmul(points, kernel)


print(
    f"a linear critic of slope 5 pays {float(gradient_penalty(linear_critic, real_points, fake_points)):.4f}"
)
print(f"closed form: 10 * (5 - 1)^2 =  {10 * (5 - 1) ** 2}")

# %% [markdown]
# ### Exercise 3.3 · R1: no interpolation, no target of 1 (6 minutes, ★★☆)

# %%
from utils.losses import zero_centred_penalty

# %% tags=["exercise"]
from utils.training.penalties import r1_penalty

# %% tags=["check"]
r1_penalty = check("3.3", r1_penalty)

# %%
print(f"R1 of the linear critic, gamma 1: {float(r1_penalty(linear_critic, real_points)):.4f} = 5^2 / 2")

# %% [markdown]
# R2 is the same function, called with fakes. DRAGAN asks for a slope of 1 as WGAN-GP does, but in a cloud around real
# images, so it needs no fakes and works with any loss.

# %% tags=["listing"]
from utils.training.penalties import dragan_penalty

# %% [markdown]
# | | where | target | fits to |
# |---|---|---|---|
# | WGAN-GP | between real and fake, one share per pair | 1 | a Wasserstein critic |
# | R1 | real images | 0 | non-saturating, pairs |
# | R2 | fake images | 0 | together with R1 |
# | DRAGAN | around real images | 1 | any loss |
#
# ## Norms: what may stand in a critic
#
# ### Exercise 3.4 · repair the draft's critic (8 minutes, ★★☆)
#
# The draft's critic of points has batch normalisation and ends in a sigmoid. Write one under which a penalty means what its
# formula says: each point is judged alone, by one raw score.


# %%
def draft_critic(width=64):
    return keras.Sequential(
        [
            layers.Input((2,)),
            layers.Dense(width),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


print(
    f"the draft's critic: another point pulls with {cross_talk(draft_critic(), few):.1%} of a point's own pull"
)

# %% tags=["exercise"]
from utils.exercises.lesson_03.answers import build_lone_critic

# %% tags=["check"]
build_lone_critic = check("3.4", build_lone_critic)

# %% [markdown]
# **A look at the batch on purpose** is another matter: minibatch deviation tells the discriminator how much its batch
# varies, so that a collapsed generator gives itself away. It makes images talk, too, so it does not go under a penalty per image.

# %% tags=["listing"]
from utils.models.minibatch import append_batch_deviation

# %%
features = np.random.default_rng(1).standard_normal((64, 8)).astype("float32")
for name, batch in {
    "64 different rows": features,
    "one row, 64 times": np.repeat(features[:1], 64, axis=0),
}.items():
    print(f"{name}: deviation {float(append_batch_deviation(batch)[0, -1]):.4f}")

# %% [markdown]
# ### Exercise 3.5 · one step of the power iteration (8 minutes, ★★☆)
#
# A layer stretches its input by at most its largest singular value. One step backwards and forwards through the kernel improves
# an estimate of it; SNGAN takes one step per training step and keeps `u`.

# %% tags=["exercise"]
from utils.models.spectral import power_step

# %% tags=["check"]
power_step = check("3.5", power_step)

# %%
kernel = np.random.default_rng(2).standard_normal((64, 32)).astype("float32")
true = np.linalg.svd(kernel, compute_uv=False)
u = np.ones((1, 32), "float32") / np.sqrt(32)
print(f"NumPy's singular values begin {true[0]:.3f}, {true[1]:.3f}: close to each other, a slow case")
for step in range(1, 51):
    sigma, u = power_step(kernel, u)
    if step in (1, 2, 5, 10, 50):
        print(f"after {step:2} steps: {float(sigma):.3f}, {float(sigma) / true[0]:.1%} of the true value")

# %% [markdown]
# An estimate that is too small divides by too little, so in the first steps a "normalised" layer still stretches by more than 1.
#
# **Keras has the layer**, and it differs from the paper in two ways that matter in a loop of your own. It overwrites the
# kernel with the normalised one, so the size of the kernel is gone; and it does so only when it is called with `training=True`.

# %%
dense = layers.Dense(32)
wrapped = layers.SpectralNormalization(dense)
wrapped(np.ones((1, 64), "float32"))
dense.kernel.assign(kernel)
for training in (False, True):
    for _ in range(100):
        wrapped(np.ones((1, 64), "float32"), training=training)
    largest = np.linalg.svd(dense.kernel.numpy(), compute_uv=False)[0]
    print(f"100 calls with training={training}: largest singular value {largest:.5f}")

# %% [markdown]
# **For a convolution it is not the slope that is bounded.** What is normalised is the kernel laid out as one matrix. How far the
# convolution stretches a whole picture is read off its spectrum, and it can be up to $\sqrt{3 \cdot 3} = 3$ times that.

# %% tags=["listing"]
from utils.models.spectral import conv_stretch

# %%
convolution = np.random.default_rng(3).standard_normal((3, 3, 8, 8))
convolution /= np.linalg.svd(convolution.reshape(-1, 8), compute_uv=False)[0]
print(f"kernel as a matrix: 1.00, the convolution on 16 x 16 pixels: {conv_stretch(convolution, 16):.2f}")

# %% [markdown]
# ## Prices
#
# ### Exercise 3.6 · the hinge (5 minutes, ★☆☆)
#
# A score that is clear enough costs nothing more. **Predict first:** what does a discriminator pay that scores everything 0?

# %% tags=["exercise"]
from utils.critic_losses import hinge_loss

# %% tags=["check"]
hinge_loss = check("3.6", hinge_loss)

# %% [markdown]
# Against the hinge and against a Wasserstein critic the generator just wants higher scores.

# %% tags=["listing"]
from utils.critic_losses import critic_loss, score_loss

# %% [markdown]
# **Labels of 0.9** keep a discriminator from being too sure. What they cost: the best discriminator is no longer $\frac{p}{p + q}$ but
# $0.9 \frac{p}{p + q}$. It stops being a ratio of densities, and it says 0.45 where both are alike. Only the real labels are
# softened (one-sided), for softened fake labels would reward fakes where no real image is (Salimans et al. 2016).

# %% tags=["listing"]
from utils.critic_losses import smoothed_loss

# %%
scores = np.linspace(-4, 6, 2_001, dtype="float32")[:, None]
for ratio in (1, 10, 1_000):  # how much more likely a point is real than fake
    costs = [
        float(ratio * smoothed_loss(row, row * 0 - 50) + smoothed_loss(row * 0 + 50, row, 1.0))
        for row in scores[::20]
    ]
    best = scores[::20][int(np.argmin(costs)), 0]
    print(
        f"p / q = {ratio:5}: plain labels say {ratio / (1 + ratio):.3f}, labels of 0.9 say {1 / (1 + np.exp(-best)):.3f}"
    )

# %% [markdown]
# **Pairs** ask that each real image scores above a fake one. The score's zero becomes free, and a discriminator gains
# nothing from pushing all fakes down together; then R1 and R2 hold both sides (lesson 01 trains it).

# %% tags=["listing"]
from utils.losses import relativistic_loss

# %% [markdown]
# ## Rates and averages
#
# ### Exercise 3.7 · two learning rates, and how they end (6 minutes, ★☆☆)
#
# TTUR: the discriminator learns `ratio` times as fast, so that its slope is worth something when the generator asks. Both
# rates hold, then go down to 0 in a straight line.

# %% tags=["exercise"]
from utils.training.rates import two_rates

# %% tags=["check"]
two_rates = check("3.7", two_rates)

# %%
steps = np.arange(0, 901, 10)
d_rates, g_rates = 1e3 * np.transpose([two_rates(int(step), 1_000) for step in steps])
rates = {"step": steps, "discriminator": d_rates, "generator": g_rates}
show(plot_curves(rates, xlabel="step, the first 900 of 1,000", ylabel="rate, thousandths", window=1))

# %% [markdown]
# ### Exercise 3.8 · an average that forgets the start (8 minutes, ★★☆)
#
# Write the moving average of a path of weights, with the warm-up of lesson 02. Below it runs over the smallest GAN, whose
# players circle for ever. **Predict first:** where is the average of a circle?

# %% tags=["exercise"]
from utils.exercises.lesson_03.answers import averaged_path

# %% tags=["check"]
averaged_path = check("3.8", averaged_path)

# %%
circle = dirac_path(2_000, alternate=True)
averages = averaged_path(circle, decay=0.998)
show(plot_paths({"the players": circle, "their average": averages}))
print(
    f"the players end {np.hypot(*circle[-1]):.2f} away from the solution, their average {np.hypot(*averages[-1]):.2f}"
)

# %% [markdown]
# The average does not make the game stable; it draws from its middle. A decay of `d` remembers about `1 / (1 - d)` steps: without the warm-up,
# 0.999 would still hold 13.5 % of its random start after 2,000 steps.

# %%
print(f"left of the start after 2,000 steps at 0.999: {0.999**2_000:.1%}")

# %% [markdown]
# ## The methods as one table
#
# Each method is a pair of prices, penalties, a discriminator and rates. What is not named is as in `Setting`: no momentum, equal
# rates, an average over about 500 steps.

# %%
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from utils.models.points_norms import build_clipped, build_with_deviation
from utils.training.methods import (
    CRITIC,
    PAIRS,
    WITH_BATCH_NORM,
    as_written,
    fake_scores,
    flat_at_fake,
    flat_at_real,
    slope_one_around_real,
    slope_one_between,
)
from utils.training.points_gan import Method

# %% tags=["listing"]
from utils.training.methods import METHODS

# %% [markdown]
# Nothing else changes between them: the same small networks (three layers of 64), the same 25 Gaussians, one step of each player
# in turn. So a difference between two rows is the method's.
#
# ## Train it, live
#
# Three methods at one learning rate, 0.003, from one seed. Left the losses, right what the discriminator thinks (blue: real), real
# points as dots, fakes as triangles, the pull on some of them as arrows. **Predict first:** which one forgets modes?

# %%
from utils.data.points import make_points
from utils.metrics.modes import high_quality, modes_covered
from utils.show.game import picture_now, plot_moments, step_through
from utils.show.live import LiveTraining
from utils.training.fit import train
from utils.training.methods import at_rate
from utils.training.recording import Recorder

RACE = ("beta_1 = 0.9", "non-saturating", "pairs, R1, R2")
recorders, gans = {}, {}

# %% tags=["train"]
for name in RACE:
    keras.utils.set_random_seed(2026)
    gans[name] = build_setting(at_rate(METHODS[name], 3e-3))
    recorders[name] = Recorder(MODES, budget.steps, budget.frames)
    live = LiveTraining(partial(picture_now, name, recorders[name]), budget.steps)
    batches = make_points(MODES, 128, seed=2026)
    train(gans[name], batches, budget.steps, callbacks=[recorders[name], live])

# %% [markdown]
# ## The result
#
# Drawn from each one's average, none picked. The share of points on a mode is modest in so short a training; what separates
# the three is how many of the 25 modes they still know.

# %%
score_latents = keras.random.normal((budget.score_count, 2), seed=8)
found = {}
for name, gan in gans.items():
    points = gan.draw(score_latents)
    found[name] = modes_covered(points, *MODES)
    print(f"{name:16} {found[name]:2} of 25 modes, {high_quality(points, *MODES):.0%} of the points on one")
show(
    plot_scores(
        found, log=False, band=(budget.mode_band, 25), highlight="pairs, R1, R2", xlabel="modes found, of 25"
    )
)

# %%
recordings = {name: recorder.recording() for name, recorder in recorders.items()}
show(plot_moments([(name, recording, len(recording.steps) - 1) for name, recording in recordings.items()]))

# %% [markdown]
# Step through the three trainings. The slider takes the arrow keys. In the first one watch the crowd: it never settles, for where it
# goes the discriminator has just learned to say no.

# %% tags=["widget"]
step_through(recordings)

# %% [markdown]
# ## The stability map
#
# One run is an anecdote: another seed, another story. So each method was trained at four learning rates from three
# seeds each, by one command, and every cell's numbers are stored with the course:
#
# `python -m utils.training.stability_map`
#
# What counts was fixed before: **trains** finds at least 23 of the 25 modes, with at least 40 % of its points on one; **blurs** finds them,
# with less (points strewn evenly over the square would have 28 %); **collapses** finds fewer; **diverges** has
# fewer than 10 % on any mode, or numbers that are none.

# %%
import math

from utils.metrics.outcome import BLURS, COLLAPSES, COVERED, DIVERGES, LOST, OUTCOMES, SHARP, TRAINS

# %% tags=["listing"]
from utils.metrics.outcome import outcome

# %%
from utils.metrics.outcome import image_outcome
from utils.show.outcomes import plot_outcomes
from utils.training.stability_map import outcome_table, read_rows


def judge(row, kind="ema_"):
    return outcome(row[f"{kind}modes"], 25, row[f"{kind}quality"])


rows = read_rows("points")
print(f"{len(rows)} trainings of {rows[0]['steps']:,} steps")
show(plot_outcomes(outcome_table(rows, judge)))

# %% [markdown]
# **Is it true?** Some of these cells again, now, on this machine, from nothing. On the machine that made the table each digit
# is the same. On another one the order of additions differs, chaos does the rest, and it is the outcome that should agree, mostly.

# %%
from utils.training.stability import run_cell

tf.config.experimental.enable_op_determinism()  # threads add in one order: the same numbers each time
stored = {(row["method"], row["learning_rate"], row["seed"]): row for row in rows}
again = [("pairs, R1, R2", 3e-3, 0), ("beta_1 = 0.9", 3e-3, 1), ("non-saturating", 1e-3, 2)]
again += [key for key in stored if key not in again]
for key in again[: budget.live_cells]:
    now, _, _ = run_cell(*key)
    told = [
        f"{row['ema_modes']:2} modes, {row['ema_quality']:.1%}, {judge(row)}" for row in (stored[key], now)
    ]
    print(f"{key[0]}, rate {key[1]}, seed {key[2]}\n  stored: {told[0]}\n  now:    {told[1]}")

# %% [markdown]
# **Average or last weights?** The same trainings, judged by what the last weights draw.

# %%
for kind, name in {"": "last weights", "ema_": "average"}.items():
    outcomes = [judge(row, kind) for row in rows]
    print(f"{name:12}", ", ".join(f"{outcomes.count(one)} {one}" for one in OUTCOMES))

# %% [markdown]
# **Read it by columns first, then by rows.**
#
# * **The rate.** At 0.0003 most are not there after 1,500 steps: of the 45 runs without TTUR 26 blur and 17 collapse. TTUR trains
#   three times of three, because its discriminator learns four times as fast. At 0.01 one run of 48 trains.
# * **Momentum.** With a beta_1 of 0.9, Adam's usual one, 0 of 12 train. With 0.5 it is 3 and with 0 it is 3, and no other
#   single change costs or brings as much.
# * **A bound on the slope makes room.** Without one, 0.001 and 0.003 train 2 and 1 times of 3. R1, pairs with R1 and R2, and a
#   look at the batch train 3 of 3 at both; DRAGAN and softened labels at one of them.
# * **Batch normalisation under a gradient penalty**: 0 of 12, three with numbers that are none or points far from any mode.
# * **What did not show here.** WGAN-GP with one critic step per step is slow: 2 of 12. A Wasserstein critic without any bound
#   trains 4 of 12, and one with clipped weights 6: small networks and few steps leave it no time to run away; the gallery below has one
#   that did. The minimax loss as written trains 6 of 12: on this plane no discriminator becomes so sure that the loss goes flat, lesson
#   01 shows one that does. Decay changes no outcome in 1,500 steps. Spectral norm with a hinge blurs: its slope is small.
#
# **On pictures**, small: 2,000 products of the catalogue, 32 x 32 pixels, networks a third as wide as those of lesson 02, 400 steps of 32, two
# seeds. Here **trains** means: at least two thirds of the 16 kinds of product are drawn, and an FID of at most 100 in the course's own
# features (real pictures have 2, one picture repeated 149, uniform noise 1,240). Nobody would buy these products; it is a map of who
# is on the way.

# %%
image_rows = read_rows("images")
show(plot_outcomes(outcome_table(image_rows, lambda row: image_outcome(row["kinds"], 16, row["fid"]))))

# %% [markdown]
# Momentum fails here, too: 0 of 4. At 0.001 all others train. At 0.01 only pairs with R1 and R2, and WGAN-GP, train from both seeds;
# without a penalty one of two is lost, with R1 alone both. WGAN-GP, slow on the plane, is at home on pictures. Two seeds are a hint,
# not a ranking.
#
# ## Read the curves of a failure
#
# | losses | slope of the score | what is drawn | cause | first cure |
# |---|---|---|---|---|
# | d_loss stays at 1.386 | falls to 0.001 | everything, blurred | penalty far too strong | gamma / 10 |
# | d_loss stays at 1.386 | small, restless | few modes, other ones each time | generator too fast for D | D's rate up, or G's down |
# | thousands to millions, both signs | thousands and more | hardly a mode | Wasserstein without a bound | gradient penalty |
# | swing by tenths | around 1, restless | few modes that change | momentum | beta_1 of 0 to 0.5 |
# | single peaks of tens | restless | some modes, lost and found | rates too large | both rates / 10 |
# | d_loss to 0, g_loss up | grows | no change | D has won | R1, or D's rate down |
# | NaN | NaN | nothing | a step too far; a root without epsilon | smaller rates; look at the penalty |
#
# Further signs: singular values of D's layers that grow for thousands of steps say that nothing binds it. A D that scores training images far
# above held-out ones has learned them by heart: augment.
#
# **The gallery.** One healthy training and five that fail, recorded by the same command.

# %%
from utils.show.run_curves import plot_runs
from utils.training.stability_map import read_runs

runs = read_runs()
show(plot_runs({name: run for name, run in runs.items() if len(name) > 1}))

# %% [markdown]
# ### Exercise 3.9 · diagnose three recorded runs (10 minutes, ★★☆)
#
# Three more, from another seed. Name what failed in each, with the names of the gallery.

# %%
show(plot_runs({name: run for name, run in runs.items() if len(name) == 1}))

# %% tags=["exercise"]
from utils.exercises.lesson_03.answers import diagnose

# %% tags=["check"]
diagnose = check("3.9", diagnose)

# %% [markdown]
# ## Break it: does the best method survive momentum?
#
# Pairs with R1 and R2 did well at a rate of 0.003. Give Adam its usual memory back and change nothing else. **Predict first:** do the
# penalties save it?

# %%
broken = {}
for name, beta_1 in {"beta_1 = 0": 0.0, "beta_1 = 0.9": 0.9}.items():
    method = replace(METHODS["pairs, R1, R2"], beta_1=beta_1)
    row, broken[name], _ = run_cell("pairs, R1, R2", 3e-3, 0, steps=budget.steps, method=method)
    print(f"{name:13} {row['ema_modes']:2} of 25 modes, {row['ema_quality']:.0%} of the points on one")
show(plot_runs(broken))

# %% [markdown]
# They do not: 9 modes instead of 25, and a slope several times as steep that never rests. The penalties bind the slope of the score. They
# do not shorten Adam's memory, which pushes both players on to where the other one was. One cure does not stand in for another.
#
# ## What this does not show
#
# * A plane is not a picture. Which method wins on 25 Gaussians says little about which wins on photos; which *failures* exist, and
#   how they look in curves, carries over.
# * Every method got one strength of its penalty, tried on this plane; a sweep of each would move rows. WGAN-GP had one
#   critic step per generator step, as all others; its paper takes five.
# * Networks here are tiny and judge overlapping noise. Deep networks on images give the discriminator far more room to win.
# * Three seeds tell 0 of 3 from 3 of 3, not 1 from 2.
#
# ## Follow-up questions
#
# <details><summary>Where do I differentiate for R1?</summary>
#
# The raw score with respect to the real image, inside the outer tape; the sum over pixels of the squares, the mean over the batch, times gamma
# / 2. Not the loss: it is flat where the discriminator is sure, just where it must be held.
# </details>
#
# <details><summary>Why must the share have shape (batch, 1, 1, 1)?</summary>
#
# One point per pair. With shape (batch,) and images of (batch, height, width, channels) it stretches over the channels, silently:
# four grey images of 8 x 8 become four of 8 x 8 x 4.
# </details>
#
# <details><summary>Why does R1 pull to 0 and WGAN-GP to 1?</summary>
#
# The best Wasserstein critic has slope 1 on the lines from fake to real, as long as they differ. At the end of any GAN they
# do not differ, the best score is flat, and only a target of 0 lets the players rest there (Mescheder et al. 2018).
# </details>
#
# <details><summary>How do you choose gamma?</summary>
#
# By factors of ten, over two or three seeds, watching the slope and the recall. It scales with the data: a score must climb between a
# mode and its neighbour, so narrow modes and small pixels' differences need a smaller gamma.
# </details>
#
# <details><summary>The penalty doubles the cost of a step. What can be saved?</summary>
#
# Lazy regularisation: every 16th step, 16 times as much (StyleGAN2). Lesson 04 does it in each fourth step.
# </details>
#
# <details><summary>Spectral norm leaves D too weak. What now?</summary>
#
# A learned factor at the end, norm in some layers only, or R1 instead. Look at the slope: in this notebook a fresh normalised network stays
# far below the 1 that it is allowed.
# </details>
#
# <details><summary>How many critic steps per generator step?</summary>
#
# Five in WGAN and WGAN-GP, whose argument needs a critic near its best; one with R1, hinge or pairs. A larger rate for D does much the
# same for less (TTUR).
# </details>
#
# <details><summary>It diverges tonight and you may change one thing. Which?</summary>
#
# Check the range of the images first; that is no change but a bug. Then beta_1 to 0 and R1, in this order: both are single lines.
# </details>
#
# <details><summary>Does instance normalisation work under a gradient penalty?</summary>
#
# Yes, as layer and group normalisation do: their statistics come from one image. `cross_talk` gives 0.
# </details>

# %% [markdown] tags=["recall"]
# **Rehearse this lesson:** topic *Stable training* in `10_mock_interview`, or in a terminal
# `python -m utils.interview --topics stability`.

# %% [markdown]
# ## Sources
#
# * Arjovsky, Chintala, Bottou 2017, Wasserstein GAN, arXiv:1701.07875
# * Gulrajani et al. 2017, Improved Training of Wasserstein GANs, arXiv:1704.00028
# * Kodali et al. 2017, On Convergence and Stability of GANs (DRAGAN), arXiv:1705.07215
# * Mescheder, Geiger, Nowozin 2018, Which Training Methods for GANs do actually Converge?, arXiv:1801.04406
# * Miyato et al. 2018, Spectral Normalization for GANs, arXiv:1802.05957; Sedghi, Gupta, Long 2019, arXiv:1805.10408
# * Zhang et al. 2018, Self-Attention GANs, arXiv:1805.08318; Heusel et al. 2017, TTUR, arXiv:1706.08500
# * Lim and Ye 2017, Geometric GAN, arXiv:1705.02894; Salimans et al. 2016, arXiv:1606.03498
# * Jolicoeur-Martineau 2018, arXiv:1807.00734; Huang et al. 2024, R3GAN, arXiv:2501.05441
# * Karras et al. 2018, Progressive Growing (minibatch deviation), arXiv:1710.10196; Karras et al. 2020, StyleGAN2, arXiv:1912.04958
# * Santurkar et al. 2018, How Does Batch Normalization Help Optimization?, arXiv:1805.11604
# * Lucic et al. 2018, Are GANs Created Equal?, arXiv:1711.10337; Kurach et al. 2019, arXiv:1807.04720

# %% tags=["widget"]
progress()
