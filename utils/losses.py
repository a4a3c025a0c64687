"""The prices of the course: GAN losses from raw scores (logits), and the two halves of a VAE in nats."""

import math

from keras import ops

SMALL_ERROR = 5e-4  # squared, of pictures in [-1, 1]: 39 dB


def discriminator_loss(real_logits, fake_logits):
    """Price the discriminator pays for taking real images for fake ones, or fake for real.

    Shapes:  real_logits, fake_logits (batch, 1), raw scores without a sigmoid -> ()
    Units:   nats, summed over the real and the fake half of the game
    Healthy: log 4 = 1.386 while it cannot tell; near 0 it has won and teaches little
    Source:  Goodfellow et al. 2014, arXiv:1406.2661, eq. 1
    """
    real_cost = ops.softplus(-real_logits)  # -log sigmoid(real), finite for any score
    fake_cost = ops.softplus(fake_logits)  # -log (1 - sigmoid(fake))
    return ops.mean(real_cost) + ops.mean(fake_cost)


def generator_loss(fake_logits):
    """Price the generator pays for every fake image that was recognised (non-saturating).

    Shapes:  fake_logits (batch, 1), raw scores without a sigmoid -> ()
    Units:   nats
    Healthy: log 2 = 0.693 while the discriminator cannot tell; its gradient never dies
    Source:  Goodfellow et al. 2014, arXiv:1406.2661, section 3
    """
    return ops.mean(ops.softplus(-fake_logits))  # -log sigmoid(fake)


def saturating_generator_loss(fake_logits):
    """The generator's price as the minimax game writes it; it falls silent when the fakes are bad.

    Shapes:  fake_logits (batch, 1), raw scores without a sigmoid -> ()
    Units:   nats, never above 0
    Healthy: -log 2 = -0.693 while the discriminator cannot tell; gradient near 0 once it can
    Source:  Goodfellow et al. 2014, arXiv:1406.2661, eq. 1
    """
    return -ops.mean(ops.softplus(fake_logits))  # log (1 - sigmoid(fake))


def relativistic_loss(winner_logits, loser_logits):
    """Price for every pair in which the image that should look more real does not.

    The discriminator pays relativistic_loss(real, fake), the generator relativistic_loss(fake, real).

    Shapes:  winner_logits, loser_logits (batch, 1), raw scores, paired by row -> ()
    Units:   nats per pair
    Healthy: log 2 = 0.693 for both players while the discriminator cannot tell
    Source:  Jolicoeur-Martineau 2018, arXiv:1807.00734; Huang et al. 2024, arXiv:2501.05441
    """
    return ops.mean(ops.softplus(loser_logits - winner_logits))


def zero_centred_penalty(gradients, gamma):
    """Price for a discriminator whose score changes steeply around the images it is given.

    At real images this is R1, at fake images R2.

    Shapes:  gradients (batch, ...): d score / d image, for images or points -> ()
    Units:   gamma / 2 times squared score per squared pixel
    Healthy: falls towards 0 with the fakes getting better; growing means a discriminator turning steep
    Source:  Mescheder et al. 2018, arXiv:1801.04406, eq. 9
    """
    inner = tuple(range(1, len(gradients.shape)))  # all axes but the batch
    squared_norm = ops.sum(ops.square(gradients), axis=inner)  # (batch,)
    return 0.5 * gamma * ops.mean(squared_norm)


def matching_aware_loss(real_logits, fake_logits, mismatched_logits):
    """Price the discriminator pays when a real picture with its caption does not win against two rivals.

    The rivals are a generated picture with this caption, and this real picture with another caption. Without
    the second one nothing but the pictures' looks would tell real from fake.

    Shapes:  real_logits, fake_logits, mismatched_logits (batch, 1), raw scores, paired by row -> ()
    Units:   nats, summed over the two rivals
    Healthy: log 4 = 1.386 while it cannot tell; the half of the captions falls first, near 0
    Source:  wrong captions: Reed et al. 2016, arXiv:1605.05396, algorithm 1; as pairs: relativistic_loss
    """
    return relativistic_loss(real_logits, fake_logits) + relativistic_loss(real_logits, mismatched_logits)


def naming_loss(word_logits, tokens):
    """Price for each word of the caption that the picture does not show, and for each shown but not said.

    A caption without words asks for nothing, so its row costs nothing.

    Shapes:  word_logits (batch, vocabulary_size), raw scores; tokens (batch, length) -> ()
    Units:   nats per picture, summed over the words
    Healthy: falls from vocabulary_size * log 2 to the words that no picture can tell, such as "a" or "photo"
    Source:  AC-GAN, Odena et al. 2016, arXiv:1610.09585, with the words in the place of one class
    """
    said = ops.max(ops.one_hot(tokens, word_logits.shape[-1]), axis=1)  # (batch, vocabulary_size), 0 or 1
    costs = ops.softplus(word_logits) - said * word_logits  # cross-entropy of each word from its raw score
    asked = ops.cast(ops.any(tokens > 0, axis=1), costs.dtype)  # (batch,)
    return ops.mean(asked * ops.sum(costs[:, 2:], axis=1))


def gaussian_kl(q_mean, q_log_var, p_mean=0.0, p_log_var=0.0):
    """Price of each latent for saying more than the prior p already knew: KL(q || p) of two Gaussians.

    Shapes:  q_mean, q_log_var (batch, latent_dim) or maps; p alike, or numbers -> as q_mean
    Units:   nats per latent
    Healthy: 0 for a latent that says nothing (q = p), never below; q = N(1, 1), p = N(0, 1): exactly 0.5
    Source:  Kingma and Welling 2013, arXiv:1312.6114, appendix B
    """
    # multiply, not *: it also takes float64 with the plain numbers of a standard normal prior
    shift = ops.multiply(ops.square(q_mean - p_mean), ops.exp(-p_log_var))  # in standard deviations, squared
    log_ratio = q_log_var - p_log_var
    return 0.5 * (shift + ops.exp(log_ratio) - 1.0 - log_ratio)


def gaussian_nll(x, mean, log_sigma):
    """Price of each value for lying where the decoder did not expect it: -log N(x | mean, sigma^2).

    Shapes:  x, mean (batch, ...), log_sigma () or one per value -> as x
    Units:   nats per value; a density, so it falls below 0 once sigma is below 0.24
    Healthy: log sigma + 1.419 on average when sigma is as large as the errors are
    Source:  Rybkin et al. 2020, arXiv:2006.13202
    """
    errors = ops.multiply(x - mean, ops.exp(-log_sigma))  # in standard deviations
    return 0.5 * ops.square(errors) + log_sigma + 0.5 * math.log(2 * math.pi)


def nats_per_image(costs):
    """Add up the costs of each image, then take the mean over the batch: the mean of pixels is another price.

    Shapes:  costs (batch, ...): nats per value -> ()
    Units:   nats per image
    Healthy: 784 times the mean of the costs for images of 28 x 28
    Source:  Kingma and Welling 2013, arXiv:1312.6114, eq. 10
    """
    return ops.mean(ops.sum(costs, axis=tuple(range(1, len(costs.shape)))))


def free_bits(kl, floor):
    """Price of the latents when each may say `floor` nats for free, on average over the batch.

    Shapes:  kl (batch, latent_dim) or maps, as gaussian_kl gives it; floor () -> ()
    Units:   nats per image
    Healthy: as nats_per_image(kl) at floor 0; never below floor * latent_dim
    Source:  Kingma et al. 2016, arXiv:1606.04934 ("free bits")
    """
    return ops.sum(ops.maximum(ops.mean(kl, axis=0), floor))


def negative_elbo(nll, kl, beta=1.0, floor=0.0):
    """Price of an image sent through the latents: the errors that are left, and what was said of it.

    Shapes:  nll (batch, height, width, channels), kl (batch, latent_dim) -> ()
    Units:   nats per image, both summed over pixels and latents, then the mean over the batch
    Healthy: with beta 1 and floor 0 never below the true -log p(x) on average
    Source:  Kingma and Welling 2013, arXiv:1312.6114, eq. 3; beta: Higgins et al. 2017 (ICLR)
    """
    return nats_per_image(nll) + beta * free_bits(kl, floor)


def matching_loss(first, second):
    """Price for rows of two modalities that do not find each other among all rows of the batch.

    Row i of both tells of the same product. Every other row is a negative: real, but mismatched.

    Shapes:  first, second (batch, d): vectors of two modalities, paired by row -> ()
    Units:   nats, the mean over rows and over both directions
    Healthy: log batch while nothing is found, 4.159 for 64 rows; near 0 when each finds its own
    Source:  InfoNCE, van den Oord et al. 2018, arXiv:1807.03748; both ways: Radford et al. 2021,
             arXiv:2103.00020
    """
    scores = ops.matmul(first, ops.transpose(second)) / first.shape[-1] ** 0.5  # (batch, batch)
    own = ops.diagonal(scores)
    among_second, among_first = ops.logsumexp(scores, axis=1), ops.logsumexp(scores, axis=0)
    return ops.mean(0.5 * (among_second + among_first) - own)


def log_error(clean, restored):
    """Price of restored pictures in the terms of PSNR: the logarithm of each picture's mean squared error.

    The plain mean of squared errors is decided by the few pictures that are far off. Here each one counts,
    also one that is nearly right and must not be spoiled; beyond 39 dB little is paid.

    Shapes:  clean, restored (batch, height, width, channels), in [-1, 1] -> ()
    Units:   nats: 0.23 for each decibel of PSNR
    Healthy: log 5e-4 = -7.6 for pictures that are right, -5.4 at 30 dB, -4.6 at 26 dB
    Source:  ours, after the PSNR loss of Chen et al. 2022, arXiv:2204.04676
    """
    errors = ops.mean(ops.square(restored - clean), axis=(1, 2, 3))
    return ops.mean(ops.log(errors + SMALL_ERROR))
