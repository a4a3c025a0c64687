"""A recording holds what the networks did at the steps it names, and comes back from its file as it was."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from utils.data.points import grid_of_modes, make_points
from utils.losses import generator_loss
from utils.training.fit import train
from utils.training.points_gan import Method, build_point_gan, cured_method
from utils.training.recording import (
    POINTS,
    SHIPPED,
    SIDE,
    Recorder,
    frame_steps,
    load_recordings,
    pulls_of,
    save_recordings,
)

GRID = grid_of_modes(2)


def played(steps=20, frames=4, method=None):
    keras.utils.set_random_seed(0)
    gan = build_point_gan(method or Method(), steps=10, width=8)
    recorder = Recorder(GRID, steps, frames)
    train(gan, make_points(GRID, 16, seed=0), steps, callbacks=[recorder])
    return gan, recorder


def test_moments_are_close_at_first_and_the_ends_are_among_them():
    steps = frame_steps(1_000, 11)
    assert steps[0] == 0 and steps[-1] == 1_000 and np.all(np.diff(steps, n=2) >= -1)
    assert len(frame_steps(3, 50)) == 4


def test_a_recording_has_the_first_and_the_last_moment_as_they_were():
    gan, recorder = played()
    recording = recorder.recording()
    assert recording.steps.tolist() == [0, 4, 11, 20]
    assert recording.fakes.shape == (4, POINTS, 2) and recording.surface.shape == (4, SIDE, SIDE)
    latents = keras.random.normal((2_000, 2), seed=0)
    assert recording.fakes[-1] == pytest.approx(gan.generator(latents[:POINTS]).numpy(), abs=1e-5)
    assert np.abs(recording.fakes[0] - recording.fakes[-1]).max() > 1e-3
    assert np.abs(recording.surface).max() <= 1


def test_watching_does_not_change_what_is_watched():
    gan, _ = played(frames=4)
    other, _ = played(frames=20)
    for one, two in zip(gan.get_weights(), other.get_weights(), strict=True):
        assert np.array_equal(one, two)


def test_the_surface_is_read_row_by_row_as_it_is_drawn():
    gan, recorder = played()
    recorder.model.discriminator = lambda points: tf.convert_to_tensor(points)[:, :1]  # the score is x
    surface = recorder.frame()[2]
    assert np.all(np.diff(surface, axis=1) > 0) and np.all(np.diff(surface, axis=0) == 0)


def test_pulls_go_where_the_score_rises_and_have_the_size_of_the_price():
    gan, _ = played()
    gan.discriminator = lambda points: points @ tf.constant([[3.0], [4.0]])
    fakes = tf.constant([[0.0, 0.0], [-100.0, 0.0], [100.0, 0.0]])
    pulls = pulls_of(gan, tf.zeros((3, 2)), fakes)
    assert pulls[0] == pytest.approx([1.5, 2.0]) and pulls[1] == pytest.approx([3, 4], rel=1e-4)
    assert np.abs(pulls[2]).max() < 1e-6
    gan.method = Method(g_loss=lambda real, fake: -generator_loss(fake))
    assert pulls_of(gan, tf.zeros((3, 2)), fakes)[0] == pytest.approx([-1.5, -2.0])


def test_a_game_of_pairs_is_undecided_half_way_between_real_and_fake():
    _, recorder = played(method=cured_method())
    before = recorder.frame()[2]
    discriminator = recorder.model.discriminator
    recorder.model.discriminator = lambda points: discriminator(points) + 7  # pairs do not feel it
    assert recorder.frame()[2] == pytest.approx(before, abs=1e-4)


def test_a_recording_comes_back_from_its_file(tmp_path):
    _, recorder = played()
    kept = recorder.recording()
    path = tmp_path / "game.npz"
    save_recordings(path, {"one": kept, "two": kept._replace(modes=kept.modes + 1)})
    back = load_recordings(path)
    assert list(back) == ["one", "two"] and np.array_equal(back["two"].modes, kept.modes + 1)
    for field, values in kept._asdict().items():
        assert getattr(back["one"], field) == pytest.approx(values, abs=5e-3), field


def test_the_games_that_come_with_the_course_show_a_failure_and_a_cure():
    games = load_recordings()
    assert list(games) == ["plain", "cured"] and SHIPPED.stat().st_size < 200_000
    assert games["plain"].modes[-1] <= 14 and games["plain"].quality[-1] < 0.3
    assert games["cured"].modes[-1] == 25 and games["cured"].quality[-1] >= 0.9
