"""The augmentation before a discriminator: in training only, on both sides, the gradient passes."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from utils.models.gan import build_discriminator, build_generator
from utils.training.gan import GAN
from utils.training.random_augment import MOVES, Augment, randomly, seen_through


def pictures(count=64, size=8, channels=3):
    return np.random.default_rng(0).uniform(-1, 1, (count, size, size, channels)).astype("float32")


@pytest.mark.parametrize("move", MOVES)
def test_each_picture_is_changed_in_its_own_way(move):
    images = np.repeat(pictures(1), 64, axis=0)
    changed = np.array(randomly(move, images, seed=keras.random.SeedGenerator(1)))
    kinds = len(np.unique(changed.reshape(64, -1).round(4), axis=0))
    assert changed.shape == images.shape and np.isfinite(changed).all()
    places = {"translation": 9, "cutout": 81}  # few at 8 pixels, so some pictures are alike
    assert 5 <= kinds <= places[move] if move in places else kinds == {"flip": 2, "turn": 4}.get(move, 64)


def test_it_changes_pictures_in_training_only_and_a_share_p_of_them():
    images = pictures(400)
    layer = Augment(("turn",), p=0.4)
    assert np.array_equal(layer(images), images)
    keras.utils.set_random_seed(0)
    changed = np.any(np.array(layer(images, training=True)) != images, axis=(1, 2, 3)).mean()
    assert changed == pytest.approx(0.4 * 0.75, abs=0.08)  # one turn in four is none
    assert np.array_equal(Augment(p=0.0)(images, training=True), images)
    everything = Augment(("cutout",), p=1.0)(images, training=True)
    assert np.all(np.any(np.array(everything) != images, axis=(1, 2, 3)))


def test_a_compiled_step_draws_anew_each_time():
    layer = Augment(("translation",))
    step = tf.function(lambda images: layer(images, training=True))
    first, second = (np.array(step(pictures())) for _ in range(2))
    assert not np.array_equal(first, second)
    frozen = np.random.default_rng(0).integers(-1, 2, 64)  # planted: NumPy draws once, while compiling
    stuck = tf.function(lambda images: tf.roll(images, frozen[0], 1))
    assert np.array_equal(stuck(pictures()), stuck(pictures()))


def test_the_weights_are_the_discriminator_s_own_and_outside_of_training_nothing_changes():
    discriminator = build_discriminator(4, 8, 3)
    through = seen_through(Augment(), discriminator)
    assert [id(v) for v in through.trainable_variables] == [id(v) for v in discriminator.trainable_variables]
    assert np.array(through(pictures())) == pytest.approx(np.array(discriminator(pictures())), abs=1e-6)
    assert np.abs(np.array(through(pictures(), training=True)) - discriminator(pictures())).max() > 1e-3


def test_real_and_generated_pictures_are_augmented_in_both_steps():
    seen = []

    class Spy(Augment):
        def call(self, images, training=False):
            seen.append(training)
            return super().call(images, training)

    gan = GAN(build_generator(4, 4, 8, 3), seen_through(Spy(), build_discriminator(4, 8, 3)))
    gan.compile(d_optimizer=keras.optimizers.SGD(0.1), g_optimizer=keras.optimizers.SGD(0.1))
    seen.clear()
    before = [v.numpy() for v in gan.generator.trainable_variables]
    gan.train_step(tf.constant(pictures(16)))
    assert seen == [True] * 3  # real, fake; then fake in the generator's step
    moved = [
        np.abs(v.numpy() - b).max() for v, b in zip(gan.generator.trainable_variables, before, strict=True)
    ]
    assert max(moved) > 0, "the gradient passes to the generator"


def test_an_unknown_move_is_refused_and_a_layer_can_be_built_again():
    with pytest.raises(ValueError, match="among flip.*Received: 'rotate'"):
        Augment(("rotate",))
    again = Augment.from_config(Augment(("turn",), p=0.3).get_config())
    assert again.moves == ("turn",) and float(again.p) == pytest.approx(0.3)
