"""Batches from shards: every picture once per epoch, in an order the seed decides, in little memory."""

import json

import keras
import numpy as np
import psutil
import pytest
import tensorflow as tf

from utils.data import shard_reader
from utils.data.images import scale_images, unscale_images
from utils.data.pipelines import make_dataset
from utils.data.shard_files import write_shard
from utils.data.shard_manifest import shard_names, start_manifest, write_manifest
from utils.data.shard_reader import make_shard_dataset
from utils.data.vocabulary import learn_vocabulary, tokens_of
from utils.training.budget import LESSONS
from utils.training.fit import train
from utils.training.gan import build_gan

COUNT, SHARDS = 60, 6
IMAGES = np.tile(np.arange(COUNT, dtype=np.uint8)[:, None, None, None], (1, 8, 8, 3))  # its own number
CAPTIONS = [f"a photo of number {number}" for number in range(COUNT)]


def write_shards(folder, images, captions=None, class_ids=None, shards=SHARDS):
    """Write pictures as shards: the first of all into the first shard, and so on in turn."""
    folder.mkdir()
    size, channels = images.shape[1], images.shape[3]
    settings = {"size": size, "channels": channels}
    manifest = start_manifest(settings, ["even", "odd"], {"files": len(images)}, shards)
    class_ids = np.arange(len(images)) % 2 if class_ids is None else class_ids
    captions = captions or ["a photo"] * len(images)
    for number, name in enumerate(shard_names(shards)):
        rows = ((images[i], class_ids[i], captions[i]) for i in range(number, len(images), shards))
        manifest["shards"][number] = write_shard(folder, name, rows) | {"skipped": []}
    write_manifest(folder, manifest)
    return folder


@pytest.fixture(scope="module")
def shards(tmp_path_factory):
    """Sixty pictures in six shards."""
    return write_shards(tmp_path_factory.mktemp("shards") / "out", IMAGES, CAPTIONS)


def numbers(dataset, steps=None):
    """Return the numbers of the images: (steps, batch)."""
    steps = steps or len(dataset)
    return np.array([unscale_images(batch.numpy())[:, 0, 0, 0] for batch in dataset.take(steps)], int)


def assert_each_once(epoch):
    assert sorted(np.ravel(epoch)) == list(range(COUNT))


def test_batches_are_those_that_make_dataset_makes(shards):
    for repeat in (True, False):
        from_disk, from_memory = (
            make_shard_dataset(shards, 10, seed=1, repeat=repeat),
            make_dataset(IMAGES, 10, seed=1, repeat=repeat),
        )
        assert from_disk.element_spec == from_memory.element_spec
        assert from_disk.cardinality() == from_memory.cardinality()


def test_every_value_of_a_byte_is_scaled_as_everywhere(tmp_path):
    every = np.arange(256, dtype=np.uint8).reshape(4, 8, 8, 1)
    batch = next(iter(make_shard_dataset(write_shards(tmp_path / "out", every, shards=1), 4, seed=1)))
    batch = np.array(sorted(batch.numpy(), key=lambda image: image[0, 0, 0]))
    assert (batch.dtype, batch.min(), batch.max()) == (np.float32, -1, 1)
    np.testing.assert_allclose(batch, scale_images(every), atol=1e-6)
    with pytest.raises(AssertionError):  # planted bug: divided by 128
        np.testing.assert_allclose(every / 128 - 1, scale_images(every), atol=1e-6)


@pytest.mark.parametrize("seed", [1, None])
def test_every_picture_comes_once_per_epoch(shards, seed):
    epochs = numbers(make_shard_dataset(shards, 10, seed=seed), steps=18).reshape(3, 6, 10)
    for epoch in epochs:
        assert_each_once(epoch)
    with pytest.raises(AssertionError):  # planted bug: an epoch that begins anew before it ends
        assert_each_once(epochs.ravel()[5:65])
    assert (epochs[0] != epochs[1]).any() and (epochs[1] != epochs[2]).any()


def test_a_seed_repeats_the_order_and_another_does_not(shards):
    runs = [numbers(make_shard_dataset(shards, 10, seed=seed), steps=12) for seed in (3, 3, 4, None, None)]
    np.testing.assert_array_equal(runs[0], runs[1])
    assert (runs[0] != runs[2]).any() and (runs[3] != runs[4]).any()


def test_one_epoch_at_a_time_differs_from_the_next(shards):
    dataset = make_shard_dataset(shards, 10, seed=1, repeat=False)
    first, second = numbers(dataset), numbers(dataset)
    assert_each_once(first), assert_each_once(second)
    assert (first != second).any()


def test_the_odd_rest_is_left_out_of_an_epoch_but_not_always_the_same(shards):
    epochs = numbers(make_shard_dataset(shards, 7, seed=1), steps=160).reshape(20, 56)
    left_out = [set(range(COUNT)) - set(epoch) for epoch in epochs]
    assert all(len(rest) == 4 for rest in left_out)
    assert len(set.union(*left_out)) > 30


def assert_mixed(batches):
    """A batch holds pictures of most shards."""
    assert np.mean([len(set(batch % SHARDS)) for batch in batches]) > 4


def test_a_batch_is_of_many_shards_even_with_a_small_buffer(shards, monkeypatch):
    monkeypatch.setattr(shard_reader, "BUFFER", 1)
    assert_mixed(numbers(make_shard_dataset(shards, 12, seed=1), steps=20))
    monkeypatch.setattr(shard_reader, "OPEN", 1)
    with pytest.raises(AssertionError):  # planted bug: one shard after the other
        assert_mixed(numbers(make_shard_dataset(shards, 12, seed=1), steps=20))


def assert_shared_out(parts):
    """Together the workers see each picture once, and no two of them see the same one."""
    assert sorted(sum(parts, [])) == list(range(COUNT))


@pytest.mark.parametrize("workers", [2, 3, 4])
def test_several_workers_share_the_pictures(shards, workers):
    datasets = [
        make_shard_dataset(shards, 10, seed=1, worker=worker, workers=workers, repeat=False)
        for worker in range(workers)
    ]
    parts = [numbers(dataset).ravel().tolist() for dataset in datasets]
    assert_shared_out(parts)
    with pytest.raises(AssertionError):  # planted bug: each worker reads all
        assert_shared_out(
            [numbers(make_shard_dataset(shards, 10, seed=1, repeat=False)).ravel().tolist()] * 2
        )
    options = datasets[0].options().experimental_distribute
    assert options.auto_shard_policy == tf.data.experimental.AutoShardPolicy.OFF  # else shared out twice


def assert_each_image_keeps_its_tokens(batches, vectorizer):
    for images, tokens in batches:
        shown = unscale_images(np.asarray(images))[:, 0, 0, 0]
        np.testing.assert_array_equal(tokens_of(vectorizer, [CAPTIONS[i] for i in shown]), tokens)


def test_each_image_keeps_its_own_caption(shards):
    vectorizer = learn_vocabulary(CAPTIONS, length=6)
    dataset = make_shard_dataset(shards, 10, seed=1, tokens=vectorizer)
    in_memory = make_dataset(IMAGES, 10, tokens=tokens_of(vectorizer, CAPTIONS))
    assert dataset.element_spec == in_memory.element_spec
    batches = list(dataset.take(12).as_numpy_iterator())
    assert_each_image_keeps_its_tokens(batches, vectorizer)
    with pytest.raises(AssertionError):  # planted bug: captions in another order than the pictures
        assert_each_image_keeps_its_tokens([(images, tokens[::-1]) for images, tokens in batches], vectorizer)


def test_classes_are_tokens_too(shards):
    dataset = make_shard_dataset(shards, 10, seed=1, tokens="classes", repeat=False)
    assert dataset.element_spec[1] == tf.TensorSpec((10, 1), tf.int32)
    for images, classes in dataset:
        np.testing.assert_array_equal(unscale_images(images.numpy())[:, 0, 0, 0] % 2, classes[:, 0])


def test_the_trainer_takes_shards_as_it_takes_pictures_in_memory(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (64, 28, 28, 1), np.uint8)
    keras.utils.set_random_seed(0)
    gan = build_gan(LESSONS["02_code_a_gan"]["smoke"])
    before = [np.array(weight) for weight in gan.generator.get_weights()]
    dataset = make_shard_dataset(write_shards(tmp_path / "out", images), 16, seed=1)
    history = train(gan, dataset, steps=6, record_every=1)  # more than the four batches of an epoch
    assert history["step"] == [1, 2, 3, 4, 5, 6]
    assert np.isfinite(history["d_loss"] + history["g_loss"]).all()
    assert any((a != b).any() for a, b in zip(before, gan.generator.get_weights(), strict=True))


def growth(dataset):
    """Megabytes by which this process grows while it reads a dataset once."""
    process = psutil.Process()
    before = most = process.memory_info().rss
    for number, _ in enumerate(dataset):
        if number % 16 == 0:
            most = max(most, process.memory_info().rss)
    return (max(most, process.memory_info().rss) - before) / 1e6


def test_memory_does_not_grow_with_the_number_of_pictures(tmp_path, monkeypatch):
    monkeypatch.setattr(shard_reader, "BUFFER", 2**20)
    image = np.random.default_rng(0).integers(0, 256, (1, 64, 64, 3), np.uint8)
    few, many = (
        write_shards(tmp_path / str(count), np.broadcast_to(image, (count, 64, 64, 3)), shards=16)
        for count in (500, 8_000)  # 25 and 393 MB as floats, 6 and 98 as bytes
    )
    growth(make_shard_dataset(few, 50, repeat=False))  # threads and buffers of the first time
    assert growth(make_shard_dataset(many, 50, repeat=False)) < 60
    assert growth(make_shard_dataset(many, 50, repeat=False).cache()) > 150  # planted bug: all is kept


def test_memory_does_not_grow_with_the_number_of_epochs(tmp_path, monkeypatch):
    monkeypatch.setattr(shard_reader, "BUFFER", 20 * 2**20)
    images = np.broadcast_to(np.zeros((1, 64, 64, 3), np.uint8), (2_000, 64, 64, 3))
    epochs = make_shard_dataset(write_shards(tmp_path / "out", images, shards=16), 50, seed=1)
    assert growth(epochs.take(12 * 40)) < 80  # twice the buffer; read by two threads it is 150 and more


def test_a_damaged_record_stops_the_training_instead_of_being_learned(tmp_path):
    out = write_shards(tmp_path / "out", IMAGES)
    path = out / shard_names(SHARDS)[2]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(tf.errors.DataLossError):
        numbers(make_shard_dataset(out, 10, seed=1, repeat=False))


def test_shards_that_are_not_whole_are_named_before_the_training(tmp_path):
    out = write_shards(tmp_path / "out", IMAGES)
    first, second = (out / name for name in shard_names(SHARDS)[:2])
    second.write_bytes(second.read_bytes()[:-1])
    with pytest.raises(ValueError, match="1 that are not; part-00001-of-00006.tfrecord is damaged: .* bytes"):
        make_shard_dataset(out, 10)
    first.unlink()
    with pytest.raises(ValueError, match="2 that are not; part-00000-of-00006.tfrecord is missing.*Most"):
        make_shard_dataset(out, 10)
    with pytest.raises(ValueError, match="known by its shards.json.*no such file.*Most likely fix"):
        make_shard_dataset(tmp_path, 10)


def test_a_manifest_does_not_lead_to_files_elsewhere(tmp_path):
    """Planted: one shard of another folder, reached by .. and by its whole path."""
    secret = write_shards(tmp_path / "secret", IMAGES) / shard_names(SHARDS)[0]
    manifest = write_shards(tmp_path / "out", IMAGES) / "shards.json"
    text = manifest.read_text("utf-8")
    for file in (f"../secret/{secret.name}", str(secret)):
        manifest.write_text(text.replace(json.dumps(secret.name), json.dumps(file)), "utf-8")
        assert file in manifest.read_text("utf-8")
        with pytest.raises(ValueError, match="part-00000-of-00006.tfrecord is called '.*secret.*Most likely"):
            make_shard_dataset(tmp_path / "out", 10)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"batch_size": 61}, "batch_size=61 for 60 images"),
        ({"batch_size": 31, "workers": 2}, "batch_size=31 for 30 images"),
        ({"batch_size": 0}, "above 0. Received: 0"),
        ({"seed": "one"}, "seed must be .*Received: 'one'"),
        ({"worker": 1}, "worker must be .*Received: worker=1, workers=1"),
        ({"worker": -1, "workers": 2}, "Received: worker=-1"),
        ({"workers": 7}, "7 workers for 6 shards"),
        ({"tokens": np.ones((60, 3), int)}, "tokens must be .*Received: array"),
        ({"tokens": "captions"}, "Received: 'captions'"),
        ({"tokens": tf.strings.lower}, "whole numbers"),
        ({"tokens": lambda captions: tf.ones((1, 3), tf.int32)}, "whole numbers"),
    ],
)
def test_a_wrong_request_is_named_with_the_cure(shards, wrong, says):
    with pytest.raises(ValueError, match=f"(?s){says}.*Most likely fix"):
        make_shard_dataset(shards, **{"batch_size": 10, **wrong})
