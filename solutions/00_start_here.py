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
# # 00 · Start here
#
# This course takes five interview questions and three coding problems on deep learning for product images, says
# what is wrong with the usual answers, and builds the right ones with you: code that runs, pictures that you can
# judge, numbers that you can check.
#
# > **Warm-up question.** What will run on your machine, on which data, and how long will it take?
# >
# > **热身题。** 你的机器上会跑什么、用什么数据、需要多长时间？
#
# **In the next three minutes you will** see what your machine can do, watch a network learn to draw clothes, and
# solve a first exercise.
#
# Run a cell with **Shift + Enter**. Run everything with *Run > Run All Cells*. Nothing here can break anything.
#
# <details><summary><b>On Google Colab</b>: run this first, in a new cell at the top of each lesson</summary>
#
# ```python
# COURSE = "https://github.com/OWNER/REPOSITORY"  # the address of the page that you found the course on
# !test -d /content/course || git clone -q --depth 1 {COURSE} /content/course
# %cd -q /content/course
# %pip install -q -e .
# import sys; sys.path.insert(0, "/content/course")
# ```
#
# It brings the course and what Colab lacks. Progress lies on Colab's machine and goes with it. In VS Code choose the
# kernel of `.venv`, and nothing else is needed.
#
# </details>

# %% tags=["setup"]
from utils.training.device import start_lesson  # first: TensorFlow starts without its log lines

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from utils.exercises import check, hint, progress, solution

# %% tags=["setup"]
budget = start_lesson("00_start_here")

# %% [markdown]
# ## Your data
#
# The course looks for real product photos: in the folder that `PRODUCT_DATA` names, then on the network
# (Fashion-MNIST, 30 MB, once). If there are none, it draws its own catalogue, and everything still runs.

# %%
from utils.data import load_products
from utils.show.pictures import plot_images, show

products = load_products(
    "fashion-mnist", "train", image_size=28, channels=1, fallback="catalogue", count=budget.image_count
)
show(plot_images(products.images[:40], columns=20), alt=f"40 product pictures, {products.source}")
print(products)

# %% [markdown]
# The catalogue is drawn by the course: sixteen kinds of product in colour, each with the sentence that describes it.

# %%
catalogue = load_products("catalogue", "train", count=40)
show(plot_images(catalogue.images, columns=20), alt="40 products drawn by the course in colour")
print("\n".join(catalogue.captions[:5]))

# %% [markdown]
# ## Your machine
#
# Two seconds of real training steps tell how long the lessons will take here. It is measured, not guessed.

# %% tags=["widget"]
from utils.training.probe import predict_minutes

for lesson, minutes in predict_minutes().items():
    print(f"{lesson}: about {60 * minutes:.0f} seconds of training")

# %% [markdown]
# ## Watch one learn
#
# A generator draws from noise. A discriminator compares its drawings with real photos. Both learn. How this works is
# lesson 02; now just watch. The pictures on the right come from the same noise all the time.

# %% tags=["train"]
from utils.data.pipelines import make_dataset
from utils.show.live import LiveTraining
from utils.training.fit import train
from utils.training.gan import build_gan

keras.utils.set_random_seed(2026)
gan = build_gan(budget)
fixed_latents = keras.random.normal((49, gan.latent_dim), seed=7)
live = LiveTraining(lambda: gan.draw(fixed_latents), budget.steps, references={"cannot tell": 1.386})
history = train(
    gan,
    make_dataset(products.images, budget.batch_size, seed=2026),
    budget.steps,
    callbacks=[live],
)

# %% [markdown]
# ## How an exercise works
#
# An exercise cell holds a function with its description and three dots. Replace the dots, run the cell, run the check
# below it. A check says one of three things:
#
# * `·` not attempted yet: the course goes on with its own answer, so every notebook runs to its end;
# * `✗` a named mistake and where to look;
# * `✓` right, and why it matters. From then on the notebook uses *your* function.
#
# ### Exercise 0.1 · bytes to what a network wants (3 minutes, ★☆☆)
#
# A photo on disk is bytes from 0 to 255. A generator that ends in `tanh` draws from -1 to 1. Real and drawn images
# must have the same range, or the discriminator can tell them apart by the range alone. Map 0 to -1 and 255 to 1.


# %% tags=["exercise"]
def scale_images(images):
    """Map bytes 0..255 to float32 in [-1, 1], the range that tanh ends in."""
    # BEGIN SOLUTION
    return images.astype("float32") / 127.5 - 1
    # END SOLUTION


# %% tags=["check"]
scale_images = check("0.1", scale_images)

# %% [markdown]
# ## Where help is
#
# | you want | do this |
# |---|---|
# | the next hint | `hint("0.1")` in a new cell |
# | the library's answer | `solution("0.1")` |
# | what you have solved so far | `progress()` |
# | to join a lesson at a later part | `from utils.course.skip import skip_to; skip_to("02", "The result")` |
# | to check a whole notebook | `pytest --nbval notebooks/02_code_a_gan.ipynb` in a terminal |
# | to know why something does not run | `python -m utils.course doctor` in a terminal |
# | a faster or a longer run | `COURSE_BUDGET=smoke`, `cpu` or `gpu` before you start the course |
#
# If the network is missing, the data cell says so in one line and goes on with the catalogue. If the kernel dies, run
# the notebook again: training continues where it was.

# %% tags=["widget"]
progress()

# %% [markdown]
# **Next:** open `02_code_a_gan.ipynb`.
