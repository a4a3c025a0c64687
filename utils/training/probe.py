"""How long will it take here? Two seconds of real steps, multiplied, not a guess."""

import time

import tensorflow as tf

from utils.data.vocabulary import LENGTH
from utils.training.budget import LESSONS, load_budget
from utils.training.first_guess import build_first_guess
from utils.training.gan import build_gan
from utils.training.methods import PLAIN
from utils.training.multimodal import build_multimodal_gan
from utils.training.points_gan import build_point_gan, cured_method
from utils.training.sizes import (
    EnhancementBudget,
    LeversBudget,
    ManyDevicesBudget,
    MultimodalBudget,
    PointsBudget,
    QualityBudget,
    StabilityBudget,
    TextGANBudget,
)
from utils.training.stability import BATCH, build_setting
from utils.training.text_gan import build_text_gan


def predict_minutes(seconds=2.0):
    """Return the expected minutes of training per lesson, from real steps timed on this machine."""
    return {
        lesson: seconds_per_step(load_budget(lesson), seconds / len(LESSONS)) * load_budget(lesson).steps / 60
        for lesson in LESSONS
    }


def seconds_per_step(budget, seconds):
    """Time steps of the lesson's own networks for some seconds; return seconds per step."""
    model, batch = model_and_batch(budget)
    step = tf.function(model.train_step)
    wait_for(step(batch))  # the first step compiles; it says nothing about the others
    start, steps = time.perf_counter(), 0
    while time.perf_counter() - start < seconds or steps == 0:
        wait_for(step(batch))
        steps += 1
    return (time.perf_counter() - start) / steps


def wait_for(losses):
    """Read the losses of a step, which waits until the device is done."""
    return [float(loss) for loss in losses.values()]


def model_and_batch(budget):
    """Return the model that a lesson trains and a batch of the shape that it gets."""
    if isinstance(budget, PointsBudget):
        gan = build_point_gan(cured_method(), budget.cured_steps, budget.width)
        return gan, tf.zeros((budget.batch_size, 2))
    if isinstance(budget, StabilityBudget):
        return build_setting(PLAIN), tf.zeros((BATCH, 2))
    if isinstance(budget, TextGANBudget):
        tokens = tf.ones((budget.batch_size, LENGTH), tf.int32)
        gan = build_text_gan(budget, vocabulary_size=100, length=LENGTH)
        return gan, (tf.zeros((budget.batch_size, 32, 32, 3)), tokens)
    if isinstance(budget, MultimodalBudget):
        sizes = budget.picture_numbers, budget.sound_numbers
        gan = build_multimodal_gan(budget, sizes, LENGTH, vocabulary_size=100)
        codes = [tf.zeros((budget.batch_size, size)) for size in sizes]
        return gan, (codes[0], tf.ones((budget.batch_size, LENGTH), tf.int32), codes[1])
    if isinstance(budget, EnhancementBudget):
        size = budget.restorer.crop_size
        pictures = tf.zeros((budget.restorer.batch_size, size, size, 3))
        return build_first_guess(budget.restorer), (pictures, pictures)
    if isinstance(budget, (LeversBudget, ManyDevicesBudget, QualityBudget)):
        budget = budget.gan
    return build_gan(budget), tf.zeros((budget.batch_size, 28, 28, 1))
