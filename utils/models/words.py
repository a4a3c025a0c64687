"""A generator of words: each word is a choice, and a choice has no slope, so one is lent to it."""

import keras
from keras import layers, ops


def straight_through(logits, noise, temperature):
    """Choose one word by its scores and by chance: the choice is hard, its slope is that of a soft choice.

    argmax(logits + noise) with Gumbel noise is an honest draw from softmax(logits). Its slope is 0 wherever
    there is one, so no generator learns through it; the slope of softmax takes its place.

    Shapes: logits, noise (..., words) -> (..., words)
    Range:  one 1 and else 0, exactly
    Source: Jang et al. 2016, arXiv:1611.01144, section 2.2; Maddison et al. 2016, arXiv:1611.00712
    """
    soft = ops.softmax((logits + noise) / temperature)
    hard = ops.one_hot(ops.argmax(soft, axis=-1), soft.shape[-1], dtype=soft.dtype)
    return hard + (soft - ops.stop_gradient(soft))  # in the brackets: the value 0, the slope of soft


def gumbel_noise(shape, seed=None):
    """Draw the noise that makes the largest of noisy scores an honest draw.

    Shapes: -> shape
    Range:  any real number; mean 0.577, half of them below 0.367
    Source: Gumbel 1954, Statistical Theory of Extreme Values
    """
    chances = keras.random.uniform(shape, minval=1e-6, maxval=1 - 1e-6, seed=seed)
    return -ops.log(-ops.log(chances))


def build_word_generator(latent_dim, length, vocabulary_size, width=128):
    """Build the network that says a sentence word by word: each choice is heard before the next one.

    Shapes: latents (batch, latent_dim), noise (batch, length, vocabulary_size)
            -> (batch, length, vocabulary_size)
    Range:  one 1 for each place, and else 0; word 0 is padding
    Source: a recurrent generator with Gumbel-softmax: Kusner and Hernández-Lobato 2016, arXiv:1611.04051
    """
    latents = keras.Input((latent_dim,), name="latents")
    noise = keras.Input((length, vocabulary_size), name="noise")
    cell, scores = layers.GRUCell(width), layers.Dense(vocabulary_size)
    topic = layers.Dense(width)(latents)  # what the sentence is to be about, told again at every place
    chances = ops.unstack(noise, length, axis=1)  # for each place (batch, vocabulary_size)
    state, word, sentence = topic, ops.zeros_like(chances[0]), []
    for chance in chances:
        heard, (state,) = cell(layers.Concatenate()([word, topic]), [state])
        word = straight_through(scores(heard), chance, 1.0)
        sentence.append(word)
    return keras.Model([latents, noise], ops.stack(sentence, axis=1), name="word_generator")
