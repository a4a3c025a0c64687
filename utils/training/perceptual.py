"""Restoring at several prices at once: pixels, what a network sees, and a discriminator's verdict."""

import keras
import tensorflow as tf
from keras import ops

from utils.feature_losses import perceptual_loss
from utils.losses import discriminator_loss, generator_loss
from utils.models.gan import build_discriminator
from utils.models.regressor import build_regressor
from utils.training.rates import held_then_falling

PIXEL_LOSSES = {
    "l2": lambda clean, restored: ops.mean(ops.square(restored - clean)),
    "l1": lambda clean, restored: ops.mean(ops.abs(restored - clean)),
}


class PricedRestorer(keras.Model):
    """A regressor that pays for pixels and, where these have a weight, for features and for being caught."""

    def __init__(
        self, regressor, discriminator, feature_maps, *, pixels, feature_weights, adversarial_weight
    ):
        """Keep three networks, of which the feature maps never move, and three prices."""
        super().__init__()
        self.regressor, self.discriminator, self.feature_maps = regressor, discriminator, feature_maps
        self.pixel_loss = PIXEL_LOSSES[pixels]
        self.feature_weights, self.adversarial_weight = feature_weights, adversarial_weight
        self.price = keras.metrics.Mean("price")

    def compile(self, optimizer, d_optimizer):
        """Give the regressor and the discriminator an optimizer each."""
        super().compile(optimizer=optimizer)
        self.d_optimizer = d_optimizer
        optimizer.build(self.regressor.trainable_variables)
        d_optimizer.build(self.discriminator.trainable_variables)

    def train_step(self, pair):
        degraded, clean = pair
        if self.adversarial_weight:
            self.teach_discriminator(degraded, clean)
        self.price.update_state(self.teach_regressor(degraded, clean))
        return {"price": self.price.result()}

    def teach_discriminator(self, degraded, clean):
        """Take one step in which only the discriminator moves; it sees what was to be restored, too."""
        restored = self.regressor(degraded, training=True)
        with tf.GradientTape() as tape:
            loss = discriminator_loss(self.score(clean, degraded), self.score(restored, degraded))
        variables = self.discriminator.trainable_variables
        self.d_optimizer.apply(tape.gradient(loss, variables), variables)

    def teach_regressor(self, degraded, clean):
        """Take one step in which only the regressor moves; return its price."""
        with tf.GradientTape() as tape:
            restored = self.regressor(degraded, training=True)
            price = self.pixel_loss(clean, restored)
            if any(self.feature_weights):
                price += perceptual_loss(self.feature_maps, clean, restored, self.feature_weights)
            if self.adversarial_weight:
                price += self.adversarial_weight * generator_loss(self.score(restored, degraded))
        variables = self.regressor.trainable_variables
        self.optimizer.apply(tape.gradient(price, variables), variables)
        return price

    def score(self, pictures, degraded):
        """Score pictures beside what they were made from: high for clean ones."""
        return self.discriminator(ops.concatenate([pictures, degraded], axis=-1), training=True)

    def restore(self, degraded):
        """Restore pictures (n, height, width, channels), as a numpy array in [-1, 1]."""
        return self.regressor.predict(degraded, batch_size=250, verbose=0).clip(-1, 1)


def build_priced_restorer(
    feature_maps,
    steps,
    *,
    pixels="l1",
    feature_weights=(),
    adversarial_weight=0.0,
    width=16,
    image_size=28,
    channels=1,
    learning_rate=2e-3,
):
    """Build a regressor, a discriminator of pairs, and their optimizers; only the prices differ.

    Shapes: pairs of degraded and clean (batch, image_size, image_size, channels)
    Range:  [-1, 1]
    Source: SRGAN, Ledig et al. 2016, arXiv:1609.04802; a discriminator that sees the condition: pix2pix,
            Isola et al. 2016, arXiv:1611.07004
    """
    restorer = PricedRestorer(
        build_regressor(width, channels),
        build_discriminator(width, image_size, 2 * channels),
        feature_maps,
        pixels=pixels,
        feature_weights=feature_weights,
        adversarial_weight=adversarial_weight,
    )
    falling = held_then_falling(learning_rate, steps, hold=0.5)
    restorer.compile(keras.optimizers.Adam(falling), keras.optimizers.Adam(1e-3, beta_1=0.5, beta_2=0.9))
    return restorer
