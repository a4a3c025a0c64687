"""Exercise 6.1: a residual block, judged by what it does before and after its weights move."""

import keras
import numpy as np
from keras import layers, ops

from utils.exercises.lesson_02.shapes import numbers
from utils.exercises.verdict import Exercise, Mistake
from utils.exercises.wording import article
from utils.models.regressor import near_zero
from utils.models.residual_gan import residual_block
from utils.training.gradients import slopes


def facts_of_block(block, inputs):
    """What can be said of a block at its start, then with weights of ours."""
    maps, width = inputs
    entry = keras.Input(maps.shape[1:])
    result = block(entry, width)
    if not keras.utils.is_keras_tensor(result):
        return {"kind of result": article(type(result).__name__)}
    model = keras.Model(entry, result)
    facts = {"kind of result": "a map", "shape": str(result.shape[1:])}
    same_width = result.shape[-1] == maps.shape[-1]
    facts["a new block returns"] = what_returns(model, maps) if same_width else what_passes(model, maps)
    can_learn = slope_at_the_start(model, maps)
    generator = np.random.default_rng(3)
    for variable in model.trainable_variables:  # as training might have left them
        variable.assign(generator.normal(0, 0.3, variable.shape))
    others = np.concatenate([maps[:1], -3 * maps[1:]])  # the first picture stays, its neighbours change
    first, again = (numbers(model(batch, training=True))[0] for batch in (maps, others))
    facts["a picture is judged"] = "alone" if np.allclose(first, again, atol=1e-4) else "with others"
    poked = maps.copy()
    poked[:, 4, 4] += 1
    change = np.abs(numbers(model(poked)) - numbers(model(maps))).max(axis=(0, 3))
    facts["number of pixels seen to each side"] = str(int((change > 1e-6).any(axis=0).nonzero()[0].max()) - 4)
    both = numbers(model(maps)) + numbers(model(-maps)) - 2 * numbers(model(0 * maps))
    facts["form with trained weights"] = "bent" if np.abs(both).max() > 1e-3 else "linear"
    return facts | {"slope of its convolutions at the start": can_learn}


def what_returns(model, maps):
    """What a new block makes of maps of its own width."""
    out = numbers(model(maps))
    if size(out - maps) < 0.3:
        return "nearly what came in"
    if size((out - maps)[maps > 0.5]) < 0.3:
        return "what came in, bent"
    alike = np.corrcoef(out.ravel(), maps.ravel())[0, 1] if np.ptp(out) > 0 else 0.0
    return "what came in, and as much again" if alike > 0.5 else "something else"


def what_passes(model, maps):
    """What a new block of another width makes of maps: a straight 1 x 1 way turns its sign with the maps."""
    one, other = numbers(model(maps)), numbers(model(-maps))
    if size(one) < 1e-3:
        return "nothing"
    return (
        "what came in, at another width" if size(one + other) < 0.1 * size(one - other) else "something bent"
    )


def size(numbers_of):
    """The root of the mean square."""
    return float(np.sqrt(np.square(numbers_of).mean()))


def slope_at_the_start(model, maps):
    """Whether a convolution that sees neighbours has a slope in the first step."""
    goal = np.random.default_rng(4).normal(size=numbers(model(maps)).shape).astype(np.float32)
    _, moved = slopes(lambda: ops.mean(ops.square(model(maps) - goal)), model.trainable_variables)
    kernels = [slope for slope in moved if slope is not None and len(slope.shape) == 4 and slope.shape[0] > 1]
    return "some" if any(np.abs(numbers(slope)).max() > 1e-6 for slope in kernels) else "none"


def draw_maps(generator, size):
    """Maps, and a width: once the same as theirs, once another."""
    return generator.normal(size=(size, 9, 9, 8)).astype(np.float32), 8 if size < 5 else 12


def bend(x):
    """The bend of this lesson's blocks."""
    return layers.LeakyReLU(negative_slope=0.2)(x)


def way_around(x, width):
    """What passes by: the map itself where its width fits."""
    return x if x.shape[-1] == width else layers.Conv2D(width, 1, use_bias=False)(x)


def found(x, width, first=3, second=3, start=near_zero, first_start="glorot_uniform"):
    """What two convolutions find."""
    x = layers.Conv2D(width, first, padding="same", kernel_initializer=first_start)(bend(x))
    return layers.Conv2D(width, second, padding="same", kernel_initializer=start())(bend(x))


def with_batch_norm(x, width):
    """A block with batch normalisation inside."""
    inner = layers.BatchNormalization()(layers.Conv2D(width, 3, padding="same")(bend(x)))
    return way_around(x, width) + layers.Conv2D(width, 3, padding="same", kernel_initializer=near_zero())(
        bend(inner)
    )


def one_convolution(x, width):
    """A block of a single convolution."""
    return way_around(x, width) + layers.Conv2D(width, 3, padding="same", kernel_initializer=near_zero())(
        bend(x)
    )


def linear(x, width):
    """Two convolutions and nothing that bends."""
    inner = layers.Conv2D(width, 3, padding="same")(x)
    return way_around(x, width) + layers.Conv2D(width, 3, padding="same", kernel_initializer=near_zero())(
        inner
    )


RESIDUAL_BLOCK = Exercise(
    id="6.1",
    title="A block that starts by changing nothing",
    minutes=12,
    difficulty=2,
    reference=residual_block,
    examples=(),
    draw=draw_maps,
    observe=facts_of_block,
    quote=lambda reference, inputs: f"maps of {inputs[0].shape[-1]} channels, width = {inputs[1]}",
    seconds=60.0,
    mistakes={
        "nothing passes by": Mistake(
            lambda x, width: found(x, width, start=lambda: "glorot_uniform"),
            "without the sum it is a plain layer, and 64 of them silence the gradient: x + what was found",
        ),
        "a new block adds as much as passes by": Mistake(
            lambda x, width: way_around(x, width) + found(x, width, start=lambda: "he_normal"),
            "with each block the map grows, and the gradient with it: let the last convolution start near 0",
        ),
        "no convolution can begin to learn": Mistake(
            lambda x, width: (
                way_around(x, width) + found(x, width, start=lambda: "zeros", first_start="zeros")
            ),
            "two layers of zeros in a row have no slope at all: only the last one starts near 0",
        ),
        "the sum is bent": Mistake(
            lambda x, width: layers.ReLU()(way_around(x, width) + found(x, width)),
            "what is negative is lost in every block: bend inside the branch, never after the sum",
        ),
        "both ways are laid side by side": Mistake(
            lambda x, width: layers.Concatenate()([way_around(x, width), found(x, width)]),
            "the map would be twice as wide: add, do not concatenate",
        ),
        "the ways have different widths": Mistake(
            lambda x, width: x + found(x, width),
            "where the width changes a 1 x 1 convolution brings what passes by to the new one",
        ),
        "the width stays as it came": Mistake(
            lambda x, width: x + found(x, x.shape[-1]),
            "the result has `width` channels; a 1 x 1 convolution brings what passes by there",
        ),
        "a convolution stands in the way even where the widths fit": Mistake(
            lambda x, width: layers.Conv2D(width, 1, use_bias=False)(x) + found(x, width),
            "at equal widths x itself passes by: no layer, no weights",
        ),
        "batch normalisation lets pictures see each other": Mistake(
            with_batch_norm, "the block stands in the discriminator, too, where each image is judged alone"
        ),
        "one convolution alone": Mistake(
            one_convolution, "two of 3 x 3 see 2 pixels to each side, and something between them may bend"
        ),
        "it looks at no neighbour": Mistake(
            lambda x, width: way_around(x, width) + found(x, width, first=1, second=1),
            "1 x 1 convolutions see one pixel: 3 x 3 and padding='same'",
        ),
        "nothing bends": Mistake(
            linear, "two convolutions without an activation between them are one: LeakyReLU"
        ),
    },
    hints=(
        "Two ways from x: one passes by as it is, one goes through two convolutions. Then add.",
        "Near-zero start: kernel_initializer=near_zero() in the last convolution, and only there.",
        "way = x if x.shape[-1] == width else layers.Conv2D(width, 1, use_bias=False)(x); then way + found",
    ),
    why="a hundred new blocks in a row still pass the picture on, and the gradient back",
)
