"""The smallest GAN: one real point at 0, one fake at theta, a discriminator psi * x."""

import numpy as np


def dirac_path(steps=500, learning_rate=0.1, gamma=0.0, beta_1=0.0, alternate=False, start=(1.0, 1.0)):
    """Return every (theta, psi) of the minimax game by gradient steps, R1 and momentum where asked for.

    Shapes: -> (steps + 1, 2); the solution is (0, 0)
    Source: Mescheder et al. 2018, arXiv:1801.04406, section 2
    """
    theta, psi = start
    pull_theta = pull_psi = 0.0
    path = [(theta, psi)]
    for _ in range(steps):
        slope = 1 / (1 + np.exp(-psi * theta))  # of softplus at the fake's score psi * theta
        pull_psi = beta_1 * pull_psi + (1 - beta_1) * (-theta * slope - gamma * psi)
        new_psi = psi + learning_rate * pull_psi
        seen = new_psi if alternate else psi  # the generator's step sees the new discriminator, or the old
        slope = 1 / (1 + np.exp(-seen * theta))
        pull_theta = beta_1 * pull_theta + (1 - beta_1) * (seen * slope)
        theta, psi = theta + learning_rate * pull_theta, new_psi
        path.append((theta, psi))
    return np.array(path)


def dirac_eigenvalues(gamma):
    """Return both eigenvalues of the game's flow at its solution: imaginary parts turn, real ones damp.

    Shapes:  -> (2,), complex
    Units:   per unit of time, which is learning_rate per step
    Healthy: real parts below 0; 0.5i and -0.5i without R1, where the game turns for ever
    Source:  Mescheder et al. 2018, arXiv:1801.04406, lemma 2.3 and section 4
    """
    return np.linalg.eigvals(np.array([[0.0, 0.5], [-0.5, -gamma]]))
