"""Coupled networks share what they should, and shared layers alone make two pictures agree."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from utils.models.coupled import couple_discriminators, couple_generators
from utils.models.gan import build_discriminator, build_generator
from utils.training.coupled import build_coupled_gan, make_marginals
from utils.training.fit import train


def networks(seed=0):
    """Return lesson 02's networks for pictures of 8 x 8."""
    keras.utils.set_random_seed(seed)
    return build_generator(4, width=8, image_size=8), build_discriminator(width=8, image_size=8)


def coupled(shared):
    return build_coupled_gan(*zip(networks(), networks(1), strict=True), shared=shared)


@pytest.mark.parametrize("shared", [True, False])
def test_only_the_ends_of_generators_and_the_beginnings_of_discriminators_are_apart(shared):
    gan = coupled(shared)
    generator, discriminator = networks()
    ends = generator.layers[-1].count_params() + discriminator.layers[0].count_params()
    whole = generator.count_params() + discriminator.count_params()
    assert gan.generator.count_params() + gan.discriminator.count_params() == whole + (
        ends if shared else whole
    )


@pytest.mark.parametrize("shared", [True, False])
def test_each_modality_has_a_score_of_its_own(shared):
    network = couple_discriminators((networks()[1], networks(1)[1]), shared=shared)
    rng = np.random.default_rng(0)
    pair = [rng.normal(size=(4, 8, 8, 1)).astype("float32") for _ in range(2)]
    scores = np.asarray(network(pair))
    assert scores.shape == (4, 2)
    for place in range(2):
        other = list(pair)
        other[place] = pair[place][::-1]
        moved = np.abs(np.asarray(network(other)) - scores).max(axis=0) > 1e-5
        assert moved.tolist() == [place == 0, place == 1]


def test_both_draw_from_the_same_latents():
    network = couple_generators((networks()[0], networks(1)[0]))
    latents = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")
    first, second = network(latents)
    assert first.shape == second.shape == (3, 8, 8, 1)
    assert np.abs(np.asarray(first) - np.asarray(second)).max() > 1e-3


@pytest.mark.parametrize("r1_gamma", [0.0, 2.0])
def test_each_step_moves_its_own_networks_and_r1_changes_it(r1_gamma):
    gan = build_coupled_gan(*zip(networks(), networks(1), strict=True), r1_gamma=r1_gamma)
    real = [tf.constant(spots(8)), tf.constant(-spots(8))]
    before = gan.generator.get_weights(), gan.discriminator.get_weights()
    gan.teach_discriminators(real, gan.generator(gan.draw_latents(8)))
    assert all(np.array_equal(*pair) for pair in zip(before[0], gan.generator.get_weights(), strict=True))
    assert not any(
        np.array_equal(*pair) for pair in zip(before[1], gan.discriminator.get_weights(), strict=True)
    )
    assert all(np.isfinite(float(loss)) for loss in gan.train_step(tuple(real)).values())
    assert (float(gan.steepness(real)) > 0) is (r1_gamma > 0)


def assert_rows_have_nothing_to_do_with_each_other(make):
    numbers = np.arange(40.0)
    seen = [np.stack(pair) for pair in make(numbers, numbers, 10).take(40).as_numpy_iterator()]
    first, second = np.concatenate(seen, axis=1)
    assert set(first) == set(second) == set(numbers)
    assert np.mean(first == second) < 0.15 and abs(np.corrcoef(first, second)[0, 1]) < 0.2


def test_marginals_are_shuffled_apart():
    assert_rows_have_nothing_to_do_with_each_other(make_marginals)


def test_rows_that_are_pairs_would_be_noticed():
    def pairs(first, second, batch_size):
        return tf.data.Dataset.from_tensor_slices((first, second)).shuffle(40).repeat().batch(batch_size)

    with pytest.raises(AssertionError):
        assert_rows_have_nothing_to_do_with_each_other(pairs)


def spots(count=600, seed=0):
    """Return dark pictures with one bright spot somewhere."""
    rows, columns = np.mgrid[:8, :8]
    centres = np.random.default_rng(seed).uniform(1, 6, (count, 2, 1, 1))
    squares = (rows - centres[:, 0]) ** 2 + (columns - centres[:, 1]) ** 2
    return (2 * np.exp(-squares / 3) - 1)[..., None].astype("float32")


def gap(shared, steps=250):
    """Train on spots and on negatives of other spots; return how much two of a row differ, of two others."""
    gan = coupled(shared)
    train(gan, make_marginals(spots(), -spots(seed=1), 32), steps)
    positive, negative = gan.draw(np.random.default_rng(2).normal(size=(400, 4)).astype("float32"))
    assert np.abs(positive - np.roll(positive, 1, axis=0)).mean() > 0.1  # not the same spot every time
    own, others = (np.abs(positive + other).mean() for other in (negative, np.roll(negative, 1, axis=0)))
    return own / others


def test_shared_layers_make_a_picture_and_its_negative_agree():
    assert gap(shared=True) < 0.7


def test_nothing_shared_but_latents_does_not():
    assert gap(shared=False) > 0.85
