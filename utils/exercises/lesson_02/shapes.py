"""Exercises 2.4 and 2.6: how far a unit sees, and a generator that ends in an image."""

import math

import keras
import numpy as np
from keras import layers

from utils.exercises.lesson_02.answers import build_repaired_generator, receptive_field
from utils.exercises.verdict import Exercise, Mistake
from utils.exercises.wording import article


def draw_convolutions(generator, size):
    """A stack of `size` convolutions."""
    kernels, strides = generator.integers(1, 8, size), generator.integers(1, 4, size)
    return ([(int(kernel), int(stride)) for kernel, stride in zip(kernels, strides, strict=True)],)


def field_with(grow, field=1):
    """A receptive field that grows wrongly: grow(field, step, kernel, stride) is the next field."""

    def walk(convolutions):
        seen, step = field, 1
        for kernel, stride in convolutions:
            seen, step = grow(seen, step, kernel, stride), step * stride
        return seen

    return walk


RECEPTIVE_FIELD = Exercise(
    id="2.4",
    title="How far a unit of the discriminator sees",
    minutes=10,
    difficulty=2,
    reference=receptive_field,
    examples=(
        ([(3, 1), (3, 1)],),
        ([(4, 2), (4, 2)],),
        ([(3, 2), (5, 1)],),
        ([],),
    ),
    draw=draw_convolutions,
    mistakes={
        "the kernels are added up": Mistake(
            lambda convolutions: sum(kernel for kernel, _ in convolutions),
            "two 3 x 3 convolutions see 5 pixels, not 6: each adds kernel - 1 to the one pixel of the start",
        ),
        "the strides are ignored": Mistake(
            field_with(lambda field, step, kernel, stride: field + kernel - 1),
            "after a stride of 2, neighbours are 2 pixels of the image apart",
        ),
        "the kernels are multiplied": Mistake(
            lambda convolutions: math.prod(kernel for kernel, _ in convolutions),
            "fields overlap, so they grow by addition; it is the strides that multiply",
        ),
        "a stride counts one layer too early": Mistake(
            field_with(lambda field, step, kernel, stride: field + (kernel - 1) * step * stride),
            "a layer's own stride moves its outputs apart: it concerns the layers after it",
        ),
        "one pixel is missing": Mistake(
            field_with(lambda field, step, kernel, stride: field + (kernel - 1) * step, field=0),
            "before any layer a unit sees 1 pixel, not 0",
        ),
        "the layers are walked in the wrong direction": Mistake(
            field_with(lambda field, step, kernel, stride: (field - 1) * stride + kernel),
            "(field - 1) * stride + kernel goes from the last layer to the first",
        ),
    },
    hints=(
        "Start with one pixel. By how many pixels does a 3 x 3 convolution of stride 1 widen it?",
        "Keep two numbers: the field, and the distance between neighbours. Strides multiply the second.",
        "For each layer: field += (kernel - 1) * distance, then distance *= stride.",
    ),
    why="a unit can object only to what it sees: 10 pixels show texture, 28 the whole garment",
)


def draw_latents(generator, size):
    """A latent size and a batch of latents."""
    latent_dim = 4 + 2 * size
    return latent_dim, generator.normal(size=(size, latent_dim)).astype(np.float32)


def facts_of_generator(build, inputs):
    """What can be said of a generator before it is trained; the first wrong fact hides those after it."""
    latent_dim, latents = inputs
    model = build(latent_dim)
    if not isinstance(model, keras.Model):
        return {"kind of result": article(type(model).__name__)}
    images = numbers(model(latents))
    facts = {"kind of result": "a Keras model", "shape of a batch": str(images.shape)}
    if images.shape != (len(latents), 28, 28, 1):
        return facts
    different = np.ptp(images, axis=0).max() > 0
    facts["answer to different latents"] = "different images" if different else "always the same image"
    textured = np.ptp(images, axis=(1, 2)).max() > 0
    facts["picture"] = "has details" if textured else "has one grey value everywhere"
    for variable in model.trainable_variables:
        if len(variable.shape) > 1:
            variable.assign(30 * variable)  # as far as training could drive them
    facts["range with large weights"] = show_range(numbers(model(latents)))
    return facts


def numbers(tensor):
    """A tensor as a NumPy array."""
    return np.asarray(keras.ops.convert_to_numpy(tensor))


def show_range(images):
    """The range of images that are driven to both ends."""
    low, high = images.min(), images.max()
    if not np.isfinite(images).all() or low < -1.001 or high > 1.001:
        return "beyond -1 to 1"
    return "0 to 1" if low > -0.1 else "-1 to 0" if high < 0.1 else "-1 to 1"


def convolutions_to(activation, *, upscale=True, first=()):
    """A builder like the right one, but with another end, size or start."""
    strides = 2 if upscale else 1

    def build(latent_dim):
        return keras.Sequential(
            [
                keras.Input((latent_dim,)),
                *(make() for make in first),
                layers.Dense(7 * 7 * 4, bias_initializer="random_normal"),
                layers.Reshape((7, 7, 4)),
                layers.Conv2DTranspose(4, 4, strides=strides, padding="same"),
                layers.Conv2DTranspose(1, 4, strides=strides, padding="same", activation=activation),
            ]
        )

    return build


def dense_to(units, *more):
    """A builder of one Dense layer and what follows it."""
    return lambda latent_dim: keras.Sequential(
        [keras.Input((latent_dim,)), layers.Dense(units, "tanh"), *(make() for make in more)]
    )


REPAIRED_GENERATOR = Exercise(
    id="2.6",
    title="Repair the draft's generator",
    minutes=20,
    difficulty=3,
    reference=build_repaired_generator,
    examples=(),
    draw=draw_latents,
    sizes=(2, 5),
    seconds=30.0,
    observe=facts_of_generator,
    quote=lambda reference, inputs: f"latent_dim = {inputs[0]}",
    mistakes={
        "it ends in one number, not in an image": Mistake(
            dense_to(1), "Dense(1) is how a discriminator ends; end in a convolution with one channel"
        ),
        "the image stays 7 x 7": Mistake(
            convolutions_to("tanh", upscale=False),
            "convolutions of stride 1 keep the size; 7 to 14 to 28 takes two of stride 2",
        ),
        "the image is still flat": Mistake(
            dense_to(28 * 28), "784 numbers in a row are no image yet: Reshape((28, 28, 1))"
        ),
        "the channel axis is missing": Mistake(
            dense_to(28 * 28, lambda: layers.Reshape((28, 28))), "grey images have one channel: (28, 28, 1)"
        ),
        "the image ends in [0, 1]": Mistake(
            convolutions_to("sigmoid"), "real images are in [-1, 1]: end in tanh, not in a sigmoid"
        ),
        "nothing keeps the image in [-1, 1]": Mistake(
            convolutions_to(None), "end in tanh, or the range alone gives a fake away"
        ),
        "the latents are ignored": Mistake(
            convolutions_to("tanh", first=[lambda: layers.Rescaling(0.0)]),
            "every image must start from its own latents, all the way through",
        ),
        "one grey value fills the image": Mistake(
            dense_to(1, lambda: layers.Reshape((1, 1, 1)), lambda: layers.UpSampling2D(28)),
            "repeating one number makes no picture: start from 7 x 7 and many channels",
        ),
    },
    hints=(
        "Work backwards from (28, 28, 1): what comes before it, at half the size?",
        "Dense(7 * 7 * 32), Reshape((7, 7, 32)), then twice a transposed convolution of stride 2.",
        'The last layer: Conv2DTranspose(1, 4, strides=2, padding="same", activation="tanh").',
    ),
    why="it ends in what the discriminator reads: its shape, its range, and a new image for new latents",
)
