"""Gradient penalties: where the slope of a score is taken, and what it should be there."""

import tensorflow as tf

from utils.critic_losses import one_centred_penalty
from utils.losses import zero_centred_penalty


def input_slopes(discriminator, images):
    """Return the slope of each image's score for that image: the direction in which it looks more real.

    Shapes: images (batch, ...) -> as images
    """
    images = tf.convert_to_tensor(images)
    with tf.GradientTape() as tape:
        tape.watch(images)
        logits = discriminator(images, training=True)
    return tape.gradient(logits, images)  # of the sum over the batch: right only if no image sees another


def gradient_penalty(critic, real_images, fake_images, weight=10.0):
    """Price of a critic whose slope between real and fake images is not 1 (WGAN-GP).

    Shapes:  real_images, fake_images (batch, ...), paired by row -> ()
    Units:   weight times (score per pixel - 1) squared
    Healthy: falls towards 0 and stays small; a flat critic pays the weight
    Source:  Gulrajani et al. 2017, arXiv:1704.00028, algorithm 1
    """
    one_per_image = [tf.shape(real_images)[0], *[1] * (len(real_images.shape) - 1)]
    share = tf.random.uniform(one_per_image)  # in [0, 1]: a point on the way from fake to real
    between = share * real_images + (1 - share) * fake_images
    return one_centred_penalty(input_slopes(critic, between), weight)


def r1_penalty(discriminator, images, gamma=1.0):
    """Price of steep scores at the images themselves: R1 at real images, R2 at fake ones.

    Shapes:  images (batch, ...) -> ()
    Units:   gamma / 2 times squared score per squared pixel
    Healthy: falls towards 0 as the fakes get better: where both are alike the best score is flat
    Source:  Mescheder et al. 2018, arXiv:1801.04406, eq. 9
    """
    return zero_centred_penalty(input_slopes(discriminator, images), gamma)


def dragan_penalty(discriminator, real_images, weight=10.0, spread=0.5):
    """Price of a slope other than 1 in a cloud around the real images; the fakes have no part in it.

    Shapes:  real_images (batch, ...) -> ()
    Units:   weight times (score per pixel - 1) squared; spread in standard deviations of the data
    Healthy: falls towards 0 and stays small; a flat discriminator pays the weight
    Source:  Kodali et al. 2017, arXiv:1705.07215
    """
    noise = spread * tf.math.reduce_std(real_images) * tf.random.normal(tf.shape(real_images))
    return one_centred_penalty(input_slopes(discriminator, real_images + noise), weight)


def cross_talk(discriminator, images):
    """Return how much the score of an image hangs on the other images of its batch, relative to itself.

    Shapes:  images (batch, ...) -> ()
    Units:   largest slope for another image's pixels over the largest for its own
    Healthy: 0: each image is judged alone. Above 0 a slope per image does not exist, nor a penalty on it
    Source:  Gulrajani et al. 2017, arXiv:1704.00028, section 4, "no critic batch normalization"
    """
    images = tf.convert_to_tensor(images)
    with tf.GradientTape() as tape:
        tape.watch(images)
        logits = discriminator(images, training=True)[:, 0]
    count = images.shape[0]
    slopes = tf.abs(tape.jacobian(logits, images))  # (batch, batch, ...)
    steepest = tf.reduce_max(tf.reshape(slopes, (count, count, -1)), axis=-1)
    own = tf.linalg.diag_part(steepest)
    others = tf.reduce_max(steepest - tf.linalg.diag(own))
    return float(others / tf.reduce_max(own))
