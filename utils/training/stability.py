"""One cell of the stability map: a method, a learning rate and a seed, trained on 25 modes and judged."""

import keras
import numpy as np
import tensorflow as tf

from utils.data.points import grid_of_modes
from utils.metrics.modes import high_quality, modes_covered
from utils.training.methods import METHODS, at_rate
from utils.training.penalties import input_slopes
from utils.training.points_gan import PointGAN
from utils.training.rates import two_rates

MODES = grid_of_modes(spacing=1.0, sigma=0.1)  # wider modes than in lesson 01: a training takes 4 seconds
STEPS, BATCH, WIDTH = 1_500, 128, 64
POINTS = 5_000  # drawn at the end to count modes
WINDOWS = 30  # values per recorded curve


def build_setting(method, width=WIDTH):
    """Build the GAN of a method with its optimizers, in the size of the map.

    Shapes: latents (batch, 2) -> points (batch, 2)
    Range:  any real number
    Source: the methods' own papers, see utils/training/methods.py
    """
    gan = PointGAN(method, method.build_generator(width=width), method.build_discriminator(width=width))
    adams = {
        f"{player}_optimizer": keras.optimizers.Adam(rate, beta_1=method.beta_1, beta_2=method.beta_2)
        for player, rate in (("d", method.d_learning_rate), ("g", method.g_learning_rate))
    }
    gan.compile(**adams)
    return gan


def real_points(count):
    """Draw real points inside a compiled step."""
    chosen = tf.random.uniform((count,), 0, len(MODES.centres), tf.int32)
    centres = tf.constant(MODES.centres, "float32")
    return tf.gather(centres, chosen) + MODES.sigma * tf.random.normal((count, 2))


def compiled_window(gan, steps):
    """Return a function that trains for some steps in one call and returns the last losses."""

    @tf.function
    def window():
        losses = gan.train_step(real_points(BATCH))
        for _ in tf.range(steps - 1):
            losses = gan.train_step(real_points(BATCH))
        return losses

    return window


def run_cell(name, learning_rate, seed, steps=STEPS, method=None):
    """Train one cell of the map; return its row, its curves and the trained GAN."""
    keras.utils.set_random_seed(seed)
    gan = build_setting(at_rate(method or METHODS[name], learning_rate))
    ratio = gan.method.d_learning_rate / gan.method.g_learning_rate
    every = max(1, steps // WINDOWS)
    train_window = compiled_window(gan, every)
    real = MODES.draw(200, seed)
    latents = keras.random.normal((POINTS, gan.latent_dim), seed=seed)
    curves = {}
    for start in range(0, steps, every):
        gan.d_optimizer.learning_rate, gan.g_optimizer.learning_rate = two_rates(
            start, steps, learning_rate, ratio, hold=0.5 if gan.method.falls else 1.0
        )
        losses = {key: float(value) for key, value in train_window().items()}
        gan.reset_metrics()
        slopes = np.linalg.norm(input_slopes(gan.discriminator, real), axis=1)
        point = {"step": start + every, **losses, "slope": float(np.median(slopes))}
        point |= judged(gan.generator, latents[:1_000])
        for key, value in point.items():
            curves.setdefault(key, []).append(value)
    row = {"method": name, "learning_rate": learning_rate, "seed": seed, "steps": steps}
    row |= judged(gan.generator, latents)
    row |= {f"ema_{key}": value for key, value in judged(gan.ema_generator, latents).items()}
    return row, curves, gan


def judged(generator, latents):
    """Return how many modes the generator finds, and the share of its points that lie on one."""
    points = keras.ops.convert_to_numpy(generator(latents))
    return {"modes": modes_covered(points, *MODES), "quality": round(high_quality(points, *MODES), 4)}
