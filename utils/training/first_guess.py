"""The first guess: one regressor for all pictures, then one for enlarged pictures and one for the rest."""

import keras
import tensorflow as tf

from utils.losses import log_error
from utils.models.enlarged import was_enlarged
from utils.models.regressor import build_regressor


class FirstGuess(keras.Model):
    """Two regressors, and each picture is read by its own: what helps one kind of picture harms the other."""

    def __init__(self, for_fine, for_enlarged):
        """Keep the regressor for pictures with fine detail, and the one for pictures that were enlarged."""
        super().__init__()
        self.readers = [
            keras.Model(each.inputs, [each.get_layer("features").output, *each.outputs])
            for each in (for_fine, for_enlarged)
        ]
        self.channels = for_fine.inputs[0].shape[-1]
        self.built = True

    def call(self, degraded):
        return self.features_and_guess(degraded)[1]

    def read(self, degraded):
        """Return the features, and as the guess the mean of what the picture and its mirror image say."""
        features, guess = self.features_and_guess(degraded)
        return features, 0.5 * (guess + self(degraded[:, :, ::-1])[:, :, ::-1])

    def features_and_guess(self, degraded):
        """Return both of each picture, as its own regressor has them."""
        enlarged = tf.cast(was_enlarged(degraded), tf.int32)
        rows = tf.dynamic_partition(tf.range(tf.shape(degraded)[0]), enlarged, 2)
        parts = tf.dynamic_partition(degraded, enlarged, 2)
        answers = []
        for reader, part, own in zip(self.readers, parts, rows, strict=True):
            none = tf.size(own) == 0  # a convolution wants one picture at least: the first, which is cut off
            read = reader(tf.cond(none, lambda: degraded[:1], lambda part=part: part))
            answers.append([each[: tf.size(own)] for each in read])
        return [tf.dynamic_stitch(rows, each) for each in zip(*answers, strict=True)]


def build_first_guess(budget, channels=3):
    """Build one regressor for all pictures and its optimizer: the mean of squared errors.

    Shapes: pairs of degraded and clean (batch, height, width, channels), sides divisible by 4
    Range:  [-1, 1]
    Source: what it learns is the mean of all clean pictures that fit: see Blau and Michaeli 2018,
            arXiv:1711.06077
    """
    regressor = build_regressor(budget.width, channels)
    adam = falling_adam(budget.learning_rate, budget.guess_steps, longest=0.01)  # 0.016 is usual
    regressor.compile(optimizer=adam, loss="mse")
    return regressor


def finish_first_guess(regressor, budget):
    """Make two of a trained regressor, and give both their last price: each picture counts, good ones too.

    Shapes: pairs of degraded and clean (batch, height, width, channels), sides divisible by 4
    Range:  [-1, 1]
    Source: networks that share the work, each with its own cases: Jacobs et al. 1991 (Neural Computation 3)
    """
    own, other = (keras.models.clone_model(regressor) for _ in range(2))
    for each in (own, other):
        each.set_weights(regressor.get_weights())
    first_guess = FirstGuess(own, other)
    adam = falling_adam(budget.learning_rate / 2, budget.finish_steps, longest=1.0)
    first_guess.compile(optimizer=adam, loss=log_error, jit_compile=False)  # XLA wants parts of one size
    return first_guess


def falling_adam(learning_rate, steps, longest):
    """Return Adam with a rate that falls to a hundredth, and no gradient longer than `longest`.

    One bad batch could else spoil what thousands learned: the rate is high, and losses differ by picture.
    """
    rate = keras.optimizers.schedules.CosineDecay(learning_rate, steps, alpha=0.01)
    return keras.optimizers.Adam(rate, global_clipnorm=longest)
