"""Conditioning is measured per attribute and at once, by retrieval, and by diversity within a caption."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix

from utils.data import load_products
from utils.data.captions import COLOURS, KINDS, PATTERNS
from utils.data.images import scale_images
from utils.metrics.conditioning import (
    attribute_accuracy,
    caption_scores,
    confusion,
    diversity,
    retrieval_recall,
    said_attributes,
)
from utils.metrics.conditioning_yardsticks import known_generators, pictures_by_caption

RNG = np.random.default_rng(0)
WANTED = {
    "kind": np.array(["mug", "mug", "lamp", "hat"]),
    "colour": np.array(["red", "blue", "red", "pink"]),
    "pattern": np.array(["plain", "dotted", "plain", "striped"]),
}
READ = {
    "kind": np.array(["mug", "mug", "lamp", "cap"]),  # 3 of 4
    "colour": np.array(["red", "blue", "blue", "red"]),  # 2 of 4
    "pattern": np.array(["plain", "plain", "plain", "striped"]),  # 3 of 4
    "background": np.array(["white"] * 4),
}


def random_words(count, rng):
    return {
        "kind": rng.choice(list(KINDS), count),
        "colour": rng.choice(list(COLOURS), count),
        "pattern": rng.choice(PATTERNS, count),
    }


# Accuracy


def assert_counts_right_pictures(accuracy):
    scores = accuracy(READ, WANTED)
    assert scores == {"kind": 0.75, "colour": 0.5, "pattern": 0.75, "all": 0.25}  # only the first picture


def mean_instead_of_joint(read, wanted):
    scores = attribute_accuracy(read, wanted)
    return scores | {"all": np.mean([scores[name] for name in wanted])}


def product_instead_of_joint(read, wanted):
    scores = attribute_accuracy(read, wanted)
    return scores | {"all": np.prod([scores[name] for name in wanted])}


def any_instead_of_all(read, wanted):
    return attribute_accuracy(read, wanted) | {
        "all": np.mean(np.any([read[name] == wanted[name] for name in wanted], axis=0))
    }


def test_pictures_are_right_per_attribute_and_all_at_once():
    assert_counts_right_pictures(attribute_accuracy)


@pytest.mark.parametrize("bug", [mean_instead_of_joint, product_instead_of_joint, any_instead_of_all])
def test_planted_ways_to_join_attributes_are_noticed(bug):
    with pytest.raises(AssertionError):
        assert_counts_right_pictures(bug)


def test_accuracy_is_that_of_scikit_learn():
    read, wanted = random_words(500, RNG), random_words(500, RNG)
    scores = attribute_accuracy(read, wanted)
    for name in wanted:
        assert scores[name] == pytest.approx(accuracy_score(wanted[name], read[name]))


def test_what_a_caption_leaves_open_is_not_judged():
    wanted = WANTED | {"background": np.array(["white", "", "", "studio"])}
    scores = attribute_accuracy(READ, wanted)
    assert scores["background"] == 0.5  # of the two that say it
    assert scores["all"] == 0.25
    unsaid = WANTED | {"background": np.array([""] * 4)}
    assert attribute_accuracy(READ, unsaid) == attribute_accuracy(READ, WANTED)


def test_an_empty_caption_asks_for_nothing_and_counts_nowhere():
    emptied = {name: np.where(np.arange(4) == 0, "", words) for name, words in WANTED.items()}
    assert attribute_accuracy(READ, emptied) == pytest.approx(
        {"kind": 2 / 3, "colour": 1 / 3, "pattern": 2 / 3, "all": 0}
    )


def test_shuffled_captions_score_chance():
    wanted = random_words(40_000, np.random.default_rng(1))
    order = np.random.default_rng(2).permutation(40_000)
    scores = attribute_accuracy({name: words[order] for name, words in wanted.items()}, wanted)
    assert scores["kind"] == pytest.approx(1 / 16, abs=0.006)
    assert scores["colour"] == pytest.approx(1 / 10, abs=0.008)
    assert scores["pattern"] == pytest.approx(1 / 5, abs=0.01)
    assert scores["all"] == pytest.approx(1 / 800, abs=0.001)


@pytest.mark.parametrize(
    ("read", "wanted", "said"),
    [
        (READ, {"colours": WANTED["colour"]}, "Received: colours"),
        (READ, {}, "Received: nothing"),
        (READ, {"kind": np.array(["", "", "", ""])}, "Received: nothing"),
        (READ, {"kind": WANTED["kind"][:3]}, r"shapes \(4,\) and \(3,\)"),
        (READ, {"kind": "mug"}, r"shapes \(4,\) and \(\)"),
    ],
)
def test_questions_without_answers_are_refused(read, wanted, said):
    with pytest.raises(ValueError, match=f"{said}.*Most likely fix"):
        attribute_accuracy(read, wanted)


def test_captions_are_read_with_what_they_leave_open():
    products = load_products("catalogue", "test", count=300)
    said = said_attributes(products.captions)
    for name in ("kind", "colour", "pattern", "detail"):
        assert (said[name] == products.attributes[name]).all()
    open_ones = said["background"] == ""
    assert 0.4 < open_ones.mean() < 0.9
    assert (said["background"] == products.attributes["background"])[~open_ones].all()


# Confusion


def assert_same_as_scikit_learn(count):
    wanted, read = RNG.choice(PATTERNS, 300), RNG.choice(PATTERNS[:4], 300)
    matrix = count(read, wanted, PATTERNS)
    assert matrix.dtype.kind == "i" and matrix.shape == (5, 5)
    assert (matrix == confusion_matrix(wanted, read, labels=list(PATTERNS))).all()


def test_confusion_counts_as_scikit_learn_does():
    assert_same_as_scikit_learn(confusion)


@pytest.mark.parametrize(
    "bug",
    [
        lambda read, wanted, values: confusion(wanted, read, values),
        lambda read, wanted, values: confusion(read, wanted, sorted(values)),
        lambda read, wanted, values: np.minimum(confusion(read, wanted, values), 1),
    ],
    ids=["transposed", "another order", "repeats counted once"],
)
def test_planted_confusions_are_noticed(bug):
    with pytest.raises(AssertionError):
        assert_same_as_scikit_learn(bug)


def test_words_of_another_attribute_are_refused():
    with pytest.raises(ValueError, match="Received: 'tartan'. Most likely fix"):
        confusion(["plain", "tartan"], ["plain", "plain"], PATTERNS)


# Retrieval


def assert_constant_scores_are_chance(recall):
    for n in (1, 4, 50):
        assert list(recall(np.zeros((n, n))).values()) == pytest.approx([1 / n] * 2)


def ties_count_as_right(similarity):
    best = np.diagonal(similarity)
    return {
        "picture of caption": float((best >= similarity.max(axis=1)).mean()),
        "caption of picture": float((best >= similarity.max(axis=0)).mean()),
    }


def first_of_a_tie(similarity):
    own = np.arange(len(similarity))
    return {
        "picture of caption": float((similarity.argmax(axis=1) == own).mean()),
        "caption of picture": float((similarity.argmax(axis=0) == own).mean()),
    }


def test_constant_scores_are_chance():
    assert_constant_scores_are_chance(retrieval_recall)
    assert_constant_scores_are_chance(first_of_a_tie)  # right on average, but see the next test


def test_counting_ties_as_right_would_be_noticed():
    with pytest.raises(AssertionError):
        assert_constant_scores_are_chance(ties_count_as_right)


def test_ties_do_not_depend_on_the_order_of_pictures():
    tied = np.array([[1.0, 1, 0], [0, 1, 1], [0, 0, 1]])
    for order in ([0, 1, 2], [2, 1, 0], [1, 2, 0]):
        assert retrieval_recall(tied[order][:, order])["picture of caption"] == pytest.approx(2 / 3)
    assert len({first_of_a_tie(tied[o][:, o])["picture of caption"] for o in ([0, 1, 2], [2, 1, 0])}) == 2


def test_without_ties_recall_is_the_share_of_first_places():
    scores = RNG.normal(size=(300, 300)) + 2.5 * np.eye(300)
    assert retrieval_recall(scores) == pytest.approx(first_of_a_tie(scores))


def test_the_two_directions_are_told_apart():
    scores = np.eye(4)
    scores[:, 0] = 2  # picture 0 looks best to every caption
    assert retrieval_recall(scores) == {"picture of caption": 1 / 4, "caption of picture": 13 / 16}


def test_scores_that_are_no_square_or_no_numbers_are_refused():
    with pytest.raises(ValueError, match=r"Received: shape \(3, 4\)"):
        retrieval_recall(np.zeros((3, 4)))
    with pytest.raises(ValueError, match="NaN or infinity in 1 "):
        retrieval_recall(np.array([[0, np.nan], [0, 0]]))


VALUES = {"kind": tuple(KINDS), "colour": tuple(COLOURS), "pattern": PATTERNS}


def sure_judge(shown):
    """Log probabilities of a judge that is 99 % sure of what is shown."""
    tables = {}
    for name, words in shown.items():
        right = np.array([[value == word for value in VALUES[name]] for word in words])
        tables[name] = np.log(np.where(right, 0.99, 0.01 / (len(VALUES[name]) - 1)))
    return tables


def test_a_caption_scores_log_of_chance_more_on_its_picture():
    scores = caption_scores(sure_judge(WANTED), WANTED, VALUES)
    assert scores.shape == (4, 4)
    assert np.diagonal(scores) == pytest.approx(np.log(800) + 3 * np.log(0.99))
    assert scores[~np.eye(4, dtype=bool)].max() < 2
    assert retrieval_recall(scores) == {"picture of caption": 1, "caption of picture": 1}


def test_rows_are_captions_and_columns_pictures():
    asked = {name: words[:1] for name, words in WANTED.items()}
    scores = caption_scores(sure_judge(WANTED), asked, VALUES)
    assert scores.shape == (1, 4)
    assert scores.argmax() == 0


def assert_saying_less_does_not_win(score):
    shown = {name: np.array([words[0]]) for name, words in WANTED.items()}
    more_or_less = {name: np.array([words[0]] * 2) for name, words in WANTED.items()}
    more_or_less["pattern"] = np.array([WANTED["pattern"][0], ""])
    scores = score(sure_judge(shown), more_or_less, VALUES)[:, 0]
    assert scores[0] > scores[1]


def sum_of_log_probabilities(tables, wanted, values):
    with_open = {name: np.pad(table, ((0, 0), (0, 1))) for name, table in tables.items()}
    return sum(
        with_open[name].T[[[*values[name], ""].index(word) for word in words]]
        for name, words in wanted.items()
    )


def test_a_caption_that_says_more_and_is_right_wins():
    assert_saying_less_does_not_win(caption_scores)


def test_a_plain_sum_of_log_probabilities_would_be_noticed():
    with pytest.raises(AssertionError):
        assert_saying_less_does_not_win(sum_of_log_probabilities)


def test_a_word_that_the_judge_does_not_know_is_refused():
    with pytest.raises(ValueError, match="Received: 'tartan'"):
        caption_scores(sure_judge(WANTED), {"pattern": ["tartan"]}, VALUES)


# Diversity


@pytest.fixture(scope="module")
def real():
    products = load_products("catalogue", "test")
    return pictures_by_caption(scale_images(products.images), products.attributes)


def assert_latents_count_and_captions_do_not(measure):
    one_each = np.repeat(RNG.uniform(-1, 1, (6, 1, 32, 32, 3)), 4, axis=1)
    assert measure(one_each) == 0
    same_for_all = np.repeat(RNG.uniform(-1, 1, (1, 4, 32, 32, 3)), 6, axis=0)
    assert measure(same_for_all) > 5


def test_a_generator_that_ignores_its_latents_has_no_diversity():
    assert_latents_count_and_captions_do_not(diversity)


@pytest.mark.parametrize(
    "bug",
    [
        lambda images: diversity(np.swapaxes(images, 0, 1)),
        lambda images: diversity(images.reshape(1, -1, *images.shape[2:])),
    ],
    ids=["across captions", "among all"],
)
def test_distances_across_captions_would_be_noticed(bug):
    with pytest.raises(AssertionError):
        assert_latents_count_and_captions_do_not(bug)


def test_the_unit_is_levels_of_0_to_255():
    apart = np.zeros((3, 2, 8, 8, 3))
    apart[:, 1] = 20 / 127.5
    assert diversity(apart) == pytest.approx(20)


def test_every_pair_counts_once_and_no_picture_meets_itself():
    three = np.zeros((1, 3, 8, 8, 1))
    three[0, 1], three[0, 2] = 10 / 127.5, 40 / 127.5
    assert diversity(three) == pytest.approx((10 + 40 + 30) / 3)


def test_more_pictures_per_caption_change_nothing_on_average(real):
    images = np.random.default_rng(0).permutation(real[0].reshape(-1, 32, 32, 3)[:1200])
    assert diversity(images.reshape(600, 2, 32, 32, 3)) == pytest.approx(
        diversity(images.reshape(120, 10, 32, 32, 3)), rel=0.05
    )


def assert_grain_is_not_diversity(measure, images):
    once = np.repeat(images[:200, :1], 2, axis=1)
    grainy = np.clip(once + np.random.default_rng(0).normal(0, 0.05, once.shape), -1, 1)
    assert measure(grainy) < 0.12 * measure(images[:200])


def pixel_by_pixel(images):
    return 127.5 * np.mean(np.sqrt(np.square(images[:, 0] - images[:, 1]).mean(axis=(1, 2, 3))))


def test_weak_grain_is_not_diversity(real):
    assert_grain_is_not_diversity(diversity, real[0])


def test_comparing_pixel_by_pixel_would_take_grain_for_diversity(real):
    with pytest.raises(AssertionError):
        assert_grain_is_not_diversity(pixel_by_pixel, real[0])


def test_real_products_differ_as_documented(real):
    assert diversity(real[0]) == pytest.approx(23, abs=1.5)
    known = known_generators(real[0])
    assert known.pop("real") is not None
    assert diversity(known["one picture per caption"]) == 0
    assert diversity(known["any product: the caption is ignored"]) == pytest.approx(57, abs=3)


@pytest.mark.parametrize(
    ("images", "said"),
    [
        (np.zeros((4, 32, 32, 3)), r"shape \(4, 32, 32, 3\)"),
        (np.zeros((4, 1, 32, 32, 3)), "several latents"),
        (np.zeros((4, 2, 30, 30, 3)), "30 x 30"),
        (np.full((4, 2, 32, 32, 3), 200.0), "scale_images"),
        (np.full((4, 2, 32, 32, 3), np.nan), "NaN"),
    ],
)
def test_pictures_in_another_form_are_refused(images, said):
    with pytest.raises(ValueError, match=said):
        diversity(images)


# Known generators


def test_pictures_are_grouped_by_what_they_show(real):
    products = load_products("catalogue", "test", count=500)
    images = np.arange(500)  # numbers in place of pictures
    grouped, wanted = pictures_by_caption(images, products.attributes, ("kind", "colour"), pictures=3)
    assert grouped.shape[1] == 3 and len(grouped) > 50
    for name in wanted:
        assert (products.attributes[name][grouped] == wanted[name][:, None]).all()
    with pytest.raises(ValueError, match="500 pictures"):
        pictures_by_caption(images, products.attributes, pictures=500)
