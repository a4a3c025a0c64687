"""Each generator with a known fault gets exactly the warnings that it should."""

import numpy as np
import pytest

from utils.report.card import Reading, measure
from utils.report.findings import findings, share, what_was_measured
from utils.report.pictures import Pictures, cleaned

EXPECTED = {
    "fresh": [],
    "one picture": ["collapsed"],
    "ten pictures": ["collapsed"],
    "noise": ["unlike real pictures"],
    "memoriser": ["memorised"],
    "a fifth memorised": ["memorised"],
}


def keys(images, reference):
    """The warnings of these pictures, by their names."""
    pictures = cleaned(np.asarray(images), 5_000, 0)
    found = findings(pictures, measure(pictures.images, reference), reference)
    assert all(each.seen and each.why and each.cure for each in found)
    return [each.key for each in found]


@pytest.mark.parametrize("name", EXPECTED)
def test_each_planted_generator_gets_exactly_its_warnings(name, planted, reference):
    assert keys(planted[name], reference) == EXPECTED[name]


def test_kinds_that_are_missing_are_missed(planted, reference):
    assert keys(planted["two kinds"], reference) == ["too few samples", "kinds are missing"]


@pytest.mark.parametrize("start", range(400, 800, 80))
def test_twenty_real_pictures_are_too_few_and_nothing_else(start, fresh, reference):
    assert keys(fresh[start : start + 20], reference) == ["too few samples"]


def test_twenty_times_one_picture_is_found_even_so(planted, reference):
    assert keys(planted["one picture"][:20], reference) == ["too few samples", "collapsed"]


def test_pictures_that_came_wrong_are_named_before_all_else(planted, reference):
    images = planted["fresh"]
    card = measure(images, reference)

    def warned(images, reference=reference, **came):
        pictures = cleaned(images, 5_000, 0)._replace(**came)
        return [each.key for each in findings(pictures, card, reference)]

    spoiled = images.copy()
    spoiled[:30, 0, 0, 0] = np.nan
    assert warned(spoiled) == ["not a number"]
    assert (
        warned(images / 2 + 0.5) == warned(images * 1.5) == warned(images * 127.5 + 127.5) == ["out of range"]
    )
    assert warned(images) == warned(images * np.float32(1.0009)) == []  # float16 rounds by as much
    assert warned(images, resized=("64 x 64", "32 x 32")) == ["resized"]
    assert warned(images, skipped=("a.txt: no picture",)) == ["skipped files"]
    assert warned(images, reference._replace(instead_of="fashion-mnist")) == ["another reference"]


def test_files_cannot_be_in_half_the_range():
    bright = np.full((2, 4, 4, 3), 0.5, "float32")
    assert cleaned(bright, 10, 0).half_range
    assert not Pictures(bright, 2, values=(0.5, 0.5), files=True).half_range


def readings(**values):
    """Readings with an interval of 0.02 around each value, beside a real one."""
    usual = {"copies": (0.0, 0.0), "twins": (0.0, 0.01), "density": (1.0, 1.0), "coverage": (0.95, 0.97)}
    return {
        name: Reading(name, interval(value), real, "") for name, (value, real) in (usual | values).items()
    }


def interval(value):
    from utils.metrics.opinion import Interval

    return None if value is None else Interval(value, value - 0.01, value + 0.01)


@pytest.mark.parametrize(
    ("name", "real", "limit", "above", "key"),
    [
        ("copies", 0.0, 0.01, True, "memorised"),
        ("twins", 0.01, 0.2, True, "collapsed"),
        ("density", 1.0, 0.5, False, "unlike real pictures"),
        ("coverage", 0.97, 0.776, False, "kinds are missing"),
    ],
)
def test_a_limit_must_be_passed_by_the_whole_interval(name, real, limit, above, key):
    beyond, within = (limit + side * (0.011 if above else -0.011) for side in (1, 0.5))
    assert [each.key for each in what_was_measured(readings(**{name: (beyond, real)}), 1_000)] == [key]
    assert [each.key for each in what_was_measured(readings(**{name: (within, real)}), 1_000)] == []


def test_low_coverage_means_missing_kinds_only_where_the_pictures_are_good():
    for density, key in (
        (0.95, "kinds are missing"),
        (0.7, "not quite like real pictures"),
        (0.4, "unlike real pictures"),
    ):
        values = readings(coverage=(0.5, 0.97), density=(density, 1.0))
        assert [each.key for each in what_was_measured(values, 1_000)] == [key]
        assert list(what_was_measured(values, 99)) == []  # of so few no one can tell
    assert list(what_was_measured(readings(density=(0.7, 1.0)), 1_000)) == []


def test_unknown_copies_are_no_warning_and_limits_are_shares():
    assert list(what_was_measured(readings(copies=(None, 0.0)), 1_000)) == []
    assert share(0.004) == "0.4 %" and share(0.995) == "100 %" and share(0.2) == "20 %"
