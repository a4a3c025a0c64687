"""Trainings that fail, each for one reason: recorded for lesson 03, to be told apart by their curves."""

from dataclasses import replace
from functools import partial

from utils.training.methods import CRITIC, PAIRS, PLAIN, flat_at_real

FAR_TOO_FLAT = partial(flat_at_real, gamma=100.0)  # R1, a thousand times as strong as the plane takes it
FAST = 10 * PLAIN.g_learning_rate
FAILURES = {  # name -> (method, learning rate of the generator)
    "healthy": (replace(PAIRS, falls=True), 3e-3),
    "penalty far too strong": (replace(PLAIN, penalties=(FAR_TOO_FLAT,)), 3e-3),
    "critic without a bound": (replace(CRITIC, d_learning_rate=FAST, beta_1=0.9), 1e-3),
    "generator far too fast": (replace(PLAIN, d_learning_rate=PLAIN.g_learning_rate / 100), 1e-2),
    "momentum": (replace(PLAIN, beta_1=0.9), 3e-3),
    "rates far too large": (PLAIN, 3e-2),
}
DIAGNOSE = {  # letter -> what failed; recorded from another seed than the named ones
    "A": "generator far too fast",
    "B": "penalty far too strong",
    "C": "critic without a bound",
}
