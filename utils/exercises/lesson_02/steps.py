"""Exercises 2.5 and 2.6: a step that moves one network, and an average that remembers the steps."""

import contextlib

import keras
import numpy as np

from utils import losses
from utils.exercises.verdict import Exercise, Mistake
from utils.training.ema import ema_decay_at
from utils.training.gan import generator_step
from utils.training.gradients import compiled, slopes


def one_step(step, inputs):
    """Both networks of a tiny game after one step, and the loss that it returned."""
    compile_it, latents, *weights = inputs
    generator = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(3, use_bias=False), keras.layers.BatchNormalization()]
    )
    discriminator = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, use_bias=False)])
    generator.layers[0].kernel.assign(weights[0])
    discriminator.layers[0].kernel.assign(weights[1])
    trained, averages = generator.trainable_variables, generator.non_trainable_variables
    optimizer = keras.optimizers.SGD(0.5)
    run = compiled if compile_it else (lambda function, array: function(keras.ops.convert_to_tensor(array)))
    loss = run(lambda latents: step(generator, discriminator, optimizer, latents), latents)
    return {
        "discriminator": flat(discriminator.weights),  # weights: a step may have frozen it, needlessly
        "generator": flat(trained),
        "returned loss": loss,
        "running average of the generator": flat(averages),
    }


def flat(variables):
    """All numbers of some variables in one array."""
    return np.concatenate(
        [np.ravel(variable.numpy()) for variable in variables if variable.dtype == "float32"]
    )


def draw_game(generator, size):
    """Whether to compile the step, latents for one batch, and the weights of both networks."""
    shapes = (size, 2), (2, 3), (3, 1)
    return size > 4, *(generator.normal(size=shape).astype(np.float32) for shape in shapes)


def step_with(
    variables_of=lambda generator, discriminator: generator, loss=losses.generator_loss, **settings
):
    """A step that is wrong in one place."""
    training, scale, applied = (settings.get(key, 1) for key in ("training", "scale", "applied"))

    def step(generator, discriminator, optimizer, latents):
        variables = variables_of(generator.trainable_variables, discriminator.trainable_variables)
        price, gradients = slopes(
            lambda: loss(discriminator(generator(latents, training=bool(training)))), variables
        )
        if applied:
            optimizer.apply([scale * slope for slope in gradients], variables)
        return price

    return step


def step_on_finished_images(generator, discriminator, optimizer, latents):
    """A step whose tape starts only after the images are made."""
    fake_images = generator(latents, training=True)
    variables = generator.trainable_variables
    loss, gradients = slopes(lambda: losses.generator_loss(discriminator(fake_images)), variables)
    optimizer.apply(gradients, variables)
    return loss


def step_that_looks_inside(generator, discriminator, optimizer, latents):
    """A step that is right and cannot be compiled, for it asks for the loss as a Python number."""
    return float(generator_step(generator, discriminator, optimizer, latents))


GENERATOR_STEP = Exercise(
    id="2.5",
    title="A generator step leaves the discriminator still",
    minutes=15,
    difficulty=2,
    reference=generator_step,
    examples=(draw_game(np.random.default_rng(2), 4),),
    draw=draw_game,
    observe=one_step,
    quote=lambda *_: "two small linear networks",
    seconds=30.0,
    mistakes={
        "the discriminator moves too": Mistake(
            step_with(lambda generator, discriminator: generator + discriminator),
            "it is trained to be fooled; ask the tape for generator.trainable_variables only",
        ),
        "only the discriminator moves": Mistake(
            step_with(lambda generator, discriminator: discriminator),
            "whose trainable_variables did the tape and the optimizer get?",
        ),
        "the step goes uphill": Mistake(
            step_with(scale=-1), "an optimizer walks down by itself; give it the gradients as they are"
        ),
        "the loss has its sign turned": Mistake(
            step_with(loss=lambda fake: -losses.generator_loss(fake)),
            "the optimizer makes the loss small: the loss must be small when the fakes are taken for real",
        ),
        "the loss asks for fakes that look fake": Mistake(
            step_with(loss=lambda fake: keras.ops.mean(keras.ops.softplus(fake))),
            "that is the discriminator's half; use generator_loss",
        ),
        "the loss is the minimax one": Mistake(
            step_with(loss=losses.saturating_generator_loss), "use generator_loss, which does not saturate"
        ),
        "nothing moves": Mistake(
            step_with(applied=0),
            "hand the gradients to optimizer.apply, together with generator.trainable_variables",
        ),
        "the generator runs as if it were not in training": Mistake(
            step_with(training=0),
            "generator(latents, training=True), or its batch normalization never learns",
        ),
        "the images were made before the tape started": Mistake(
            step_on_finished_images,
            "a tape knows only what happens inside its `with`: put the generator's call there, too",
        ),
        "right, but it cannot be compiled": Mistake(
            step_that_looks_inside,
            "training runs it compiled, where the loss is no number yet: leave out float() and .numpy()",
        ),
    },
    hints=(
        "Open a tf.GradientTape and, inside it, go from latents to images to scores to the loss.",
        "After the tape: gradients = tape.gradient(loss, generator.trainable_variables).",
        "optimizer.apply(gradients, generator.trainable_variables), then return the loss.",
    ),
    why="the gradient runs through the discriminator, but only the generator's variables take the step: "
    "no freezing, no second compile",
)


def decay_and_use(function, inputs):
    """The decay for Python numbers, and whether it comes out for the step counter of a training, too."""
    step, decay = inputs
    seen = {"result": function(step, decay)}
    counter = keras.Variable(step, dtype="int", trainable=False)
    with contextlib.suppress(Exception):
        in_training = compiled(lambda: function(counter, decay))
        if np.allclose(in_training, seen["result"], rtol=1e-4):
            seen["can be compiled"] = True  # Python's min() is right, too, but cannot be
    return seen


EMA_DECAY = Exercise(
    id="2.6",
    title="An average that warms up",
    minutes=5,
    difficulty=1,
    reference=ema_decay_at,
    observe=decay_and_use,
    examples=((0, 0.999), (90, 0.999), (100_000, 0.99)),
    draw=lambda generator, size: (int(generator.integers(0, 1000)), generator.uniform(0.9, 0.9999)),
    mistakes={
        "there is no warm-up": Mistake(
            lambda step, decay: decay,
            "with 0.999 from the start, 90 % of the average is still the random start after 100 steps",
        ),
        "the larger of the two is taken": Mistake(
            lambda step, decay: max(decay, (1 + step) / (10 + step)),
            "early on the small one must win: which of min and max is it?",
        ),
        "there is no upper end": Mistake(
            lambda step, decay: (1 + step) / (10 + step),
            "it goes to 1, and the average stops moving: cap it at decay",
        ),
        "this is the share of the new weights": Mistake(
            lambda step, decay: 1 - min(decay, (1 + step) / (10 + step)),
            "decay is what the old average keeps: small at first, decay in the end",
        ),
        "the count is off by one": Mistake(
            lambda step, decay: min(decay, step / (9 + step)), "at step 0 it is 1 / 10, not 0"
        ),
        "the two are multiplied": Mistake(
            lambda step, decay: decay * (1 + step) / (10 + step),
            "take the smaller of the two, so decay itself is reached",
        ),
    },
    hints=(
        "Two numbers compete: the decay you were given, and one that grows from 1/10 towards 1.",
        "Return the smaller one of decay and (1 + step) / (10 + step).",
    ),
    why="after ten steps only 1/90,000 of the random start is left: its pictures are worth a look early",
)
