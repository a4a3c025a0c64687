"""The table of prices: means over the seeds, the plain enlargement first, and every price stored."""

import pytest

from utils.training.lever_table import SEEDS
from utils.training.price_table import BICUBIC, PRICES, SCORES, price_means, price_table, read_prices


def row(psnr):
    return {"PSNR": psnr, "SSIM": 0.5, "KID": 1.0, "sharpness": 0.7, "CPU s": 10.0}


def test_means_are_over_the_seeds_of_one_price():
    means = price_means({"L2 | seed 0": row(20.0), "L2 | seed 1": row(22.0), "bicubic": row(16.0)})
    assert list(means) == ["bicubic", "L2"]
    assert means["L2"]["PSNR"] == pytest.approx(21.0) and means["bicubic"]["PSNR"] == 16.0
    one = price_means({"L2 | seed 0": row(20.0)})  # planted: a seed is missing
    assert one["L2"]["PSNR"] != means["L2"]["PSNR"]


def test_the_table_says_mean_and_half_of_the_range():
    head, line = price_table({"L2 | seed 0": row(20.0), "L2 | seed 1": row(22.0)})
    assert head.split() == list(SCORES)
    assert line.startswith("L2 ") and "21.00 ± 1.00" in line


def test_every_price_is_stored_with_every_seed():
    stored = read_prices()
    assert set(stored) == {BICUBIC} | {f"{name} | seed {seed}" for name in PRICES for seed in SEEDS}
