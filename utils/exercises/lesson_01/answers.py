"""Answers to exercises of lesson 01 that no other part of the library needs."""


def generator_slopes(probability):
    """Slopes of the generator's two prices by the score of a fake that D takes for real with a probability.

    First of log(1 - D), the game as written, then of -log D, the non-saturating price; D = sigmoid(score).
    """
    return -probability, probability - 1
