"""Exercise 2.7: read a collapse off the classes that a generator draws."""

import numpy as np

from utils.exercises.lesson_02.answers import collapsed_classes
from utils.exercises.seen import as_seen
from utils.exercises.verdict import Exercise, Mistake


def ids_in_any_order(function, inputs):
    """The ids, sorted: their order says nothing."""
    ids = function(*inputs)
    ids = as_seen(sorted(ids) if isinstance(ids, set | frozenset) else ids)
    return {"result": np.sort(ids) if isinstance(ids, np.ndarray) and ids.ndim == 1 else ids}


def draw_ids(generator, size):
    """Classes of samples from a generator with favourites; no share falls exactly on 0.02."""
    favour = generator.dirichlet(np.full(10, 0.3))
    return generator.choice(10, 50 * size + 3, p=favour), 10


def counts_of(class_ids, class_count):
    """How often each class was drawn."""
    return np.bincount(class_ids, minlength=class_count)


def ids_with(*counts):
    """Class ids with the given counts."""
    return np.repeat(np.arange(len(counts)), counts)


COLLAPSED_CLASSES = Exercise(
    id="2.7",
    title="Mode collapse, read off a histogram",
    minutes=8,
    difficulty=2,
    reference=collapsed_classes,
    examples=(
        (ids_with(4, 1, 5), 4, 0.2),
        (ids_with(7, 1, 2), 4, 0.5),
        (ids_with(5, 2, 3), 4, 0.2),
        (ids_with(3, 3), 2, 0.2),
    ),
    draw=draw_ids,
    observe=ids_in_any_order,
    mistakes={
        "classes that were never drawn are forgotten": Mistake(
            lambda class_ids, class_count, share=0.02: np.flatnonzero(
                np.bincount(class_ids) < share * len(class_ids)
            ),
            "the worst collapse has no entry in the histogram: np.bincount(…, minlength=class_count)",
        ),
        "only classes that were never drawn are found": Mistake(
            lambda class_ids, class_count, share=0.02: np.flatnonzero(
                counts_of(class_ids, class_count) < share
            ),
            "counts are compared with a share: divide by the number of samples first",
        ),
        "the healthy classes are returned": Mistake(
            lambda class_ids, class_count, share=0.02: np.flatnonzero(
                counts_of(class_ids, class_count) >= share * len(class_ids)
            ),
            "turn the comparison around: collapsed is what falls below the share",
        ),
        "the share is taken of the even share": Mistake(
            lambda class_ids, class_count, share=0.02: np.flatnonzero(
                counts_of(class_ids, class_count) < share * len(class_ids) / class_count
            ),
            "share is one of all samples: do not divide by class_count",
        ),
        "a class that has just the share counts as collapsed": Mistake(
            lambda class_ids, class_count, share=0.02: np.flatnonzero(
                counts_of(class_ids, class_count) <= share * len(class_ids)
            ),
            "less than the share: < instead of <=",
        ),
        "this is how many, not which": Mistake(
            lambda class_ids, class_count, share=0.02: len(collapsed_classes(class_ids, class_count, share)),
            "return the ids themselves: np.flatnonzero gives them",
        ),
        "this is one truth value per class, not their ids": Mistake(
            lambda class_ids, class_count, share=0.02: (
                counts_of(class_ids, class_count) < share * len(class_ids)
            ),
            "np.flatnonzero turns True and False into ids",
        ),
        "the ids come wrapped in a tuple": Mistake(
            lambda class_ids, class_count, share=0.02: np.where(
                counts_of(class_ids, class_count) < share * len(class_ids)
            ),
            "np.where gives one array per axis: take its first, [0]",
        ),
    },
    hints=(
        "Count how often each class occurs. What is the count of a class that never occurs?",
        "np.bincount(class_ids, minlength=class_count) counts, zeros included.",
        "Compare the counts with share * len(class_ids); np.flatnonzero gives the ids.",
    ),
    why="losses look healthy during a collapse; the histogram of what is drawn does not",
)
