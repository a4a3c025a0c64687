"""What the environment says of devices and workers is read right, or refused in one sentence."""

import json

import keras
import pytest
import tensorflow as tf

from utils.training import strategy
from utils.training.callbacks import Checkpoint
from utils.training.strategy import is_chief, share_work, split_processor, worker_index, workers

HOSTS = ["host0:2222", "host1:2222"]


def config(index=1, job="worker", **further):
    return json.dumps({"cluster": {job: HOSTS}, "task": {"type": job, "index": index}, **further})


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """No worker, no device but those of this machine, whatever runs the tests."""
    monkeypatch.delenv("TF_CONFIG", raising=False)
    monkeypatch.delenv("COURSE_DEVICES", raising=False)
    monkeypatch.setattr(strategy, "SHARED", [])


def test_without_a_word_a_process_is_alone_and_its_own_chief():
    assert (workers(), worker_index(), is_chief()) == ([], 0, True)
    assert strategy.replica_count() == 1 == strategy.training_strategy().num_replicas_in_sync
    strategy.check_same_step(7)


@pytest.mark.parametrize("index", [0, 1])
def test_tf_config_says_who_all_are_and_which_one_this_is(monkeypatch, index):
    monkeypatch.setenv("TF_CONFIG", config(index))
    assert (workers(), worker_index(), is_chief()) == (HOSTS, index, index == 0)


@pytest.mark.parametrize(
    "told",
    [
        "{'cluster': 1}",  # no JSON
        "[]",
        "7",
        "{}",
        json.dumps({"task": {"type": "worker", "index": 0}}),
        json.dumps({"cluster": {"worker": HOSTS}}),
        json.dumps({"cluster": HOSTS, "task": {"type": "worker", "index": 0}}),
        json.dumps({"cluster": {"worker": HOSTS, "ps": HOSTS}, "task": {"type": "worker", "index": 0}}),
        config(job="chief"),  # there would be two
        config(2),
        config(-1),
        config("1"),
    ],
)
def test_a_tf_config_that_does_not_say_it_is_refused(monkeypatch, told):
    monkeypatch.setenv("TF_CONFIG", told)
    for ask in (workers, worker_index, is_chief, share_work):
        with pytest.raises(ValueError, match="TF_CONFIG must be JSON like .*Received: .*Most likely fix"):
            ask()


@pytest.mark.parametrize("asked", ["0", "two", "-1", "1.5", " "])
def test_a_number_of_devices_that_is_none_is_refused(monkeypatch, asked):
    monkeypatch.setenv("COURSE_DEVICES", asked)
    with pytest.raises(
        ValueError, match=f"COURSE_DEVICES must be a whole number above 0. Received: '{asked}'"
    ):
        share_work()


def test_devices_cannot_be_made_once_tensorflow_computes(monkeypatch):
    tf.zeros(1)
    split_processor("1")  # as it is
    with pytest.raises(RuntimeError, match="Received: 2, too late. Most likely fix: restart the kernel"):
        split_processor("2")


def test_two_devices_are_shared_and_one_is_not(monkeypatch):
    kinds = {"GPU": [], "CPU": [tf.config.LogicalDevice("CPU:0", "CPU")]}
    made = []
    monkeypatch.setattr(tf.config, "list_logical_devices", kinds.get)
    monkeypatch.setattr(tf.distribute, "MirroredStrategy", lambda names: made.append(names) or "shared")
    share_work()
    assert made == [] and strategy.SHARED == []
    kinds["GPU"] = [tf.config.LogicalDevice(f"GPU:{number}", "GPU") for number in range(2)]
    share_work()
    share_work()  # learners run the cell again: devices are not shared out twice
    assert made == [["GPU:0", "GPU:1"]] and strategy.training_strategy() == "shared"


@pytest.mark.parametrize(("index", "files"), [(0, 1), (1, 0)])
def test_only_the_chief_saves(monkeypatch, tmp_path, index, files):
    monkeypatch.setenv("TF_CONFIG", config(index))
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    saver = Checkpoint(tmp_path)
    saver.set_model(model)
    saver.save()
    assert len(list(tmp_path.glob("step_*.npz"))) == files
