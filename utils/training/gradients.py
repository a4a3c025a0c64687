"""Slopes of a function in one call, and the smallest training step that is made of them."""

import tensorflow as tf

from utils.losses import generator_loss


def gradient(function, inputs):
    """The value of function(*inputs) and its slope for each input; no slopes where no tensor comes out."""
    tensors = [tf.convert_to_tensor(array) for array in inputs]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        value = function(*tensors)
    if not tf.is_tensor(value) or not value.dtype.is_floating:
        return value, None
    return value, tape.gradient(value, tensors, unconnected_gradients="zero")


def slopes(loss, variables):
    """The value of loss() and its slope for each variable, None for those that it does not depend on."""
    with tf.GradientTape() as tape:
        value = loss()
    return value, tape.gradient(value, variables)


def generator_step(generator, discriminator, optimizer, latents):
    """Move the generator, and nothing else, one step towards images that the discriminator takes for real."""
    with tf.GradientTape() as tape:
        fake_images = generator(latents, training=True)
        loss = generator_loss(discriminator(fake_images, training=True))
    gradients = tape.gradient(loss, generator.trainable_variables)  # the discriminator's are not asked for
    optimizer.apply_gradients(zip(gradients, generator.trainable_variables, strict=True))
    return loss
