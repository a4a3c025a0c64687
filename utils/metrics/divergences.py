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


def game_value(p, q, probabilities, cell):
    """Return what a discriminator is paid in the game as written: E_p log D + E_q log (1 - D).

    Shapes:  p, q, probabilities (...): on a lattice -> (); cell () is the length or area of one place
    Units:   nats
    Healthy: -log 4 = -1.386 where D says 0.5 everywhere; never above 0
    Source:  Goodfellow et al. 2014, arXiv:1406.2661, eq. 1
    """
    return cell * (weighted_log(p, probabilities) + weighted_log(q, 1 - np.asarray(probabilities)))


def js_divergence(p, q, cell):
    """Return the Jensen-Shannon divergence of two densities: the mean KL to their mixture.

    Shapes:  p, q (...): densities on a lattice -> (); cell () is the length or area of one place
    Units:   nats
    Healthy: 0 where p = q; log 2 = 0.693 where they share no place, however far apart they lie
    Source:  Lin 1991, IEEE Transactions on Information Theory 37(1)
    """
    p, q = np.asarray(p, "float64"), np.asarray(q, "float64")
    mixture = (p + q) / 2
    ratios = (np.divide(side, mixture, out=np.ones_like(side), where=mixture > 0) for side in (p, q))
    return cell * sum(map(weighted_log, (p, q), ratios)) / 2


def weighted_log(weights, values):
    """Return the sum of weights * log(values); what has no weight counts nothing, whatever its value."""
    weights, values = np.broadcast_arrays(np.asarray(weights, "float64"), np.asarray(values, "float64"))
    there = weights > 0
    # 1 - D is rounded to 0 where fakes are 10^16 times rarer than real points: the price there is nothing
    return float(np.sum(weights[there] * np.log(np.maximum(values[there], 1e-300))))
