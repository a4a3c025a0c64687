"""Both networks listen: the picture answers to caption and noise, the score to the caption."""

import keras
import numpy as np
import pytest

from utils.models.text_gan import build_text_discriminator, build_text_generator


def normal(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def largest(one, other):
    """Return the largest difference."""
    return float(np.abs(np.asarray(one) - np.asarray(other)).max())


@pytest.mark.parametrize("film", [True, False])
def test_pictures_answer_to_the_noise_and_to_the_caption(film):
    keras.utils.set_random_seed(0)
    generator = build_text_generator(5, latent_dim=6, width=8, film=film)
    latents, captions = normal(4, 6), normal(4, 5)
    images = generator([latents, captions])
    assert images.shape == (4, 32, 32, 3) and np.abs(images).max() <= 1
    assert largest(images, generator([latents, normal(4, 5, seed=1)])) > 1e-3
    assert largest(images, generator([normal(4, 6, seed=1), captions])) > 1e-3
    assert largest(images, generator([latents, captions])) == 0


@pytest.mark.parametrize("reads", ["projection", "concatenation"])
def test_scores_answer_to_the_caption(reads):
    keras.utils.set_random_seed(0)
    discriminator = build_text_discriminator(5, 9, width=8, reads=reads)
    images = normal(4, 32, 32, 3)
    logits, word_logits = discriminator([images, normal(4, 5)])
    other, _ = discriminator([images, normal(4, 5, seed=1)])
    assert logits.shape == (4, 1) and word_logits.shape == (4, 9)
    assert largest(logits, other) > 1e-4


def test_a_blind_discriminator_is_caught_by_the_same_question():
    discriminator = build_text_discriminator(5, 9, width=8, reads="nothing")
    images = normal(4, 32, 32, 3)
    assert (
        largest(discriminator([images, normal(4, 5)])[0], discriminator([images, normal(4, 5, seed=1)])[0])
        == 0
    )


def test_words_are_named_from_the_picture_alone():
    discriminator = build_text_discriminator(5, 9, width=8)
    images = normal(4, 32, 32, 3)
    named = discriminator([images, normal(4, 5)])[1]
    assert largest(named, discriminator([images, normal(4, 5, seed=1)])[1]) == 0


def test_another_size_is_built_and_a_wrong_one_is_refused():
    assert build_text_generator(5, width=8, image_size=64).output_shape == (None, 64, 64, 3)
    assert build_text_discriminator(5, 9, width=8, image_size=64).input_shape[0] == (None, 64, 64, 3)
    for build in (build_text_generator, build_text_discriminator):
        with pytest.raises(ValueError, match="multiple of 4.*Received: 30"):
            build(5, 9, width=8, image_size=30)
