"""Exercise 9.1: the part of one replica in the mean over the whole batch."""

from keras import ops

from utils.exercises.lesson_04.blocks import draw_floats, floats, result_and_gradient
from utils.exercises.verdict import Exercise, Mistake
from utils.training.scaling import replica_loss


def draw_part(generator, size):
    """Costs of one part, and a batch that is no multiple of it."""
    return draw_floats(generator, size) ** 2 + 0.1, int(3 * size + generator.integers(1, size))


REPLICA_LOSS = Exercise(
    id="9.1",
    title="The share of one replica",
    minutes=6,
    difficulty=1,
    reference=replica_loss,
    examples=(
        (floats(1, 2, 3, 6), 8),
        (floats(1, 2, 3), 8),
        (floats(5, 3), 2),
    ),
    draw=draw_part,
    observe=lambda function, inputs: result_and_gradient(
        lambda costs: function(costs, inputs[1]), inputs[:1]
    ),
    mistakes={
        "this is the mean of the own part": Mistake(
            lambda costs, global_batch_size: ops.mean(costs),
            "the gradients of all replicas are added, so 8 replicas would make a step 8 times too large",
        ),
        "this is the sum": Mistake(
            lambda costs, global_batch_size: ops.sum(costs),
            "then the step grows with the batch: divide by the pictures of the whole batch",
        ),
        "divided by the number of replicas only": Mistake(
            lambda costs, global_batch_size: ops.sum(costs) * len(costs) / global_batch_size,
            "then the step still grows with the part of each: the sum over the pictures of the whole batch",
        ),
        "divided by the own part, too": Mistake(
            lambda costs, global_batch_size: ops.mean(costs) / global_batch_size,
            "mean has divided already; divide once, by the pictures of the whole batch",
        ),
        "the parts are taken for equal": Mistake(
            lambda costs, global_batch_size: ops.mean(costs) / (global_batch_size // len(costs)),
            "with 3 of 8 pictures the others have 5: the sum knows how many there are, the mean does not",
        ),
        "multiplied by the whole batch": Mistake(
            lambda costs, global_batch_size: ops.mean(costs) * global_batch_size,
            "the part of one replica is smaller than the mean over all: divide the sum",
        ),
        "each picture comes back by itself": Mistake(
            lambda costs, global_batch_size: costs / global_batch_size,
            "add them up: a replica gives one number",
        ),
        "the value is right, but no gradient comes back": Mistake(
            lambda costs, global_batch_size: replica_loss(ops.stop_gradient(costs), global_batch_size),
            "stay in keras.ops from the costs to the result, without stop_gradient and .numpy()",
        ),
    },
    hints=(
        "Write the mean over the whole batch as a sum over the replicas. What does one of them add?",
        "The mean is (a + b + c + ...) / n; the n below the line is the same for every replica.",
        "ops.sum(costs) / global_batch_size",
    ),
    why="the same gradient on one device and on eight, and no replica needs to know how many the others have",
)
