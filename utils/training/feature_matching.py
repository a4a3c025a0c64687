"""A generator that is taught by means of features instead of, or beside, the discriminator's verdict."""

import keras
import tensorflow as tf

from utils.feature_losses import matching_price
from utils.losses import generator_loss
from utils.models.gan import build_discriminator, build_generator
from utils.training.gan import GAN, discriminator_step


class FeatureMatchingGAN(GAN):
    """A GAN whose generator pays for features that are other than the real ones, and for being caught."""

    def __init__(
        self, generator, discriminator, adversarial_weight=0.0, matching_weight=1.0, ema_decay=0.998
    ):
        """The features are what the discriminator's last layer reads."""
        super().__init__(generator, discriminator, ema_decay)
        inside = discriminator.layers[-1].input
        self.reader = keras.Model(discriminator.inputs[0], [inside, *discriminator.outputs])
        self.adversarial_weight, self.matching_weight = adversarial_weight, matching_weight

    def train_step(self, real_images):
        d_latents, g_latents = (self.draw_latents(tf.shape(real_images)[0]) for _ in range(2))
        fake_images = self.generator(d_latents, training=True)
        self.d_loss.update_state(
            discriminator_step(self.discriminator, self.d_optimizer, real_images, fake_images)
        )
        self.g_loss.update_state(self.teach_generator(real_images, g_latents))
        self.follow()
        return {"d_loss": self.d_loss.result(), "g_loss": self.g_loss.result()}

    def teach_generator(self, real_images, latents):
        """Take one step in which only the generator moves; return its price."""
        with tf.GradientTape() as tape:
            fake_images = self.generator(latents, training=True)
            price = self.matching_weight * matching_price(self.reader, real_images, fake_images)
            if self.adversarial_weight:
                fake_logits = self.discriminator(fake_images, training=True)
                price += self.adversarial_weight * generator_loss(fake_logits)
        variables = self.generator.trainable_variables
        self.g_optimizer.apply(tape.gradient(price, variables), variables)
        return price


def build_matching_gan(budget, adversarial_weight=0.0, matching_weight=1.0):
    """Build both networks and their optimizers in the sizes and at the rates of a GANBudget.

    Shapes: latents (batch, gan.latent_dim) -> images (batch, 28, 28, 1)
    Range:  [-1, 1]
    Source: Salimans et al. 2016, arXiv:1606.03498, section 3.1
    """
    generator, discriminator = (
        build_generator(width=budget.g_width),
        build_discriminator(width=budget.d_width),
    )
    gan = FeatureMatchingGAN(generator, discriminator, adversarial_weight, matching_weight)
    gan.compile(
        d_optimizer=keras.optimizers.Adam(budget.d_learning_rate, beta_1=0.5, beta_2=0.9),
        g_optimizer=keras.optimizers.Adam(budget.g_learning_rate, beta_1=0.5, beta_2=0.9),
    )
    return gan
