"""The command that makes a feature network, on a handful of images."""

import json

import keras
import numpy as np
import pytest

from utils.data import Products, load_products
from utils.data.images import scale_images
from utils.metrics import train_features
from utils.metrics.features import load_features
from utils.metrics.train_features import build_classifier, distil, jitter, main, stack, store


def toy_products(class_names, count=60, channels=1, seed=0):
    """Make images whose class is told by their brightness."""
    rng = np.random.default_rng(seed)
    class_ids = rng.integers(0, len(class_names), count).astype("int32")
    images = rng.integers(0, 40, (count, 28, 28, channels)) + 60 * class_ids[:, None, None, None]
    return Products(images.astype("uint8"), class_ids, tuple(class_names), (), "catalogue")


def awakened_classifier(class_count=3):
    """Build a classifier whose batch norm has seen data, so that folding it has something to do."""
    keras.utils.set_random_seed(1)
    classifier = build_classifier(28, 1, {"kind": class_count})
    rng = np.random.default_rng(0)
    for i in range(3):
        norm = classifier.get_layer(f"norm_{i}")
        norm.set_weights([rng.uniform(0.5, 1.5, w.shape).astype("float32") for w in norm.get_weights()])
    return classifier


def assert_same_answers(network, classifier, products):
    images = scale_images(products.images)
    kernel, bias = network.layers[-1]
    logits = network.embed(images) @ kernel + bias
    assert logits == pytest.approx(np.asarray(classifier(images)["kind"]), rel=1e-3, abs=1e-4)


def test_the_distilled_network_gives_the_logits_of_the_classifier():
    products, classifier = toy_products("abc"), awakened_classifier()
    assert_same_answers(distil(classifier, tuple("abc"), products.images), classifier, products)


def test_forgetting_the_batch_norm_would_be_seen(monkeypatch):
    products, classifier = toy_products("abc"), awakened_classifier()
    network = distil(classifier, tuple("abc"), products.images)
    raw = [
        (np.asarray(classifier.get_layer(f"convolution_{i}").kernel), network.layers[i][1]) for i in range(3)
    ]
    forgetful = type(network)(28, 1, tuple("abc"), (*raw, *network.layers[3:]))
    with pytest.raises(AssertionError):
        assert_same_answers(forgetful, classifier, products)


def test_features_of_real_images_have_a_total_variance_of_100():
    products = toy_products("abc")
    network = distil(awakened_classifier(), tuple("abc"), products.images)
    assert network.embed(scale_images(products.images)).var(axis=0, ddof=1).sum() == pytest.approx(
        100, rel=1e-3
    )


def test_stored_weights_give_the_same_answers(tmp_path):
    products = toy_products("abc")
    network = distil(awakened_classifier(), tuple("abc"), products.images)
    store(network, train_features.weights_path(28, 1, tmp_path))
    images = scale_images(products.images)
    again = load_features(28, 1, folder=tmp_path)
    assert again.class_names == ("a", "b", "c")
    assert (again.embed(images) == network.embed(images)).all()


def test_classes_of_the_same_name_become_one():
    first, second = toy_products(("dress", "mug")), toy_products(("boot", "dress", "lamp"), seed=1)
    images, targets, class_names = stack({"one": (first, None), "two": (second, None)})
    assert class_names == ("dress", "mug", "boot", "lamp")
    assert len(images) == 120
    names = [first.class_names[i] for i in first.class_ids] + [
        second.class_names[i] for i in second.class_ids
    ]
    assert [class_names[i] for i in targets["kind"]] == names


def test_colour_and_pattern_are_taught_beside_the_kind():
    products = load_products("catalogue", count=50)
    _, targets, _ = stack({"catalogue": (products, None)})
    assert {"kind", "colour", "pattern"} <= set(targets)
    colours = products.attributes["colour"]
    assert (np.unique(colours)[targets["colour"]] == colours).all()


def assert_jitter_moves_at_most_one_pixel(move):
    images = np.zeros((200, 9, 9, 2), "uint8")
    images[:, 4, 4, 0], images[:, 4, 4, 1] = 1, 2  # the middle: mirroring leaves it in place
    moved = move(images, np.random.default_rng(0))
    assert moved.shape == images.shape and moved.dtype == np.uint8
    n, rows, columns, channel = np.nonzero(moved)
    assert len(n) == 400 and set(rows - 4) == set(columns - 4) == {-1, 0, 1}
    assert (moved[n, rows, columns, channel] == channel + 1).all()


def test_jitter_moves_each_image_by_up_to_one_pixel_and_keeps_channels_apart():
    assert_jitter_moves_at_most_one_pixel(jitter)


@pytest.mark.parametrize(
    "bug",
    [
        lambda images, rng: jitter(images, rng, reach=2),
        lambda images, rng: images,
        lambda images, rng: jitter(images, rng)[..., ::-1],
    ],
)
def test_planted_jitter_bugs_are_noticed(bug):
    with pytest.raises(AssertionError):
        assert_jitter_moves_at_most_one_pixel(bug)


def test_jitter_mirrors_about_half():
    images = np.tile(np.arange(9, dtype="uint8")[None, None, :, None], (400, 9, 1, 1))
    mirrored = jitter(images, np.random.default_rng(0))[:, 4, 2, 0] > 4
    assert 0.4 < mirrored.mean() < 0.6


def test_the_command_trains_measures_and_stores(tmp_path, monkeypatch, capsys):
    train, test = toy_products("abc", 512), toy_products("abc", 60, seed=1)
    monkeypatch.setattr(train_features, "load_sources", lambda *arguments: {"catalogue": (train, test)})
    monkeypatch.setattr(train_features, "FILTERS", (8, 8, 8))  # quick
    main(["28", "1", "--epochs", "12", "--folder", str(tmp_path)])
    said = capsys.readouterr().out
    assert "Training on 512 images of catalogue" in said
    assert "Test accuracy on catalogue:" in said
    facts = json.loads((tmp_path / "features_28x28x1.json").read_text())
    assert facts["trained_on"] == {"catalogue": 512}
    assert facts["test_accuracy"]["catalogue"] > 0.5  # chance is a third
    answers = load_features(28, 1, folder=tmp_path).classify(scale_images(test.images), "abc")
    assert (answers == test.class_ids).mean() == pytest.approx(facts["test_accuracy"]["catalogue"], abs=1e-3)


def test_the_command_refuses_a_size_it_does_not_have(capsys):
    with pytest.raises(SystemExit):
        main(["64", "3"])
    assert "must be one of (28, 1), (32, 3)" in capsys.readouterr().err
