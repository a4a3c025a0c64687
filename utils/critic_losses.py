"""Other prices for the game: Wasserstein, hinge, softer labels; and a penalty that asks for a slope of 1."""

from keras import ops


def critic_loss(real_logits, fake_logits):
    """Price a Wasserstein critic pays; without a bound on its slope it has no lower end.

    Shapes:  real_logits, fake_logits (batch, 1), raw scores -> ()
    Units:   those of the score: with a slope of at most 1, the distance that mass must be moved
    Healthy: negative and rising towards 0; minus this loss estimates the Wasserstein distance
    Source:  Arjovsky et al. 2017, arXiv:1701.07875, eq. 2
    """
    return ops.mean(fake_logits) - ops.mean(real_logits)


def score_loss(fake_logits):
    """Price the generator pays for low scores: against a Wasserstein critic and with the hinge alike.

    Shapes:  fake_logits (batch, 1), raw scores -> ()
    Units:   those of the score
    Healthy: its level says nothing, because the score's zero is free; its slope for each score is -1 / batch
    Source:  Arjovsky et al. 2017, arXiv:1701.07875; Lim and Ye 2017, arXiv:1705.02894
    """
    return -ops.mean(fake_logits)


def hinge_loss(real_logits, fake_logits):
    """Price the discriminator pays for each score that is not yet on its side with a margin of 1.

    Shapes:  real_logits, fake_logits (batch, 1), raw scores -> ()
    Units:   those of the score, summed over the real and the fake half of the game
    Healthy: 2 while it scores everything 0; at 0 every score is beyond its margin and nothing is learned
    Source:  Lim and Ye 2017, arXiv:1705.02894; Miyato et al. 2018, arXiv:1802.05957, eq. 16
    """
    return ops.mean(ops.relu(1.0 - real_logits)) + ops.mean(ops.relu(1.0 + fake_logits))


def smoothed_loss(real_logits, fake_logits, label=0.9):
    """Price of a discriminator whose real images are labelled 0.9: being too sure costs, too.

    Shapes:  real_logits, fake_logits (batch, 1), raw scores without a sigmoid -> ()
    Units:   nats, summed over the real and the fake half of the game
    Healthy: log 4 = 1.386 while it cannot tell; never below the entropy of the label, 0.325 at 0.9
    Source:  Salimans et al. 2016, arXiv:1606.03498, section 3.4
    """
    real_cost = ops.softplus(-real_logits) + (1.0 - label) * real_logits  # cross-entropy with this label
    return ops.mean(real_cost) + ops.mean(ops.softplus(fake_logits))


def one_centred_penalty(gradients, weight=10.0):
    """Price for each image around which the critic's slope is not 1.

    Shapes:  gradients (batch, ...): d score / d image, for images or points -> ()
    Units:   weight times (score per pixel - 1) squared, the mean over the images
    Healthy: falls towards 0 and stays small; a flat critic pays the weight
    Source:  Gulrajani et al. 2017, arXiv:1704.00028, eq. 3
    """
    inner = tuple(range(1, len(gradients.shape)))  # all axes but the batch
    squared_norm = ops.sum(ops.square(gradients), axis=inner)  # (batch,)
    norm = ops.sqrt(squared_norm + 1e-12)  # the slope of a bare square root at 0 is infinite
    return weight * ops.mean(ops.square(norm - 1.0))
