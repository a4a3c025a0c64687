"""Every trainer of the lessons learns on two devices, and all around the training is as on one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT, STEPS = Path(__file__).with_name("lessons_on_two_devices.py"), 2


@pytest.fixture(scope="module")
def found():
    """What one process with two devices says of each trainer."""
    environment = os.environ | {"COURSE_DEVICES": "2", "COURSE_BUDGET": "smoke"}
    ended = subprocess.run(
        [sys.executable, str(SCRIPT)], env=environment, capture_output=True, text=True, timeout=600
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    return json.loads(ended.stdout.splitlines()[-1])


def those_that_are(what, found):
    """The trainers of which something is true; "noise" learns nothing."""
    return {name for name, one in found.items() if one[what] and name != "noise"}


def test_every_trainer_takes_its_steps_with_two_replicas(found):
    games = [name for name in found if name[:2].isdecimal()]
    assert len(games) == 13
    assert {(found[name]["replicas"], found[name]["steps"]) for name in games} == {(2, STEPS)}


def test_losses_and_weights_are_finite_and_the_weights_have_moved(found):
    assert those_that_are("broken", found) == those_that_are("still", found) == set()


def test_both_devices_end_with_the_same_weights(found):
    assert those_that_are("apart", found) == {"planted bugs"}


def test_what_was_compiled_before_or_in_the_training_draws_with_the_new_weights(found):
    assert those_that_are("stale", found) == {"planted bugs"}


def test_after_the_training_slopes_and_steps_by_hand_work_as_on_one_device(found):
    assert those_that_are("stays", found) == set()


def test_each_replica_draws_noise_of_its_own_whatever_it_draws_from(found):
    losses = found["noise"]["losses"]
    for name in ("tf", "layer", "global"):
        assert 0.8 < losses[name] < 1.5  # 2 / sqrt(pi) = 1.13 for independent numbers
    assert losses["fixed seed"] == 0  # planted: both draw the same
