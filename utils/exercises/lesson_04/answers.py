"""Answers to exercises of lesson 04 that no other part of the library needs."""

import numpy as np


def vectorise(caption, vocabulary, length):
    """Return (tokens, mask) of one caption: `length` whole numbers, and True for each that is a word.

    Lower the case and split at white space. The vocabulary is {word: token}, tokens from 2 on; 1 stands for
    a word that it lacks, 0 for padding at the end. Words beyond `length` are cut off.
    """
    words = caption.lower().split()[:length]
    tokens = [vocabulary.get(word, 1) for word in words]
    padding = length - len(words)
    return tokens + [0] * padding, [True] * len(words) + [False] * padding


def joint_accuracy(right):
    """Share of the pictures in which every attribute is right at once.

    Shapes:  right (pictures, attributes), True or False -> float
    Units:   share of the pictures, 0 to 1
    Healthy: at most that of the worst attribute; the product of all when their faults are independent
    Source:  conditions are judged jointly as in GenEval, Ghosh et al. 2023, arXiv:2310.11513
    """
    return float(np.all(right, axis=1).mean())


def most_confused(matrix, names):
    """Return (wanted, read), the names of the confusion that takes the largest share of its row.

    matrix[i, j] counts how often names[i] was wanted and names[j] was read; the diagonal is right. Rows have
    different totals, and a name that was never wanted has a row of zeros.
    """
    matrix = np.asarray(matrix)
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)  # a row of zeros stays one
    np.fill_diagonal(shares, 0)
    wanted, read = np.unravel_index(shares.argmax(), shares.shape)
    return names[wanted], names[read]
