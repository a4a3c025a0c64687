"""The feature network: what it knows, what it refuses, and that its numbers mean something."""

import json
import time

import numpy as np
import pytest

from utils.data import load_products
from utils.data.images import scale_images
from utils.metrics import features
from utils.metrics.distribution import frechet_distance, kernel_distance
from utils.metrics.features import SUPPORTED, WEIGHTS, load_features, weights_path


@pytest.fixture(scope="module", params=SUPPORTED, ids=str)
def network(request):
    return load_features(*request.param)


@pytest.fixture(scope="module")
def products(network):
    return load_products(
        "catalogue", "test", count=600, image_size=network.image_size, channels=network.channels
    )


@pytest.fixture(scope="module")
def images(products):
    return scale_images(products.images)


def assert_names_the_kinds(classify, products):
    images = scale_images(products.images)
    assert (classify(images, products.class_names) == products.class_ids).mean() > 0.97


def test_catalogue_kinds_are_recognised(network, products):
    assert_names_the_kinds(network.classify, products)


def test_ids_follow_the_order_of_the_names_asked(network, products):
    def ignores_the_order(images, class_names):
        return network.classify(images, sorted(class_names))

    with pytest.raises(AssertionError):
        assert_names_the_kinds(ignores_the_order, products)


def test_negatives_would_not_be_recognised(network, products):
    with pytest.raises(AssertionError):
        assert_names_the_kinds(lambda images, names: network.classify(-images, names), products)


def test_answers_stay_among_the_classes_asked(network, images):
    assert set(network.classify(images, ["mug", "boot"]).tolist()) <= {0, 1}
    assert network.classify(images).max() < len(network.class_names)


def test_fashion_mnist_and_catalogue_share_the_grey_network():
    names = load_features(28, 1).class_names
    assert len(set(names)) == len(names)
    assert {"mug", "lamp", "sneaker", "dress", "pullover"} <= set(names)


def test_fashion_mnist_is_recognised():
    try:
        fashion = load_products("fashion-mnist", "test", count=2000)
    except OSError:
        pytest.skip("Fashion-MNIST is not on this machine")
    answers = load_features(28, 1).classify(scale_images(fashion.images), fashion.class_names)
    assert (answers == fashion.class_ids).mean() > 0.88


def test_features_are_64_numbers_in_float64(network, images):
    embedded = network.embed(images)
    assert embedded.shape == (len(images), 64)
    assert embedded.dtype == np.float64
    assert (embedded >= 0).all() and np.isfinite(embedded).all()


def test_an_image_has_the_same_features_alone_and_in_a_crowd(network, images):
    together = network.embed(images[:300])  # more than one batch of the network
    alone = np.concatenate([network.embed(images[i : i + 1]) for i in (0, 255, 256, 299)])
    assert together[[0, 255, 256, 299]] == pytest.approx(alone, abs=1e-3)


def test_embedding_changes_neither_the_images_nor_the_random_state(network, images):
    before, numpy_state = images.copy(), np.random.get_state()[1].copy()
    network.embed(images)
    assert (images == before).all()
    assert (np.random.get_state()[1] == numpy_state).all()


def assert_ranks_generators(distance, embed, images):
    rng = np.random.default_rng(0)
    real, held_out = images[:300], images[300:]
    noisy = np.clip(held_out + rng.normal(0, 0.3, held_out.shape), -1, 1).astype("float32")
    noise = rng.uniform(-1, 1, held_out.shape).astype("float32")
    stuck = np.repeat(held_out[:1], len(held_out), axis=0)
    fair, blurred, hopeless, collapsed = (
        distance(embed(real), embed(x)) for x in (held_out, noisy, noise, stuck)
    )
    assert fair < 0.5 * blurred
    assert blurred < hopeless
    assert 5 * fair < collapsed


@pytest.mark.parametrize("distance", [frechet_distance, kernel_distance])
def test_distances_rank_real_noisy_and_hopeless_images(distance, network, images):
    assert_ranks_generators(distance, network.embed, images)


def test_a_network_that_looks_at_nothing_does_not_rank_them(images):
    rng = np.random.default_rng(0)
    with pytest.raises(AssertionError):
        assert_ranks_generators(frechet_distance, lambda x: rng.normal(size=(len(x), 64)), images)


def test_colour_features_tell_a_red_mug_from_a_blue_one():
    products = load_products("catalogue", "test", count=600)
    embedded = load_features(32, 3).embed(scale_images(products.images))
    swapped = load_features(32, 3).embed(scale_images(products.images[..., ::-1].copy()))
    same = kernel_distance(embedded[:300], embedded[300:])
    assert kernel_distance(embedded[:300], swapped[300:]) > 20 * abs(same)


def test_loading_is_quick(network):
    started = time.process_time()
    load_features(network.image_size, network.channels)
    assert time.process_time() - started < 0.5


def test_weights_are_under_a_megabyte_and_tell_where_they_come_from():
    assert sum(path.stat().st_size for path in WEIGHTS.glob("features_*")) < 1e6
    for size in SUPPORTED:
        facts = json.loads(weights_path(*size).with_suffix(".json").read_text(encoding="utf-8"))
        assert facts["command"] == f"python -m utils.metrics.train_features {size[0]} {size[1]}"
        assert facts["test_accuracy"]["catalogue"] >= 0.98
        assert tuple(facts["class_names"]) == load_features(*size).class_names
    assert (
        json.loads(weights_path(28, 1).with_suffix(".json").read_text())["test_accuracy"]["fashion-mnist"]
        >= 0.9
    )


@pytest.mark.parametrize("size", [(64, 3), (28, 3), (32, 1), ("28", 1), (None, None)])
def test_sizes_without_a_network_are_refused_with_the_list(size):
    with pytest.raises(ValueError, match=r"one of \(28, 1\), \(32, 3\)\. Received:"):
        load_features(*size)


def test_unknown_classes_are_refused_with_the_list(network, images):
    with pytest.raises(ValueError, match=r"must be among .*mug.*Received: 'spaceship'\. Most likely fix"):
        network.classify(images[:2], ["mug", "spaceship"])
    with pytest.raises(ValueError, match="no name at all"):
        network.classify(images[:2], [])


def test_bytes_are_refused(network, products):
    with pytest.raises(ValueError, match="scale_images"):
        network.embed(products.images)


def test_nan_is_refused(network, images):
    broken = images[:2].copy()
    broken[0, 3, 3] = np.nan
    with pytest.raises(ValueError, match="NaN"):
        network.embed(broken)


def test_a_single_image_without_batch_axis_is_refused(network, images):
    with pytest.raises(ValueError, match="batch axis"):
        network.embed(images[0])


def test_the_other_size_is_refused_with_the_right_call(network):
    size = network.image_size + 4
    with pytest.raises(ValueError, match=rf"Received: shape \(2, {size}, .*load_features\(28, 1\)"):
        network.embed(np.zeros((2, size, size, network.channels), "float32"))


def test_the_other_number_of_channels_is_refused(network):
    size, channels = network.image_size, 4 - network.channels
    with pytest.raises(ValueError, match=f"Received: {channels} channels"):
        network.embed(np.zeros((2, size, size, channels), "float32"))


def damaged_copies(folder):
    """Yield the name and the path of weights that went wrong in one way each."""
    whole = weights_path(28, 1).read_bytes()
    arrays = dict(np.load(weights_path(28, 1)))
    target = weights_path(28, 1, folder)
    for name, content in {
        "truncated": whole[: len(whole) // 2],
        "empty": b"",
        "text": b"version https://git-lfs.github.com/spec/v1\n",
        "one byte changed": whole[:30_000] + bytes([whole[30_000] ^ 255]) + whole[30_001:],
        "the colour network": weights_path(32, 3).read_bytes(),
    }.items():
        target.write_bytes(content)
        yield name
    for name, change in {
        "no layer 2": {"kernel_2": None},
        "no names": {"class_names": None},
        "one name too many": {"class_names": np.append(arrays["class_names"], "spaceship")},
        "NaN": {"bias_0": arrays["bias_0"] * np.nan},
    }.items():
        np.savez(target, **{key: value for key, value in (arrays | change).items() if value is not None})
        yield name
    with open(target, "wb") as file:
        np.save(file, arrays["kernel_0"])
    yield "a single array"


def test_missing_weights_name_the_command(tmp_path):
    with pytest.raises(OSError, match=r"python -m utils\.metrics\.train_features 28 1"):
        load_features(28, 1, folder=tmp_path)


def test_damaged_weights_name_the_command(tmp_path):
    for name in damaged_copies(tmp_path):
        with pytest.raises(OSError, match=r"python -m utils\.metrics\.train_features 28 1"):
            load_features(28, 1, folder=tmp_path)
            pytest.fail(f"weights with this damage were read: {name}")


def test_whole_weights_are_read_from_any_folder(tmp_path):
    weights_path(28, 1, tmp_path).write_bytes(weights_path(28, 1).read_bytes())
    assert load_features(28, 1, folder=tmp_path).class_names == load_features(28, 1).class_names


def test_the_module_imports_no_tensorflow_itself():
    assert "tensorflow" not in features.__dict__
