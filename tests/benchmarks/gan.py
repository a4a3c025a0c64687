"""How fast does a GAN learn Fashion-MNIST? Quality by process CPU second, beside TensorFlow's tutorial.

    python tests/benchmarks/gan.py                  three recipes at 15, 40, 100, 120, 300 CPU seconds
    python tests/benchmarks/gan.py --what-helped    ours with one thing changed at a time, at 40 and 100
    python tests/benchmarks/gan.py ours light --seconds 100

FID on 5,000 samples against the 10,000 test images, in the course's own feature space: lower is better.
`tutorial` follows the description of tensorflow.org's DCGAN tutorial; `light` is a first, lighter try.
"""

import argparse
import time

from utils.training import quiet  # noqa: F401

import keras  # isort: skip
import tensorflow as tf  # isort: skip
from keras import layers  # isort: skip

from utils.data import load_products, scale_images
from utils.data.pipelines import make_dataset
from utils.losses import discriminator_loss, generator_loss, relativistic_loss, zero_centred_penalty
from utils.metrics.distribution import frechet_distance
from utils.metrics.features import load_features
from utils.models.gan import build_discriminator, build_generator
from utils.training.budget import LESSONS
from utils.training.gan import GAN

SAMPLES = 5_000
OURS = LESSONS["02_code_a_gan"]["cpu"]


def tutorial_generator():
    """Dense to 7 x 7 x 256, then 5 x 5 transposed convolutions 128, 64, 1."""
    stack = [layers.Input((100,)), layers.Dense(7 * 7 * 256, use_bias=False), layers.BatchNormalization()]
    stack += [layers.LeakyReLU(), layers.Reshape((7, 7, 256))]
    for width, strides in ((128, 1), (64, 2)):
        stack += [layers.Conv2DTranspose(width, 5, strides, "same", use_bias=False)]
        stack += [layers.BatchNormalization(), layers.LeakyReLU()]
    return keras.Sequential(
        [*stack, layers.Conv2DTranspose(1, 5, 2, "same", use_bias=False, activation="tanh")]
    )


def tutorial_discriminator():
    """5 x 5 convolutions 64, 128 with stride 2, each with dropout."""
    stack = [layers.Input((28, 28, 1))]
    for width in (64, 128):
        stack += [layers.Conv2D(width, 5, 2, "same"), layers.LeakyReLU(), layers.Dropout(0.3)]
    return keras.Sequential([*stack, layers.Flatten(), layers.Dense(1)])


def light_generator():
    """Nearest upsampling and 3 x 3 convolutions, width 32."""
    stack = [layers.Input((64,)), layers.Dense(7 * 7 * 128, use_bias=False), layers.Reshape((7, 7, 128))]
    for width in (64, 32):
        stack += [layers.BatchNormalization(), layers.ReLU(), layers.UpSampling2D()]
        stack += [layers.Conv2D(width, 3, padding="same", use_bias=False)]
    stack += [layers.BatchNormalization(), layers.ReLU()]
    return keras.Sequential([*stack, layers.Conv2D(1, 3, padding="same", activation="tanh")])


class TutorialGAN(GAN):
    """The tutorial's step: one batch of fakes, both gradients at the same point, no average."""

    def train_step(self, real_images):
        latents = self.draw_latents(tf.shape(real_images)[0])
        with tf.GradientTape() as d_tape, tf.GradientTape() as g_tape:
            fake_images = self.generator(latents, training=True)
            real_logits = self.discriminator(real_images, training=True)
            fake_logits = self.discriminator(fake_images, training=True)
            d_loss, g_loss = discriminator_loss(real_logits, fake_logits), generator_loss(fake_logits)
        for tape, loss, network, optimizer in (
            (g_tape, g_loss, self.generator, self.g_optimizer),
            (d_tape, d_loss, self.discriminator, self.d_optimizer),
        ):
            variables = network.trainable_variables
            optimizer.apply(tape.gradient(loss, variables), variables)
        return {"d_loss": d_loss, "g_loss": g_loss}

    def draw(self, latents, batch_size=500):
        return self.generator.predict(latents, batch_size=batch_size, verbose=0)


class PenalisedGAN(GAN):
    """Ours with R1 and, if relativistic, with pairs and R2: what the next lesson teaches."""

    gamma, relativistic = 0.1, False

    def train_step(self, real_images):
        size = tf.shape(real_images)[0]
        fake_images = self.generator(self.draw_latents(size), training=True)
        with tf.GradientTape() as tape:
            with tf.GradientTape() as image_tape:
                image_tape.watch([real_images, fake_images])
                real_logits = self.discriminator(real_images, training=True)
                fake_logits = self.discriminator(fake_images, training=True)
                watched = [real_logits, fake_logits] if self.relativistic else [real_logits]
            sources = [real_images, fake_images][: len(watched)]
            slopes = image_tape.gradient(watched, sources)
            price = relativistic_loss if self.relativistic else discriminator_loss
            loss = price(real_logits, fake_logits)
            loss += sum(zero_centred_penalty(slope, self.gamma) for slope in slopes)
        variables = self.discriminator.trainable_variables
        self.d_optimizer.apply(tape.gradient(loss, variables), variables)
        with tf.GradientTape() as tape:
            fakes = self.generator(self.draw_latents(size), training=True)
            fake_logits = self.discriminator(fakes, training=True)
            if self.relativistic:
                g_loss = relativistic_loss(fake_logits, self.discriminator(real_images, training=True))
            else:
                g_loss = generator_loss(fake_logits)
        variables = self.generator.trainable_variables
        self.g_optimizer.apply(tape.gradient(g_loss, variables), variables)
        self.follow()
        return {"d_loss": loss, "g_loss": g_loss}


class RelativisticGAN(PenalisedGAN):
    """Pairs of real and fake, with R1 and R2."""

    relativistic = True


def recipe(
    model=GAN,
    generator=None,
    discriminator=None,
    batch_size=OURS.batch_size,
    d_rate=OURS.d_learning_rate,
    g_rate=OURS.g_learning_rate,
    beta_2=0.9,
    beta_1=0.5,
    ema_decay=0.998,
):
    """Build a model that is ready to train and say its batch size; the defaults are the lesson's."""
    gan = model(
        generator or build_generator(width=OURS.g_width),
        discriminator or build_discriminator(width=OURS.d_width),
        ema_decay=ema_decay,
    )
    gan.compile(
        d_optimizer=keras.optimizers.Adam(d_rate, beta_1, beta_2),
        g_optimizer=keras.optimizers.Adam(g_rate, beta_1, beta_2),
    )
    return gan, batch_size


RECIPES = {
    "tutorial": lambda: recipe(
        TutorialGAN, tutorial_generator(), tutorial_discriminator(), 256, 1e-4, 1e-4, 0.999, 0.9
    ),
    "light": lambda: recipe(
        GAN, light_generator(), build_discriminator(width=32), 64, 1e-3, 1e-3, 0.99, ema_decay=0.995
    ),
    "ours": recipe,
}
VARIANTS = {
    "ours": recipe,
    "batch 64": lambda: recipe(batch_size=64),
    "batch 16": lambda: recipe(batch_size=16),
    "both rates 1e-3": lambda: recipe(g_rate=1e-3),
    "both rates 2e-3": lambda: recipe(d_rate=2e-3),
    "generator width 24": lambda: recipe(generator=build_generator(width=24)),
    "generator width 48": lambda: recipe(generator=build_generator(width=48)),
    "discriminator width 32": lambda: recipe(discriminator=build_discriminator(width=32)),
    "64 latents": lambda: recipe(generator=build_generator(64, OURS.g_width)),
    "16 latents": lambda: recipe(generator=build_generator(16, OURS.g_width)),
    "beta_2 0.99": lambda: recipe(beta_2=0.99),
    "R1 0.1": lambda: recipe(PenalisedGAN),
    "relativistic, R1, R2": lambda: recipe(RelativisticGAN),
}


def learn(make, marks, images, score, seed):
    """Train a recipe and yield (CPU seconds of training, steps, FID) at each mark."""
    keras.utils.set_random_seed(seed)
    gan, batch_size = make()
    step = tf.function(gan.train_step)
    batches = iter(make_dataset(images, batch_size, seed=seed))
    step(next(batches))  # compiling is not learning
    latents = keras.random.normal((SAMPLES, gan.latent_dim), seed=1)
    spent, steps, start = 0.0, 0, time.process_time()
    for mark in marks:
        while spent + time.process_time() - start < mark:
            step(next(batches))
            steps += 1
        spent += time.process_time() - start
        yield mark, steps, score(gan.draw(latents))
        start = time.process_time()


def main(arguments=None):
    """Print one line per recipe and mark, with the ratio to the first recipe's FID at the same mark."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("recipes", nargs="*", default=[])
    parser.add_argument("--seconds", nargs="+", type=float)
    parser.add_argument("--what-helped", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    known = VARIANTS if options.what_helped else RECIPES
    marks = options.seconds or ([40, 100] if options.what_helped else [15, 40, 100, 120, 300])
    features = load_features(image_size=28, channels=1)
    images = load_products("fashion-mnist", "train").images
    real = features.embed(scale_images(load_products("fashion-mnist", "test").images))
    first = {}
    print(f"{'recipe':24}{'CPU s':>7}{'steps':>8}{'FID':>9}{'ratio':>8}")
    for name in options.recipes or known:
        for mark, steps, fid in learn(
            known[name],
            marks,
            images,
            lambda fakes: frechet_distance(real, features.embed(fakes)),
            options.seed,
        ):
            ratio = fid / first.setdefault(mark, fid)
            print(f"{name:24}{mark:7.0f}{steps:8}{fid:9.2f}{ratio:8.2f}", flush=True)


if __name__ == "__main__":
    main()
