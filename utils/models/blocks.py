"""How a caption gets into a network: by scale and shift, by planes, by projection."""

import keras
from keras import layers, ops


def film(maps, scale, shift):
    """Stretch and move each channel of each picture by numbers that its caption chose.

    Shapes: maps (batch, height, width, channels), scale and shift (batch, channels) -> as maps
    Range:  a scale of 0 and a shift of 0 leave the maps as they are
    Source: Perez et al. 2017, arXiv:1709.07871
    """
    return maps * (1 + scale[:, None, None, :]) + shift[:, None, None, :]


def caption_planes(caption_vectors, height, width):
    """Spread each caption vector over a map: every pixel carries the whole caption.

    Shapes: caption_vectors (batch, d) -> (batch, height, width, d)
    Range:  that of the vectors
    Source: Reed et al. 2016, arXiv:1605.05396, section 4.1
    """
    planes = caption_vectors[:, None, None, :]  # (batch, 1, 1, d)
    return ops.tile(planes, (1, height, width, 1))


def projection_logits(features, unconditional, caption_vectors):
    """Score a picture for looking real, and for pointing where its caption points.

    Shapes: features (batch, d), unconditional (batch, 1), caption_vectors (batch, d) -> (batch, 1)
    Range:  any real number; a caption vector of zeros leaves the unconditional score
    Source: Miyato and Koyama 2018, arXiv:1802.05637, eq. 3
    """
    return unconditional + ops.sum(features * caption_vectors, axis=1, keepdims=True)


@keras.saving.register_keras_serializable("course")
class ConditionalNorm(layers.Layer):
    """Batch normalisation whose scale and shift come from what the picture is to show."""

    def build(self, maps_shape, condition_shape):
        small = keras.initializers.RandomNormal(stddev=0.05)  # all conditions begin nearly alike
        self.norm = layers.BatchNormalization(center=False, scale=False)
        self.scale = layers.Dense(maps_shape[-1], kernel_initializer=small)
        self.shift = layers.Dense(maps_shape[-1], kernel_initializer=small)
        self.norm.build(maps_shape)
        self.scale.build(condition_shape)
        self.shift.build(condition_shape)

    def call(self, maps, condition, training=None):
        maps = self.norm(maps, training=training)
        return film(maps, self.scale(condition), self.shift(condition))

    def compute_output_shape(self, maps_shape, condition_shape):
        return maps_shape
