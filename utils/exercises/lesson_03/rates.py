"""Exercises 3.7 and 3.8: two learning rates that end at 0, and an average that forgets the start."""

import numpy as np

from utils.exercises.lesson_03.answers import averaged_path
from utils.exercises.results import named_results
from utils.exercises.verdict import Exercise, Mistake
from utils.training.rates import two_rates


def rates_with(share_of=None, pair=lambda rate, ratio: (ratio * rate, rate)):
    """A two_rates that is wrong in one place: share_of(step, steps, hold), or pair(rate, ratio)."""

    def wrong(step, steps, g_learning_rate=1e-3, ratio=4.0, hold=0.5):
        right = two_rates(step, steps, 1.0, 1.0, hold)[1]
        share = share_of(step, steps, hold) if share_of else right
        return pair(share * g_learning_rate, ratio)

    return wrong


def only_the_generator_decays(step, steps, g_learning_rate=1e-3, ratio=4.0, hold=0.5):
    """A two_rates whose discriminator keeps its rate."""
    return ratio * g_learning_rate, two_rates(step, steps, g_learning_rate, ratio, hold)[1]


def in_thousandths(*names):
    """Return an observer of two learning rates in thousandths: a check allows absolute errors of 1e-5."""
    observe = named_results(*names)

    def observed(function, inputs):
        seen = observe(function, inputs)
        return {
            key: value if isinstance(value, str) else np.asarray(value) * 1e3 for key, value in seen.items()
        }

    return observed


TWO_RATES = Exercise(
    id="3.7",
    title="Two learning rates, and how they end",
    minutes=6,
    difficulty=1,
    reference=two_rates,
    examples=((10, 100), (75, 100), (100, 100), (120, 100), (40, 100, 2e-3, 3.0, 0.2)),
    draw=lambda generator, size: (
        int(generator.integers(0, 100 * size)),
        100 * size,
        float(generator.uniform(0.1, 1)),
        float(generator.uniform(2, 5)),
        float(generator.uniform(0.1, 0.8)),
    ),
    observe=in_thousandths("discriminator's rate", "generator's rate"),
    mistakes={
        "the generator learns faster": Mistake(
            rates_with(pair=lambda rate, ratio: (rate, ratio * rate)),
            "in TTUR the discriminator gets the larger rate: it must follow the moving fakes",
        ),
        "both learn at one rate": Mistake(
            rates_with(pair=lambda rate, ratio: (rate, rate)), "the first is ratio times the second"
        ),
        "the discriminator's rate is divided by the ratio": Mistake(
            rates_with(pair=lambda rate, ratio: (rate / ratio, rate)), "multiply by ratio"
        ),
        "the decay begins at once": Mistake(
            rates_with(lambda step, steps, hold: max(0.0, 1 - step / steps)),
            "for hold * steps steps both rates stay as they are",
        ),
        "there is no decay": Mistake(
            rates_with(lambda step, steps, hold: 1.0), "after hold * steps steps both go down to 0 in a line"
        ),
        "the decay jumps where the hold ends": Mistake(
            rates_with(
                lambda step, steps, hold: 1.0 if step <= hold * steps else max(0.0, (steps - step) / steps)
            ),
            "the line must begin at 1: divide by the steps of the decay, not by all steps",
        ),
        "beyond the last step the rates are negative": Mistake(
            rates_with(lambda step, steps, hold: min(1.0, (steps - step) / (steps - hold * steps))),
            "a negative rate walks uphill: no less than 0",
        ),
        "before the decay the rates are above their start": Mistake(
            rates_with(lambda step, steps, hold: max(0.0, (steps - step) / (steps - hold * steps))),
            "the line is only for the end: no more than 1",
        ),
        "only the generator decays": Mistake(
            only_the_generator_decays, "both shares are the same: the ratio holds in every step"
        ),
    },
    hints=(
        "Both rates share one factor: 1 during the hold, 0 at the last step, a straight line between.",
        "left = (steps - step) / (steps - hold * steps), kept between 0 and 1.",
        "return ratio * share * g_learning_rate, share * g_learning_rate",
    ),
    why="the ratio holds in every step, and at the end the players stand still instead of circling",
)


def draw_path(generator, size):
    """A path of a few weights that wanders, and a decay."""
    return np.cumsum(generator.normal(size=(10 * size, 3)), axis=0) + 5.0, generator.uniform(0.4, 0.6)


def path_with(keep_of, start_of=lambda start: start):
    """An averaged_path that is wrong in one place: keep_of(step, decay), or start_of(start)."""

    def wrong(path, decay=0.99):
        averages = [start_of(np.asarray(path[0], "float64"))]
        for step, weights in enumerate(path[1:]):
            keep = keep_of(step, decay)
            averages.append(keep * averages[-1] + (1 - keep) * weights)
        return np.stack(averages)

    return wrong


def warm(step, decay):
    """The decay with its warm-up."""
    return min(decay, (1 + step) / (10 + step))


AVERAGED_PATH = Exercise(
    id="3.8",
    title="An average that forgets the start",
    minutes=8,
    difficulty=2,
    reference=averaged_path,
    examples=((np.array([[4.0], [2.0], [0.0]]),), (np.array([[0.0], [10.0], [10.0]]), 0.12)),
    draw=draw_path,
    mistakes={
        "there is no warm-up": Mistake(
            path_with(lambda step, decay: decay),
            "with 0.99 the start would still be 37 % after 100 steps: min(decay, (1 + step) / (10 + step))",
        ),
        "old and new are swapped": Mistake(
            path_with(lambda step, decay: 1 - warm(step, decay)),
            "decay is what the old average keeps; the new weights get the rest",
        ),
        "it starts at 0": Mistake(
            path_with(warm, np.zeros_like), "start at the first weights: an average of nothing is not 0"
        ),
        "this is the plain mean of all steps so far": Mistake(
            lambda path, decay=0.99: np.cumsum(path, axis=0) / np.arange(1, len(path) + 1)[:, None],
            "it never forgets the start: keep * average + (1 - keep) * weights",
        ),
        "the warm-up counts from 1": Mistake(
            path_with(lambda step, decay: warm(step + 1, decay)),
            "the first step has number 0: it keeps 1 / 10",
        ),
        "there is no upper end of the decay": Mistake(
            path_with(lambda step, decay: (1 + step) / (10 + step)),
            "take the smaller of decay and the warm-up",
        ),
        "the first weights are left out": Mistake(
            lambda path, decay=0.99: averaged_path(path, decay)[1:],
            "the start is an average, too: as many rows come out as went in",
        ),
        "only the last average comes back": Mistake(
            lambda path, decay=0.99: averaged_path(path, decay)[-1], "return the average after every step"
        ),
    },
    hints=(
        "Begin with path[0]; then, step by step, keep a part of the average and add a part of the weights.",
        "keep = min(decay, (1 + step) / (10 + step)), with step 0 for the first weights after the start.",
        "average = keep * average + (1 - keep) * weights; collect all of them, the start too.",
    ),
    why="players that circle are nowhere right, and their average is; the warm-up lets go of the start",
)
