"""Exercise 9.3: a learning rate for a larger batch, and the way up to it."""

from utils.exercises.verdict import Exercise, Mistake
from utils.training.scaling import rate_at


def right_share(step, warmup_steps):
    """The part of the way that is done."""
    return step / warmup_steps if step < warmup_steps else 1.0


def right_target(rate, factor, power):
    """The rate after the warm-up."""
    return rate * factor**power


def right_line(rate, target, share):
    """The rate when a part of the way is done."""
    return rate + share * (target - rate)


def rate_with(share=right_share, target=right_target, line=right_line):
    """A rate_at that is wrong in the part of the way, in where it leads or in the way itself."""

    def wrong(step, rate, factor, warmup_steps, power=1.0):
        return line(rate, target(rate, factor, power), share(step, warmup_steps))

    return wrong


def draw_schedule(generator, size):
    """A step in the warm-up or after it, a rate, a factor, and a power that is neither 0 nor 1."""
    warmup_steps = int(generator.integers(10, 100 * size))
    step = int(generator.integers(1, 2 * warmup_steps))
    rate, factor, power = (float(generator.uniform(*ends)) for ends in ((0.05, 0.5), (2, 16), (0.4, 0.9)))
    return step, rate, factor, warmup_steps, power


RATE_AT = Exercise(
    id="9.3",
    title="A rate for a larger batch",
    minutes=8,
    difficulty=2,
    reference=rate_at,
    examples=(
        (0, 0.1, 8, 100),
        (25, 0.1, 8, 100),
        (100, 0.1, 8, 100),
        (300, 0.1, 8, 100),
        (50, 0.02, 4, 100, 0.5),
        (200, 0.02, 4, 100, 0.5),
        (0, 0.1, 8, 0),
    ),
    draw=draw_schedule,
    observe=lambda function, inputs: {"rate in thousandths": function(*inputs) * 1000},  # 1e-5 counts as 0
    mistakes={
        "there is no warm-up": Mistake(
            rate_with(share=lambda step, warmup_steps: 1.0),
            "the slope changes fastest in the first steps, and so large a rate overshoots: begin at `rate`",
        ),
        "the warm-up starts at 0": Mistake(
            rate_with(line=lambda rate, target, share: share * target),
            "`rate` is safe from the start: a line from `rate` to the target",
        ),
        "the rate is never raised": Mistake(
            rate_with(target=lambda rate, factor, power: rate),
            "a larger batch makes fewer steps, so each must go further: rate * factor ** power",
        ),
        "a larger batch gets a smaller rate": Mistake(
            rate_with(target=lambda rate, factor, power: rate / factor**power),
            "its gradient is less noisy and its steps are fewer: multiply",
        ),
        "the power is ignored": Mistake(
            rate_with(target=lambda rate, factor, power: rate * factor),
            "with Adam 4 times the batch bears only twice the rate: factor ** power",
        ),
        "the power stands beside the factor": Mistake(
            rate_with(target=lambda rate, factor, power: rate * factor * power),
            "0.5 means the root: factor ** power, not factor * power",
        ),
        "the power falls on the rate, too": Mistake(
            rate_with(target=lambda rate, factor, power: (rate * factor) ** power),
            "only the factor gets the power: rate * factor ** power",
        ),
        "it goes on rising after the warm-up": Mistake(
            rate_with(
                share=lambda step, warmup_steps: step / warmup_steps if warmup_steps else 1.0,
            ),
            "the line ends at step warmup_steps: no more than the whole way",
        ),
        "it goes on rising after the warm-up, and without one it divides by 0": Mistake(
            rate_with(share=lambda step, warmup_steps: step / warmup_steps),
            "the line ends at step warmup_steps; with 0 steps of warm-up the target holds from the start",
        ),
        "without a warm-up it divides by 0": Mistake(
            rate_with(share=lambda step, warmup_steps: min(1.0, step / warmup_steps)),
            "with 0 steps of warm-up the target holds from the start: ask for step < warmup_steps first",
        ),
        "without a warm-up the first step is not at the target": Mistake(
            rate_with(share=lambda step, warmup_steps: min(1.0, step / max(1, warmup_steps))),
            "with 0 steps of warm-up the target holds from the start: ask for step < warmup_steps first",
        ),
        "the warm-up is a jump": Mistake(
            rate_with(share=lambda step, warmup_steps: float(step >= warmup_steps)),
            "between the two rates lies a straight line, so that no step is suddenly larger",
        ),
        "the warm-up counts from 1": Mistake(
            rate_with(
                share=lambda step, warmup_steps: (step + 1) / warmup_steps if step < warmup_steps else 1.0
            ),
            "step 0 is the first and is made with `rate`: step / warmup_steps",
        ),
        "the line goes too far": Mistake(
            rate_with(line=lambda rate, target, share: rate + share * target),
            "its end would be rate + target: add a part of the difference, target - rate",
        ),
        "the line is bent": Mistake(
            rate_with(line=lambda rate, target, share: rate * (target / rate) ** share),
            "each step of the warm-up adds the same, it does not multiply: rate + share * (target - rate)",
        ),
        "the line leads the wrong way": Mistake(
            rate_with(line=lambda rate, target, share: target + share * (rate - target)),
            "share is 0 at the start and there the rate is `rate`: it rises to the target",
        ),
    },
    hints=(
        "Two questions: where does it end, and which part of the way is done at this step?",
        "The end is rate * factor ** power; the part is step / warmup_steps, and 1 after the warm-up.",
        "rate + share * (target - rate); with warmup_steps = 0 no step is below it, so share is 1.",
    ),
    why="fewer steps must go as far, and the line up spares the first ones, where the slope turns fastest",
)
