"""DiffAugment: the discriminator sees real and generated pictures through the same random changes."""

import keras
from keras import ops

from utils.training.augment import cut_out, recolour, translate, turn, zoom

DIFF_AUGMENT = ("colour", "translation", "cutout")  # the three of the paper
MOVES = ("flip", "turn", "zoom", *DIFF_AUGMENT)


def randomly(move, images, seed):
    """Change each picture of a batch by one kind of change, with a strength of its own.

    Shapes:  images (batch, size, size, channels) -> as images
    Range:   translation by up to an eighth, a square of a half cut out, light +-0.5, as in the source
    Source:  DiffAugment, Zhao et al. 2020, arXiv:2006.10738; flip, turn, zoom: ADA, arXiv:2006.06676
    """
    count, size = ops.shape(images)[:1], images.shape[1]

    def draw(low, high):
        return keras.random.uniform(count, low, high, seed=seed)

    def draw_whole(low, high):
        return ops.floor(draw(low, high + 1))

    if move == "colour":
        return recolour(images, draw(-0.5, 0.5), draw(0.0, 2.0), draw(0.5, 1.5))
    if move == "translation":
        far = round(size / 8)
        return translate(images, draw_whole(-far, far), draw_whole(-far, far))
    if move == "cutout":
        return cut_out(images, draw_whole(0, size), draw_whole(0, size), size // 2)
    if move == "zoom":
        return zoom(images, ops.exp(draw(-0.3, 0.3)))  # from three quarters to four thirds
    if move == "turn":
        return turn(images, draw_whole(0, 3))
    return ops.where(draw(0.0, 1.0)[:, None, None, None] < 0.5, ops.flip(images, axis=2), images)


@keras.saving.register_keras_serializable("course")
class Augment(keras.layers.Layer):
    """Changes each picture at random while training, each kind of change with probability `p`."""

    def __init__(self, moves=DIFF_AUGMENT, p=1.0, **settings):
        super().__init__(**settings)
        unknown = [move for move in moves if move not in MOVES]
        if unknown:
            raise ValueError(
                f"Moves must be among {', '.join(MOVES)}. Received: {', '.join(map(repr, unknown))}. "
                'Most likely fix: Augment(("translation", "cutout")).'
            )
        self.moves, self.start = tuple(moves), float(p)
        self.seeds = keras.random.SeedGenerator()
        self.p = self.add_weight(
            shape=(), initializer=keras.initializers.Constant(p), trainable=False, name="p"
        )

    def call(self, images, training=False):
        """Return the pictures, changed if this is training; the gradient passes."""
        if not training:
            return images
        for move in self.moves:
            chosen = keras.random.uniform((ops.shape(images)[0], 1, 1, 1), seed=self.seeds) < self.p
            images = ops.where(chosen, randomly(move, images, self.seeds), images)
        return images

    def get_config(self):
        """Say how to build this layer again."""
        return {**super().get_config(), "moves": self.moves, "p": self.start}


def seen_through(augment, discriminator):
    """Return a discriminator that looks at every picture, real or fake, through the augmentation.

    Shapes: (batch, image_size, image_size, channels) -> (batch, 1); the weights are the discriminator's own
    Range:  as the discriminator; outside of training it sees the pictures as they are
    Source: DiffAugment, Zhao et al. 2020, arXiv:2006.10738, eq. 3 and 4
    """
    images = keras.Input(discriminator.inputs[0].shape[1:])
    return keras.Model(images, discriminator(augment(images)), name="discriminator_through_augmentation")
