"""Exercise 9.5: how many steps all workers can make."""

import numpy as np

from utils.exercises.verdict import Exercise, Mistake
from utils.training.scaling import steps_per_epoch


def dealt(shard_sizes, workers):
    """The shards of each worker, dealt like cards."""
    return [shard_sizes[worker::workers] for worker in range(workers)]


def pictures_of(hands):
    """How many pictures each worker has."""
    return [int(sum(hand)) for hand in hands]


def steps_with(steps=lambda pictures, batch, workers: min(pictures) // batch, deal=dealt):
    """A steps_per_epoch that is wrong in steps(pictures of each worker, batch, workers) or in its dealing."""
    return lambda shard_sizes, workers, replica_batch_size: steps(
        pictures_of(deal(shard_sizes, workers)), replica_batch_size, workers
    )


def in_a_row(shard_sizes, workers):
    """The first worker gets the first shards, and so on."""
    return [hand.tolist() for hand in np.array_split(shard_sizes, workers)]


def in_a_row_and_the_rest(shard_sizes, workers):
    """The first worker gets the first shards, and so on; what is left goes to the last."""
    share, last = len(shard_sizes) // workers, workers - 1
    return [shard_sizes[w * share : (w + 1) * share if w < last else None] for w in range(workers)]


def without_the_rest(shard_sizes, workers):
    """Every worker gets as many shards, and what is left is dropped."""
    return dealt(shard_sizes[: len(shard_sizes) // workers * workers], workers)


def draw_shards(generator, size):
    """Shards of very different sizes, some workers with one more than others."""
    shards = generator.integers(100, 1000, 2 * size + 1 + int(generator.integers(size - 1)))
    return shards.tolist(), size, int(generator.integers(size + 2, 20))


STEPS_PER_EPOCH = Exercise(
    id="9.5",
    title="Steps that every worker can make",
    minutes=8,
    difficulty=2,
    reference=steps_per_epoch,
    examples=(
        ([40, 40, 40, 40], 2, 8),
        ([50, 15, 50, 15], 2, 8),
        ([10, 35, 30], 2, 10),
    ),
    draw=draw_shards,
    observe=lambda function, inputs: {"number of steps": function(*inputs)},
    mistakes={
        "all pictures are shared out evenly": Mistake(
            lambda shard_sizes, workers, batch: sum(shard_sizes) // (batch * workers),
            "whole shards are dealt, so some have fewer pictures: the worker with the fewest decides",
        ),
        "the one with the most decides": Mistake(
            steps_with(lambda pictures, batch, workers: max(pictures) // batch),
            "the others have no batch left then, and the all-reduce waits for them: min",
        ),
        "the last batch is not full": Mistake(
            steps_with(lambda pictures, batch, workers: -(-min(pictures) // batch)),
            "full batches only: round down",
        ),
        "the steps are not rounded": Mistake(
            steps_with(lambda pictures, batch, workers: min(pictures) / batch),
            "half a batch is no step: a whole number, //",
        ),
        "the shards are handed out in a row": Mistake(
            steps_with(deal=in_a_row),
            "dealt like cards, worker 0 of 2 gets shards 0, 2, 4, ...: shard_sizes[worker::workers]",
        ),
        "the shards are handed out in a row, and the last worker gets the rest": Mistake(
            steps_with(deal=in_a_row_and_the_rest),
            "dealt like cards, worker 0 of 2 gets shards 0, 2, 4, ...: shard_sizes[worker::workers]",
        ),
        "the shards that are left over are dropped": Mistake(
            steps_with(deal=without_the_rest),
            "some workers get one shard more: shard_sizes[worker::workers] takes it, too",
        ),
        "the batch is taken for that of all workers": Mistake(
            steps_with(lambda pictures, batch, workers: min(pictures) // (batch // workers)),
            "replica_batch_size is what one worker takes in a step: do not share it out",
        ),
        "one worker feeds all of them": Mistake(
            steps_with(lambda pictures, batch, workers: min(pictures) // (batch * workers)),
            "each worker takes replica_batch_size from its own pictures: no factor of workers",
        ),
        "one worker sees all pictures": Mistake(
            lambda shard_sizes, workers, batch: sum(shard_sizes) // batch,
            "each worker has its own shards only: add up those, then take the smallest sum",
        ),
        "the steps of all workers are added": Mistake(
            steps_with(lambda pictures, batch, workers: sum(one // batch for one in pictures)),
            "they step together: what one can make counts, and of all the fewest",
        ),
        "the batches end with each shard": Mistake(
            lambda shard_sizes, workers, batch: min(
                sum(size // batch for size in hand) for hand in dealt(shard_sizes, workers)
            ),
            "a batch may take the end of one shard and the beginning of the next: add up first, then divide",
        ),
        "all shards are taken for equal": Mistake(
            lambda shard_sizes, workers, batch: len(shard_sizes) // workers * shard_sizes[0] // batch,
            "shards differ in size: add up those of each worker",
        ),
        "shards are counted instead of pictures": Mistake(
            lambda shard_sizes, workers, batch: len(shard_sizes) // workers,
            "a shard holds many batches: add up its pictures",
        ),
        "these are pictures": Mistake(
            steps_with(lambda pictures, batch, workers: min(pictures)),
            "a step takes replica_batch_size of them: divide",
        ),
    },
    hints=(
        "Which pictures does worker 0 have? shard_sizes[0::workers] are its shards.",
        "Add them up for each worker. How many full batches does each have, and who is done first?",
        "min(sum(shard_sizes[worker::workers]) for worker in range(workers)) // replica_batch_size",
    ),
    why="whoever runs out first leaves the others waiting in the all-reduce, so the fewest decide for all",
)
