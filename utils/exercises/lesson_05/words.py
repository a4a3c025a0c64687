"""Exercise 5.4: a hard choice that lets a slope through."""

from keras import ops

from utils.exercises.lesson_04.blocks import draw_floats, floats, result_and_gradient
from utils.exercises.verdict import Exercise, Mistake
from utils.models.words import straight_through


def weighted(function, inputs):
    """The choice, and the slope of a weighted sum of it: the plain sum of a row is 1 and has none."""
    *choice, weights = inputs

    def priced(logits, noise, temperature):
        return ops.sum(function(logits, noise, temperature) * weights)

    seen = result_and_gradient(priced, choice)
    seen["price"] = seen.pop("result")
    return {"result": function(*choice)} | seen


def soft(logits, noise, temperature):
    """The soft choice."""
    return ops.softmax((logits + noise) / temperature)


def hardened(scores):
    """One 1 where the score is largest, and else 0."""
    return ops.one_hot(ops.argmax(scores, axis=-1), scores.shape[-1], dtype="float32")


def through(hard, soft):
    """The value of the first with the slope of the second."""
    return hard + soft - ops.stop_gradient(soft)


def draw_choice(generator, size):
    """Scores and noise of one word per row, a temperature, and weights for the price."""
    shape = size, size + 2
    temperature = floats(generator.uniform(0.4, 0.9))[0]
    return (
        draw_floats(generator, *shape),
        draw_floats(generator, *shape),
        temperature,
        draw_floats(generator, *shape),
    )


STRAIGHT_THROUGH = Exercise(
    id="5.4",
    title="A hard choice with a borrowed slope",
    minutes=12,
    difficulty=3,
    reference=straight_through,
    examples=(
        (
            floats([1, 0, 2], [0, 3, 1]),
            floats([2, 0, 0], [0, 0, 1]),
            floats(0.5)[0],
            floats([1, 0, -1], [2, 1, 0]),
        ),
        (floats([0, 1]), floats([0, 0]), floats(2.0)[0], floats([1, 3])),
    ),
    draw=draw_choice,
    observe=weighted,
    mistakes={
        "this is the soft choice": Mistake(
            soft, "a sentence has one word per place: one_hot(argmax) as the value, softmax only as the slope"
        ),
        "the soft choice is added to the value": Mistake(
            lambda logits, noise, temperature: hardened(logits + noise) + soft(logits, noise, temperature),
            "that is one word and a bit of all: take stop_gradient(soft) off again, and only the slope stays",
        ),
        "a hard choice alone has no slope": Mistake(
            lambda logits, noise, temperature: hardened(logits + noise) + 0 * logits,
            "argmax is flat nearly everywhere: add soft - stop_gradient(soft), which is 0 and has a slope",
        ),
        "the noise is forgotten": Mistake(
            lambda logits, noise, temperature: through(
                hardened(logits), soft(logits, 0 * noise, temperature)
            ),
            "without noise every draw says the same sentence: logits + noise, in both parts",
        ),
        "the noise is only in the slope": Mistake(
            lambda logits, noise, temperature: through(hardened(logits), soft(logits, noise, temperature)),
            "value and slope must belong to one choice: the same logits + noise in both",
        ),
        "the noise is only in the value": Mistake(
            lambda logits, noise, temperature: through(
                hardened(logits + noise), soft(logits, 0 * noise, temperature)
            ),
            "value and slope must belong to one choice: the same logits + noise in both",
        ),
        "the noise is not divided by the temperature": Mistake(
            lambda logits, noise, temperature: through(
                hardened(logits / temperature + noise), ops.softmax(logits / temperature + noise)
            ),
            "a temperature must not change what is chosen: (logits + noise) / temperature",
        ),
        "multiplied by the temperature": Mistake(
            lambda logits, noise, temperature: through(
                hardened(logits + noise), ops.softmax((logits + noise) * temperature)
            ),
            "a low temperature makes the soft choice harder: divide by it",
        ),
        "the temperature is not used": Mistake(
            lambda logits, noise, temperature: through(hardened(logits + noise), soft(logits, noise, 1.0)),
            "softmax((logits + noise) / temperature): it says how sharp the slope is",
        ),
        "the choice is among the rows": Mistake(
            lambda logits, noise, temperature: ops.transpose(
                straight_through(ops.transpose(logits), ops.transpose(noise), temperature)
            ),
            "each row chooses one of its words: softmax and argmax along the last axis",
        ),
    },
    hints=(
        "The value is a one-hot choice, argmax(logits + noise). What is its slope?",
        "soft - stop_gradient(soft) is 0 in value, and its slope is that of soft. Add it to the hard choice.",
        "soft = ops.softmax((logits + noise) / temperature); hard = one_hot(argmax(soft)), of as many words",
    ),
    why="the discriminator never sees a half word, and the generator still hears which word to say instead",
)
