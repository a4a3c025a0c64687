"""The game between two known densities: the best discriminator, its payoff, and what that measures."""

import numpy as np


def optimal_discriminator(p, q):
    """Return the best answer to "real or fake?" where real points have density p and fakes density q.

    Shapes:  p, q (...): densities at the same places, never below 0 -> (...)
    Units:   probability of real; NaN where neither real nor fake points can lie
    Healthy: 0.5 where both are equally likely, 1 where no fake lies, 0 where nothing real lies
    Source:  Goodfellow et al. 2014, arXiv:1406.2661, proposition 1
    """
    p, q = np.asarray(p, "float64"), np.asarray(q, "float64")
    total = p + q
    return np.divide(p, total, out=np.full(total.shape, np.nan), where=total > 0)


def optimal_logits(p, q):
    """Return the same answer before the sigmoid: the logarithm of the density ratio.

    Shapes:  p, q (...): densities at the same places, never below 0 -> (...)
    Units:   nats; infinite where only one of the two can lie
    Healthy: 0 where both are equally likely
    Source:  Goodfellow et al. 2014, arXiv:1406.2661, proposition 1
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(np.asarray(p, "float64")) - np.log(np.asarray(q, "float64"))


def game_value(p, q, logits, cell):
    """Return what a discriminator is paid in the game as written: E_p log D + E_q log (1 - D).

    Shapes:  p, q, logits (...): on a lattice -> (); cell () is the length or area of one place
    Units:   nats
    Healthy: -log 4 = -1.386 where every score is 0; never above 0
    Source:  Goodfellow et al. 2014, arXiv:1406.2661, eq. 1
    """
    logits = np.asarray(logits, "float64")  # scores: 1 - D would round to 0 where D is nearly sure
    return -cell * (weighted(p, np.logaddexp(0, -logits)) + weighted(q, np.logaddexp(0, logits)))


def js_divergence(p, q, cell):
    """Return the Jensen-Shannon divergence of two densities: the mean KL to their mixture.

    Shapes:  p, q (...): densities on a lattice -> (); cell () is the length or area of one place
    Units:   nats
    Healthy: 0 where p = q; log 2 = 0.693 where they share no place, however far apart they lie
    Source:  Lin 1991, IEEE Transactions on Information Theory 37(1)
    """
    p, q = np.asarray(p, "float64"), np.asarray(q, "float64")
    mixture = (p + q) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        return cell * (weighted(p, np.log(p / mixture)) + weighted(q, np.log(q / mixture))) / 2


def weighted(weights, values):
    """Return the sum of weights * values; what has no weight counts nothing, whatever its value."""
    weights, values = np.broadcast_arrays(np.asarray(weights, "float64"), values)
    there = weights > 0
    return float(np.sum(weights[there] * values[there]))
