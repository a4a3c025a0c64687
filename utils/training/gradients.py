"""Slopes of a function in one call, and a function run as training runs it: compiled."""

import tensorflow as tf


def gradient(function, inputs):
    """Return function(*inputs) and its slope for each input; no slopes where no tensor comes out."""
    tensors = [tf.convert_to_tensor(array) for array in inputs]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        value = function(*tensors)
    if not tf.is_tensor(value) or not value.dtype.is_floating:
        return value, None
    return value, tape.gradient(value, tensors, unconnected_gradients="zero")


def slopes(loss, variables):
    """Return loss() and its slope for each variable, None for those that it does not depend on."""
    with tf.GradientTape() as tape:
        value = loss()
    return value, tape.gradient(value, variables)


def compiled(function, *inputs):
    """Return function(*inputs), compiled for any batch size, as Keras compiles a train_step."""
    tensors = [tf.convert_to_tensor(array) for array in inputs]
    shapes = [tf.TensorSpec([None, *tensor.shape[1:]], tensor.dtype) for tensor in tensors]
    logger = tf.get_logger()
    level = logger.level
    logger.setLevel("ERROR")  # TensorFlow warns of compiling many functions, and that is what is wanted here
    try:
        return tf.function(function, input_signature=shapes, autograph=False)(*tensors)
    finally:
        logger.setLevel(level)
