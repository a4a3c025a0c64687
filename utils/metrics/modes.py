"""How a sample covers a mixture of Gaussians: modes that are found, and points that lie on one."""

import numpy as np

REACH = 3  # standard deviations from the centre: 98.9 % of a round Gaussian on a plane lie within
LEAST = 0.005  # share of all points that a mode must hold to count as found: an eighth of its due, of 25


def on_a_mode(points, centres, sigma):
    """Return which mode each point lies on, and -1 for none.

    Shapes:  points (n, 2), centres (modes, 2) -> (n,)
    Units:   indices of modes
    Healthy: 1.1 % of real points are -1
    Source:  within 3 standard deviations: Srivastava et al. 2017 (VEEGAN), arXiv:1705.07761
    """
    distances = np.linalg.norm(np.asarray(points)[:, None] - np.asarray(centres), axis=-1)  # (n, modes)
    nearest = distances.argmin(axis=1)
    return np.where(distances.min(axis=1) <= REACH * sigma, nearest, -1)


def high_quality(points, centres, sigma):
    """Return the share of points that lie on a mode.

    Shapes:  points (n, 2), centres (modes, 2) -> float
    Units:   share, 0 to 1
    Healthy: 0.989 for real points
    Source:  Srivastava et al. 2017 (VEEGAN), arXiv:1705.07761, "high quality samples"
    """
    return float(np.mean(on_a_mode(points, centres, sigma) >= 0))


def modes_covered(points, centres, sigma):
    """Count the modes that hold at least half a per cent of all points.

    Shapes:  points (n, 2), centres (modes, 2) -> int
    Units:   modes
    Healthy: all of them for real points, 25 or 8
    Source:  modes as in Srivastava et al. 2017 (VEEGAN), arXiv:1705.07761; the least share is ours: one
             stray point does not make a mode
    """
    place = on_a_mode(points, centres, sigma)
    shares = np.bincount(place[place >= 0], minlength=len(centres)) / len(place)
    return int(np.sum(shares >= LEAST))
