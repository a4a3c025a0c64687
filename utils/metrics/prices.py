"""What an attack drives up: the price of a discriminator, of a restorer, of a caption."""

import numpy as np
from keras import ops

from utils.metrics.conditioning import number_words


def called_real(discriminator):
    """Return the price of generated pictures: how real the discriminator calls each of them.

    Shapes:  price: images (n, height, width, channels) -> (n,); discriminator: images -> (n, 1)
    Units:   raw score, without a sigmoid; above 0 a picture is called real
    Healthy: below 0 for what is generated, also after the attack
    Source:  evasion of a classifier, Biggio et al. 2013, arXiv:1708.06131
    """
    return lambda images: discriminator(images)[:, 0]


def distance_to(clean, restore):
    """Return the price of degraded pictures: how far what is restored from each lies from its clean one.

    Shapes:  clean (n, height, width, channels) in [-1, 1]; restore: degraded -> as clean
             price: degraded, as clean -> (n,)
    Units:   mean squared error in levels of [-1, 1]; in_decibels makes PSNR of it
    Healthy: rises slower with the budget than that of the degraded pictures themselves
    Source:  attacks on super-resolution, Choi et al. 2019, arXiv:1904.06097
    """
    clean = np.asarray(clean, "float32")
    return lambda degraded: ops.mean(ops.square(restore(degraded) - clean), axis=(1, 2, 3))


def in_decibels(squared_errors):
    """Return the PSNR that a mean squared error in levels of [-1, 1] stands for.

    Shapes:  squared_errors of any shape -> the same
    Units:   decibels, with the range 2 from black to white
    Healthy: 20 for an error of 0.04; average decibels over pictures, never the errors
    Source:  see utils.metrics.restoration.psnr
    """
    with np.errstate(divide="ignore"):  # equal pictures: infinitely many decibels
        return 10 * np.log10(4 / np.asarray(squared_errors, "float64"))


def attributes_lost(encode, draw, latents, judge, wanted):
    """Return the price of captions: how many of the attributes that were asked for the pictures do not show.

    Of each asked word the judge says how likely the picture shows it; what is missing to 1 is lost. That
    counts in small steps, so that a search finds its way. Every caption is drawn once from each latent.

    Shapes:  encode: m captions -> (m, width); draw: (latents (m, d), vectors (m, width)) -> m images;
             latents (k, d); wanted {name: str (n,)}, what the n captions asked for before they were edited
             price: (m captions, int (m,): which of the n each was made from) -> float64 (m,)
    Units:   attributes, from 0 to as many as are asked for
    Healthy: near 0 for captions as in the training; nearly all are lost when nobody reads the caption
    Source:  our own; attributes are judged as in utils.metrics.conditioning
    """
    places = {name: number_words(words, judge.values[name]) for name, words in wanted.items()}
    count = len(latents)

    def price(captions, which):
        read = np.asarray(encode(captions)).round(5)
        vectors, back = np.unique(read, axis=0, return_inverse=True)  # most typos are the same unknown word
        drawn = draw(np.tile(latents, (len(vectors), 1)), np.repeat(vectors, count, axis=0))
        rows = back.reshape(-1, 1) * count + np.arange(count)  # (m, k): the pictures of each caption
        lost = 0.0
        for name, likely in judge.log_probabilities(drawn).items():
            if name in places:
                lost = lost + 1 - np.exp(likely[rows, places[name][np.asarray(which)][:, None]])
        return lost.mean(axis=1)

    return price
