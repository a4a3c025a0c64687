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
# # 02 · Code a GAN
#
# > **Coding problem 1.** Write a simple GAN that generates images. You have a laptop and an hour.
# >
# > **编程题 1。** 请手写一个简单的 GAN，实现图像生成。给你一台笔记本电脑，限时一小时。
#
# **You will be able to**
#
# * say what each of the two networks receives, returns and is charged for, and write both prices from memory;
# * write a generator, a discriminator and one training step in which each optimizer moves one network only;
# * train it on real product pictures, live, on a laptop without a GPU;
# * say with numbers how good the pictures are, and recognise a collapse when you see one.
#
# | budget | what for | training | whole notebook |
# |---|---|---|---|
# | `smoke` | tests | seconds | under 20 s |
# | `cpu` | a laptop with 2 cores | under 2 minutes | under 3 minutes |
# | `gpu` | one GPU | longer and wider | not yet run on a GPU |
#
# The exercises take about an hour. You can run the whole notebook first and solve them afterwards:
# a cell that checks an unsolved exercise puts the library's own function in its place.
#
# Late, or here for one part? In a new cell at the top, `from utils.course.skip import skip_to; skip_to("02", "The result")`
# loads what the parts before it make. `skip_to("02")` lists the parts.

# %% tags=["setup"]
from utils.training.device import start_lesson  # first: TensorFlow starts without its log lines

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from utils.exercises import check, hint, progress, solution

# %% tags=["setup"]
budget = start_lesson("02_code_a_gan")

# %% [markdown]
# ## The pictures
#
# Fashion-MNIST: 70,000 real product photos of ten kinds, 28 x 28 pixels, grey
# (Xiao et al. 2017, arXiv:1708.07747). Without a network and without a copy on disk the lesson takes the
# course's own rendered catalogue instead, and says so.

# %%
from utils.data import load_products, scale_images
from utils.show.pictures import plot_histogram, plot_images, plot_pairs, plot_rows, plot_scores, show

source = {"source": "fashion-mnist", "fallback": "catalogue", "image_size": 28, "channels": 1}
products = load_products(**source, split="train", count=budget.image_count)
show(plot_images(products.images[:40], columns=10), alt=f"40 product pictures, {products.source}")

# %% [markdown]
# ## The draft answer
#
# A draft that circulates as the answer to this problem has three functions. In our words:


# %%
def draft_generator(latent_dim):
    return keras.Sequential(
        [
            layers.Input((latent_dim,)),
            layers.Dense(7 * 7 * 128, activation="relu"),
            layers.Reshape((7, 7, 128)),
            layers.Conv2D(128, 5, padding="same", activation="relu"),
            layers.Conv2D(128, 5, padding="same", activation="relu"),
            layers.Conv2D(128, 5, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


def draft_discriminator(image_shape):
    return keras.Sequential(
        [
            layers.Input(image_shape),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


def draft_gan(generator, discriminator):
    return keras.Sequential([generator, discriminator])


# %% [markdown]
# It reads well, and `draft_gan(...)` builds without an error. **Predict first:** what is the shape of what
# `draft_generator(100)` returns for four latents? Which line of the draft trains the discriminator?
#
# ### What an interviewer catches in it
#
# **Defect 1. The generator returns one number, not an image.** It flattens a picture that does not exist yet,
# and it ends like a classifier. No layer ever enlarges the 7 x 7 map.

# %%
keras.utils.set_random_seed(1)
latents = keras.random.normal((4, 100))
generator = draft_generator(100)
print("four latents become", tuple(generator(latents).shape))
maps = [layer.output.shape[1:3] for layer in generator.layers if len(layer.output.shape) == 4]
print("largest map inside ", max(maps))

# %% [markdown]
# **Defect 2. The two networks do not fit.** Keras builds the stack and counts its parameters all the same; the
# first call fails. Never trust a summary: run one batch.

# %% tags=["broken"]
stack = draft_gan(generator, draft_discriminator((28, 28, 1)))
print(f"built, {stack.count_params():,} parameters, output {stack.output_shape}")
stack(latents)

# %% [markdown]
# **Defect 3. There is no training.** No loss, no optimizer, no data, no loop.

# %% tags=["broken"]
stack.fit(latents, np.ones((4, 1)))

# %% [markdown]
# **Defect 4. Nothing is frozen and nothing alternates.** The only discriminator that fits this generator judges
# a single number. Give the stack the loss that is missing, ask it for "real" (label 1), and train: both networks
# work towards the same goal. The discriminator is trained to be fooled, and no real image ever reaches it.

# %%
judge = draft_discriminator((1,))
stack = draft_gan(generator, judge)
stack.compile(optimizer=keras.optimizers.Adam(1e-3), loss="binary_crossentropy")
judge_before = judge.get_weights()
numbers = generator.predict(keras.random.normal((64, 100)), verbose=0)
trust_before = judge.predict(numbers, verbose=0).mean()
stack.fit(keras.random.normal((256, 100)), np.ones((256, 1)), batch_size=32, epochs=3, verbose=0)

moved = max(np.abs(new - old).max() for old, new in zip(judge_before, judge.get_weights(), strict=True))
trust_after = judge.predict(numbers, verbose=0).mean()
print(f"the discriminator moved during the generator's training, by up to {moved:.3f}")
print(f"it now takes the generator's old numbers for real: {trust_before:.2f} -> {trust_after:.2f}")
spread = generator.predict(keras.random.normal((64, 100)), verbose=0).std()
print(f"64 different latents give the same number, standard deviation {spread:.4f}")

# %% [markdown]
# **Defect 5. A sigmoid inside the network kills the gradient just when it is needed.** When the discriminator is
# sure that an image is fake (score -20), the generator should hear it loudly. Keras clips probabilities at 1e-7
# before it takes the logarithm, and there the slope is exactly zero. From the raw score it is -1.

# %%
score, real = tf.Variable([[-20.0]]), tf.ones((1, 1))
for name, loss in {
    "through a sigmoid": lambda: keras.losses.BinaryCrossentropy()(real, tf.sigmoid(score)),
    "from the raw score": lambda: keras.losses.BinaryCrossentropy(from_logits=True)(real, score),
}.items():
    with tf.GradientTape() as tape:
        price = loss()
    print(f"{name:18}: gradient {tape.gradient(price, score).numpy().item():.6f}")

# %% [markdown]
# **Defect 6. The discriminator has no eye for pictures.** `Flatten` and `Dense` treat a picture as a list: shuffle
# the pixels of all images alike, and nothing changes for it. It also pays for every pixel separately.

# %%
for shape in [(28, 28, 1), (256, 256, 3)]:
    print(f"{shape}: {draft_discriminator(shape).count_params():,} parameters")

# %% [markdown]
# **Also missing:** the range of the images is never stated (a sigmoid draws in [0, 1]; if the real images lie in
# [-1, 1] the range alone gives the fakes away), no seed, nothing is looked at and nothing is measured.
#
# | defect | what you saw | repair |
# |---|---|---|
# | ends in one number | shape `(4, 1)` | end in `tanh` with the shape of the data |
# | never enlarges | 7 x 7 | two strided transposed convolutions: 7, 14, 28 |
# | networks do not fit | error at the first call | try one batch in the first test |
# | no loss, no loop | "must call compile()" | two losses, two optimizers, one `train_step` |
# | discriminator moves with the generator | its weights changed | each optimizer gets one network's variables |
# | sigmoid | gradient 0 at score -20 | raw scores, `softplus` |
# | `Flatten`, `Dense` | 25 million parameters at 256 x 256 | strided convolutions |
#
# ## The answer in 30 seconds
#
# > "Two networks. The generator maps noise to an image. The discriminator maps an image to one raw score, high for
# > real. I teach them in turn: the discriminator as a classifier of real against fake, the generator through the
# > discriminator's gradient, so that its images score as real. Each has its own optimizer. I use the non-saturating
# > loss on raw scores, convolutions with strides, small batches, Adam with beta_1 of 0.5, and I draw from a moving
# > average of the generator. If it turns unstable I add a gradient penalty. I judge by FID and by looking, not by the
# > losses."
#
# ## The answer in 3 minutes
#
# The game, with score $a = D(x)$ and $\sigma$ the sigmoid (Goodfellow et al. 2014):
#
# $$\min_G \max_D \; \mathbb{E}_{x \sim \text{data}} \log \sigma(D(x)) + \mathbb{E}_{z \sim N(0, I)} \log (1 - \sigma(D(G(z))))$$
#
# * **The discriminator pays** $\operatorname{softplus}(-a)$ for a real image and $\operatorname{softplus}(a)$ for a
#   fake one, where $\operatorname{softplus}(a) = \log(1 + e^a)$. That is cross-entropy from raw scores, finite for any
#   score. While it cannot tell, it pays $2 \log 2 = 1.386$.
# * **The generator pays** $\operatorname{softplus}(-a)$ for each fake. The game as written would give it
#   $-\operatorname{softplus}(a)$; both fall when $a$ rises, but where fakes are recognised ($a \to -\infty$) the slope of
#   the written one is $-\sigma(a) \to 0$ and that of ours $\sigma(a) - 1 \to -1$.
# * **The path of the gradient**: price, score, image, generator. All that the generator learns, it learns from the
#   slope of the discriminator at its images. So that slope must be useful: no sigmoid, no dead units (LeakyReLU), and
#   for longer trainings a price on its steepness, R1 = $\frac{\gamma}{2} \lVert \nabla_x D(x) \rVert^2$ at real
#   images (Mescheder et al. 2018). In the short training below R1 costs more than it brings: it was measured.
# * **The step**: draw fakes and teach the discriminator (the fakes are fixed numbers here); draw new latents and teach
#   the generator (the discriminator passes the gradient on and stays still); move the average.
# * **The losses do not say how good the images are.** They say who is ahead.

# %% [markdown]
# ## The two prices
#
# Both networks are judged on raw scores. Write the two losses; the training below uses yours.
#
# **Predict first:** a discriminator that scores every image 0 cannot tell at all. What does it pay?
#
# ### Exercise 2.1 · what the discriminator pays (8 minutes, ★☆☆)

# %% tags=["exercise"]
from utils.losses import discriminator_loss

# %% tags=["check"]
discriminator_loss = check("2.1", discriminator_loss)

# %% [markdown]
# Stuck? `hint("2.1")` in a new cell gives the next hint, `solution("2.1")` the library's source.

# %%
undecided = np.zeros((8, 1), "float32")
print(f"undecided: {float(discriminator_loss(undecided, undecided)):.3f}")
print(f"has won:   {float(discriminator_loss(undecided + 6, undecided - 6)):.3f}")

# %% [markdown]
# ### Exercise 2.2 · what the generator pays (5 minutes, ★☆☆)
#
# The non-saturating price: it must stay loud when the fakes are bad.

# %% tags=["exercise"]
from utils.losses import generator_loss

# %% tags=["check"]
generator_loss = check("2.2", generator_loss)

# %% [markdown]
# ## The two networks

# %%
from utils.models.gan import check_pair, check_sizes  # say what is wrong before Keras does

# %% [markdown]
# ### Exercise 2.3 · repair the draft's generator (15 minutes, ★★★)
#
# From a row of latents to an image. Begin with a small map (a quarter of the size), double it twice by
# `Conv2DTranspose(..., 4, strides=2, padding="same")`, and end in the range of the data. A kernel of 4 with a stride
# of 2 covers each pixel equally often; a kernel of 3 leaves a checkerboard (Odena et al. 2016, Distill).

# %% tags=["exercise"]
from utils.models.gan import build_generator

# %% tags=["check"]
build_generator = check("2.3", build_generator)

# %%
generator = build_generator()
latents = keras.random.normal((4, generator.input_shape[-1]))
print("four latents become", tuple(generator(latents).shape))

# %% [markdown]
# The discriminator goes the other way, and it ends in one raw score. It has no batch normalisation: with it, the
# score of an image would depend on the other images of the batch.

# %% tags=["listing"]
from utils.models.gan import build_discriminator

# %%
discriminator = build_discriminator()
scores = discriminator(scale_images(products.images[:4]))
print("four images get scores of shape", tuple(scores.shape))

# %% [markdown]
# ### Exercise 2.4 · how much does one unit see? (10 minutes, ★★☆)
#
# An interviewer points at the last convolution and asks how many pixels of the image one of its units sees.
# Write the arithmetic for any stack of `(kernel, stride)`.

# %% tags=["exercise"]
from utils.exercises.lesson_02.answers import receptive_field

# %% tags=["check"]
receptive_field = check("2.4", receptive_field)

# %%
convolutions = [
    (layer.kernel_size[0], layer.strides[0])
    for layer in discriminator.layers
    if isinstance(layer, layers.Conv2D)
]
for depth in range(1, len(convolutions) + 1):
    print(f"after convolution {depth}: {receptive_field(convolutions[:depth])} pixels")

# %% [markdown]
# ## One step of the game
#
# First the discriminator. The fakes come in as finished images, so no gradient can reach the generator.

# %% tags=["listing"]
from utils.training.gan import discriminator_step

# %% [markdown]
# ### Exercise 2.5 · the generator's step (15 minutes, ★★☆)
#
# Now the generator. The gradient must pass *through* the discriminator and move only the generator.
# `trainable = False` tricks with two compiled models are how Keras 2 did it; in Keras 3 they fail silently or not at
# all, depending on what was traced first. Two lists of variables cannot fail.

# %% tags=["exercise"]
from utils.training.gan import generator_step

# %% tags=["check"]
generator_step = check("2.5", generator_step)

# %% [markdown]
# ### Exercise 2.6 · an average that starts quickly (5 minutes, ★☆☆)
#
# The two players circle around each other, and so do the weights. A moving average of the generator draws better
# pictures than its last state. With a fixed decay of 0.998 it would show its first noise for hundreds of steps; so
# the decay itself must warm up: $\min(\text{decay}, \frac{1 + \text{step}}{10 + \text{step}})$.

# %% tags=["exercise"]
from utils.training.ema import ema_decay_at

# %% tags=["check"]
ema_decay_at = check("2.6", ema_decay_at)

# %%
for step in (0, 10, 100, 1_000, 10_000):
    print(f"step {step:6,}: keep {float(ema_decay_at(step, 0.998)):.3f} of the average")

# %% tags=["listing"]
from utils.training.ema import update_average

# %% [markdown]
# The model puts the steps together. `train_step` reads as the algorithm.

# %% tags=["listing"]
from utils.training.gan import GAN

# %% [markdown]
# Sizes and rates come from the budget. The generator learns twice as fast as the discriminator, and both forget old
# gradients quickly.

# %% tags=["listing"]
from utils.training.gan import build_gan

# %% [markdown]
# ## Train it, live
#
# Left: the two losses; the dotted line is the price of not knowing. Right: what the averaged generator draws from
# the same latents. The stop button keeps the model; run the cell again to go on. If the kernel dies, run the
# notebook again: training continues from the last checkpoint.
#
# **Predict first:** will the discriminator's loss fall to zero? What would that mean for the generator?

# %%
from utils.data.pipelines import make_dataset
from utils.show.live import LiveTraining
from utils.training.fit import checkpoint_folder, train

keras.utils.set_random_seed(2026)
gan = build_gan(budget)
dataset = make_dataset(products.images, budget.batch_size, seed=2026)
fixed_latents = keras.random.normal((49, gan.latent_dim), seed=7)

# %% tags=["train"]
live = LiveTraining(lambda: gan.draw(fixed_latents), budget.steps, references={"cannot tell": 1.386})
history = train(
    gan,
    dataset,
    budget.steps,
    callbacks=[live],
    folder=checkpoint_folder("02_code_a_gan"),
)

# %% [markdown]
# ## The result
#
# A hundred images from a hundred new latents. None is picked.

# %%
new_latents = keras.random.normal((budget.score_count, gan.latent_dim), seed=8)
fake_images = gan.draw(new_latents)
show(plot_images(fake_images[:100], columns=20), alt="100 generated product images, not picked")

# %% [markdown]
# **Is there a space behind it?** Each row walks from one latent to another. If the generator had stored pictures, the
# row would jump; it passes through images that look like products on the way.

# %%
from utils.show.explore import latent_path

rows = [gan.draw(latent_path(seed, gan.latent_dim, 12)) for seed in range(4)]
show(
    plot_images(np.concatenate(rows), columns=12),
    alt="Four rows of twelve generated images; each row changes gradually from one product into another",
)

# %% [markdown]
# **Is it copying?** Each generated image above the training image that is nearest to it in the feature space below.

# %%
from utils.metrics.distribution import check_features, distance_by_sample_size, gaussian_of, kernel_distance
from utils.metrics.features import load_features
from utils.metrics.neighbours import nearest_neighbours

features = load_features(image_size=28, channels=1)
real_images = scale_images(products.images)
train_features = features.embed(real_images)
nearest, _ = nearest_neighbours(features.embed(fake_images[:10]), train_features)
show(
    plot_pairs(fake_images[:10], real_images[nearest[:, 0]]),
    alt="Ten generated images and below each the nearest real training image",
)

# %% [markdown]
# **How good is it, as a number?** FID compares the mean and the covariance of features of real and generated images;
# KID compares them without assuming a Gaussian and without FID's bias. The features come from the course's own small
# network, so the numbers rank images inside this course; they are not comparable with a paper's. In the `smoke`
# budget the generator has hardly begun, and its numbers say nothing.

# %% tags=["listing"]
from utils.metrics.distribution import frechet_distance

# %%
test_images = scale_images(load_products(**source, split="test", count=budget.score_count).images)
test_features = features.embed(test_images)
candidates = {
    "real photos": real_images[: budget.score_count],
    "ours": fake_images,
    "one image, repeated": np.repeat(fake_images[:1], budget.score_count, axis=0),
    "noise": np.random.default_rng(0).uniform(-1, 1, test_images.shape).astype("float32"),
}
fid, kid = {}, {}
for name, images in candidates.items():
    embedded = features.embed(images)
    fid[name] = frechet_distance(test_features, embedded)
    kid[name] = kernel_distance(test_features, embedded)
    print(f"{name:20} FID {fid[name]:8.2f}   KID {kid[name]:8.3f}")

# %%
show(plot_scores(fid, band=(0, budget.fid_band)))

# %% [markdown]
# Real photos against other real photos give the floor: FID is never 0 on a finite sample, and it falls with the
# number of images. So compare only at equal numbers. KID stays near 0 whatever the number.

# %%
sizes = [100, 200, 500]
for name, distance in {"FID": frechet_distance, "KID": kernel_distance}.items():
    readings = distance_by_sample_size(distance, train_features, sizes)  # real against real
    for size, row in zip(sizes, readings, strict=True):
        print(f"{name} of {size} real images: {row.mean():7.3f} ({row.min():.3f} to {row.max():.3f})")

# %% [markdown]
# ### Exercise 2.7 · read a collapse off a histogram (8 minutes, ★★☆)
#
# A classifier sorts the generated images. Which kinds does the generator (almost) never draw?

# %% tags=["exercise"]
from utils.exercises.lesson_02.answers import collapsed_classes

# %% tags=["check"]
collapsed_classes = check("2.7", collapsed_classes)

# %%
drawn = features.classify(fake_images, products.class_names)
show(plot_histogram(drawn, products.class_names))
missing = [products.class_names[index] for index in collapsed_classes(drawn, len(products.class_names))]
print("almost never drawn:", ", ".join(missing) or "none")

# %% [markdown]
# Ten of each kind, as the classifier sorts them. Say each name before you read it.

# %%
sorted_images = {name: fake_images[drawn == index][:10] for index, name in enumerate(products.class_names)}
rows = {name: images for name, images in sorted_images.items() if len(images) == 10}
show(plot_rows(rows), alt=f"Ten generated images of each of these kinds: {', '.join(rows)}")

# %% [markdown]
# ## Break it: a collapse on purpose
#
# Stop teaching the discriminator and go on teaching the generator. **Predict first:** what will the generator's loss
# do, and what will the pictures do?

# %%
broken_generator = keras.models.clone_model(gan.generator)
broken_generator.set_weights(gan.generator.get_weights())
step = tf.function(generator_step)
optimizer = keras.optimizers.Adam(1e-2, beta_1=0.5)
optimizer.build(broken_generator.trainable_variables)
losses = []
for _ in range(budget.collapse_steps):
    losses.append(float(step(broken_generator, gan.discriminator, optimizer, gan.draw_latents(64))))

collapsed = broken_generator.predict(new_latents[:1_000], verbose=0, batch_size=500)
drawn = features.classify(collapsed, products.class_names)
print(f"generator's loss: {losses[0]:.3f} -> {losses[-1]:.3f}")
print(f"FID: {fid['ours']:.1f} -> {frechet_distance(test_features, features.embed(collapsed)):.1f}")
missing = [products.class_names[index] for index in collapsed_classes(drawn, len(products.class_names))]
print("almost never drawn:", ", ".join(missing))
show(plot_images(collapsed[:20], columns=20), alt="20 images of the generator after the collapse")
show(plot_histogram(drawn, products.class_names))

# %% [markdown]
# **Diagnosis.** The loss is the best ever and the pictures are the worst. Against an opponent that stands still, the
# generator's best answer is whatever scores highest, again and again, and that need not even look like a product.
# Nothing in its price asks for variety; only a discriminator that keeps learning takes the favourite away.
#
# | symptom | what it says | first cure to try |
# |---|---|---|
# | g_loss near 0, few classes drawn | discriminator stands still or is too weak | check its optimizer and its variables; raise its learning rate |
# | d_loss near 0, g_loss grows | discriminator has won | stronger penalty, smaller discriminator rate |
# | d_loss stays at 1.386, pictures are noise | discriminator sees no difference | check the range of the images and the gradient path |
# | NaN | a step was too large | training stops and says so; halve the learning rate |
#
# ## Explore
#
# Move through the space of latents with the keyboard or the mouse. After a restart, run this cell again.

# %% tags=["widget"]
from utils.show.explore import explore_latents

explore_latents(gan.draw, gan.latent_dim)

# %% [markdown]
# ## What this does not show
#
# * 28 x 28 grey pictures of centred products are easy. Colour, text as a condition and larger photos follow in lesson 04.
# * FID in our feature space sees what separates kinds of products. It is blind to what its network ignores.
# * One seed is an anecdote. Lesson 03 repeats runs and shows the spread.
# * Trained on a CPU. The `gpu` budget was not run for this notebook.
#
# ## Follow-up questions
#
# <details><summary>Why not train one stacked model with <code>discriminator.trainable = False</code>?</summary>
#
# It works in old Keras when both models are compiled in the right order. In Keras 3 the trainable flag is read when a
# step is traced: if the discriminator was not traced before, its own training then moves nothing, with only a warning.
# Two variable lists say what is meant.
# </details>
#
# <details><summary>The discriminator's loss is 1.386 from start to end. Is that the equilibrium?</summary>
#
# It is what an undecided discriminator pays, and that is either the equilibrium or a discriminator that learned
# nothing. Look at the pictures and at FID.
# </details>
#
# <details><summary>Why fresh latents for the generator's step?</summary>
#
# The discriminator has just been taught on the first batch, so on it the generator would get an answer to old images.
# Reusing them saves one forward pass and is done in practice; the two steps are then taken at the same point.
# </details>
#
# <details><summary>Why beta_1 = 0.5?</summary>
#
# The opponent changes the loss under the optimizer's feet. A long memory of old gradients (0.9) keeps pushing where
# the game no longer is, and the players swing. Lesson 03 measures it.
# </details>
#
# <details><summary>Batch normalisation in the generator, none in the discriminator. Why?</summary>
#
# In the generator it keeps the maps in a useful range and speeds up learning. In the discriminator it would make the
# score of one image depend on the others in the batch, and gradient penalties are a price per image.
# </details>
#
# <details><summary>Could the generator simply memorise the training images?</summary>
#
# It never sees them; only the discriminator does. But a discriminator that memorises can teach copies. Look at
# nearest neighbours, and compare the discriminator's scores on training images and on held-out ones.
# </details>
#
# <details><summary>How would you make the images better with ten times the time?</summary>
#
# Wider networks and more steps first, then a relativistic loss with R1 and R2 on residual blocks (Huang et al. 2024),
# and augmentation of both real and fake images when data are few (Zhao et al. 2020). Measure each alone.
# </details>

# %% [markdown] tags=["recall"]
# **Rehearse this lesson:** topic *Code a GAN* in `10_mock_interview`, or in a terminal
# `python -m utils.interview --topics code`.

# %% [markdown]
# ## Sources
#
# * Goodfellow et al. 2014, Generative Adversarial Networks, arXiv:1406.2661
# * Radford, Metz, Chintala 2015, DCGAN, arXiv:1511.06434
# * Mescheder, Geiger, Nowozin 2018, Which training methods for GANs do actually converge?, arXiv:1801.04406
# * Heusel et al. 2017, TTUR and FID, arXiv:1706.08500
# * Bińkowski et al. 2018, Demystifying MMD GANs (KID), arXiv:1801.01401
# * Huang et al. 2024, R3GAN, arXiv:2501.05441; Zhao et al. 2020, DiffAugment, arXiv:2006.10738
# * Odena, Dumoulin, Olah 2016, Deconvolution and checkerboard artifacts, Distill
# * Xiao, Rasul, Vollgraf 2017, Fashion-MNIST, arXiv:1708.07747

# %% tags=["widget"]
progress()
