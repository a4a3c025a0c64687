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
# # 09 · Train on GPUs, and on many
#
# > **Interview question.** It trains on your laptop. How do you train it on eight GPUs, with ten million photos?
# >
# > **面试题。** 这个模型在笔记本上能训练。如果有八块 GPU、一千万张商品图，你会怎样扩展训练？学习率、批归一化、梯度惩罚、混合精度、数据读取和断点续训各要注意什么？
#
# **You will be able to**
#
# * say what data parallel training computes, and prove on any machine that it computes the same as one device;
# * choose a learning rate for a larger batch, and name what crosses the batch and what does not;
# * use half precision where it is safe, and say what breaks where it is not;
# * read where a training step spends its time;
# * train from photos that do not fit into memory, and go on after a worker has died;
# * say beforehand what a training will cost.
#
# | budget | what for | training | whole notebook |
# |---|---|---|---|
# | `smoke` | tests | seconds | under a minute |
# | `cpu` | a laptop with 2 cores | half a minute | about 2 minutes |
# | `gpu` | one GPU or several | longer | not yet run on a GPU |
#
# **No figure in this lesson comes from a GPU**: none was at hand. What is shown runs on processors: two logical devices of one
# processor stand for two GPUs, and processes on one machine stand for several machines. What they *learn* is the same on GPUs;
# how *fast* they are is not, and nothing here says so.
#
# The exercises take about 45 minutes. You can run the whole notebook first and solve them afterwards:
# a cell that checks an unsolved exercise puts the library's own function in its place.
#
# Late, or here for one part? In a new cell at the top, `from utils.course.skip import skip_to; skip_to("09", "9.5")`
# loads what the parts before it make. `skip_to("09")` lists the parts.

# %% tags=["setup"]
from utils.training.device import start_lesson  # first: TensorFlow starts without its log lines

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from utils.exercises import check, hint, progress, solution

# %% tags=["setup"]
budget = start_lesson("09_train_on_gpus")

# %% [markdown]
# ## The draft answer
#
# The five questions behind this course do not ask it; interviewers do, after any of them. An answer that is often given:
#
# * use `MirroredStrategy`, and all GPUs work;
# * the batch becomes eight times as large, so training is eight times as fast;
# * switch on mixed precision;
# * save checkpoints.
#
# **Predict first:** eight GPUs, each with 32 pictures and a loss that is the mean over its 32. The optimizer adds up the eight
# gradients. Is the step that of a batch of 256? And if the optimizer is Adam, would the loss curve show you that it is not?
#
# ### What an interviewer catches in it
#
# | said | right |
# |---|---|
# | "all GPUs work" | with which loss? Gradients are *added* over replicas: each must pay in its share of the global mean |
# | "eight times as fast" | eight times the batch at the same rate learns *less* per picture; and the all-reduce costs time |
# | nothing about the rate | linear for SGD, the square root for Adam, with a warm-up, and only up to a point |
# | nothing about batch norm | its statistics are those of one replica's part, unless they are synchronised |
# | "mixed precision" | of what? Losses, penalties, KL and last layers stay in float32; float16 also needs a loss scale |
# | nothing about data | ten million photos do not fit into memory, and a GPU that waits for JPEGs is an expensive heater |
# | "save checkpoints" | who saves, what is in them, and what happens to the other seven when one worker dies? |
# | no number | pictures per second, efficiency, hours, price |
#
# ## The answer in 30 seconds
#
# > "First one device: I profile a step, feed it from shards, and let convolutions and products run in bfloat16; losses, penalties and
# > what leaves a network stay in float32. Then data parallel: each replica takes its part of the batch, gradients are summed, so
# > every loss is divided by the global batch. I prove it: at the same global batch the loss trace must equal that of one device. A
# > larger batch gets a larger rate, with warm-up, up to where that stops helping. I name what crosses the batch: batch norm is
# > synchronised, R1 is a mean over pictures and adds up. The chief saves; when a worker dies all go on from the last checkpoint.
# > And before I start, I say from measured pictures per second what it will cost."
#
# ## The answer in 3 minutes
#
# * **Data parallel.** $K$ replicas hold the same weights. Replica $k$ takes the part $B_k$ of the batch $B$ and computes
#   $g_k = \nabla \frac{1}{|B|} \sum_{i \in B_k} \ell_i$; the all-reduce gives $\sum_k g_k = \nabla \frac{1}{|B|} \sum_{i \in B} \ell_i$. Each
#   replica takes the same step, so the weights stay the same. A ring all-reduce moves about $2 (K-1)/K$ times the size of the
#   gradients through each replica.
# * **What crosses the batch** is not a sum over pictures, and so differs: batch statistics, minibatch deviation, captions of
#   neighbours as wrong captions, InfoNCE. Gradient penalties are sums over pictures: they add up.
# * **A larger batch** has less noise, and that is all. The rate may grow with it: linearly for SGD, as the square root for Adam,
#   until the curvature, not the noise, sets the limit. Beyond that point more devices only save time per step.
# * **Mixed precision.** float16: 11 bits, from 6e-8 to 65,504; it needs a loss scale, or small gradients become 0. bfloat16: 8 bits, the range
#   of float32; no loss scale. Weights and optimizer stay in float32.
# * **Input.** Shards of mixed order, read in turn, decoded in parallel, prefetched; each worker reads its own.
# * **Faults.** The all-reduce waits for everybody. When one worker dies, all stop, and go on from a checkpoint that holds weights,
#   *both* optimizers and the step. One process writes it: the chief.
# * **Cost.** pictures / (pictures per second · K · efficiency); all K are paid until the end.

# %% [markdown]
# ## One batch, many devices
#
# The trainers of this course were written for one device, and stay as they are. `start_lesson` sees how many devices there are, or
# which machines `TF_CONFIG` lists; `train` puts a mirror image of the model on each for the time of the training. What makes the
# step right is this, wrapped around the `apply` of every optimizer:

# %%
from utils.training.strategy import replica_count

# %% tags=["listing"]
from utils.training.replicas import one_share

# %% [markdown]
# And noise: with one seed everywhere all replicas would draw the same latents, and half of the work would be done twice.

# %% tags=["listing"]
from utils.training.replicas import own_seed

# %% [markdown]
# First the arithmetic, by hand.
#
# ### Exercise 9.1 · the share of one replica (6 minutes, ★☆☆)
#
# **Predict first:** eight replicas each take the gradient of their own mean cost, and the optimizer adds the eight
# gradients. What does the step look like beside that of one device with the same pictures?

# %% tags=["exercise"]
from utils.training.scaling import replica_loss

# %% tags=["check"]
replica_loss = check("9.1", replica_loss)

# %%
costs = np.float32([1, 2, 3, 6, 5, 7, 9, 3])
for sizes in ((8,), (4, 4), (2, 2, 2, 2), (5, 3)):
    parts = np.split(costs, np.cumsum(sizes)[:-1])
    shares = sum(float(replica_loss(part, len(costs))) for part in parts)
    own_means = sum(float(part.mean()) for part in parts)
    print(
        f"parts of {str(sizes):13} shares add up to {shares:.2f}, own means to {own_means:5.2f}, "
        f"own means over {len(sizes)} to {own_means / len(sizes):.2f}"
    )

# %% [markdown]
# The shares add up to the mean, 4.50, in every split. Own means make the step as many times too large as there are replicas. Own
# means over the number of replicas, which is what Keras' `fit` does and what `one_share` does, are right as long as all parts are
# equal; `train` refuses a batch that cannot be shared evenly.
#
# **Prove it.** The same weights, pictures and latents on one device and on two logical devices of this processor, which stand
# for two GPUs. The GAN of lesson 01 with its R1 and R2 penalties, with SGD and with Adam; once as it is, once without the shares.

# %%
from utils.training.compare import largest_difference, learned

options = "--steps", budget.trace_steps, "--batch", budget.trace_batch, "--optimizer", "sgd", "adam"
alone = learned("points", *options)
two = learned("points", *options, "--with-and-without", devices=2)
for optimizer, run in alone.items():
    right, wrong = two[optimizer], two[f"{optimizer}, shares forgotten"]
    print(
        f"{optimizer:5} loss of the last step {run['losses']['d_loss'][-1]:.4f}; largest difference on two devices "
        f"{largest_difference(run, right):.0e}, without the shares {largest_difference(run, wrong):.0e}"
    )

# %% [markdown]
# On two devices the losses are those of one, up to the rounding of float32. **Without the shares SGD is far off, and Adam hardly**:
# it divides each gradient by its own size, so a factor of two disappears. So a wrong scale is a bug that Adam hides, until
# somebody adds weight decay, clips gradients or changes to SGD. Test with SGD.
#
# ## What crosses the batch
#
# **Predict first:** split a batch into parts, compute something on each part, and take the mean. For which of these three do you get
# the value of the whole batch: the R1 penalty, the variance that batch norm uses, the loss of lesson 05 that matches rows?

# %%
from utils.data import load_products, scale_images
from utils.losses import matching_loss
from utils.models.gan import build_discriminator
from utils.training.penalties import r1_penalty

pictures = scale_images(load_products("catalogue", count=32).images)
discriminator = build_discriminator(width=8, image_size=32, channels=3)
vectors = np.random.default_rng(0).standard_normal((2, 32, 8)).astype("float32")
whole = {
    "R1": lambda rows: float(r1_penalty(discriminator, pictures[rows])),
    "variance": lambda rows: float(pictures[rows].var(axis=(0, 1, 2)).mean()),
    "matching": lambda rows: float(matching_loss(vectors[0, rows], vectors[1, rows])),
}
print("parts of the batch" + "".join(f"{name:>11}" for name in whole))
for count in (1, 2, 4, 8, 16):
    parts = np.split(np.arange(32), count)
    ratios = [np.mean([value(rows) for rows in parts]) / value(np.arange(32)) for value in whole.values()]
    print(f"{count:18}" + "".join(f"{ratio:11.4f}" for ratio in ratios))

# %% [markdown]
# R1 is a mean over pictures: the parts give the whole, however many. The variance loses what lies *between* the parts. The matching
# loss has fewer wrong rows to choose from: the task itself becomes easier, and its value says less. The wrong captions of lesson
# 04 are those of neighbours, so they come from the same part: other pairs, but the same kind of pair; nothing is lost there.
#
# ### Exercise 9.2 · batch statistics of all replicas (8 minutes, ★★☆)
#
# **Predict first:** four replicas with four pictures each. Each computes the variance of its four, and you average the four
# variances. Is that the variance of the sixteen: exactly, on average, or not even that?

# %% tags=["exercise"]
from utils.training.scaling import global_moments

# %% tags=["check"]
global_moments = check("9.2", global_moments)

# %%
features = np.random.default_rng(0).normal(size=(4, 4, 1000))  # replicas, pictures of each, channels
means, variances = features.mean(axis=1), features.var(axis=1)
together = features.reshape(16, 1000).var(axis=0)
_, variance = global_moments(means, variances)
print(f"variance of all 16 pictures   {together.mean():.3f}, mean over 1,000 channels")
print(
    f"from the replicas' moments    {np.mean(variance):.3f}, equal in every channel: {np.allclose(variance, together)}"
)
print(f"mean of their variances alone {variances.mean():.3f}")

# %% [markdown]
# Four pictures lie closer to their own mean than to the mean of all: a quarter of the variance lies *between* the replicas, and
# a batch norm that is not synchronised never sees it. Two small arrays per layer cross the network, no picture does.
#
# Is it worth it? With 32 pictures per replica a thirty-second is missing: leave it. With 4, as with large pictures, synchronise. In
# this course `train` always does, so that any number of devices learns the same.
#
# ## A larger batch
#
# Eight devices, eight times the batch: each picture is still seen once per epoch, but the weights move eight times less often.
#
# ### Exercise 9.3 · a rate for a larger batch (8 minutes, ★★☆)
#
# **Predict first:** SGD with a rate of 0.1 at 256 pictures a batch. Which rate at 8,192 pictures? And if it were Adam with 0.001?

# %% tags=["exercise"]
from utils.training.scaling import rate_at

# %% tags=["check"]
rate_at = check("9.3", rate_at)

# %%
for name, rate, power in (("SGD", 0.1, 1.0), ("Adam", 0.001, 0.5)):
    rates = [rate_at(step, rate, 8192 / 256, 500, power) for step in (0, 250, 500, 5000)]
    print(f"{name:5}", *(f"{rate:9.5f}" for rate in rates))

# %% [markdown]
# **Does it help, and for how long?** The smallest case in which noise and curvature both play: a line through noisy points in 20 dimensions,
# of which the steepest is 20 times as steep as the flattest. SGD sees 16,384 points in all cases, in batches of 8 to 512.
#
# **Predict first:** at which batch does the linear rule break?

# %%
STEEPNESS, POINTS, RATE, SMALL = np.geomspace(0.05, 1.0, 20), 16_384, 0.04, 8


def distance_left(batch, *rule):
    """Fit 20 weights that should all be 1 by SGD; return the error that is left, inf when it blew up."""
    random, weights = np.random.default_rng(0), np.zeros(20)
    for step in range(POINTS // batch):
        inputs = random.standard_normal((batch, 20)) * np.sqrt(STEEPNESS)
        errors = inputs @ (weights - 1) + 0.5 * random.standard_normal(batch)
        weights = weights - rate_at(step, RATE, *rule) * inputs.T @ errors / batch
    left = 0.5 * np.sum(STEEPNESS * (weights - 1) ** 2)
    return left if left < 100 else np.inf


print("batch   steps   same rate   linear   linear, warm-up   square root")
for factor in (1, 4, 8, 16, 32, 64):
    batch, steps = factor * SMALL, POINTS // (factor * SMALL)
    rules = (1, 0), (factor, 0), (factor, steps // 4), (factor, 0, 0.5)  # factor, steps of warm-up, power
    left = [distance_left(batch, *rule) for rule in rules]
    print(f"{batch:5}{steps:8}{left[0]:12.4f}{left[1]:9.4f}{left[2]:18.4f}{left[3]:14.4f}")

# %% [markdown]
# At the same rate a batch of 256 has learned almost nothing from the same points. The linear rule keeps what eight-point batches
# reach, up to 256: thirty-two times fewer steps. At 512 the rate is beyond what the steepest direction bears, and it blows up; a
# warm-up does not help there. (It helps deep networks, whose curvature is largest at the start; this problem has the same one
# everywhere.) So: **linear, up to the critical batch; measure where that is, and do not buy devices beyond it.**
#
# ## Half the bits
#
# A tensor core multiplies numbers of two bytes many times as fast as numbers of four. Which numbers may be short? What `train` does on
# a GPU of compute capability 8 or above:

# %%
from utils.training.precision import HALF, heads, products

# %% tags=["listing"]
from utils.training.precision import compute_in_bfloat16

# %%
from utils.training.gan import build_gan

short = build_gan(budget.gan)
print(f"layers that compute in bfloat16: {compute_in_bfloat16(short)}")
for network in (short.generator, short.discriminator, short.ema_generator):
    print(f"{network.name}: " + ", ".join(layer.compute_dtype for layer in network.layers if layer.weights))
latents = short.draw_latents(16)
print(f"weights {short.generator.weights[0].dtype}, pictures {short.generator(latents).dtype.name}")

# %% [markdown]
# **Predict first:** what goes wrong when a picture of 28 x 28 is priced in float16, where a pixel costs 90 nats at the start? And a gradient of 1e-8?

# %%
from utils.losses import gaussian_kl, nats_per_image

nats = np.full((4, 28, 28, 1), 90.0, "float32")
tiny = np.float32(1e-8)
for kind in ("float32", "bfloat16", "float16"):
    price = nats_per_image(ops.cast(nats, kind))
    slope = ops.cast(tiny, kind)
    scaled = ops.cast(ops.cast(tiny * 2**15, kind), "float32") / 2**15
    kl = float(
        gaussian_kl(ops.cast(0.0, kind), ops.cast(0.05, kind), ops.cast(0.0, kind), ops.cast(0.0, kind))
    )
    print(
        f"{kind:9} price {float(price):7.0f}   slope of 1e-8: {float(slope):.0e}, with a loss scale of 32,768: {float(scaled):.0e}"
        f"   KL of a latent with log-variance 0.05: {kl:.5f}"
    )

# %% [markdown]
# float16 ends at 65,504, so a sum over pixels is infinite; and 1e-8 is 0, unless the loss was made 32,768 times as large first. Keras'
# `LossScaleOptimizer` does that, and takes it back. bfloat16 has neither trouble, but 8 bits: in the KL, where $e^{x} - 1 - x$ takes
# nearly equal numbers from each other, most of the answer is rounding. That is why `compute_in_bfloat16` leaves out what leaves a
# network: scores, pictures, means and log-variances come in float32, and all losses compute in it.
#
# ### Exercise 9.4 · a softplus that float16 survives (8 minutes, ★★☆)
#
# **Predict first:** log(1 + e^x) in float16. At which x does it break, and does it break on one side or on both?

# %% tags=["exercise"]
from utils.training.half import stable_softplus

# %% tags=["check"]
stable_softplus = check("9.4", stable_softplus)

# %%
scores = np.float16([-12, -8, 0, 11, 12, 60000])
with np.errstate(over="ignore"):
    naive = np.log(np.float16(1) + np.exp(scores))
print("score ", *(f"{score:9g}" for score in scores))
print("naive ", *(f"{price:9.2g}" for price in naive))
print("stable", *(f"{price:9.2g}" for price in np.asarray(stable_softplus(scores))))

# %% [markdown]
# It breaks on both sides: above 11 it is infinite, and at -8 it is 0, since float16 has nothing between 1 and 1.001. bfloat16
# reaches as far as float32, so nothing overflows there; but between 1 and 1.0078 it has nothing, so `log1p` is needed even more.
#
# ## Where a step spends its time
#
# Before you buy devices, look at one. TensorFlow's profiler writes a trace; this table reads it.
#
# **Predict first:** in one step of the GAN of lesson 02, which share of the time do convolutions take?

# %%
from utils.training.probe import model_and_batch
from utils.training.step_profile import print_step_profile

print_step_profile(*model_and_batch(budget.gan), steps=budget.profile_steps)

# %% [markdown]
# Forward, for the weights, for the input: three products per convolution, which is why a step costs about three times a forward pass. "Of
# the peak" compares with a large matrix product on the same core. On a GPU the same table is in TensorBoard's profiler; there look for
# gaps first: a GPU that is idle waits for Python or for pictures, and no second GPU will help.
#
# What can be cut? `python -m utils.training.step_profile NN` was read for each lesson, and three things were found.
#
# * **A call from Python has a price**, whatever it computes. `train` makes up to ten steps per call (`steps_per_execution` in Keras), but
#   only where nobody looks in between: not where a callback wants each step. The weights are the same, to the
#   last digits that rounding leaves; a test compares them.
# * **A step that makes a variable is compiled twice.** In lesson 05 noise came from Keras' global generator, which the first step had to
#   make; a generator in the model halved the tracing of 8,000 operations.
# * **Convolutions are what remains**, and they run near the peak. Cheaper then means fewer of them: the game that needs fewer steps.
#
# How do the trainings of this course compare with others? Each model with the same layers, sizes and batch, one thread each, in one run:
# our way, Keras' textbook way (`fit`, a `train_step` as in its guides), and PyTorch.

# %%
from utils.training.speed_table import read_speeds, speed_lines

print(*speed_lines(read_speeds()), sep="\n")

# %% [markdown]
# The course's way is nowhere slower than the others, although plain Keras does less for the GAN and the VAE: it keeps no average of
# the weights and learns no noise. In the other rows the step is the same, and what differs is Python between the steps. "Conv layers" is
# forward and backward of these layers alone, with the slopes that the training asks for. Above 100 %: some convolutions need fewer
# multiplications than are counted. A whole step reaches less than its convolutions: what lies between them moves memory and computes
# little. (Medians of three on one core that other work shared: ratios within a tenth of 1 say "about equal". On a GPU the order may
# be another.)
#
# ## Data that does not fit
#
# Ten million photos of 64 x 64 are 123 GB as bytes. They become **shards**: files of some thousand pictures each, mixed, so that a
# training reads few files at a time, in order, which any disk does fast. Here with a small shop, on disk as anybody would have it, and with one file that is no picture:

# %%
import pathlib
import tempfile

from PIL import Image

from utils.data.shard_manifest import find_damage
from utils.data.shard_writer import shard_photos

shop, shards = pathlib.Path(tempfile.mkdtemp()), pathlib.Path(tempfile.mkdtemp(), "shards")
small_grey = {"image_size": 28, "channels": 1, "fallback": "catalogue"}
clothes = load_products("fashion-mnist", "train", count=budget.photo_count, **small_grey)
for number, (picture, label) in enumerate(zip(clothes.images, clothes.class_ids, strict=True)):
    place = shop / clothes.class_names[label].replace("/", " or ")
    place.mkdir(exist_ok=True)
    Image.fromarray(picture[:, :, 0]).save(place / f"{number:06}.png")
(place / "broken.png").write_bytes(b"not a picture")

manifest = shard_photos(shop, shards, image_size=28, channels=1, shard_size=budget.shard_size)
for shard in manifest["shards"][:3]:
    print({name: shard[name] for name in ("file", "pictures")}, shard["sha256"][:8])
skipped = sum(len(shard["skipped"]) for shard in manifest["shards"])
print(
    f"{manifest['pictures']:,} pictures in {len(manifest['shards'])} shards, skipped: {skipped}; the others are held out for validation"
)

# %% [markdown]
# The same as a command, for your photos: `python -m utils.data.shards my_photos my_shards`, and `--verify` to read all back. What if a
# shard is damaged, and another one lost?

# %%
first, second = (shards / shard["file"] for shard in manifest["shards"][:2])
damaged = bytearray(first.read_bytes())
damaged[len(damaged) // 2] ^= 1  # one bit
first.write_bytes(damaged)
second.unlink()
for name, trouble in find_damage(shards).items():
    print(f"{name} is {trouble}")
first.unlink()  # what is damaged goes, and the same command writes what is missing
shard_photos(shop, shards, image_size=28, channels=1, shard_size=budget.shard_size)
print("after the same command again:", find_damage(shards) or "all shards are as they were written")

# %% [markdown]
# **The same trainer** takes shards as it takes arrays. In memory are only the pictures that wait to be mixed:
# `python tests/benchmarks/shards.py` reads 20,000 and 200,000 pictures in colour and needs 84 and 88 MB for it, where arrays need 265 and
# 2,564. Read from shards are four times as many pictures per CPU second as from single files.

# %% tags=["train"]
from utils.data.shard_reader import make_shard_dataset
from utils.training.fit import train

gan = build_gan(budget.gan)
history = train(gan, make_shard_dataset(shards, budget.gan.batch_size, seed=0), budget.gan.steps)

# %%
from utils.show.pictures import plot_images, show

show(
    plot_images(
        gan.draw(gan.draw_latents(40)), columns=20, alt="Drawn by the GAN that was trained from shards."
    )
)

# %% [markdown]
# ### Exercise 9.5 · steps that every worker can make (8 minutes, ★★☆)
#
# **Predict first:** nine shards of 1,000 pictures, four workers, 50 pictures per step and worker. How many steps are in an epoch:
# 45, 40 or 60?

# %% tags=["exercise"]
from utils.training.scaling import steps_per_epoch

# %% tags=["check"]
steps_per_epoch = check("9.5", steps_per_epoch)

# %%
for count in (8, 9, 11, 12):
    steps = steps_per_epoch([1000] * count, 4, 50)
    print(f"{count:2} shards: {steps} steps, {steps * 4 * 50 / (count * 1000):.0%} of the pictures")

# %% [markdown]
# One shard too many is one that nobody may finish: three workers have no partner for it. Write many small shards, or a
# multiple of the number of workers.
#
# ## One, two, four workers
#
# A worker is a process with the whole model. `TF_CONFIG` tells it who the others are; on this machine
# `python -m utils.training.workers --count 2 -- python my_training.py` does that, on several machines your scheduler. The GAN of lesson 02,
# the same batch for all together, one thread per worker.
#
# **Predict first:** two cores. How much faster are two workers than one? And four?

# %%
timing = "--steps", budget.timed_steps, "--batch", budget.timed_batch
scaling = {count: learned("gan", *timing, workers=count) for count in budget.worker_counts}
speed_of_one = scaling[1]["pictures per second"]
print("workers   pictures per second   times as fast   efficiency   largest difference of the losses")
for count, run in scaling.items():
    speed = run["pictures per second"]
    print(
        f"{count:7}{speed:22.0f}{speed / speed_of_one:16.2f}{speed / speed_of_one / count:13.0%}"
        f"{largest_difference(scaling[1], run):35.0e}"
    )

# %% [markdown]
# In the stored run two workers are hardly faster than one, and four on two cores are slower. What they learn is the same; the differences are the rounding of sums
# in another order, which Adam enlarges step by step. Where does the time go? A step of this small GAN takes 0.15 seconds, and in it dozens of
# all-reduces, for each batch norm and for each network, wait for the slower of two processes. The rule behind it: **a step must compute for
# longer than its all-reduce takes.** So fill each device first (a larger batch, a larger model), and only then add devices. And give
# nobody a number of "linear scaling" that you have not measured.
#
# ## A worker dies
#
# Machines fail. In this run worker 1 is killed without a word (SIGKILL) after its third step; the chief has saved each step.
#
# **Predict first:** what happens to worker 0? And will the losses after the restart be those of a run without the accident?

# %%
folder = tempfile.mkdtemp()
resumed = learned("gan", *timing, "--folder", folder, "--die-after", 3, workers=2, restarts=1)
print(f"went on from step {resumed['started at step']}")
print(f"largest difference from the two workers above: {largest_difference(resumed, scaling[2]):.0e}")

# %% [markdown]
# Worker 0 would wait in the all-reduce forever: alone it can do nothing. So all are ended, all start again, and all read the checkpoint
# that the chief wrote: weights, *both* optimizers, the step, the average. The losses are those of the run without the accident. What
# did the accident cost? The steps since the last checkpoint, and the start: so save as often as losing work costs more than saving.
#
# ## What it costs
#
# ### Exercise 9.6 · the bill (6 minutes, ★☆☆)
#
# **Predict first:** eight workers with an efficiency of 0.8 instead of one. How much sooner are you done, and how much more do
# you pay?

# %% tags=["exercise"]
from utils.training.scaling import training_cost

# %% tags=["check"]
training_cost = check("9.6", training_cost)

# %% [markdown]
# With what was measured above: the GAN of lesson 02, to be shown 50 million pictures. The price of an hour is assumed, 0.10 per worker;
# put in what you pay, and pictures per second measured on what you rent.

# %%
PRICE = 0.10
for count, run in scaling.items():
    efficiency = run["pictures per second"] / speed_of_one / count
    hours, price = training_cost(50_000_000, speed_of_one, count, efficiency, PRICE)
    print(f"workers {count}, efficiency {efficiency:4.0%}: {hours:6.1f} hours, price {price:6.2f}")

# %% [markdown]
# More workers never make a training cheaper; where they scale, they make it earlier. The bill grows as 1 / efficiency.
#
# ## Break it
#
# Half precision without care. A model computes in float16 and adds up the squared scores of 28 x 28 places, which start near 10.
#
# **Predict first:** does the training stop, go on with NaN, or learn something wrong?

# %%
keras.config.set_dtype_policy("mixed_float16")


class Careless(keras.Model):
    """A network whose price is a sum over all places, in float16, as it comes."""

    def __init__(self):
        super().__init__()
        self.score = keras.Sequential(
            [layers.Input((28, 28, 1)), layers.Conv2D(8, 3, padding="same"), layers.Rescaling(10.0)]
        )
        self.built = True

    def train_step(self, images):
        with tf.GradientTape() as tape:
            price = ops.sum(ops.square(self.score(images)))  # float16: infinite beyond 65,504
        variables = self.score.trainable_variables
        self.optimizer.apply(tape.gradient(price, variables), variables)
        return {"price": price}


careless = Careless()
careless.compile(keras.optimizers.Adam(1e-3), auto_scale_loss=False)
everywhere = tf.data.Dataset.from_tensors(tf.ones((8, 28, 28, 1))).repeat()
_ = train(careless, everywhere, 5)
keras.config.set_dtype_policy("float32")

# %% [markdown]
# `train` looks at losses and weights now and then. It stops, says which number broke, puts the last finite weights back, and names the type. The
# cure: `ops.cast(scores, "float32")` before the sum, or a mean instead of a sum, and bfloat16 where the device has it.
#
# ## What this does not show
#
# * **Nothing was run on a GPU.** Memory growth, XLA, tensor cores, NCCL and the choice of precision by compute capability were read and
#   tested with stand-ins, not measured. If you have a GPU: `python -m utils.course doctor`, then run this notebook again.
# * Two processes on two cores share memory and caches; between machines the all-reduce crosses a network. Efficiency there is another number.
# * A model that does not fit into one device: model, tensor and pipeline parallel, or sharded optimizers (ZeRO). The models here have
#   less than a million weights.
# * Asynchronous training, and gradient compression. Both change what is learned.
#
# ## Follow-up questions
#
# <details><summary>The loss on 8 GPUs looks the same as on one, but weight decay now acts too weakly. What do you suspect?</summary>
#
# Gradients were added without the share 1/8, and Adam hid it. Decoupled weight decay does not go through Adam's division, so against steps
# that are unchanged it would be unchanged too; but decay that is added to the *gradient* is now an eighth of what it was beside it. Compare
# traces with SGD at the same global batch.
# </details>
#
# <details><summary>Training hangs at the end of the first epoch, with all GPUs at 100 %. Why?</summary>
#
# One worker has run out of batches and left; the others wait for it in the all-reduce, which shows as full load. Give each worker the same number
# of steps: the minimum over workers, `drop_remainder`, or an endless dataset with steps counted.
# </details>
#
# <details><summary>Does a gradient penalty need care under data parallel?</summary>
#
# R1 and WGAN-GP are means over pictures: the parts add up, with the share. Two things need care: the discriminator must not let pictures see
# each other (batch norm), and inside mixed precision the inner gradient wants float32, or a scale of its own.
# </details>
#
# <details><summary>Out of memory at batch 256. Which knobs, in which order?</summary>
#
# Activations grow with the batch, weights and Adam's two slots do not. So: a smaller batch per device with more devices, or accumulated
# gradients; half precision for activations; recompute activations (checkpointing); a smaller network. Look first whether another
# process holds the memory.
# </details>
#
# <details><summary>When do more GPUs not help?</summary>
#
# When the input is the limit (profile: gaps), when the batch per device is so small that launching costs more than computing, when the
# all-reduce takes as long as the step, and beyond the critical batch, where more pictures per step teach no more.
# </details>
#
# <details><summary>How do you know that 2 workers do not see the same pictures and the same noise?</summary>
#
# Print the first latents of each replica: with one seed everywhere they are the same, and half of the work is done twice. Here each worker
# and each replica has a seed of its own, weights come from the chief, and shards are dealt by worker.
# </details>

# %% [markdown] tags=["recall"]
# **Rehearse this lesson:** topic *Training on GPUs* in `10_mock_interview`, or in a terminal
# `python -m utils.interview --topics scaling`.

# %% [markdown]
# ## Sources
#
# * P. Goyal et al. 2017, Accurate, Large Minibatch SGD, arXiv:1706.02677: the linear rule and the warm-up.
# * S. Malladi et al. 2022, On the SDEs and Scaling Rules for Adaptive Gradient Algorithms, arXiv:2205.10287: the square root for Adam.
# * S. McCandlish et al. 2018, An Empirical Model of Large-Batch Training, arXiv:1812.06162: the critical batch.
# * P. Micikevicius et al. 2017, Mixed Precision Training, arXiv:1710.03740: float32 weights, loss scale.
# * C. Peng et al. 2017, MegDet, arXiv:1711.07240: batch norm across devices.
# * S. Rajbhandari et al. 2019, ZeRO, arXiv:1910.02054: optimizers in parts.

# %% tags=["widget"]
progress()
