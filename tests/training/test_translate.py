"""The game draws one of many right pictures, least squares their mean; captions are said word by word."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from utils.data.triples import make_triples
from utils.training.fit import train
from utils.training.sizes import MultimodalBudget
from utils.training.translate import (
    build_mean_picture,
    build_translator,
    say,
    train_captioner,
    words_before,
)

BUDGET = MultimodalBudget(64, 6, 5, 48, 24, 64, 500, 2e-3, 2e-3, 0.05, 100, *6 * (0,))
SIZES, KINDS = (6, 5), 4


def products(count=1_000, seed=0):
    """Return kinds with one sound and two right pictures each, a long way apart."""
    rng = np.random.default_rng(seed)
    kind, side = rng.integers(0, KINDS, count), rng.integers(0, 2, count)
    centres = np.random.default_rng(7).normal(size=(KINDS, 2, SIZES[0])).astype("float32")
    sounds = 2 * np.eye(KINDS, SIZES[1], dtype="float32")[kind] + 0.05 * rng.normal(size=(count, SIZES[1]))
    pictures = centres[kind, side] + 0.05 * rng.normal(size=(count, SIZES[0]))
    tokens = np.stack([kind + 1, np.zeros_like(kind)], axis=1).astype("int32")
    return pictures.astype("float32"), tokens, sounds.astype("float32"), kind, centres


def batch(count=16):
    pictures, tokens, sounds, _, _ = products(count)
    return tf.constant(pictures), tf.constant(tokens), tf.constant(sounds)


def test_each_step_moves_its_own_network(moved):
    keras.utils.set_random_seed(0)
    gan, (pictures, _, sounds) = build_translator(BUDGET, SIZES), batch()
    fake = [gan.translate(sounds), sounds]
    assert moved(gan, lambda: gan.teach_discriminators([pictures, sounds], fake)) == {"D"}
    assert moved(gan, lambda: gan.teach_generators([pictures, sounds])) == {"G"}
    assert moved(gan, lambda: gan.train_step(batch())) == {"D", "G", "average"}


@pytest.fixture(scope="module")
def trained():
    pictures, tokens, sounds, _, _ = products()
    batches = make_triples(pictures, tokens, sounds, BUDGET.batch_size)
    keras.utils.set_random_seed(0)
    gan, mean = build_translator(BUDGET, SIZES), build_mean_picture(BUDGET, SIZES)
    train(gan, batches, BUDGET.steps)
    train(mean, batches.map(lambda picture, _, sound: (sound, picture)), BUDGET.steps)
    return gan, mean


def found(drawn, kind, centres):
    """Return the share of pictures near one of the right two, and how evenly both are drawn."""
    gaps = np.linalg.norm(drawn[:, None] - centres[kind], axis=2)
    apart = np.linalg.norm(centres[kind, 0] - centres[kind, 1], axis=1)
    near = gaps.min(axis=1) < 0.25 * apart
    return near.mean(), min(np.mean(gaps.argmin(axis=1) == side) for side in (0, 1))


def test_the_game_draws_right_pictures_and_each_of_them(trained):
    _, _, sounds, kind, centres = products(seed=1)
    drawn = trained[0].draw(sounds, seed=0)
    right, rarer = found(drawn, kind, centres)
    assert right > 0.7 and rarer > 0.15
    assert found(drawn, np.roll(kind, 1), centres)[0] < 0.5  # for another sound they would be wrong


def test_least_squares_draw_the_mean_which_is_none_of_them(trained):
    _, _, sounds, kind, centres = products(seed=1)
    drawn = trained[1].draw(sounds)
    assert drawn == pytest.approx(centres[kind].mean(axis=1), abs=0.3)
    assert found(drawn, kind, centres)[0] < 0.1
    assert np.array_equal(drawn, trained[1].draw(sounds))


def test_draws_of_the_game_are_repeatable_and_differ(trained):
    sounds = np.tile(products(1)[2], (50, 1))
    first = trained[0].draw(sounds, seed=0)
    assert np.array_equal(first, trained[0].draw(sounds, seed=0))
    assert first.std(axis=0).max() > 0.2 > trained[1].draw(sounds).std(axis=0).max()


@pytest.mark.parametrize("change", [{"r1_gamma": 5.0}, {"g_width": 8}, {"d_width": 8}, {"steps": 5}])
def test_each_setting_changes_something(change):
    def losses(budget):
        keras.utils.set_random_seed(0)
        gan = build_translator(budget, SIZES)
        for _ in range(6):  # the price of steepness counts from the second step on, rates after steps
            gan.train_step(batch())
        return [np.asarray(weights).sum() for weights in gan.get_weights()]

    assert losses(BUDGET) != losses(dataclasses.replace(BUDGET, **change))


def assert_no_word_is_known_before_it_is_said(shift):
    tokens = np.array([[5, 6, 7], [8, 9, 0]])
    assert shift(tokens).tolist() == [[0, 5, 6], [0, 8, 9]]


def test_teacher_forcing_tells_the_words_before():
    assert_no_word_is_known_before_it_is_said(words_before)
    with pytest.raises(AssertionError):
        assert_no_word_is_known_before_it_is_said(lambda tokens: np.roll(tokens, -1, axis=1))
    with pytest.raises(AssertionError):
        assert_no_word_is_known_before_it_is_said(lambda tokens: tokens)


@pytest.fixture(scope="module")
def captioner():
    """Train on sentences that say the kind, then one of two endings: two words that belong together."""
    keras.utils.set_random_seed(0)
    pictures, _, _, kind, _ = products(600)
    tokens = sentences_of(kind, np.random.default_rng(3).integers(0, 2, 600))
    return train_captioner(pictures, tokens, 9, epochs=12, batch_size=30)


def sentences_of(kind, ending):
    return np.stack([kind + 1, 5 + ending, 7 + ending], axis=1).astype("int32")


def test_captions_tell_the_picture_and_words_agree_with_those_before(captioner):
    model, history = captioner
    pictures, _, _, kind, _ = products(300, seed=1)
    assert history[-1] < history[0]
    assert history[-1] == pytest.approx(np.log(2) / 3, abs=0.1)  # the ending is a free choice of one bit
    drawn = say(model, pictures, caution=0.0, seed=0)
    assert drawn.dtype == np.int32 and np.mean(drawn[:, 0] == kind + 1) > 0.9
    assert np.mean(drawn[:, 2] == drawn[:, 1] + 2) > 0.9
    assert 0.3 < np.mean(drawn[:, 1] == 5) < 0.7
    likeliest = say(model, pictures)
    assert np.array_equal(likeliest, say(model, pictures, seed=5))
    assert not np.array_equal(drawn, say(model, pictures, caution=0.0, seed=5))


def test_words_said_without_hearing_each_other_would_be_noticed(captioner):
    model, _ = captioner
    pictures = products(300, seed=1)[0]
    drawn, again = (say(model, pictures, caution=0.0, seed=seed) for seed in (0, 5))
    apart = np.concatenate([drawn[:, :2], again[:, 2:]], axis=1)
    assert np.mean(apart[:, 2] == apart[:, 1] + 2) < 0.7
