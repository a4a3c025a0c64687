"""What a translator hears, and what it must not: the sound, the latents, and no word before it is said."""

import keras
import numpy as np
import pytest

from utils.losses import matching_loss
from utils.models.translate import build_captioner, build_pair_discriminator, build_picture_translator


def codes(count, size, seed=0):
    return np.random.default_rng(seed).normal(size=(count, size)).astype("float32")


def test_a_picture_hangs_on_the_sound_and_on_the_latents():
    keras.utils.set_random_seed(0)
    network = build_picture_translator(6, 4, latent_dim=3, width=16)
    latents, sounds = codes(8, 3), codes(8, 4, 1)
    pictures = np.asarray(network([latents, sounds]))
    assert pictures.shape == (8, 6)
    for other in ([latents[::-1], sounds], [latents, sounds[::-1]]):
        assert np.abs(np.asarray(network(other)) - pictures).max() > 1e-3


def discriminator():
    keras.utils.set_random_seed(0)
    return build_pair_discriminator(6, 4, width=5)


def test_one_score_is_of_the_picture_alone_and_the_other_of_both():
    network, pictures, sounds = discriminator(), codes(8, 6), codes(8, 4, 1)
    logits, vectors = network([pictures, sounds])
    assert logits.shape == (8, 2) and vectors.shape == (8, 2, 5)
    moved = [
        (np.abs(np.asarray(network(pair)[0]) - np.asarray(logits)).max(axis=0) > 1e-5).tolist()
        for pair in ([pictures, sounds[::-1]], [pictures[::-1], sounds])
    ]
    assert moved == [[False, True], [True, True]]


def test_the_score_of_both_holds_the_product_that_the_matching_loss_teaches():
    network, pictures, sounds = discriminator(), codes(8, 6), codes(8, 4, 1)
    logits, vectors = (np.asarray(part) for part in network([pictures, sounds]))
    for layer in network.layers:  # leave nothing but the product
        if getattr(layer, "units", None) == 1:
            layer.set_weights([np.zeros_like(weight) for weight in layer.get_weights()])
    product = (vectors[:, 0] * vectors[:, 1]).sum(axis=1) / 5**0.5
    assert np.asarray(network([pictures, sounds])[0])[:, 1] == pytest.approx(product, abs=1e-5)
    assert np.abs(logits[:, 1] - product).max() > 1e-3  # with its weights it tells more than the product
    scores = vectors[:, 0] @ vectors[:, 1].T / 5**0.5
    assert np.diagonal(scores) == pytest.approx(product, abs=1e-5)
    price = np.mean(np.log(np.exp(scores).sum(1)) / 2 + np.log(np.exp(scores).sum(0)) / 2 - product)
    assert float(matching_loss(vectors[:, 0], vectors[:, 1])) == pytest.approx(price, abs=1e-4)


def changed_places(before_moves):
    """Say which words' scores change when the second sentence's word 2 of the input does."""
    keras.utils.set_random_seed(0)
    network = build_captioner(6, 5, 7, width=8)
    before = np.ones((1, 5), "int32")
    other = before_moves(before)
    first, second = (np.asarray(network([codes(1, 6), words])) for words in (before, other))
    assert first.shape == (1, 5, 7)
    return (np.abs(first - second).max(axis=2) > 1e-6)[0].tolist()


def test_a_word_changes_only_what_comes_after_it():
    def third(before):
        other = before.copy()
        other[:, 2] = 4
        return other

    assert changed_places(third) == [False, False, True, True, True]
    assert changed_places(lambda before: before) == [False] * 5


def test_every_word_hangs_on_the_picture():
    keras.utils.set_random_seed(0)
    network = build_captioner(6, 5, 7, width=8)
    words = np.ones((4, 5), "int32")
    first, second = (np.asarray(network([codes(4, 6, seed), words])) for seed in (0, 1))
    assert (np.abs(first - second).max(axis=(0, 2)) > 1e-4).all()
