"""python lessons_on_two_devices.py: train every trainer a little, print what was seen as JSON."""

import dataclasses
import json

from utils.training.device import start_lesson  # first: TensorFlow starts without its log lines

import keras  # isort: skip
import numpy as np
import tensorflow as tf

from utils.metrics.features import STRIDES, load_features
from utils.models.feature_maps import build_feature_maps
from utils.models.gan import build_discriminator, build_generator
from utils.training import mirror
from utils.training.budget import LESSONS
from utils.training.coupled import build_coupled_gan
from utils.training.feature_matching import build_matching_gan
from utils.training.first_guess import build_first_guess, finish_first_guess
from utils.training.fit import train
from utils.training.gan import build_gan
from utils.training.mad_gan import build_mad_gan
from utils.training.methods import METHODS
from utils.training.multimodal import build_multimodal_gan
from utils.training.perceptual import build_priced_restorer
from utils.training.points_gan import PointGAN, build_point_gan, cured_method
from utils.training.replicas import optimizers_in
from utils.training.restorer import build_restorer
from utils.training.stability import build_setting
from utils.training.stacked import build_stage_one_gan, build_stage_two_gan
from utils.training.text_gan import build_text_gan
from utils.training.translate import build_translator
from utils.training.vae import build_vae

STEPS, ROWS, WORDS, LENGTH, SIZES = 2, 8, 9, 5, (6, 5)
SMALL = {
    lesson[:2]: dataclasses.replace(budgets["smoke"], g_width=8, d_width=8)
    for lesson, budgets in LESSONS.items()
    if lesson[:2] in ("02", "04", "05")
}
ENHANCEMENT = LESSONS["07_vae_enhancement"]["smoke"]


def trainers():
    """Yield name, model, batch, and a function that draws with the model: what the lessons train."""

    def normal(*shape):
        return np.random.default_rng(0).standard_normal((ROWS, *shape), "float32")

    def pictures(size, channels):
        return np.clip(normal(size, size, channels), -1, 1)

    for name, gan, real in (
        ("01 plane", build_point_gan(cured_method(), 10, width=16), normal(2)),
        ("05 several generators", build_mad_gan(4, width=16), normal(2)),
        ("02 GAN", build_gan(SMALL["02"]), pictures(28, 1)),
        ("06 feature matching", build_matching_gan(SMALL["02"], 1.0, 0.1), pictures(28, 1)),
    ):
        latents = normal(gan.latent_dim)
        yield name, gan, real, lambda gan=gan, latents=latents: gan.draw(latents)

    tokens = np.random.default_rng(0).integers(0, WORDS, (ROWS, LENGTH)).astype("int32")
    text = dataclasses.replace(SMALL["04"], text_encoder="lstm")
    stage_one = build_stage_one_gan(text, WORDS, LENGTH)
    for name, gan in (
        ("04 captions", build_text_gan(text, WORDS, LENGTH)),
        ("05 stage two", build_stage_two_gan(text, stage_one, WORDS)),
    ):
        latents = normal(gan.latent_dim)
        draw = lambda gan=gan, latents=latents: gan.draw(latents, gan.encode(tokens))  # noqa: E731
        yield name, gan, (pictures(32, 3), tokens), draw

    triple = normal(SIZES[0]), tokens, normal(SIZES[1])
    gan = build_multimodal_gan(SMALL["05"], SIZES, LENGTH, WORDS, joint=False)
    inputs = gan.draw_inputs(ROWS, seed=0)
    yield "05 three modalities", gan, triple, lambda: gan.draw(inputs)[0]
    translator = build_translator(SMALL["05"], SIZES)
    yield "05 translator", translator, triple, lambda: translator.draw(triple[2], seed=0)
    coupled = build_coupled_gan(
        [build_generator(4, 4, 8) for _ in range(2)], [build_discriminator(4, 8) for _ in range(2)]
    )
    latents = normal(coupled.latent_dim)
    yield "05 coupled", coupled, (pictures(8, 1), pictures(8, 1)), lambda: coupled.draw(latents)[0]

    pair = pictures(16, 3), pictures(16, 3)[::-1]
    looker = build_feature_maps(load_features(32, 3).layers[:3], STRIDES, channels=3)
    prices = {"feature_weights": (0.1, 0.1, 0.1), "adversarial_weight": 0.003}
    priced = build_priced_restorer(looker, 10, width=4, image_size=16, channels=3, **prices)
    yield "06 enlarger", priced, pair, lambda: priced.restore(pair[0])
    vae = build_vae(dataclasses.replace(ENHANCEMENT.vae, width=4))
    latents = normal(vae.latent_dim)
    yield "07 VAE", vae, pictures(28, 1), lambda: vae.decode(latents)
    regressor = build_first_guess(ENHANCEMENT.restorer)
    yield "07 first guess", regressor, pair, lambda: regressor.predict_on_batch(pair[0])
    first_guess = finish_first_guess(regressor, ENHANCEMENT.restorer)
    restorer = build_restorer(ENHANCEMENT.restorer, first_guess)
    yield "07 restorer", restorer, pair, lambda: restorer.enhance(pair[0]).sample


class Watch(keras.callbacks.Callback):
    """Draws while the model learns, and looks at both copies of each weight."""

    def __init__(self, draw):
        super().__init__()
        self.draw = draw

    def on_train_batch_end(self, batch, logs=None):
        copies = [[part.numpy() for part in one.value.values] for one in self.model.trainable_variables]
        self.replicas = min(map(len, copies))
        self.apart = not all(np.array_equal(*both) for both in copies)
        if batch + 1 == STEPS:
            self.drawn = self.draw()


def trained(model, batch, draw):
    """Train one a little; return what was seen."""
    watch, before = Watch(draw), draw()
    weights = [np.array(one) for one in model.get_weights()]
    history = train(model, tf.data.Dataset.from_tensors(batch), STEPS, callbacks=[watch], record_every=STEPS)
    after, values = draw(), [*history.values(), *model.get_weights()]
    with tf.GradientTape() as tape:
        price = sum(tf.reduce_sum(tf.square(one)) for one in model.trainable_variables)
    slopes = tape.gradient(price, list(model.trainable_variables))
    if isinstance(model, PointGAN):
        model.train_step(tf.constant(batch))  # eager, with the optimizers of the training
    return {
        "replicas": watch.replicas,
        "steps": max(int(one.iterations) for one in optimizers_in(model)) - isinstance(model, PointGAN),
        "broken": not all(np.isfinite(one).all() for one in values),
        "still": all(np.array_equal(*two) for two in zip(weights, model.get_weights(), strict=True)),
        "apart": watch.apart,
        "stale": bool(np.abs(after - watch.drawn).max() > 1e-5 or np.array_equal(before, after)),
        "stays": any(slope is None for slope in slopes)
        or any(hasattr(variable.value, "values") for variable in mirror.all_variables(model)),
        "losses": {name: one[-1] for name, one in history.items()},
    }


class EachForItself(PointGAN):
    """A planted bug: each replica moves a weight in its own way."""

    def train_step(self, real_points):
        losses = super().train_step(real_points)
        replica = tf.distribute.get_replica_context().replica_id_in_sync_group
        weights = self.generator.trainable_variables[0].value
        weights.assign_add(tf.fill(weights.shape, tf.cast(replica, "float32")))
        return losses


class Noise(PointGAN):
    """Learns nothing: its losses tell how far the noise of one replica lies from that of the other."""

    def train_step(self, real_points):
        drawn = {
            "tf": tf.random.normal((100,)),
            "layer": keras.random.normal((100,), seed=self.seeds),
            "global": keras.random.normal((100,)),
            "fixed seed": keras.random.normal((100,), seed=1),
        }
        context = tf.distribute.get_replica_context()
        sums = {name: context.all_reduce("SUM", one) for name, one in drawn.items()}
        return {name: tf.reduce_mean(tf.abs(2 * one - sums[name])) for name, one in drawn.items()}


def new_variables(gan):
    """A planted bug: the averages get copies for all devices, the first one too, and are left behind."""
    right, averages = mirror.mirrored, {id(one) for one in gan.ema_generator.variables}

    def mirrored(variable, strategy):
        if id(variable) not in averages:
            return right(variable, strategy)
        with strategy.scope():
            return tf.Variable(variable.value)

    return mirrored


def point_gan(kind=PointGAN):
    """A small game with its batch, and a function that draws."""
    gan, real = build_setting(METHODS["R1"], width=4), np.ones((ROWS, 2), "float32")
    gan.__class__, gan.seeds = kind, keras.random.SeedGenerator()
    return gan, real, lambda: gan.draw(real)


def look():
    """Train all of them, then one with two planted bugs, then one that tells how its noise differs."""
    start_lesson("02")
    seen = {name: trained(*rest) for name, *rest in trainers()}
    planted, right = point_gan(EachForItself), mirror.mirrored
    mirror.mirrored = new_variables(planted[0])
    seen["planted bugs"] = trained(*planted)
    mirror.mirrored = right
    seen["noise"] = trained(*point_gan(Noise))
    return seen


if __name__ == "__main__":
    print(json.dumps(look()))
