"""Exercises 2.3 and 2.4: a generator that ends in an image, and how far a unit sees."""

import math

import keras
import numpy as np
from keras import layers

from utils.exercises.lesson_02.answers import receptive_field
from utils.exercises.verdict import Exercise, Mistake
from utils.exercises.wording import article, show_inputs
from utils.models.gan import build_generator


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


def draw_sizes(generator, size):
    """Sizes of a generator, and a batch of latents for it."""
    latent_dim, image_size, channels = (8, 28, 1) if size < 4 else (12, 32, 3)
    return latent_dim, 4, image_size, channels, generator.normal(size=(size, latent_dim)).astype(np.float32)


def facts_of_generator(build, inputs):
    """What can be said of a generator before it is trained; the first wrong fact hides those after it."""
    *sizes, latents = inputs
    model = build(*sizes)
    if not isinstance(model, keras.Model):
        return {"kind of result": article(type(model).__name__)}
    facts = {"kind of result": "a Keras model", "shape that Keras knows": show_shapes(model)}
    images = numbers(model(latents))
    facts["shape of a batch"] = str(images.shape)
    if images.ndim != 4:
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


def show_shapes(model):
    """From which shape to which, as far as the model can tell before its first call."""
    try:
        return f"{model.input_shape} to {model.output_shape}"
    except (AttributeError, ValueError):
        return "none yet"


def show_range(images):
    """The range of images that are driven to both ends."""
    low, high = images.min(), images.max()
    if not np.isfinite(images).all() or low < -1.001 or high > 1.001:
        return "beyond -1 to 1"
    return "0 to 1" if low > -0.1 else "-1 to 0" if high < 0.1 else "-1 to 1"


def stack(latent_dim, *more):
    """A model of some layers on top of the latents."""
    return keras.Sequential([layers.Input((latent_dim,)), *more])


def convolutions(width, small, channels, *, end="tanh", strides=2):
    """The layers of a right generator, but for its end or its growth."""
    return (
        layers.Dense(small * small * width, bias_initializer="random_normal"),
        layers.Reshape((small, small, width)),
        layers.Conv2DTranspose(width, 4, strides=strides, padding="same"),
        layers.Conv2DTranspose(channels, 4, strides=strides, padding="same", activation=end),
    )


REPAIRED_GENERATOR = Exercise(
    id="2.3",
    title="Repair the draft's generator",
    minutes=15,
    difficulty=3,
    reference=build_generator,
    examples=(),
    draw=draw_sizes,
    sizes=(3, 5),
    observe=facts_of_generator,
    quote=lambda reference, inputs: show_inputs(reference, inputs[:4]),
    seconds=30.0,
    mistakes={
        "it ends in one number, not in an image": Mistake(
            lambda latent_dim=8, width=4, image_size=28, channels=1: stack(latent_dim, layers.Dense(1)),
            "Dense(1) is how a discriminator ends; end in a convolution with `channels` channels",
        ),
        "the image does not grow": Mistake(
            lambda latent_dim=8, width=4, image_size=28, channels=1: stack(
                latent_dim, *convolutions(width, image_size // 4, channels, strides=1)
            ),
            "convolutions of stride 1 keep the size; from a quarter to the whole takes two of stride 2",
        ),
        "the image is still flat": Mistake(
            lambda latent_dim=8, width=4, image_size=28, channels=1: stack(
                latent_dim, layers.Dense(image_size * image_size * channels, "tanh")
            ),
            "numbers in a row are no image yet: Reshape((image_size, image_size, channels))",
        ),
        "the image size is written in": Mistake(
            lambda latent_dim=8, width=4, image_size=28, channels=1: stack(
                latent_dim, *convolutions(width, 7, channels)
            ),
            "colour products are 32 pixels wide: begin with image_size // 4, not with 7",
        ),
        "the channels are written in": Mistake(
            lambda latent_dim=8, width=4, image_size=28, channels=1: stack(
                latent_dim, *convolutions(width, image_size // 4, 1)
            ),
            "colour has three: the last layer has `channels` channels, not 1",
        ),
        "Keras does not know its shapes yet": Mistake(
            lambda latent_dim=8, width=4, image_size=28, channels=1: keras.Sequential(
                convolutions(width, image_size // 4, channels)
            ),
            "begin with layers.Input((latent_dim,)), so that both networks can be compared before training",
        ),
        "the image ends in [0, 1]": Mistake(
            lambda latent_dim=8, width=4, image_size=28, channels=1: stack(
                latent_dim, *convolutions(width, image_size // 4, channels, end="sigmoid")
            ),
            "real images are in [-1, 1]: end in tanh, not in a sigmoid",
        ),
        "nothing keeps the image in [-1, 1]": Mistake(
            lambda latent_dim=8, width=4, image_size=28, channels=1: stack(
                latent_dim, *convolutions(width, image_size // 4, channels, end=None)
            ),
            "end in tanh, or the range alone gives a fake away",
        ),
        "the latents are ignored": Mistake(
            lambda latent_dim=8, width=4, image_size=28, channels=1: stack(
                latent_dim, layers.Rescaling(0.0), *convolutions(width, image_size // 4, channels)
            ),
            "every image must start from its own latents, all the way through",
        ),
        "one grey value fills the image": Mistake(
            lambda latent_dim=8, width=4, image_size=28, channels=1: stack(
                latent_dim,
                layers.Dense(channels, "tanh"),
                layers.Reshape((1, 1, channels)),
                layers.UpSampling2D(image_size),
            ),
            "repeating one number makes no picture: start from a small map with many channels",
        ),
    },
    hints=(
        "Work backwards from (image_size, image_size, channels): what comes before it, at half the size?",
        "small = image_size // 4, Dense(small * small * 2 * width), Reshape, then twice a stride of 2.",
        'The last layer: Conv2DTranspose(channels, 4, strides=2, padding="same", activation="tanh").',
    ),
    why="it ends in what the discriminator reads: its shape, its range, and a new image for new latents",
)
