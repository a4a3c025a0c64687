"""The methods of lesson 03 as one table: each is a pair of prices, a bound on the slope, and rates."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from keras import layers

from utils.critic_losses import critic_loss, hinge_loss, score_loss, smoothed_loss
from utils.losses import relativistic_loss, saturating_generator_loss
from utils.models.points_norms import build_clipped, build_spectral, build_with_deviation, build_with_norm
from utils.training.penalties import dragan_penalty, gradient_penalty, r1_penalty
from utils.training.points_gan import Method

GAMMA = 0.1  # of R1 and R2 on a plane whose modes are 1 apart; with 1 the scores are too flat to tell modes
WEIGHT = 0.1  # of penalties that ask for a slope of 1; images take 10


@dataclass(frozen=True)
class Setting(Method):
    """A method of the stability map; what is not named in the table is as here."""

    build_discriminator: Callable = partial(build_with_norm, None)
    build_generator: Callable = partial(build_with_norm, None, outputs=2, slope=0.0)
    beta_1: float = 0.0
    beta_2: float = 0.99
    ema_decay: float = 0.998


def fake_scores(real_logits, fake_logits):
    """Price of the generator against a critic, and with the hinge."""
    return score_loss(fake_logits)


def as_written(real_logits, fake_logits):
    """Price of the generator in the minimax game."""
    return saturating_generator_loss(fake_logits)


def other_way(real_logits, fake_logits):
    """Price of the generator in a game of pairs."""
    return relativistic_loss(fake_logits, real_logits)


def slope_one_between(critic, real_points, fake_points):
    """Price of WGAN-GP."""
    return gradient_penalty(critic, real_points, fake_points, WEIGHT)


def slope_one_around_real(discriminator, real_points, fake_points):
    """Price of DRAGAN, in a cloud that reaches about to the next mode."""
    return dragan_penalty(discriminator, real_points, WEIGHT, spread=0.1)


def flat_at_real(discriminator, real_points, fake_points, gamma=GAMMA):
    """Price of R1."""
    return r1_penalty(discriminator, real_points, gamma)


def flat_at_fake(discriminator, real_points, fake_points, gamma=GAMMA):
    """Price of R2."""
    return r1_penalty(discriminator, fake_points, gamma)


PLAIN = Setting()
PAIRS = replace(PLAIN, d_loss=relativistic_loss, g_loss=other_way, penalties=(flat_at_real, flat_at_fake))
CRITIC = replace(PLAIN, d_loss=critic_loss, g_loss=fake_scores)
WITH_BATCH_NORM = partial(build_with_norm, layers.BatchNormalization)
METHODS = {
    "minimax, as written": replace(PLAIN, g_loss=as_written),
    "non-saturating": PLAIN,  # the next seven change one thing of it
    "beta_1 = 0.5": replace(PLAIN, beta_1=0.5),
    "beta_1 = 0.9": replace(PLAIN, beta_1=0.9),
    "labels of 0.9": replace(PLAIN, d_loss=smoothed_loss),
    "TTUR, 4 to 1": replace(PLAIN, d_learning_rate=4 * PLAIN.g_learning_rate),
    "batch deviation": replace(PLAIN, build_discriminator=build_with_deviation),
    "DRAGAN": replace(PLAIN, penalties=(slope_one_around_real,)),
    "R1": replace(PLAIN, penalties=(flat_at_real,)),
    "pairs, R1, R2": PAIRS,
    "pairs, R1, R2, decay": replace(PAIRS, falls=True),
    "hinge, spectral norm": replace(
        PLAIN, d_loss=hinge_loss, g_loss=fake_scores, build_discriminator=build_spectral
    ),
    "WGAN, no bound": CRITIC,
    "WGAN, clipped": replace(CRITIC, build_discriminator=build_clipped),
    "WGAN-GP": replace(CRITIC, penalties=(slope_one_between,)),
    "WGAN-GP, batch norm": replace(
        CRITIC, penalties=(slope_one_between,), build_discriminator=WITH_BATCH_NORM
    ),
}


def at_rate(method, learning_rate):
    """Return the method with another learning rate of the generator; the ratio of the two is kept."""
    ratio = method.d_learning_rate / method.g_learning_rate
    return replace(method, d_learning_rate=ratio * learning_rate, g_learning_rate=learning_rate)
