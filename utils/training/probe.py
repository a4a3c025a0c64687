"""How long will it take here? Two seconds of real steps, multiplied, not a guess."""

import time

import tensorflow as tf

from utils.training.budget import LESSONS, load_budget
from utils.training.gan import build_gan


def predict_minutes(seconds=2.0):
    """Return the expected minutes of training per lesson, from real steps timed on this machine."""
    return {
        lesson: seconds_per_step(load_budget(lesson), seconds / len(LESSONS)) * load_budget(lesson).steps / 60
        for lesson in LESSONS
    }


def seconds_per_step(budget, seconds):
    """Time steps of the lesson's own networks for some seconds; return seconds per step."""
    gan = build_gan(budget)
    images = tf.zeros((budget.batch_size, 28, 28, 1))
    step = tf.function(gan.train_step)
    float(step(images)["g_loss"])  # the first step compiles; it says nothing about the others
    start, steps = time.perf_counter(), 0
    while time.perf_counter() - start < seconds or steps == 0:
        float(step(images)["g_loss"])  # reading the loss waits until the device is done
        steps += 1
    return (time.perf_counter() - start) / steps
