"""The generators share their latents, the discriminators look at what is theirs, the joint one at all."""

import keras
import numpy as np
import pytest

from utils.models.multimodal import belonging, build_multimodal_discriminator, build_multimodal_generator
from utils.models.words import gumbel_noise

SIZES, LENGTH, WORDS = (5, 4), 3, 7


def discriminator(joint=True):
    keras.utils.set_random_seed(0)
    return build_multimodal_discriminator(SIZES, LENGTH, WORDS, width=6, joint=joint)


def product(count=8, seed=0):
    rng = np.random.default_rng(seed)
    words = np.eye(WORDS)[rng.integers(0, WORDS, (count, LENGTH))]
    return [rng.normal(size=(count, SIZES[0])), words, rng.normal(size=(count, SIZES[1]))]


def test_shapes():
    keras.utils.set_random_seed(0)
    generator = build_multimodal_generator(SIZES, LENGTH, WORDS, latent_dim=3, width=8)
    inputs = [np.zeros((2, 3)), np.array(gumbel_noise((2, LENGTH, WORDS)))]
    assert [part.shape for part in generator(inputs)] == [(2, 5), (2, 3, 7), (2, 4)]
    for joint, columns in ((True, 4), (False, 3)):
        logits, vectors = discriminator(joint)(product())
        assert logits.shape == (8, columns) and vectors.shape == (8, 3, 6)


def test_each_discriminator_looks_at_its_own_modality_and_the_joint_one_at_all():
    networks = discriminator()
    before = np.asarray(networks(product())[0])
    for place in range(3):
        changed = product()
        changed[place] = product(seed=1)[place]
        moved = np.abs(np.asarray(networks(changed)[0]) - before).max(axis=0) > 1e-5
        assert moved.tolist() == [place == 0, place == 1, place == 2, True]


def test_products_are_judged_one_by_one():
    logits, _ = discriminator()(product())
    alone, _ = discriminator()([part[2:3] for part in product()])
    assert np.asarray(alone) == pytest.approx(np.asarray(logits)[2:3], abs=1e-5)


def test_belonging_is_the_sum_of_three_inner_products():
    picture, words, sound = np.random.default_rng(0).normal(size=(3, 5, 4))
    right = ((picture * words).sum(1) + (picture * sound).sum(1) + (words * sound).sum(1)) / 2
    assert np.asarray(belonging([picture, words, sound])) == pytest.approx(right[:, None])
    exchanged = np.asarray(belonging([picture, words[::-1], sound]))
    assert np.abs(exchanged - right[:, None]).max() > 0.1


def test_words_are_heard_by_picture_and_sound():
    keras.utils.set_random_seed(0)
    generator = build_multimodal_generator(SIZES, LENGTH, WORDS, latent_dim=3, width=32)
    latents = np.ones((2, 3))
    noise = np.stack([gumbel_noise((LENGTH, WORDS), seed=seed) for seed in (0, 1)])
    pictures, words, sounds = (np.asarray(part) for part in generator([latents, noise]))
    assert not np.array_equal(words[0], words[1])
    assert np.abs(pictures[0] - pictures[1]).max() > 1e-4 and np.abs(sounds[0] - sounds[1]).max() > 1e-4
