"""Exercise 7.4: a decoder that ends in a picture, judged by what it does, not by its layers."""

import keras
from keras import layers, ops

from utils.exercises.lesson_02.shapes import (
    convolutions,
    draw_sizes,
    facts_of_generator,
    numbers,
    stack,
)
from utils.exercises.seen import same
from utils.exercises.verdict import Exercise, Mistake
from utils.exercises.wording import show_inputs
from utils.models.vae import build_decoder


def facts_of_decoder(build, inputs):
    """What can be said of a decoder before it is trained; the first wrong fact hides those after it."""
    *sizes, latents = inputs
    try:
        model = build(*sizes)
        size = size_of(model)
        if size and not same(*(numbers(model(latents)) for _ in range(2))):
            return {**size, "second call": "draws other images"}
        facts = facts_of_generator(lambda *_: model, inputs)
    except ValueError as error:
        if "total size" not in str(error):
            raise
        return {"second call": "none: Dense and Reshape do not fit"}
    return {**size, "second call": "draws the same images", **facts}


def size_of(model):
    """The size of the images where Keras knows it, as a fact of its own: a draft can be wrong in more."""
    shape = getattr(model, "output_shape", None) or ()
    return {"height and width": f"{shape[1]} x {shape[2]}"} if len(shape) == 4 else {}


def decoder_with(layers_of):
    """A build_decoder that is a stack of layers_of(width, a quarter of the image size, channels)."""

    def wrong(latent_dim=16, width=32, image_size=28, channels=1):
        return stack(latent_dim, *layers_of(width, image_size // 4, channels))

    return wrong


def decoder_of_new_layers(latent_dim=16, width=32, image_size=28, channels=1):
    """A build_decoder that returns a function, as the draft's decoder is one."""

    def decoder(latents):
        return stack(latent_dim, *convolutions(width, image_size // 4, channels))(latents)

    return decoder


class Noisy(layers.Layer):
    """Adds noise of its own to the latents."""

    def call(self, latents):
        return latents + keras.random.normal(ops.shape(latents))


BUILD_DECODER = Exercise(
    id="7.4",
    title="Repair the draft's decoder",
    minutes=12,
    difficulty=2,
    reference=build_decoder,
    examples=(),
    draw=draw_sizes,
    sizes=(3, 5),
    observe=facts_of_decoder,
    quote=lambda reference, inputs: show_inputs(reference, inputs[:4]),
    seconds=30.0,
    mistakes={
        "Dense makes another count of numbers than Reshape takes": Mistake(
            decoder_with(
                lambda width, small, channels: (
                    layers.Dense(2 * width),
                    layers.Reshape((small, small, 2 * width)),
                )
            ),
            "a reshape neither adds nor drops any: Dense(small * small * 2 * width)",
        ),
        "it makes new layers at each call": Mistake(
            decoder_of_new_layers,
            "two calls of such a function share no weights: make the layers once and return a keras.Model",
        ),
        "it ends in 7 x 7 pixels": Mistake(
            decoder_with(lambda width, small, channels: convolutions(width, 7, channels, strides=1)),
            "stride 1 keeps the size: begin with image_size // 4, not with 7, and double it twice (stride 2)",
        ),
        "the image does not grow": Mistake(
            decoder_with(lambda *sizes: convolutions(*sizes, strides=1)),
            "convolutions of stride 1 keep the size: from a quarter to the whole takes two of stride 2",
        ),
        "the image grows only once": Mistake(
            decoder_with(lambda *sizes: (*convolutions(*sizes)[:2], convolutions(*sizes)[-1])),
            "a quarter doubled is a half: a second Conv2DTranspose of stride 2 is missing",
        ),
        "the image is still flat": Mistake(
            lambda latent_dim=16, width=32, image_size=28, channels=1: stack(
                latent_dim, layers.Dense(image_size * image_size * channels, "tanh")
            ),
            "numbers in a row are no image yet: Reshape((image_size, image_size, channels))",
        ),
        "the image size is written in": Mistake(
            decoder_with(lambda width, small, channels: convolutions(width, 7, channels)),
            "colour products are 32 pixels wide: begin with image_size // 4, not with 7",
        ),
        "the channels are written in": Mistake(
            decoder_with(lambda width, small, channels: convolutions(width, small, 1)),
            "colour has three: the last layer has `channels` channels, not 1",
        ),
        "Keras does not know its shapes yet": Mistake(
            lambda latent_dim=16, width=32, image_size=28, channels=1: keras.Sequential(
                convolutions(width, image_size // 4, channels)
            ),
            "begin with layers.Input((latent_dim,)), so that both halves can be compared before training",
        ),
        "it adds noise of its own": Mistake(
            decoder_with(lambda *sizes: (Noisy(), *convolutions(*sizes))),
            "the latents are drawn already: the same latents must give the same image",
        ),
        "the image ends in [0, 1]": Mistake(
            decoder_with(lambda *sizes: convolutions(*sizes, end="sigmoid")),
            "the photos are in [-1, 1], and no dark pixel could be drawn: end in tanh, not in a sigmoid",
        ),
        "nothing keeps the image in [-1, 1]": Mistake(
            decoder_with(lambda *sizes: convolutions(*sizes, end=None)),
            "brighter than white cannot be shown: end in tanh",
        ),
        "the latents are ignored": Mistake(
            decoder_with(lambda *sizes: (layers.Rescaling(0.0), *convolutions(*sizes))),
            "a collapsed VAE does that: each image must start from its own latents, all the way through",
        ),
        "one grey value fills the image": Mistake(
            lambda latent_dim=16, width=32, image_size=28, channels=1: stack(
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
    why="size and range are those of the photos, so its errors can be counted pixel by pixel",
)
