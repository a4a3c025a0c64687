"""Answers to exercises of lesson 02 that no other part of the library needs."""

import numpy as np


def receptive_field(convolutions):
    """Pixels along one side that one unit sees after [(kernel, stride), (kernel, stride), ...]."""
    field, step = 1, 1  # step: pixels of the image between two neighbouring units
    for kernel, stride in convolutions:
        field += (kernel - 1) * step
        step *= stride
    return field


def collapsed_classes(class_ids, class_count, share=0.02):
    """Ids of the classes that make up less than `share` of all samples, those never drawn among them."""
    counts = np.bincount(class_ids, minlength=class_count)
    return np.flatnonzero(counts < share * len(class_ids))
