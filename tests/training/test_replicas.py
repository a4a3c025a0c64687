"""One device, two devices, two workers and four learn the same from the same batches, to the rounding."""

import json
import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

from utils.training.perceptual import build_priced_restorer
from utils.training.replicas import check_shares, learn_together, own_seed
from utils.training.workers import run_workers

SCRIPT = pathlib.Path(__file__).parent / "on_many_devices.py"
SMALL = {"COURSE_BUDGET": "smoke", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
ROUNDING = 1e-5  # of a loss: sums in another order; after six steps we saw 1.4e-6 with Adam, 1e-7 with SGD
TRAININGS = ("gan adam", "gan sgd", "points sgd", "regressor adam")


def last_line(printed):
    return json.loads(printed.splitlines()[-1])


def alone(*arguments, devices=1):
    """What one process learns."""
    environment = os.environ | SMALL | {"COURSE_DEVICES": str(devices)}
    command = [sys.executable, SCRIPT, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-2000:]
    return last_line(done.stdout)


@pytest.fixture(scope="module")
def one():
    return alone("plain", *TRAININGS)


@pytest.fixture(scope="module")
def two():
    return alone("bugs", *TRAININGS, devices=2)


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory):
    """What each of two workers says, whose folders are not the same."""
    folder = tmp_path_factory.mktemp("own")
    return [*map(last_line, run_workers([sys.executable, SCRIPT, folder], 2, environment=SMALL))]


@pytest.fixture(scope="module")
def four_workers():
    return last_line(run_workers([sys.executable, SCRIPT, "plain", "gan sgd"], 4, environment=SMALL)[0])


def apart(ours, theirs):
    """The largest difference of two loss traces, relative to the loss."""
    assert list(ours["losses"]) == list(theirs["losses"])
    pairs = [[np.array(one["losses"][name]) for one in (ours, theirs)] for name in ours["losses"]]
    assert all(len(mine) == len(other) == 6 for mine, other in pairs)
    return max(np.max(np.abs(mine - other) / np.abs(other)) for mine, other in pairs)


@pytest.mark.parametrize("training", TRAININGS)
def test_two_devices_learn_what_one_does(one, two, training):
    assert (one[training]["replicas"], two[training]["replicas"]) == (1, 2)
    assert apart(two[training], one[training]) < ROUNDING
    assert two[training]["weights"] == pytest.approx(one[training]["weights"], rel=1e-3, abs=1e-3)
    name = next(iter(one[training]["losses"]))
    assert len(set(one[training]["losses"][name])) == 6  # planted: losses that stay would be equal too


def test_two_workers_and_four_learn_what_one_does(one, two_workers, four_workers):
    assert two_workers[0]["points sgd"]["replicas"] == 2 and four_workers["gan sgd"]["replicas"] == 4
    assert apart(two_workers[0]["points sgd"], one["points sgd"]) < ROUNDING
    assert apart(four_workers["gan sgd"], one["gan sgd"]) < ROUNDING
    assert two_workers[0]["points sgd"] == two_workers[1]["points sgd"]  # the same weights everywhere


def test_shares_that_are_forgotten_show_with_sgd_and_hide_behind_adam(one, two):
    assert apart(two["gan sgd, shares forgotten"], one["gan sgd"]) > 0.03
    assert apart(two["gan adam, shares forgotten"], one["gan adam"]) < 1e-3  # it divides by its own slopes


def test_statistics_and_clipping_of_a_part_are_not_those_of_the_batch(one, two):
    assert apart(two["gan sgd, parted batch norm"], one["gan sgd"]) > 10 * ROUNDING
    assert apart(two["regressor adam, parts clipped"], one["regressor adam"]) > 10 * ROUNDING


def drawn_alike(noise, name):
    """How many numbers of one replica the other has drawn too, in this step or in another."""
    return len(set(noise[f"{name} 0"]) & set(noise[f"{name} 1"]))


@pytest.mark.parametrize("name", ["latents", "keras", "dropout"])
def test_no_replica_draws_what_another_draws(two, two_workers, name):
    for shown in (two, two_workers[0]):
        assert drawn_alike(shown["noise"], name) == 0
        assert len(set(shown["noise"][f"{name} 0"])) == 3  # and each step draws anew


def test_with_the_same_seeds_all_draw_the_same(two, two_workers):
    assert drawn_alike(two["noise of the same seeds"], "keras") == 3
    assert drawn_alike(two["noise of the same seeds"], "dropout") == 3
    assert drawn_alike(two_workers[0]["noise of the same seeds"], "latents") == 3


def test_seeds_of_two_replicas_never_meet(monkeypatch):
    def seeds(number, bug=False):
        state = iter([np.array([7, call], "uint32") for call in range(50)])
        replica = type("Replica", (), {"replica_id_in_sync_group": number})
        monkeypatch.setattr(tf.distribute, "get_replica_context", lambda: replica)
        if bug:  # the number of the replica moves the counter, as the next call does
            return {(7, int(next(state)[1]) + number) for _ in range(50)}
        draw = own_seed(lambda: next(state))
        return {tuple(draw().numpy().tolist()) for _ in range(50)}

    assert len(seeds(0)) == 50 and not seeds(0) & seeds(1) and not seeds(1) & seeds(2)
    assert seeds(0, bug=True) & seeds(1, bug=True)


def test_the_device_is_named_as_it_is_shared(one, two, two_workers):
    assert "as 2 devices, no GPU" in two["device"] and "as" not in one["device"]
    assert [shown["device"].split(", ")[-1] for shown in two_workers] == ["worker 0 of 2", "worker 1 of 2"]


def test_only_the_chief_writes_and_workers_with_folders_of_their_own_are_refused(two_workers):
    assert two_workers[0]["checkpoints"] == ["step_00000006.npz", "step_00000005.npz"]
    assert two_workers[1]["checkpoints"] == []
    for shown in two_workers:
        assert "same step. Received: [6, 0]" in shown["error"] and "every machine sees" in shown["error"]


def test_a_worker_that_is_killed_costs_no_step(two_workers, tmp_path):
    said = []
    command = [sys.executable, "-m", "utils.training.together", "points", "--steps", "6", "--batch", "32"]
    command += ["--optimizer", "sgd", "--die-after", "3", "--folder", str(tmp_path)]
    learned = last_line(run_workers(command, 2, 1, SMALL, said.append)[0])
    assert said == ["Worker 1 was killed by signal 9. All start again from the last checkpoint."]
    assert learned["started at step"] in (2, 3)  # the chief may have been ended before it had saved step 3
    undisturbed = two_workers[0]["points sgd"]
    assert learned["losses"] == undisturbed["losses"] and learned["weights"] == undisturbed["weights"]


def test_a_batch_that_cannot_be_shared_evenly_is_refused(monkeypatch):
    three = type("Strategy", (), {"num_replicas_in_sync": 3})
    monkeypatch.setattr("utils.training.replicas.training_strategy", lambda: three)
    for rows, size in ((32, 30), (2, 3)):
        with pytest.raises(ValueError, match=f"by 3 devices. Received: {rows} rows.*batch_size={size}"):
            check_shares(tf.data.Dataset.from_tensors(np.zeros((rows, 1))))
    check_shares(tf.data.Dataset.from_tensors(np.zeros((33, 1))))


def test_every_optimizer_pays_in_a_share_whatever_its_name():
    restorer = build_priced_restorer(None, 10, width=4, image_size=8, adversarial_weight=0.1)
    both = restorer.optimizer, restorer.d_optimizer
    assert not any("apply" in vars(optimizer) for optimizer in both)  # planted: as they were built
    learn_together(restorer)
    assert all("apply" in vars(optimizer) for optimizer in both)
