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
# # 01 · What is a GAN?
#
# > **Interview question 1.** What is a generative adversarial network?
# >
# > **面试题 1。** 什么是生成对抗网络（GAN）？请说明它的目标函数、最优判别器，以及实际训练中生成器用的是哪个损失、为什么。
#
# **You will be able to**
#
# * write the objective of the game, derive the best discriminator, and say what the generator then minimises;
# * say why nobody trains the generator with the price that the game writes down, with two numbers;
# * watch both players on a plane: what the discriminator thinks of each place, and where it pulls each fake;
# * count what a GAN forgets, see a game that fails and one that settles, and name what made the difference;
# * place GANs beside VAEs, flows and diffusion without slogans.
#
# | budget | what for | training | whole notebook |
# |---|---|---|---|
# | `smoke` | tests | seconds | under 20 s |
# | `cpu` | a laptop with 2 cores | about a minute | under 3 minutes |
# | `gpu` | one GPU | longer and wider | not yet run on a GPU |
#
# The exercises take about 50 minutes. You can run the whole notebook first and solve them afterwards:
# a cell that checks an unsolved exercise puts the library's own function in its place.
#
# Late, or here for one part? In a new cell at the top, `from utils.course.skip import skip_to; skip_to("01", "The cure")`
# loads what the parts before it make. `skip_to("01")` lists the parts.

# %% tags=["setup"]
from utils.training.device import start_lesson  # first: TensorFlow starts without its log lines

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from utils.exercises import check, hint, progress, solution

# %% tags=["setup"]
budget = start_lesson("01_what_is_a_gan")

# %% [markdown]
# ## Watch two games first
#
# Real points lie on a grid of 25 small clouds. A generator turns pairs of random numbers into points, its fakes. A
# discriminator scores every place of the plane. Both games below were recorded on a laptop's two cores; nothing is
# trained here. **Predict first:** the two players "compete and so both get better". Will the fakes find all 25 clouds?
#
# Run the next cells and move through the recorded moments: the arrow keys move the slider, and the button beside it
# plays. Dots are real points, triangles are fakes. An arrow is the pull on a fake: where the generator's price falls;
# it is long where the pull is strong for that moment. Places that look real to D are blue, those that look fake orange,
# and on the dashed line it is undecided, half way between its mean scores of real and fake points.

# %%
from utils.show.game import film, plot_moments, step_through
from utils.show.pictures import plot_curves, plot_scores, show
from utils.training.recording import load_recordings

recorded = load_recordings()

# %% tags=["widget"]
step_through(recorded)

# %%
show(plot_moments([(name, game, len(game.steps) - 1) for name, game in recorded.items()]))

# %% [markdown]
# Same data, same networks, same kind of game. `plain` takes the usual losses and the optimizer as it comes; `cured`
# changes what the second half of this lesson is about.
#
# ## The draft answer
#
# A draft that circulates as the answer: *a GAN consists of a generator and a discriminator. The generator tries to
# make data that look real, the discriminator tries to tell real data from made ones. By competing, both improve,
# and in the end the data are of high quality.*
#
# ### What an interviewer catches in it
#
# | what it says | what is missing |
# |---|---|
# | "tries to make", "tries to tell" | no objective: who pays what, in which unit, and for what? |
# | "by competing, both improve" | it is a game, not a descent. You saw `plain` compete for 2,000 steps and improve nothing |
# | "in the end" | no statement of what the end is: where both densities are equal, D says one half everywhere |
# | nothing on how the generator learns | it never sees a real point: all it gets is the slope of the score at its fakes |
# | "high quality" | quality of single samples is half of it; a generator that forgets 24 of 25 clouds can look perfect |
# | nothing on failure | no word on saturation, collapse, or on losses that say nothing about quality |
#
# The last but one is easy to show. At its first step the generator of `cured` has learned nothing, all its points lie
# near the middle, and that is where one of the 25 clouds happens to be:

# %%
first = recorded["cured"]
print(
    f"before training: {first.quality[0]:.0%} of the fakes lie on a cloud, {first.modes[0]} of 25 clouds is found"
)

# %% [markdown]
# ## The answer in 30 seconds
#
# > "A GAN is an implicit generative model: one network maps noise to a sample, and there is no likelihood. It is taught
# > by a second network, a classifier of real against generated samples, through the gradient of the score at its own
# > samples. Against the best classifier, p over p plus q, the game as written is worth two Jensen-Shannon divergences
# > minus log four, so it is best played where both distributions agree. In practice the generator maximises log D
# > instead of minimising log of one minus D, because the latter has no gradient when the fakes are bad, and the
# > classifier's slope is held small by a penalty. One forward pass per sample is the gain; stability and coverage are
# > the price, so I measure coverage."
#
# ## The answer in 3 minutes
#
# With score $a = D(x)$, real density $p$, the generator's density $q$ and $\sigma$ the sigmoid (Goodfellow et al. 2014):
#
# $$\min_G \max_D \; V = \mathbb{E}_{x \sim p} \log \sigma(D(x)) + \mathbb{E}_{z \sim N(0, I)} \log (1 - \sigma(D(G(z))))$$
#
# * **The best discriminator.** At each place maximise $p \log y + q \log (1 - y)$ over $y$: $\frac{p}{y} = \frac{q}{1 - y}$, so
#   $D^\ast = \frac{p}{p + q} = \sigma(\log p - \log q)$. A discriminator is an estimator of a density ratio.
# * **What the game is worth then.** Put it in: $V(D^\ast) = -\log 4 + 2 \, \mathrm{JS}(p, q)$. It is lowest, $-1.386$, just
#   where $p = q$. Where the two share no place, JS is $\log 2$ however far apart they are, and it has no slope.
# * **The generator's price.** As written, $\log(1 - \sigma(a))$ has the slope $-\sigma(a)$ by the score: at $D = 0.01$ it
#   is $-0.01$. The non-saturating $-\log \sigma(a)$ has $\sigma(a) - 1 = -0.99$ there. Both fall in the same direction.
#   With the second one the game is no longer the minimisation of JS, and one should not say so (Arjovsky and Bottou 2017).
# * **The path of the gradient.** Price, score, sample, generator:
#   $\frac{\partial L}{\partial \theta} = L'(a) \cdot \frac{\partial D}{\partial x} \cdot \frac{\partial G}{\partial \theta}$.
#   So what counts is the slope of $D$ where the fakes are. That slope is what penalties act on.
# * **The round.** One step of D on real and fake samples, one step of G on new noise, each with its own optimizer; draw
#   with a moving average of G.
# * **It is a game.** Each step of one player changes the price of the other. Gradient steps may circle around the
#   solution for ever; momentum makes that worse, a price on the slope of D damps it (Mescheder et al. 2018).
# * **Collapse.** The best answer to a fixed D is the single place that it scores highest. D learns, the fakes jump, and
#   so on. Losses do not show it; counting what is covered does.

# %% [markdown]
# ## The two prices
#
# Both players are charged by the raw score. **Predict first:** a discriminator that scores everything 0 pays how much?
#
# ### Exercise 1.1 · what the discriminator pays (8 minutes, ★☆☆)

# %% tags=["exercise"]
from utils.losses import discriminator_loss

# %% tags=["check"]
discriminator_loss = check("1.1", discriminator_loss)

# %% [markdown]
# Stuck? `hint("1.1")` in a new cell gives the next hint, `solution("1.1")` the library's source.
#
# ### Exercise 1.2 · what the generator pays (5 minutes, ★☆☆)
#
# The price that everybody trains with: it must stay loud when the fakes are bad.

# %% tags=["exercise"]
from utils.losses import generator_loss

# %% tags=["check"]
generator_loss = check("1.2", generator_loss)

# %%
undecided = np.zeros((8, 1), "float32")
print(
    f"undecided: D pays {float(discriminator_loss(undecided, undecided)):.3f}, "
    f"G pays {float(generator_loss(undecided)):.3f}"
)

# %% [markdown]
# ## The best discriminator
#
# **Predict first:** at some place real points are three times as dense as fakes. What should D say there?
#
# ### Exercise 1.3 · the best discriminator (8 minutes, ★★☆)
#
# From both densities at each place. Mind places where only one of them, or neither, is above 0.

# %% tags=["exercise"]
from utils.metrics.divergences import optimal_discriminator

# %% tags=["check"]
optimal_discriminator = check("1.3", optimal_discriminator)

# %% [markdown]
# What is the game worth when D plays its best? Both sides of $V(D^\ast) = -\log 4 + 2 \, \mathrm{JS}$, each computed by
# quadrature on a line: the real points are $N(0, 1)$, the fakes another Gaussian.

# %% tags=["listing"]
from utils.metrics.divergences import weighted_log, game_value, js_divergence

# %%
line, cell = np.linspace(-12, 14, 26_001, retstep=True)


def gaussian(mean, sigma):
    return np.exp(-0.5 * ((line - mean) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))


real = gaussian(0, 1)
print("fakes           game at its best   -log 4 + 2 JS          JS")
for mean, sigma in [(0, 1), (1, 1), (2, 0.7), (6, 0.5), (10, 0.5)]:
    fake = gaussian(mean, sigma)
    value = game_value(real, fake, optimal_discriminator(real, fake), cell)
    js = js_divergence(real, fake, cell)
    print(f"N({mean:>2}, {sigma:3})       {value:15.6f} {2 * js - np.log(4):15.6f} {js:11.6f}")

# %% [markdown]
# The last two rows are the trouble: the fakes move from 6 to 10, and JS moves by a ten-thousandth. It is
# log 2 = 0.693 for all that share no place. A perfect D knows that the fakes are wrong and not in which direction.
#
# ### A discriminator learns the ratio
#
# Now on the plane. The fakes stand still, one broad cloud; the real points lie on a ring of eight. Teach D alone, and
# compare what it has learned from samples with what the densities say. It never sees a density.

# %%
from utils.data.points import Modes, grid_of_modes, make_points, ring_of_modes

# %% tags=["listing"]
from utils.models.points_gan import (
    hidden_layers,
    slope_on_both_sides,
    build_point_discriminator,
    build_point_generator,
)

# %%
from utils.training.gan import discriminator_step

keras.utils.set_random_seed(2026)
ring = ring_of_modes(radius=1.5, sigma=0.25)
cloud = Modes(np.zeros((1, 2)), 0.8)
judge = build_point_discriminator(budget.width)
judge_optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(3e-3, budget.judge_steps))
judge_optimizer.build(judge.trainable_variables)
teach = tf.function(discriminator_step)
real_batches, fake_batches = (
    iter(make_points(modes, 512, seed=seed)) for seed, modes in enumerate([ring, cloud])
)
for _ in range(budget.judge_steps):
    paid = teach(judge, judge_optimizer, next(real_batches), next(fake_batches))

# %%
from utils.show.game import plot_surfaces

axis, step = np.linspace(-3.2, 3.2, 129, retstep=True)
lattice = np.stack(np.meshgrid(axis, axis), axis=-1)
p, q = ring.density(lattice), cloud.density(lattice)
best = optimal_discriminator(p, q)
scores = judge.predict(lattice.reshape(-1, 2).astype("float32"), verbose=0, batch_size=4_096)
learned = ops.convert_to_numpy(ops.sigmoid(scores)).reshape(best.shape)
show(
    plot_surfaces({"computed: p / (p + q)": best, "learned from samples": learned}, 3.2, ring.centres),
    alt="Two maps of the probability of real: both high around the eight centres of a ring, low between and inside",
)

# %% [markdown]
# Crosses are the centres of the real clouds. The peaks lie outside of them, on both maps: inside, the fakes are denser,
# and D knows a ratio, not where real points are most likely.

# %%
error = np.average(np.abs(learned - best), weights=p + q)
print(f"mean error of the learned probability, where points lie: {error:.3f}")
print(
    f"the game pays the learned D {game_value(p, q, learned, step**2):.3f}, the best one "
    f"{game_value(p, q, best, step**2):.3f}, one that cannot tell {game_value(p, q, 0.5 + 0 * p, step**2):.3f}"
)
print(f"-log 4 + 2 JS = {2 * js_divergence(p, q, step**2) - np.log(4):.3f}")

# %% [markdown]
# ## What the generator hears
#
# Early in training D wins: it gives a fake the probability 0.01 of being real. **Predict first:** by which factor is
# one of the two prices louder?
#
# ### Exercise 1.4 · the slope of each price (8 minutes, ★★☆)
#
# By the score, for a fake that D takes for real with the given probability: first of $\log(1 - D)$, the game as written,
# then of $-\log D$.

# %% tags=["exercise"]
from utils.exercises.lesson_01.answers import generator_slopes

# %% tags=["check"]
generator_slopes = check("1.4", generator_slopes)

# %%
written, heard = generator_slopes(0.01)
print(f"at D = 0.01: as written {written:.2f}, in practice {heard:.2f}: {heard / written:.0f} times as loud")

# %% [markdown]
# Taken from the losses themselves by automatic differentiation:

# %%
from utils.losses import saturating_generator_loss
from utils.training.gradients import gradient

score_axis = np.linspace(-8, 8, 81, dtype="float32")
prices = {"as written": saturating_generator_loss, "in practice": generator_loss}
sizes = {  # the loss is a mean: times the number of scores it is the slope of each one's own price
    name: np.abs(gradient(price, (score_axis[:, None],))[1][0].numpy()[:, 0]) * len(score_axis)
    for name, price in prices.items()
}
show(
    plot_curves(
        {"step": score_axis, **sizes}, window=1, xlabel="score of the fake", ylabel="size of the slope"
    ),
    alt="Size of the slope by the score: as written it rises from 0 at -8 to 1 at 8, in practice it falls from 1 to 0",
)

# %% [markdown]
# Does it matter? D is taught alone until it has won, then stands still, while a fresh generator learns from it with each
# price. What the generator gets is the slope of its price by its points.

# %%
keras.utils.set_random_seed(7)
far_off = Modes(np.array([[4.0, 4.0]]), 0.3)
winner, fresh = build_point_discriminator(budget.width), build_point_generator(width=budget.width)
winner_optimizer = keras.optimizers.Adam(1e-3)
winner_optimizer.build(winner.trainable_variables)
latents = keras.random.normal((512, 2), seed=1)
fakes = fresh(latents)
real_batches, teach = iter(make_points(far_off, 512, seed=2)), tf.function(discriminator_step)
for _ in range(budget.judge_steps // 2):
    teach(winner, winner_optimizer, next(real_batches), fakes)

print(f"D gives the fakes a probability of {float(ops.mean(ops.sigmoid(winner(fakes)))):.1e} of being real")
for name, price in prices.items():
    pull = gradient(lambda points, price=price: price(winner(points)), (fakes,))[1][0].numpy() * len(fakes)
    print(f"{name:15}: mean pull on a fake {np.linalg.norm(pull, axis=1).mean():.1e}")

# %% [markdown]
# Both pulls point to the same side; only one can be heard. Adam divides by the size of the slopes, so it makes up for
# part of that, until the slopes drown in rounding or in the noise of the batch. Lesson 03 trains with both.
#
# ## One round of the game
#
# Each player's step is a method; both take only their own variables. What differs from game to game, losses, penalties
# and rates, stands in a `Method`.

# %%
from collections.abc import Callable
from dataclasses import dataclass, replace

# %% tags=["listing"]
from utils.training.points_gan import Method

# %% [markdown]
# ### Exercise 1.5 · alternate the two steps (10 minutes, ★★☆)
#
# `gan` has `generator`, `draw_latents(count)`, `teach_discriminator(real_points, fake_points)`,
# `teach_generator(real_points, latents)`, which makes its own fakes, and `follow()`, which moves the average that draws.

# %% tags=["exercise"]
from utils.training.points_gan import play_round

# %% tags=["check"]
play_round = check("1.5", play_round)

# %%
from utils.training.gan import GAN

# %% tags=["listing"]
from utils.training.points_gan import PointGAN

# %% tags=["listing"]
from utils.training.rates import held_then_falling

# %% tags=["listing"]
from utils.training.points_gan import build_point_gan

# %% [markdown]
# ## Count what is found
#
# A sample is of high quality when it lies within three standard deviations of a centre. That share alone was high before
# any training. So count the modes as well.
#
# ### Exercise 1.6 · count the modes (12 minutes, ★★☆)
#
# A point lies on the nearest mode if it is at most 3 sigma away (`REACH`). A mode is found when it holds at least half a
# per cent (`LEAST`) of *all* points: an eighth of its due, of 25.

# %%
from utils.metrics.modes import LEAST, REACH, high_quality, on_a_mode

# %% tags=["exercise"]
from utils.metrics.modes import modes_covered

# %% tags=["check"]
modes_covered = check("1.6", modes_covered)

# %%
grid = grid_of_modes()
yardsticks = {
    "real points": grid.draw(budget.score_count, seed=1),
    "uniform noise": np.random.default_rng(2).uniform(-2.5, 2.5, (budget.score_count, 2)),
    "one centre, repeated": np.repeat(grid.centres[:1], budget.score_count, axis=0),
}
for name, points in yardsticks.items():
    print(f"{name:22} {modes_covered(points, *grid):3} modes, {high_quality(points, *grid):6.1%} on a mode")

# %% [markdown]
# ## Train it, live: the usual way
#
# The losses of above, and Adam with the memory it comes with (`beta_1 = 0.9`, `beta_2 = 0.999`).

# %% tags=["listing"]
from utils.training.points_gan import plain_method

# %%
from utils.show.game import picture_now
from utils.show.live import LiveTraining
from utils.training.fit import train
from utils.training.recording import Recorder

keras.utils.set_random_seed(2026)
plain = build_point_gan(plain_method(), budget.plain_steps, budget.width)
plain_recorder = Recorder(grid, budget.plain_steps, budget.frames)

# %% tags=["train"]
live = LiveTraining(
    lambda: picture_now("plain", plain_recorder), budget.plain_steps, references={"cannot tell": 1.386}
)
plain_history = train(
    plain,
    make_points(grid, budget.batch_size, seed=2026),
    budget.plain_steps,
    callbacks=[plain_recorder, live],
)

# %%
score_latents = keras.random.normal((budget.score_count, 2), seed=8)


def report(name, gan):
    points = gan.draw(score_latents)
    modes, quality = modes_covered(points, *grid), high_quality(points, *grid)
    print(f"{name:22} {modes:3} of 25 modes, {quality:6.1%} on a mode")
    return quality


shares = {name: high_quality(points, *grid) for name, points in yardsticks.items()}
shares["plain"] = report("plain", plain)

# %% [markdown]
# Look at the losses: nothing in them says how bad it is, and D's comes back to the neighbourhood of 1.386, where a success
# would end as well. The fakes run after the score's hills in a crowd, D takes the hill away, and the crowd runs on. With a
# memory of ten steps each player keeps moving where the other no longer is.
#
# ## The cure
#
# Three things, each of which lesson 03 takes apart:
#
# * **No momentum**: `beta_1 = 0`. Each step answers the opponent as it is now.
# * **A price on steep scores** at real and at fake points, R1 and R2 (Mescheder et al. 2018): it damps the circling.
# * **Pairs**: D must score each real point above a fake one, and the generator the other way round
#   (Jolicoeur-Martineau 2018). A crowd on one hill gains nothing from being better than it must. With both penalties this
#   is the loss of R3GAN (Huang et al. 2024).
#
# And both rates fall to a hundredth in the second half, so that what was found is drawn sharply.

# %%
from utils.losses import relativistic_loss
from utils.training.penalties import r1_penalty

# %% tags=["listing"]
from utils.training.points_gan import cured_method

# %%
keras.utils.set_random_seed(2026)
cured = build_point_gan(cured_method(), budget.cured_steps, budget.width)
cured_recorder = Recorder(grid, budget.cured_steps, budget.frames)

# %% tags=["train"]
live = LiveTraining(
    lambda: picture_now("cured", cured_recorder), budget.cured_steps, references={"cannot tell": 0.693}
)
cured_history = train(
    cured,
    make_points(grid, budget.batch_size, seed=2026),
    budget.cured_steps,
    callbacks=[cured_recorder, live],
)

# %% [markdown]
# ## The result

# %%
shares["cured"] = report("cured", cured)
games = {"plain": plain_recorder.recording(), "cured": cured_recorder.recording()}
show(plot_moments([(name, game, len(game.steps) - 1) for name, game in games.items()]))

# %%
show(
    plot_scores(
        shares,
        log=False,
        band=(budget.quality_band, 1.0),
        highlight="cured",
        xlabel="share of points on a mode, higher is better",
    )
)

# %% [markdown]
# One run is an anecdote. Five seeds of each, by `python tests/benchmarks/points.py` on two cores:
#
# | | modes of 25, five seeds | on a mode, five seeds |
# |---|---|---|
# | plain | 4, 1, 4, 2, 2 | 6 %, 2 %, 10 %, 10 %, 41 % |
# | cured | 25, 25, 25, 25, 25 | 95 %, 93 %, 94 %, 95 %, 95 % |
#
# The film of your own training plays once; the slider below it moves through both.

# %%
film({"cured": games["cured"]}, every=4)

# %%
chosen = np.unique(np.linspace(0, len(games["cured"].steps) - 1, 4).round().astype(int))
show(plot_moments([("cured", games["cured"], frame) for frame in chosen]))

# %% tags=["widget"]
step_through(games)

# %% [markdown]
# What to look for: at first one slope for the whole grid pulls the fakes apart; then the surface breaks up into bumps,
# one for each cloud; threads of fakes between two clouds are left to the end, because a continuous generator cannot
# jump. The pull is strongest while the game swings. Where it has settled next to nothing is left of it; the other game
# still pulls several times as hard in the end, at fakes that lie between the clouds:

# %%
for name, game in games.items():
    pull = np.median(np.linalg.norm(game.pulls, axis=2), axis=1)
    print(
        f"{name}: median pull on a fake {pull.max():.2f} at its largest, {pull[-4:].mean():.3f} in the last moments"
    )

# %% [markdown]
# ## Break it: give the momentum back
#
# Keep pairs, penalties and rates and change one number: `beta_1` from 0 to 0.9. **Predict first:** the penalty still
# damps. Will it find the modes?

# %%
keras.utils.set_random_seed(2026)
broken_method = replace(cured_method(), beta_1=0.9)
broken = build_point_gan(broken_method, budget.plain_steps, budget.width)
broken_recorder = Recorder(grid, budget.plain_steps, budget.frames)
batches = make_points(grid, budget.batch_size, seed=2026)
broken_history = train(broken, batches, budget.plain_steps, callbacks=[broken_recorder])
report("momentum 0.9", broken)
broken_recording = broken_recorder.recording()
show(plot_moments([("momentum 0.9", broken_recording, f) for f in (-2, -1)]))

# %% [markdown]
# **Diagnosis.** The crowd is back, although the price is the same and so is the solution. (It had 2,000 steps; look above at
# how many modes the cured game had found by then.) Between the two moments the hills have moved on and the fakes still run
# to where they were: momentum carries each player past the point where it should turn, and the penalty cannot damp what
# comes ten steps late.
#
# | symptom | what it says | first cure to try |
# |---|---|---|
# | the crowd of fakes wanders, few modes at any time | the players circle | lower beta_1, then R1 and R2 |
# | all modes, threads between them | the generator has not settled | falling rates, an average of the weights |
# | D far ahead, fakes hardly move | the price saturates, or D is flat where the fakes are | the non-saturating price, a penalty |
# | high share on modes, few modes | collapse | count modes before you believe a share |
#
# ## Where GANs stand today
#
# | | GAN | VAE | normalising flow | diffusion, flow matching |
# |---|---|---|---|---|
# | is taught by | a classifier of real against fake | a bound on the likelihood | the likelihood itself | removing noise, at every level of it |
# | likelihood | none | a lower bound | exact | a bound, or exact through an ODE |
# | network passes per sample | 1 | 1 | 1 (autoregressive ones: one per value) | 10 to 1,000; 1 to 4 when distilled |
# | what goes wrong | forgets modes, unstable | blurs what it cannot predict | needs invertible layers, so many of them | slow to sample |
# | encoder from image to latents | none by itself | built in | its own inverse | by running the noise up |
# | where it is used | real-time generation and restoration; the adversarial loss inside codecs, super-resolution and distilled diffusion | the autoencoder under latent diffusion | density estimation, physics, audio | text to image, editing, video |
#
# Large image models of the last years are mostly diffusion and flow-matching models: they cover their data and can be
# scaled up without a game that may fail. GANs stay where one pass per sample matters, and their loss returned inside
# other models: the autoencoder of latent diffusion (Rombach et al. 2022) is trained with a discriminator, and so are
# students that make a diffusion model's image in one to four steps (Sauer et al. 2023). A GAN with a modern network and
# the pairs of above trains stably and is competitive on the usual benchmarks of its size (Huang et al. 2024).
#
# Speed, measured on the two cores that ran this notebook, which other work shared, for three generators of this course. Weights do
# not change it, so they are fresh here. There is no flow and no diffusion model in this course, so there is no row for
# them: theirs would be the time of one pass, times the number of passes.

# %%
from utils.metrics.speed import images_per_second
from utils.models.gan import build_generator
from utils.models.text_gan import build_text_generator
from utils.models.vae import build_decoder
from utils.training.budget import LESSONS

photos, captions, restoring = (
    LESSONS[lesson]["cpu"] for lesson in ("02_code_a_gan", "04_text_to_product", "07_vae_enhancement")
)
networks = {
    "GAN of lesson 02": build_generator(width=photos.g_width),
    "text GAN of lesson 04": build_text_generator(captions.caption_width, width=captions.g_width),
    "VAE of lesson 07": build_decoder(restoring.vae.latent_dim, restoring.vae.width),
}
print("one pass each      image           parameters   images per second")
for name, network in networks.items():
    shape = " x ".join(str(side) for side in network.output_shape[1:])
    speed = images_per_second(network)
    print(f"{name:22} {shape:12} {network.count_params():9,} {float(f'{speed:.2g}'):16,.0f}")

# %% [markdown]
# ## What this does not show
#
# * A plane is not an image. Here the data fill two of two dimensions and every density is known; images lie on thin
#   sheets in thousands of dimensions, where p and q hardly ever share a place.
# * 25 equal clouds are easy to count. For images "modes" have to be defined first: lesson 08 measures precision and recall.
# * Which of the three cures does how much, at which learning rates, over many seeds: lesson 03 and its stability map.
# * The discriminator here is small. That it finds the ratio says little about one that has seen a few thousand images a
#   hundred times: that one memorises.
#
# ## Follow-up questions
#
# <details><summary>D says 0.5 everywhere. Has it worked?</summary>
#
# It is what the solution looks like, and also what a discriminator that has learned nothing says. Look at the samples and
# at what they cover.
# </details>
#
# <details><summary>Why alternate? Why not solve the inner maximum in each round?</summary>
#
# It costs a training per step, and the best D is not what the generator needs: where p and q share no place it is perfect,
# flat, and has no slope. A D that is a bit behind, or smooth by a penalty, teaches better.
# </details>
#
# <details><summary>Does the generator ever see real data?</summary>
#
# With the usual losses no: all that reaches it is the slope of D at its own samples. In a game of pairs the scores of
# real samples weigh its pairs, and still no real sample enters it.
# </details>
#
# <details><summary>Does the non-saturating loss minimise the Jensen-Shannon divergence?</summary>
#
# No. With the best D its gradient is that of KL(q, p) - 2 JS (Arjovsky and Bottou 2017): a pull towards places that real
# data have, minus the very divergence. Both games have the same solution, p = q; the way to it differs.
# </details>
#
# <details><summary>The discriminator's loss is 1.386. What do you know?</summary>
#
# That it guesses: 2 log 2. In a game of pairs the same state is 0.693.
# </details>
#
# <details><summary>What is an f-GAN, and what a Wasserstein GAN?</summary>
#
# For other divergences of the same family the maximum over D becomes a maximum over T of E_p T - E_q f*(T), with the
# conjugate f* (Nowozin et al. 2016). A Wasserstein GAN measures the cost of moving q to p; it needs a critic whose slope
# is at most 1, and it does tell how far apart two clouds are that share no place. Lesson 03 has it.
# </details>
#
# <details><summary>GAN or VAE, in one line?</summary>
#
# A VAE pays for every real image that it does not cover, so it covers and blurs; a GAN pays for every fake that is
# recognised, so it is sharp and may forget.
# </details>
#
# <details><summary>How many latents?</summary>
#
# At least as many as the data have free directions. Two are enough here because the plane has two. A generator is
# continuous: from one connected cloud of latents it can never make 25 islands without threads between them, only thin
# them out.
# </details>
#
# <details><summary>Can D be used afterwards, as a classifier or to reject bad samples?</summary>
#
# Its score estimates log p - log q, so samples can be accepted in proportion to it. But at the solution that is 0
# everywhere, and D knows nothing but the difference to this one generator.
# </details>

# %% [markdown] tags=["recall"]
# **Rehearse this lesson:** topic *What a GAN is* in `10_mock_interview`, or in a terminal
# `python -m utils.interview --topics gan`.

# %% [markdown]
# ## Sources
#
# * Goodfellow et al. 2014, Generative Adversarial Networks, arXiv:1406.2661
# * Arjovsky and Bottou 2017, Towards principled methods for training GANs, arXiv:1701.04862
# * Nowozin, Cseke, Tomioka 2016, f-GAN, arXiv:1606.00709
# * Metz et al. 2016, Unrolled GANs (rings and grids of Gaussians), arXiv:1611.02163
# * Srivastava et al. 2017, VEEGAN (modes and high quality samples), arXiv:1705.07761
# * Mescheder, Geiger, Nowozin 2018, Which training methods for GANs do actually converge?, arXiv:1801.04406
# * Jolicoeur-Martineau 2018, The relativistic discriminator, arXiv:1807.00734
# * Huang et al. 2024, The GAN is dead; long live the GAN! (R3GAN), arXiv:2501.05441
# * Rombach et al. 2022, Latent diffusion, arXiv:2112.10752; Sauer et al. 2023, Adversarial diffusion distillation, arXiv:2311.17042

# %% tags=["widget"]
progress()
