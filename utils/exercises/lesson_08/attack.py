"""Exercise 8.7: one step of an attack, and back into its budget."""

import numpy as np

from utils.exercises.verdict import Exercise, Mistake
from utils.metrics.robustness import PIXELS, lengths, pgd_step


def direction_of(slope, norm):
    """Where the price rises fastest."""
    return np.sign(slope) if norm == "inf" else slope / lengths(slope)


def back(change, budget, norm):
    """The change, brought back into the budget."""
    if norm == "inf":
        return np.clip(change, -budget, budget)
    return change * np.minimum(1, budget / lengths(change))


def clipped(images):
    """Images, brought back to black and white."""
    return np.clip(images, -1, 1)


def step_with(direction=direction_of, project=back, clip=clipped):
    """A pgd_step that is wrong in where it goes, how it comes back or what it clips."""

    def wrong(images, slope, clean, budget, step_size, norm="inf"):
        change = images + step_size * direction(slope, norm) - clean
        return clip(clean + project(change, budget, norm))

    return wrong


def around_the_last(images, slope, clean, budget, step_size, norm="inf"):
    """A step whose budget starts anew each time."""
    return pgd_step(images, slope, images, budget, step_size, norm)


def clipped_first(images, slope, clean, budget, step_size, norm="inf"):
    """A step that is clipped before it is brought back."""
    change = clipped(images + step_size * direction_of(slope, norm)) - clean
    return clean + back(change, budget, norm)


def whole_batch(change):
    """One length for all pictures together."""
    return np.sqrt(np.square(change).sum())


def draw_step(generator, size):
    """Pictures with black and white in them, changed within the budget, and a slope."""
    norm = "inf" if size == 3 else "l2"
    clean = np.clip(generator.normal(0, 0.8, (size, 4, 4, 2)), -1, 1).astype(np.float32)
    budget = 0.2 if norm == "inf" else 1.0
    slope = generator.normal(size=clean.shape).astype(np.float32)
    start = pgd_step(
        clean, generator.normal(size=clean.shape).astype(np.float32), clean, budget, budget / 2, norm
    )
    shares = np.linspace(0.1, 1, size, dtype=np.float32).reshape(-1, 1, 1, 1)  # some near, some at the edge
    return clean + shares * (start - clean), slope, clean, budget, 0.8 * budget, norm


def picture(*levels):
    """A picture of one row."""
    return np.array(levels, np.float32).reshape(1, 1, -1, 1)


PGD_STEP = Exercise(
    id="8.7",
    title="One step of an attack",
    minutes=12,
    difficulty=3,
    reference=pgd_step,
    examples=(
        (picture(0.1, 0, -1), picture(3, 0.5, -2), picture(0, 0, -1), 0.3, 0.25),
        (picture(0.1, -0.1), picture(1, -2), picture(0, 0), 0.3, 0.4),
        (picture(0.2, 0), picture(0, 2), picture(0, 0), 0.5, 0.4, "l2"),
        (picture(0.3, 0.95), picture(3, 4), picture(0, 0.9), 0.5, 0.5, "l2"),
    ),
    draw=draw_step,
    mistakes={
        "the step goes downhill": Mistake(
            lambda images, slope, *rest: pgd_step(images, -slope, *rest),
            "an attack makes the price rise: plus, where training has minus",
        ),
        "the budget is not kept": Mistake(
            step_with(project=lambda change, budget, norm: change),
            "many small steps add up: bring images - clean back into the budget after each",
        ),
        "the budget starts anew at each step": Mistake(
            around_the_last,
            "measured from the last pictures it is never used up: measure the change from clean",
        ),
        "darker than black, brighter than white": Mistake(
            step_with(clip=lambda images: images),
            "a picture lies in [-1, 1], or the model is asked about what no camera takes: np.clip at the end",
        ),
        "clipped to [0, 1]": Mistake(
            step_with(clip=lambda images: np.clip(images, 0, 1)), "black is -1 here: np.clip(…, -1, 1)"
        ),
        "the slope itself is the step": Mistake(
            step_with(direction=lambda slope, norm: slope),
            "its size says nothing about the budget: its sign for inf, divided by its length for l2",
        ),
        "the sign is taken in l2 as well": Mistake(
            step_with(direction=lambda slope, norm: np.sign(slope)),
            "in l2 the length is what costs: slope / its length, picture by picture",
        ),
        "the slope's length is taken in inf as well": Mistake(
            step_with(direction=lambda slope, norm: slope / lengths(slope)),
            "in inf each pixel has the budget for itself, so each takes the whole step: the sign",
        ),
        "l2 is cut pixel by pixel": Mistake(
            step_with(project=lambda change, budget, norm: np.clip(change, -budget, budget)),
            "the whole change of a picture has the length: scale all its pixels by budget / length",
        ),
        "every change is made as long as the budget": Mistake(
            step_with(
                project=lambda change, budget, norm: (
                    back(change, budget, norm) if norm == "inf" else change * budget / lengths(change)
                )
            ),
            "what lies within the ball stays as it is: np.minimum(1, budget / length)",
        ),
        "one length for the whole batch": Mistake(
            step_with(
                direction=lambda slope, norm: np.sign(slope) if norm == "inf" else slope / whole_batch(slope)
            ),
            f"each picture has a budget of its own: sum over axes {PIXELS} with keepdims=True",
        ),
        "clipped before it is brought back": Mistake(
            clipped_first,
            "both orders stay within bounds, but they differ: here the budget comes first, then np.clip",
        ),
        "the step is as large as the budget": Mistake(
            lambda images, slope, clean, budget, step_size, norm="inf": pgd_step(
                images, slope, clean, budget, budget, norm
            ),
            "that is FGSM: step_size is smaller, so that the slope is asked again on the way",
        ),
        "the norm is not looked at": Mistake(
            lambda images, slope, clean, budget, step_size, norm="inf": pgd_step(
                images, slope, clean, budget, step_size
            ),
            'norm="l2" needs another direction and another way back',
        ),
        "this is the change, not the picture": Mistake(
            lambda images, slope, clean, *rest: pgd_step(images, slope, clean, *rest) - clean,
            "add the change to clean and clip",
        ),
    },
    hints=(
        "Three moves: a step uphill from images, back into the budget around clean, back into [-1, 1].",
        "inf: images + step_size * np.sign(slope), then np.clip(change, -budget, budget), change from clean.",
        "l2: slope / length as direction, change * np.minimum(1, budget / length) as the way back.",
    ),
    why="within the budget the worst is searched; without the way back any model can be broken",
)
