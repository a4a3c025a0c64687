"""Each step moves its own networks; mismatched products teach the joint one what belongs together."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from utils.data.triples import make_triples
from utils.losses import matching_loss
from utils.training.budget import LESSONS
from utils.training.fit import train
from utils.training.multimodal import belonging_loss, build_multimodal_gan, duels

BUDGET = dataclasses.replace(
    LESSONS["05_many_modalities"]["smoke"],
    **{"g_width": 32, "d_width": 16, "batch_size": 32, "steps": 200, "r1_gamma": 0.05},
    **{"d_learning_rate": 2e-3, "g_learning_rate": 2e-3},
)
SIZES, LENGTH, WORDS = (6, 5), 2, 5


def products(count=512, seed=0, kinds=4):
    """Return codes and tokens that tell the same of four kinds of product, with some variation."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, kinds, count)
    corners = np.random.default_rng(7).normal(size=(kinds, sum(SIZES))).astype("float32") * 1.5
    codes = corners[kind] + 0.1 * rng.normal(size=(count, sum(SIZES))).astype("float32")
    tokens = np.stack([kind + 1, np.zeros_like(kind)], axis=1).astype("int32")
    return codes[:, : SIZES[0]], tokens, codes[:, SIZES[0] :], corners


def build(**variant):
    keras.utils.set_random_seed(0)
    return build_multimodal_gan(BUDGET, SIZES, LENGTH, WORDS, **variant)


def batch(count=16):
    pictures, tokens, sounds, _ = products(count)
    return tf.constant(pictures), tf.constant(tokens), tf.constant(sounds)


def real_of(parts):
    return [parts[0], tf.one_hot(parts[1], WORDS), parts[2]]


def test_each_step_moves_its_own_networks(moved):
    gan = build()
    real, fake = real_of(batch()), gan.generator(gan.draw_inputs(16))
    assert moved(gan, lambda: gan.teach_discriminators(real, fake)) == {"D"}
    assert moved(gan, lambda: gan.teach_generators(real)) == {"G"}
    assert moved(gan, lambda: gan.train_step(batch())) == {"D", "G", "average"}


def traces(gan):
    """Return how often a step is written down before it runs, where nobody has drawn a number before."""
    keras.backend.clear_session()
    step, traced = gan.train_step, []
    gan.train_step = lambda parts: traced.append(parts) or step(parts)
    train(gan, tf.data.Dataset.from_tensors(batch()), 2, record_every=1)
    return len(traced)


def test_a_step_is_compiled_once():
    assert traces(build()) == 1
    careless = build()
    careless.seeds = None  # the planted bug: noise from Keras' own generator, which the step would make
    assert traces(careless) == 2


def test_both_rates_fall_at_the_end():
    gan = build()
    for optimizer in (gan.d_optimizer, gan.g_optimizer):
        rates = [float(optimizer._learning_rate(step)) for step in (0, 0.6 * BUDGET.steps, BUDGET.steps)]
        assert rates == pytest.approx([2e-3, 2e-3, 4e-4], rel=1e-4)


def test_undecided_costs_log_two_for_each_discriminator():
    zeros = np.zeros((6, 4), np.float32)
    assert float(duels(zeros, zeros)) == pytest.approx(4 * np.log(2))
    won = zeros + np.array([20, 0, 0, 0], np.float32)
    assert float(duels(won, zeros)) == pytest.approx(3 * np.log(2), abs=1e-6)


def test_nothing_found_costs_log_batch_and_each_pair_counts():
    assert float(belonging_loss(np.zeros((8, 3, 4), np.float32))) == pytest.approx(np.log(8))
    one = 20 * np.eye(8, dtype="float32")
    same = np.stack([one, one, one], axis=1)
    assert float(belonging_loss(same)) < 1e-4
    apart = np.stack([one, one, one[::-1]], axis=1)
    price = float(matching_loss(one, one[::-1]))
    assert float(belonging_loss(apart)) == pytest.approx(2 / 3 * price, rel=1e-3)


def prefers_own(steps=80, **variant):
    """Return how much the joint score of real products falls when their sounds are exchanged."""
    gan = build(**variant)
    real = real_of(batch(64))
    fake = [tf.random.normal(real[0].shape, seed=1), real[1], tf.random.normal(real[2].shape, seed=2)]
    step = tf.function(lambda: gan.teach_discriminators(real, fake), autograph=False)
    for _ in range(steps):
        step()
    exchanged = [real[0], real[1], tf.roll(real[2], 1, axis=0)]
    scores = [gan.discriminator(parts)[0][:, 3] for parts in (real, exchanged)]
    return float(tf.reduce_mean(scores[0] - scores[1]))


def test_the_joint_discriminator_learns_what_belongs_together():
    assert prefers_own() > 1.0


def test_without_mismatched_products_it_has_no_reason_to():
    """The planted bug: real against generated alone; looks are enough to win."""
    assert prefers_own(mismatched=False) < 0.5 * prefers_own()


def agreement(**variant):
    """Train on four kinds; return the share of draws of which picture, words and sound tell the same kind."""
    pictures, tokens, sounds, corners = products()
    keras.utils.set_random_seed(0)
    gan = build_multimodal_gan(dataclasses.replace(BUDGET, steps=400), SIZES, LENGTH, WORDS, **variant)
    train(gan, make_triples(pictures, tokens, sounds, BUDGET.batch_size), 400)
    drawn = gan.draw(gan.draw_inputs(500, seed=1))
    seen = [
        np.linalg.norm(codes[:, None] - centres, axis=2).argmin(axis=1) + 1
        for codes, centres in ((drawn[0], corners[:, :6]), (drawn[2], corners[:, 6:]))
    ]
    return float(np.mean((seen[0] == drawn[1][:, 0]) & (seen[1] == drawn[1][:, 0])))


def test_a_joint_discriminator_makes_them_agree():
    assert agreement() > 0.7


def test_three_discriminators_that_look_apart_do_not():
    assert agreement(joint=False) < 0.5  # four kinds: chance is 1 in 16


def test_draws_are_repeatable_and_caution_takes_the_noise_out_of_the_words():
    gan = build()
    first, again = (gan.draw(gan.draw_inputs(40, seed=3)) for _ in range(2))
    assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))
    assert [part.shape for part in first] == [(40, 6), (40, 2), (40, 5)] and first[1].dtype == np.int32
    latents, noise = gan.draw_inputs(40, seed=3)
    other_noise = gan.draw_inputs(40, seed=4)[1]
    for caution, alike in ((1.0, True), (0.0, False)):
        words = [gan.draw([latents, n], caution)[1] for n in (noise, other_noise)]
        assert np.array_equal(*words) is alike


def test_parts_of_different_products_are_refused():
    pictures, tokens, sounds, _ = products(20)
    with pytest.raises(ValueError, match="19 sentences, 20 sound codes.* Most likely fix"):
        make_triples(pictures, tokens[:19], sounds, 4)
