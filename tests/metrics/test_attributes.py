"""The judge reads real pictures right, is honest about spoiled ones, and refuses what it cannot read."""

import json

import keras
import numpy as np
import pytest

from utils.data import Products, load_products
from utils.data.captions import KINDS
from utils.data.images import scale_images
from utils.metrics import attributes, train_attributes
from utils.metrics.attributes import STRIDES, VALUES, check_judged, judge_path, load_attribute_judge
from utils.metrics.conditioning import attribute_accuracy
from utils.metrics.features import WEIGHTS, load_features
from utils.metrics.judge import Judge, store_judge
from utils.metrics.train_attributes import main, measure, soften, wear
from utils.metrics.train_features import build_classifier, fold

NAMES = ("kind", "colour", "pattern", "detail", "background")
THREE = ("kind", "colour", "pattern")


@pytest.fixture(scope="module")
def judge():
    return load_attribute_judge()


@pytest.fixture(scope="module")
def products():
    return load_products("catalogue", "test")


@pytest.fixture(scope="module")
def images(products):
    return scale_images(products.images)


def all_three(read, products, count):
    return attribute_accuracy(read, {name: products.attributes[name][:count] for name in THREE})["all"]


def assert_reads_real_pictures(read, products, images, count=None):
    wanted = {name: words[:count] for name, words in products.attributes.items()}
    answers = read(images[:count])
    scores = attribute_accuracy(answers, wanted)
    assert min(scores[name] for name in NAMES) > 0.98, scores
    assert all_three(answers, products, count) > 0.98


def test_all_4000_real_test_pictures_are_read(judge, products, images):
    assert len(products) == 4000
    assert_reads_real_pictures(judge.read, products, images)


@pytest.mark.parametrize(
    "bug",
    [
        lambda read, x: read(-x),
        lambda read, x: read(x[..., ::-1]),
        lambda read, x: read(np.roll(x, 1, axis=0)),
        lambda read, x: read(x.mean(axis=-1, keepdims=True).repeat(3, axis=-1)),
    ],
    ids=["negatives", "red and blue swapped", "the neighbour's", "without colour"],
)
def test_other_pictures_would_not_be_read(bug, judge, products, images):
    with pytest.raises(AssertionError):
        assert_reads_real_pictures(lambda x: bug(judge.read, x), products, images, 300)


def test_values_are_the_words_of_the_captions_in_their_order(judge, products):
    assert judge.names == NAMES
    assert judge.values == VALUES
    for name in NAMES:
        assert set(judge.values[name]) == set(products.attributes[name].tolist()), name
        assert len(set(judge.values[name])) == len(judge.values[name])
    assert judge.values["kind"] == tuple(KINDS)
    assert len(judge.values["detail"]) == 31  # long sleeves are said of two kinds


def test_log_probabilities_add_up_to_one_and_agree_with_what_is_read(judge, images):
    likely, read = judge.log_probabilities(images[:300]), judge.read(images[:300])
    for name in NAMES:
        assert likely[name].shape == (300, len(judge.values[name])) and likely[name].dtype == np.float64
        assert np.exp(likely[name]).sum(axis=1) == pytest.approx(1)
        assert (np.array(judge.values[name])[likely[name].argmax(axis=1)] == read[name]).all()
        assert likely[name].max(axis=1).mean() > -0.03


def test_a_picture_is_read_alike_alone_and_in_a_crowd(judge, images):
    together = judge.log_probabilities(images[:300])  # more than one batch of the network
    for i in (0, 255, 256, 299):
        alone = judge.log_probabilities(images[i : i + 1])
        for name in NAMES:
            assert alone[name][0] == pytest.approx(together[name][i], abs=1e-3)


def accuracy_after(spoil, judge, products, images, count=400):
    spoiled = np.clip(spoil(images[:count], np.random.default_rng(0)), -1, 1).astype("float32")
    return all_three(judge.read(spoiled), products, count)


def grain(sigma):
    return lambda x, rng: x + rng.normal(0, sigma, x.shape)


def blur(times):
    def spoil(x, rng):
        for _ in range(times):
            x = soften(x)
        return x

    return spoil


@pytest.mark.parametrize("spoil", [grain(0.1), grain(0.2), blur(1)], ids=["grain", "more grain", "soft"])
def test_what_a_person_still_sees_is_read(spoil, judge, products, images):
    assert accuracy_after(spoil, judge, products, images) > 0.92


@pytest.mark.parametrize(
    "spoil",
    [grain(1.2), blur(30), lambda x, rng: rng.uniform(-1, 1, x.shape), lambda x, rng: 0 * x],
    ids=["buried in grain", "blurred away", "noise", "grey"],
)
def test_what_nobody_sees_is_not_read(spoil, judge, products, images):
    assert accuracy_after(spoil, judge, products, images) < 0.25


def test_reading_falls_as_blur_grows(judge, products, images):
    scores = [accuracy_after(blur(times), judge, products, images) for times in (0, 2, 8, 30)]
    assert scores == sorted(scores, reverse=True) and scores[0] - scores[-1] > 0.7


def test_the_judge_is_another_network_than_that_of_fid(judge):
    own, other = (
        [kernel.shape for kernel, _ in layers] for layers in (judge.layers, load_features(32, 3).layers[:-1])
    )
    assert len(own) == len(other) + 1  # one convolution more
    assert json.loads(judge_path().with_suffix(".json").read_text(encoding="utf-8"))["seed"] != 0


# Training


def awakened_classifier():
    """Build a classifier whose batch norm has seen data, so that folding it has something to do."""
    keras.utils.set_random_seed(1)
    counts = {name: len(values) for name, values in VALUES.items()}
    classifier = build_classifier(32, 3, counts, (4, 6, 6, 8), STRIDES, 16)
    rng = np.random.default_rng(0)
    for i in range(4):
        norm = classifier.get_layer(f"norm_{i}")
        norm.set_weights([rng.uniform(0.5, 1.5, w.shape).astype("float32") for w in norm.get_weights()])
    return classifier


def judge_of(classifier, layers):
    heads = {name: tuple(classifier.get_layer(name).get_weights()) for name in VALUES}
    return Judge(VALUES, tuple(layers), heads, STRIDES, check_judged)


def assert_same_answers(judge, classifier, images):
    logits, likely = classifier(images), judge.log_probabilities(images)
    for name in NAMES:
        wanted = np.asarray(keras.ops.log_softmax(logits[name]))
        assert likely[name] == pytest.approx(wanted, rel=1e-3, abs=1e-4)


def test_the_folded_judge_gives_the_answers_of_the_classifier(images):
    classifier = awakened_classifier()
    assert_same_answers(judge_of(classifier, fold(classifier)), classifier, images[:60])


def test_forgetting_the_batch_norm_would_be_seen(images):
    classifier = awakened_classifier()
    raw = [
        (np.asarray(classifier.get_layer(f"convolution_{i}").kernel), bias)
        for i, (_, bias) in enumerate(fold(classifier)[:-1])
    ]
    with pytest.raises(AssertionError):
        assert_same_answers(judge_of(classifier, [*raw, fold(classifier)[-1]]), classifier, images[:60])


def test_stored_weights_give_the_same_answers(judge, images, tmp_path):
    store_judge(judge, judge_path(tmp_path))
    again = load_attribute_judge(tmp_path)
    assert again.values == judge.values
    for name, scores in again.log_probabilities(images[:20]).items():
        assert (scores == judge.log_probabilities(images[:20])[name]).all()


def assert_softens(soft):
    spot = np.zeros((1, 7, 7, 2), "float32")
    spot[0, 3, 3, 0] = 16
    assert soft(spot)[0, 2:5, 2:5, 0].tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    assert soft(spot).sum() == 16  # nothing is lost, nothing runs into the other channel
    assert (soft(np.ones((2, 5, 5, 3), "float32")) == 1).all()  # the edge stays


def test_softening_spreads_a_pixel_over_its_neighbours():
    assert_softens(soften)


@pytest.mark.parametrize("bug", [lambda x: x, lambda x: soften(soften(x)), lambda x: soften(x) * 0.9])
def test_planted_blurs_are_noticed(bug):
    with pytest.raises(AssertionError):
        assert_softens(bug)


def test_wear_spares_some_pictures_and_spoils_none_beyond_recognition(products):
    grey = np.full((400, 32, 32, 3), 128, "uint8")
    worn = wear(grey, np.random.default_rng(0))
    assert worn.dtype == np.uint8 and worn.shape == grey.shape
    spread = worn.std(axis=(1, 2, 3))
    assert 0.35 < (spread == 0).mean() < 0.65
    assert 25 < spread.max() < 33
    means = wear(products.images[:200], np.random.default_rng(0)).mean(axis=(1, 2))
    assert np.abs(means - products.images[:200].mean(axis=(1, 2))).max() < 16  # colours stay


def test_the_command_trains_measures_and_stores(tmp_path, monkeypatch, capsys):
    rng = np.random.default_rng(0)

    def toy(source, split="train", count=None):
        words = {name: rng.choice(values, count or 60) for name, values in VALUES.items()}
        white = (words["background"] == "white")[:, None, None, None]
        shades = np.where(white, 200, 40) + rng.integers(0, 20, (len(white), 32, 32, 3))
        return Products(shades.astype("uint8"), np.zeros(len(white), "int32"), ("a",), (), source, words)

    monkeypatch.setattr(train_attributes, "load_products", toy)
    monkeypatch.setattr(train_attributes, "FILTERS", (4, 4, 4, 4))  # quick
    main(["--epochs", "6", "--count", "512", "--folder", str(tmp_path)])
    said = capsys.readouterr().out
    assert "Trained on 512 images" in said and "Test accuracy, kind, colour and pattern:" in said
    facts = json.loads(judge_path(tmp_path).with_suffix(".json").read_text(encoding="utf-8"))
    assert facts["trained_on"] == {"catalogue": 512} and facts["epochs"] == 6
    assert facts["test_accuracy"]["background"] > 0.9  # the only one that these pictures show
    assert facts["test_accuracy"]["colour"] < 0.4
    assert load_attribute_judge(tmp_path).names == NAMES
    assert "mug read as" in said  # most kinds are guessed

    before = judge_path(tmp_path).read_bytes()
    main(["--only-measure", "--folder", str(tmp_path)])
    said = capsys.readouterr().out
    assert "Trained on" not in said and "Test accuracy, colour:" in said
    assert judge_path(tmp_path).read_bytes() == before


def test_the_facts_beside_the_weights_are_those_of_the_weights(judge, products):
    facts = json.loads(judge_path().with_suffix(".json").read_text(encoding="utf-8"))
    assert facts["command"] == "python -m utils.metrics.train_attributes"
    assert {name: tuple(values) for name, values in facts["values"].items()} == judge.values
    stored = [array for pair in [*judge.layers, *judge.heads.values()] for array in pair]
    assert facts["parameters"] == sum(array.size for array in stored)
    assert min(facts["test_accuracy"].values()) > 0.98
    assert measure(judge, products)[0] == pytest.approx(facts["test_accuracy"], abs=1e-3)
    assert judge_path().stat().st_size < 5e5


# What it refuses


def test_pictures_of_another_size_are_refused(judge):
    with pytest.raises(ValueError, match=r"Received: shape \(2, 28, 28, 3\).*image_size=32"):
        judge.read(np.zeros((2, 28, 28, 3), "float32"))
    with pytest.raises(ValueError, match="Received: 1 channels"):
        judge.read(np.zeros((2, 32, 32, 1), "float32"))


def test_bytes_and_nan_are_refused(judge, products):
    with pytest.raises(ValueError, match="scale_images"):
        judge.read(products.images[:2])
    with pytest.raises(ValueError, match="NaN"):
        judge.read(np.full((2, 32, 32, 3), np.nan, "float32"))


def damaged_copies(folder):
    """Yield the name of the damage; the weights in the folder went wrong in that one way."""
    whole, target = judge_path().read_bytes(), judge_path(folder)
    arrays = dict(np.load(judge_path()))
    for name, content in {
        "truncated": whole[: len(whole) // 2],
        "empty": b"",
        "text": b"version https://git-lfs.github.com/spec/v1\n",
        "one byte changed": whole[:30_000] + bytes([whole[30_000] ^ 255]) + whole[30_001:],
        "the feature network": (WEIGHTS / "features_32x32x3.npz").read_bytes(),
    }.items():
        target.write_bytes(content)
        yield name
    for name, change in {
        "no layer 2": {"kernel_2": None},
        "no head": {"kernel_colour": None},
        "no words": {"values_detail": None},
        "one word too many": {"values_kind": np.append(arrays["values_kind"], "spaceship")},
        "no axes": {"kernel_4": np.float32(0)},
        "NaN": {"bias_0": arrays["bias_0"] * np.nan},
    }.items():
        np.savez(target, **{key: value for key, value in (arrays | change).items() if value is not None})
        yield name
    with open(target, "wb") as file:
        np.save(file, arrays["kernel_0"])
    yield "a single array"


def test_missing_and_damaged_weights_name_the_command(tmp_path):
    command = r"python -m utils\.metrics\.train_attributes\."
    with pytest.raises(OSError, match=command):
        load_attribute_judge(tmp_path / "nowhere")
    for name in damaged_copies(tmp_path):
        with pytest.raises(OSError, match=command):
            load_attribute_judge(tmp_path)
            pytest.fail(f"weights with this damage were read: {name}")


def test_the_module_imports_no_tensorflow_itself():
    assert "tensorflow" not in attributes.__dict__
