"""Exercise 5.3: what stage two gets to see."""

from keras import ops

from utils.exercises.lesson_04.blocks import draw_floats, floats, inside_a_model
from utils.exercises.verdict import Exercise, Mistake
from utils.models.blocks import caption_planes
from utils.models.stacked import stage_two_input


def draw_stage_one(generator, size):
    """Coarse pictures that are not square, and caption vectors."""
    return draw_floats(generator, size, 4, 5, 3), draw_floats(generator, size, size + 1)


def beside(planes):
    """A stage_two_input whose planes are made in another way."""

    def wrong(coarse, captions):
        return ops.concatenate([coarse, planes(coarse, captions)], axis=-1)

    return wrong


def mixed(coarse, captions):
    """Planes of the right shape in which the captions are mixed up."""
    height, width = coarse.shape[1:3]
    return ops.reshape(ops.repeat(captions, height * width, axis=1), (-1, height, width, captions.shape[1]))


def in_the_corner(coarse, captions):
    """Planes that carry the caption at the first pixel alone."""
    height, width = coarse.shape[1:3]
    return ops.pad(captions[:, None, None, :], ((0, 0), (0, height - 1), (0, width - 1), (0, 0)))


def whole(coarse, captions):
    """The right planes."""
    return caption_planes(captions, *coarse.shape[1:3])


STAGE_TWO_INPUT = Exercise(
    id="5.3",
    title="Stage two sees the coarse picture and the caption again",
    minutes=8,
    difficulty=2,
    reference=stage_two_input,
    examples=(
        (floats([[[1], [2]], [[3], [4]]]).reshape(1, 2, 2, 1), floats([5, 6])),
        (floats(1, 2, 3, 4).reshape(2, 1, 2, 1), floats([5], [6])),
    ),
    draw=draw_stage_one,
    observe=inside_a_model,
    mistakes={
        "the caption is left out": Mistake(
            lambda coarse, captions: coarse + 0 * ops.sum(captions),
            "what stage one forgot, stage two can only mend if it is told again",
        ),
        "the coarse picture is left out": Mistake(
            lambda coarse, captions: whole(coarse, captions) + 0 * ops.sum(coarse),
            "stage two refines a picture: give it that picture",
        ),
        "right shape, wrong pixels": Mistake(
            beside(mixed),
            "repeat and reshape mix the numbers up: caption_planes gives each pixel the whole caption",
        ),
        "the caption comes first": Mistake(
            lambda coarse, captions: ops.concatenate([whole(coarse, captions), coarse], axis=-1),
            "the colours come first: [coarse_images, planes]",
        ),
        "laid below, not behind": Mistake(
            lambda coarse, captions: ops.concatenate([coarse, whole(coarse, captions)], axis=1),
            "each pixel gets further channels: the last axis",
        ),
        "only one pixel carries the caption": Mistake(
            beside(in_the_corner), "a convolution sees a few pixels at a time: the caption must be at each"
        ),
        "the captions of the neighbours": Mistake(
            beside(lambda coarse, captions: whole(coarse, ops.roll(captions, 1, axis=0))),
            "each picture was drawn for its own caption: keep the rows in order",
        ),
        "stage two cannot hear where stage one was wrong": Mistake(
            lambda coarse, captions: stage_two_input(ops.stop_gradient(coarse), captions),
            "here the gradient may pass; whether stage one is frozen is decided where the model is built",
        ),
        "the caption is added to the colours": Mistake(
            lambda coarse, captions: coarse + ops.mean(whole(coarse, captions), axis=-1, keepdims=True),
            "a sum loses which word it was: lay the planes beside the colours, as channels of their own",
        ),
    },
    hints=(
        "caption_planes(vectors, height, width) of lesson 04 gives every pixel the whole caption.",
        "Height and width are those of the coarse picture: coarse_images.shape[1:3].",
        "layers.Concatenate()([coarse_images, planes]) joins along the last axis.",
    ),
    why="stage one may get the outline right and the colour wrong: told again, stage two can repair it",
)
