"""One cell of the small stability map on pictures: the course's own catalogue, small networks, few steps."""

from dataclasses import replace
from functools import partial

import keras
import numpy as np
import tensorflow as tf

from utils.data import load_products, scale_images
from utils.metrics.attributes import load_attribute_judge
from utils.metrics.distribution import frechet_distance
from utils.metrics.features import load_features
from utils.models.gan import build_discriminator, build_generator
from utils.training.methods import METHODS, at_rate, flat_at_fake, flat_at_real
from utils.training.penalties import gradient_penalty
from utils.training.points_gan import PointGAN

SIZE, STEPS, BATCH, WIDTH, COUNT = 32, 400, 32, 12, 2_000
DRAWN = 500  # pictures behind each number

R1, R2 = (partial(price, gamma=1.0) for price in (flat_at_real, flat_at_fake))  # ten times that of a plane
IMAGE_METHODS = {
    "non-saturating": METHODS["non-saturating"],
    "beta_1 = 0.9": METHODS["beta_1 = 0.9"],
    "R1": replace(METHODS["R1"], penalties=(R1,)),
    "pairs, R1, R2": replace(METHODS["pairs, R1, R2"], penalties=(R1, R2)),
    "WGAN-GP": replace(METHODS["WGAN-GP"], penalties=(gradient_penalty,)),
}


def build_image_setting(method):
    """Build the GAN of a method for pictures, small.

    Shapes: latents (batch, 24) -> images (batch, 32, 32, 3)
    Range:  [-1, 1]
    Source: the networks of lesson 02 at a third of their width
    """
    gan = PointGAN(method, build_generator(24, WIDTH, SIZE, 3), build_discriminator(WIDTH, SIZE, 3))
    gan.compile(
        d_optimizer=keras.optimizers.Adam(method.d_learning_rate, method.beta_1, method.beta_2),
        g_optimizer=keras.optimizers.Adam(method.g_learning_rate, method.beta_1, method.beta_2),
    )
    return gan


def run_image_cell(name, learning_rate, seed, steps=STEPS):
    """Train one cell on pictures; return its row and the pictures that its average draws."""
    keras.utils.set_random_seed(seed)
    pictures = load_products("catalogue", "train", count=COUNT, image_size=SIZE).images
    images = tf.constant(scale_images(pictures))
    gan = build_image_setting(at_rate(IMAGE_METHODS[name], learning_rate))

    @tf.function
    def train():
        for _ in tf.range(steps):
            gan.train_step(tf.gather(images, tf.random.uniform((BATCH,), 0, COUNT, tf.int32)))

    train()
    latents = keras.random.normal((DRAWN, gan.latent_dim), seed=seed)
    drawn = keras.ops.convert_to_numpy(gan.ema_generator(latents))
    row = {"method": name, "learning_rate": learning_rate, "seed": seed, "steps": steps}
    return row | judged_images(drawn, scale_images(pictures[:DRAWN])), drawn


def judged_images(drawn, real):
    """Return how many kinds of product are drawn, and FID; NaN where a picture is no picture."""
    if not np.isfinite(drawn).all():
        return {"kinds": 0, "fid": float("nan")}
    network = load_features(SIZE, 3)
    kinds = load_attribute_judge().read(drawn)["kind"]
    counts = np.unique(kinds, return_counts=True)[1]
    fid = frechet_distance(network.embed(real), network.embed(drawn))
    return {"kinds": int(np.sum(counts >= 0.01 * len(drawn))), "fid": round(fid, 1)}
