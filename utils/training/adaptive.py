"""ADA: augment as much as the discriminator has begun to know its training pictures by heart."""

import keras
import tensorflow as tf
from keras import ops

from utils.training.gan import GAN
from utils.training.random_augment import Augment, seen_through

TARGET = 0.6  # share of real scores above 0 minus share below; the paper's value
EVERY = 4  # steps between two looks


def ada_update(p, real_logits, target=TARGET, step=0.01):
    """Return the next probability of augmentation: up while too many real pictures score above 0, else down.

    Shapes:  p (), real_logits (batch, 1), raw scores of training pictures -> ()
    Units:   p is a probability; r = mean sign of the scores, from -1 to 1
    Healthy: r near 0 while it cannot tell, then near the target; p stays below 0.8, beyond it leaks
    Source:  Karras et al. 2020, arXiv:2006.06676, section 3: r_t, target 0.6
    """
    overfitting = ops.mean(ops.sign(real_logits))
    return ops.clip(p + step * ops.sign(overfitting - target), 0.0, 1.0)


class AdaptiveGAN(GAN):
    """A GAN whose discriminator looks through an augmentation that grows when it is needed."""

    def __init__(self, generator, discriminator, moves, step=0.01, **settings):
        augment = Augment(moves, p=0.0)
        super().__init__(generator, seen_through(augment, discriminator), **settings)
        self.augment, self.step_size = augment, step
        self.p = keras.metrics.Mean("p")

    def train_step(self, real_images):
        losses = super().train_step(real_images)
        tf.cond(self.d_optimizer.iterations % EVERY == 0, lambda: self.adapt(real_images), lambda: 0.0)
        self.p.update_state(self.augment.p)
        return losses | {"p": self.p.result()}

    def adapt(self, real_images):
        """Ask the discriminator, as it sees in training, and move the probability."""
        real_logits = self.discriminator(real_images, training=True)
        self.augment.p.assign(ada_update(self.augment.p, real_logits, step=self.step_size))
        return 0.0
