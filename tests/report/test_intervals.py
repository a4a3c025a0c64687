"""Intervals by leaving out groups: Student's for a mean, and right 19 times in 20 for FID."""

import numpy as np
import pytest
from scipy import stats

from utils.metrics.distribution import frechet_distance, kernel_distance
from utils.metrics.opinion import bootstrap_interval
from utils.report.intervals import jackknife_intervals


def test_for_a_mean_it_is_students_interval_of_the_groups():
    rows = np.random.default_rng(0).normal(size=(200, 1))
    (found,) = jackknife_intervals(rows, lambda some: [some.mean()])
    means = [rows[group::10].mean() for group in range(10)]
    wanted = stats.t.interval(0.95, 9, np.mean(means), stats.sem(means))
    np.testing.assert_allclose(found, [rows.mean(), *wanted], rtol=1e-10)
    wide = jackknife_intervals(rows, lambda some: [some.mean()], confidence=0.99)[0]
    assert wide.low < found.low and found.high < wide.high  # planted: a confidence that reaches nothing


def test_it_holds_what_other_pictures_would_read_nineteen_times_in_twenty():
    rng = np.random.default_rng(1)
    real = rng.normal(size=(400, 32))

    def numbers(some):
        return frechet_distance(real, some), kernel_distance(real, some)

    draws = [rng.normal(size=(300, 32)) for _ in range(60)]
    expected = np.mean([numbers(draw) for draw in draws], axis=0)
    found = np.array([jackknife_intervals(draw, numbers) for draw in draws])  # (60, 2, 3)
    held = ((found[..., 1] <= expected) & (expected <= found[..., 2])).mean(axis=0)
    assert (held > 0.88).all(), held
    # planted: drawn with replacement, pictures are there twice, and FID reads too high every time
    again = [bootstrap_interval(draw, lambda some: numbers(some)[0], repeats=40) for draw in draws[:5]]
    assert min(each.low for each in again) > expected[0]


def test_several_numbers_are_measured_at_once_and_a_constant_is_certain():
    rows = np.random.default_rng(2).normal(size=(30, 2))
    both = jackknife_intervals(rows, lambda some: (some[:, 0].mean(), 7))
    assert both[0].low < both[0].value < both[0].high and both[1] == (7, 7, 7)


@pytest.mark.parametrize(("count", "groups"), [(9, 10), (10, 1), (0, 10)])
def test_fewer_rows_than_groups_are_refused(count, groups):
    with pytest.raises(ValueError, match=f"Received: {count} rows, {groups} groups. Most likely fix"):
        jackknife_intervals(np.zeros((count, 1)), lambda some: [some.mean()], groups=groups)
