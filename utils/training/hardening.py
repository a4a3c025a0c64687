"""Adversarial training: a discriminator learns from the worst pictures that a budget allows."""

from utils.metrics.prices import called_real
from utils.metrics.robustness import pgd
from utils.training.gan import discriminator_step


def hardening_step(discriminator, optimizer, real_images, fake_images, budget, attack_steps=2):
    """Attack both kinds of pictures, then teach the discriminator on what came out; return its loss.

    Fakes are moved to look real, real ones to look fake. The step itself is that of every GAN.
    """
    price = called_real(discriminator)
    worst_fakes = pgd(price, fake_images, budget, steps=attack_steps)
    worst_reals = pgd(lambda images: -price(images), real_images, budget, steps=attack_steps)
    return discriminator_step(discriminator, optimizer, worst_reals, worst_fakes)
