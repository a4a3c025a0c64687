"""Self-attention: every place of a map looks at all others, so that far parts of a product can agree."""

import keras
from keras import layers, ops


def attend(queries, keys, values):
    """Give each place the values of all places, weighed by how well its query fits their keys.

    Shapes: queries, keys (batch, places, d), values (batch, places, channels) -> (batch, places, channels)
    Range:  a weighted mean of values: the weights of one place are above 0 and add up to 1
    Source: Zhang et al. 2018, arXiv:1805.08318, eq. 1 and 2
    """
    fits = ops.matmul(queries, ops.transpose(keys, (0, 2, 1)))  # (batch, places that look, places looked at)
    return ops.matmul(ops.softmax(fits, axis=-1), values)


@keras.saving.register_keras_serializable("course")
class SelfAttention(layers.Layer):
    """Adds to each place what it sees at all others, times gamma: at first 0, so nothing."""

    def build(self, shape):
        self.few = max(1, shape[-1] // 8)  # an eighth of the channels is enough to compare places
        self.query, self.key, self.value = (
            layers.Conv2D(width, 1, use_bias=False) for width in (self.few, self.few, shape[-1])
        )
        for layer in (self.query, self.key, self.value):
            layer.build(shape)
        self.gamma = self.add_weight(shape=(), initializer="zeros", name="gamma")

    def call(self, maps):
        _, height, width, channels = maps.shape
        flat = [
            ops.reshape(layer(maps), (-1, height * width, layer.filters))
            for layer in (self.query, self.key, self.value)
        ]
        return maps + self.gamma * ops.reshape(attend(*flat), (-1, height, width, channels))

    def compute_output_shape(self, shape):
        return shape
