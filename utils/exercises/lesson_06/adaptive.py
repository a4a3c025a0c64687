"""Exercise 6.6: more augmentation when the discriminator knows its pictures by heart, else less."""

import numpy as np
from keras import ops

from utils.exercises.verdict import Exercise, Mistake
from utils.training.adaptive import TARGET, ada_update


def column(*logits):
    """Scores as a discriminator gives them."""
    return np.array(logits, np.float32)[:, None]


def draw_scores(generator, size):
    """A probability far from both ends, and scores some of which are large."""
    positive = 0.95 if size > 4 else 0.55  # share of scores above 0: beyond the target, below it
    signs = np.where(np.arange(40 * size) < positive * 40 * size, 1, -1)
    logits = signs * generator.exponential(2, len(signs)) ** 2
    return (
        generator.uniform(0.3, 0.7),
        generator.permutation(logits).astype(np.float32)[:, None],
        TARGET,
        0.01,
    )


def update_by(direction, clip=lambda p: ops.clip(p, 0.0, 1.0)):
    """An ada_update that is wrong in its direction(logits, target) or in its ends."""

    def wrong(p, real_logits, target=TARGET, step=0.01):
        return clip(p + step * direction(ops.convert_to_tensor(real_logits), target))

    return wrong


def sign_of_gap(logits, target):
    """Up or down, as it should be."""
    return ops.sign(ops.mean(ops.sign(logits)) - target)


ADA_UPDATE = Exercise(
    id="6.6",
    title="As much augmentation as is needed",
    minutes=10,
    difficulty=2,
    reference=ada_update,
    examples=(
        (0.5, column(*[0.1] * 9, -20.0), 0.6, 0.01),  # r = 0.8, though the mean is below 0
        (0.5, column(3.0, 0.5, 2.0, -0.1), 0.6, 0.01),  # r = 0.5
        (0.5, column(0.5, 0.5), 0.6, 0.01),  # r = 1, and the mean is below the target
        (1.0, column(1.0, 2.0), 0.6, 0.02),
        (0.0, column(-1.0, 2.0), 0.6, 0.02),
        (0.3, column(1.0, 1.0, 1.0, -1.0), 0.4, 0.05),
    ),
    draw=draw_scores,
    mistakes={
        "up and down are exchanged": Mistake(
            update_by(lambda logits, target: -sign_of_gap(logits, target)),
            "scores above 0 for nearly all real pictures: it knows them, so p goes up",
        ),
        "the mean of the scores is asked, not of their signs": Mistake(
            update_by(lambda logits, target: ops.sign(ops.mean(logits) - target)),
            "one score of -20 outweighs nine of 0.1: take ops.sign of each score first",
        ),
        "the mean of probabilities is asked": Mistake(
            update_by(lambda logits, target: ops.sign(ops.mean(ops.sigmoid(logits)) - target)),
            "r runs from -1 to 1 and is the mean of signs: no sigmoid",
        ),
        "the share above 0 is asked": Mistake(
            update_by(lambda logits, target: ops.sign(ops.mean(ops.cast(logits > 0, "float32")) - target)),
            "80 % above 0 are r = 0.8 - 0.2 = 0.6: the mean of the signs, not the share",
        ),
        "the step grows with the distance to the target": Mistake(
            update_by(lambda logits, target: ops.mean(ops.sign(logits)) - target),
            "r is noisy from batch to batch: only its side of the target counts, each step is equally long",
        ),
        "p may leave [0, 1]": Mistake(
            update_by(sign_of_gap, clip=lambda p: p), "a probability: clip it at 0 and at 1"
        ),
        "p only grows": Mistake(
            update_by(lambda logits, target: ops.relu(sign_of_gap(logits, target))),
            "when it is not needed any more it must come down: minus one step below the target",
        ),
        "the target is written in": Mistake(
            lambda p, real_logits, target=TARGET, step=0.01: ada_update(p, real_logits, 0.6, step),
            "target is an argument: compare r with it",
        ),
        "the step is written in": Mistake(
            lambda p, real_logits, target=TARGET, step=0.01: ada_update(p, real_logits, target, 0.01),
            "step is an argument: it says how fast p may move",
        ),
        "only the step comes back": Mistake(
            lambda p, real_logits, target=TARGET, step=0.01: ada_update(p, real_logits, target, step) - p,
            "return the new p, not its change",
        ),
    },
    hints=(
        "r is the mean sign of the real scores: 1 when all are above 0, 0 when it cannot tell.",
        "p + step when r is above the target, p - step when it is below; then keep p in [0, 1].",
        "ops.clip(p + step * ops.sign(ops.mean(ops.sign(real_logits)) - target), 0.0, 1.0)",
    ),
    why="no validation set is needed: the signs of the scores of training pictures tell of overfitting",
)
