"""The Inception Score equals an outside entropy, and is blind where it is said to be."""

import numpy as np
import pytest
from scipy.special import softmax
from scipy.stats import entropy

from utils.data import load_products
from utils.data.images import scale_images
from utils.metrics.attributes import load_attribute_judge
from utils.metrics.features import load_features
from utils.metrics.inception_score import class_probabilities, inception_score


def draw(count, classes, seed, sharpness=3.0):
    return softmax(sharpness * np.random.default_rng(seed).normal(size=(count, classes)), axis=1)


CASES = [draw(200, 10, 1), draw(37, 3, 2, 0.3), draw(500, 100, 3, 30.0)]


def outside(probabilities):
    return np.exp(entropy(probabilities, probabilities.mean(axis=0)[None], axis=1).mean())


def assert_equals_scipy(score):
    for case in CASES:
        assert score(case) == pytest.approx(outside(case), rel=1e-9)


def test_score_equals_scipy_entropy():
    assert_equals_scipy(inception_score)
    assert isinstance(inception_score(CASES[0]), float)


@pytest.mark.parametrize(
    "bug",
    [
        lambda p: np.log(inception_score(p)),  # no exp
        lambda p: np.exp(entropy(p.mean(axis=0))),  # the spread of the classes alone
        lambda p: np.exp(entropy(p.mean(axis=0)[None], p, axis=1).mean()),  # KL the other way round
        lambda p: np.exp(entropy(p, p.mean(axis=0)[None], axis=1)).mean(),  # mean of the exp
        lambda p: np.exp(entropy(p, np.full_like(p, 1 / p.shape[1]), axis=1).mean()),  # against even classes
        lambda p: np.mean([inception_score(part) for part in np.array_split(p, 10)]),  # ten splits
    ],
)
def test_planted_bugs_differ_from_scipy(bug):
    with pytest.raises(AssertionError):
        assert_equals_scipy(bug)


def test_score_goes_from_one_to_the_number_of_classes():
    assert inception_score(np.tile(draw(1, 10, 0), (50, 1))) == pytest.approx(1)
    assert inception_score(np.eye(10)[np.arange(50) % 10]) == pytest.approx(10)
    assert inception_score(np.eye(10)[np.zeros(50, int)]) == pytest.approx(1)


def test_the_mean_kl_is_the_entropy_of_the_mean_less_the_mean_entropy():
    for case in CASES:
        expected = entropy(case.mean(axis=0)) - entropy(case, axis=1).mean()
        assert np.log(inception_score(case)) == pytest.approx(expected, rel=1e-9)


def test_float16_and_whole_numbers_are_taken():
    assert inception_score(CASES[0].astype("float16")) == pytest.approx(inception_score(CASES[0]), rel=1e-2)
    assert inception_score(np.eye(4, dtype=int)) == pytest.approx(4)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (np.array([[0.5, np.nan]]), "NaN or infinity in 1 of 1 rows.*diverged"),
        (np.array([[0.5, 0.5], [1.5, -0.5]]), "values from -0.5 to 1.5.*log_softmax"),
        (np.array([[0.5, 0.4]]), "add up to 0.9 to 0.9"),
        (np.log(CASES[0]), "Most likely fix: these are scores"),
        (CASES[0][0], r"shape \(10,\).*class_probabilities"),
        (np.zeros((0, 10)), r"shape \(0, 10\)"),
        (np.array([["a"]]), "dtype <U1"),
    ],
)
def test_what_are_no_probabilities_is_refused(bad, words):
    with pytest.raises(ValueError, match=words):
        inception_score(bad)


@pytest.fixture(scope="module")
def products():
    return load_products("catalogue", "test", count=600, image_size=28, channels=1)


def test_class_probabilities_belong_to_what_the_network_names(products):
    network, images = load_features(28, 1), scale_images(products.images)
    probabilities = class_probabilities(network, images, products.class_names)
    assert probabilities.shape == (600, len(products.class_names))
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(600))
    assert (probabilities.argmax(axis=1) == network.classify(images, products.class_names)).all()
    with pytest.raises(ValueError, match="Classes must be among"):
        class_probabilities(network, images, ["unicorn"])


def assert_blind_to_collapse(score, products):
    """One picture per kind, again and again, scores at least as high as the real pictures."""
    network, images = load_features(28, 1), scale_images(products.images)
    first = [np.flatnonzero(products.class_ids == kind)[0] for kind in range(len(products.class_names))]
    real, collapsed = (
        score(class_probabilities(network, some, products.class_names))
        for some in (images, np.tile(images[first], (37, 1, 1, 1)))
    )
    assert collapsed >= 0.99 * real > 1


def test_score_is_blind_to_one_picture_per_class(products):
    assert_blind_to_collapse(inception_score, products)

    def sees_rows_that_repeat(probabilities):
        return inception_score(probabilities) * len(np.unique(probabilities.round(12), axis=0)) / 600

    with pytest.raises(AssertionError):
        assert_blind_to_collapse(sees_rows_that_repeat, products)


def test_the_attribute_judge_gives_probabilities_too():
    products = load_products("catalogue", "test", count=200, image_size=32, channels=3)
    kinds = np.exp(load_attribute_judge().log_probabilities(scale_images(products.images))["kind"])
    assert 0.8 * kinds.shape[1] < inception_score(kinds) <= kinds.shape[1]
