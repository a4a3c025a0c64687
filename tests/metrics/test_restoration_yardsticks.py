"""The table holds means over pictures and marks the best; deciles of the spread show whether it knows."""

import numpy as np
import pytest

from utils.metrics.restoration import psnr, sharpness, ssim
from utils.metrics.restoration_yardsticks import error_by_decile, print_restoration_table, restoration_table

RNG = np.random.default_rng(0)
CLEAN = RNG.uniform(-0.5, 0.5, (3, 32, 32, 3)).cumsum(axis=1).clip(-1, 1)
STRENGTH = np.array([0.01, 0.1, 0.4])[:, None, None, None]  # the pictures suffer differently
DEGRADED = np.clip(CLEAN + STRENGTH * RNG.normal(size=CLEAN.shape), -1, 1)
RESTORERS = {
    "nothing": lambda degraded: degraded,
    "the truth": lambda degraded: CLEAN,
    "grey": lambda degraded: np.zeros_like(degraded),
}


# --- the table


def assert_holds_means_over_pictures(table):
    for name, restorer in RESTORERS.items():
        restored = restorer(DEGRADED)
        assert table[name]["psnr"] == pytest.approx(psnr(CLEAN, restored, 2).mean())
        assert table[name]["ssim"] == pytest.approx(ssim(CLEAN, restored, 2).mean())
        assert table[name]["sharpness"] == pytest.approx(sharpness(restored).mean() / sharpness(CLEAN).mean())


def test_the_table_holds_means_over_pictures():
    table = restoration_table(CLEAN, DEGRADED, RESTORERS)
    assert list(table) == list(RESTORERS)
    assert_holds_means_over_pictures(table)
    assert table["the truth"] == {"psnr": np.inf, "ssim": pytest.approx(1), "sharpness": 1}
    assert table["grey"]["sharpness"] == 0
    pooled = 10 * np.log10(4 / np.square(CLEAN - DEGRADED).mean())
    table["nothing"]["psnr"] = pooled
    with pytest.raises(AssertionError):
        assert_holds_means_over_pictures(table)


def test_restorers_see_the_degraded_pictures_and_not_the_clean_ones():
    seen = []
    restoration_table(CLEAN, DEGRADED, {"spy": lambda images: seen.append(images) or images})
    assert len(seen) == 1 and seen[0] is DEGRADED


ROWS = {
    "blurred": {"psnr": 24.004, "ssim": 0.7, "sharpness": 0.5},
    "noisy": {"psnr": 23.0, "ssim": 0.8, "sharpness": 1.4},
    "near": {"psnr": 24.001, "ssim": 0.6, "sharpness": 0.9},
}


def stars(printed):
    """{name: the columns marked by a star}, from the printed lines."""
    lines = [line for line in printed.splitlines() if line.startswith(tuple(ROWS))]
    columns = ("psnr", "ssim", "sharpness")
    cells = {line.split()[0]: line.split()[1:] for line in lines}
    return {
        name: [column for column, cell in zip(columns, row, strict=True) if "*" in cell]
        for name, row in cells.items()
    }


def test_a_star_marks_the_best_of_each_column_and_what_reads_the_same(capsys):
    print_restoration_table(ROWS)
    printed = capsys.readouterr().out
    assert stars(printed) == {"blurred": ["psnr"], "noisy": ["ssim"], "near": ["psnr", "sharpness"]}
    assert "24.00*" in printed and "* best of its column" in printed
    assert len({len(line) for line in printed.splitlines()[:4]}) == 1  # columns stand under each other


def test_the_sharpest_is_not_the_best(capsys):
    print_restoration_table(ROWS | {"near": {"psnr": 1, "ssim": 0, "sharpness": 0.2}})
    assert stars(capsys.readouterr().out)["noisy"] == ["ssim", "sharpness"]  # 1.4 is nearest to 1
    print_restoration_table(ROWS)
    assert "sharpness" not in stars(capsys.readouterr().out)["noisy"]


def test_equal_distance_to_the_clean_sharpness_gets_two_stars(capsys):
    print_restoration_table(ROWS | {"noisy": {"psnr": 1, "ssim": 0.8, "sharpness": 1.1}})
    found = stars(capsys.readouterr().out)
    assert "sharpness" in found["noisy"] and "sharpness" in found["near"]


# --- deciles


SPREAD = RNG.uniform(0.1, 1, (4, 20, 20, 3))
ERROR = np.abs(RNG.normal(0, SPREAD))


def by_error(error, spread):
    """Planted bug: sorted by the error itself, any model looks as if it knew where it errs."""
    return error_by_decile(error, error)


def assert_a_constant_spread_is_flat(deciles):
    assert deciles(ERROR, np.full(ERROR.shape, 0.3)) == pytest.approx(np.full(10, ERROR.mean()))


def test_a_constant_spread_gives_a_flat_line():
    assert_a_constant_spread_is_flat(error_by_decile)
    sorted_by_place = ERROR.ravel().reshape(10, -1).mean(axis=1)  # planted: ties in the order of pixels
    for bug in (by_error, lambda error, spread: sorted_by_place):
        with pytest.raises(AssertionError):
            assert_a_constant_spread_is_flat(bug)


def assert_a_blind_spread_is_nearly_flat(deciles):
    found = deciles(ERROR, RNG.permutation(SPREAD.ravel()).reshape(SPREAD.shape))
    assert found.max() < 1.5 * found.min()


def test_a_blind_spread_is_nearly_flat():
    assert_a_blind_spread_is_nearly_flat(error_by_decile)
    with pytest.raises(AssertionError):
        assert_a_blind_spread_is_nearly_flat(by_error)


def test_a_right_spread_rises_to_three_times_the_first():
    found = error_by_decile(ERROR, SPREAD)
    assert found.shape == (10,)
    assert found[-1] > 3 * found[0]
    assert found[::-1][-1] < 3 * found[::-1][0]  # planted: largest spread first
    expected = [group.mean() for group in np.array_split(np.sort(SPREAD.ravel()), 10)]
    assert found == pytest.approx(np.sqrt(2 / np.pi) * np.array(expected), rel=0.25)  # mean of |normal|


def test_groups_hold_equally_many_pixels():
    found = error_by_decile(np.arange(103.0).reshape(1, 103, 1), np.arange(103.0).reshape(1, 103, 1))
    assert np.diff(found) == pytest.approx(10.5, abs=0.6)


@pytest.mark.parametrize(
    ("error", "spread", "message"),
    [
        (ERROR, SPREAD[..., 0], "of one shape"),
        (-ERROR, SPREAD, "error with values that are negative"),
        (ERROR, SPREAD * np.nan, "spread with values that are negative, NaN"),
        (ERROR[0, 0, :3], SPREAD[0, 0, :3], "at least 10 pixels"),
    ],
)
def test_what_cannot_be_sorted_is_refused(error, spread, message):
    if message == "at least 10 pixels":
        error, spread = error[:, 0], spread[:, 0]
    with pytest.raises(ValueError, match=message):
        error_by_decile(error, spread)
