"""All spoilt pictures have one PSNR, and the order of people is told from others as SciPy tells it."""

import numpy as np
import pytest
from scipy.stats import kendalltau

from utils.data import load_products
from utils.data.images import scale_images
from utils.metrics import same_error
from utils.metrics.restoration import ms_ssim, psnr, ssim
from utils.metrics.same_error import BY_EYE, moved, paired_scores, pairs_in_order, spoilt


@pytest.fixture(scope="module")
def clean():
    return scale_images(load_products("catalogue", "test", count=16, image_size=64, channels=3).images)


@pytest.fixture(scope="module")
def pictures(clean):
    return spoilt(clean)


def test_names_and_ranges(clean, pictures):
    assert set(pictures) == set(BY_EYE)
    for images in pictures.values():
        assert images.shape == clean.shape and images.dtype == np.float32
        assert images.min() >= -1.001 and images.max() <= 1.001


def assert_one_psnr(pictures, clean):
    wanted = psnr(clean, pictures["moved"], 2)
    for name in set(pictures) - {"JPEG"}:
        assert psnr(clean, pictures[name], 2) == pytest.approx(wanted, abs=0.01)


def test_all_but_jpeg_have_the_psnr_of_the_moved_picture(clean, pictures):
    assert_one_psnr(pictures, clean)
    with pytest.raises(AssertionError):
        assert_one_psnr(pictures | {"faded": same_error.faded(clean, np.float32(0.3))}, clean)


def test_jpeg_has_the_quality_next_to_it_or_the_least(clean, pictures):
    error = same_error.squared_error(clean, pictures["JPEG"])
    least = same_error.squared_error(clean, same_error.saved(clean, np.ones(len(clean))))
    wanted = same_error.squared_error(clean, moved(clean))
    assert ((error >= wanted) | (error == least)).all()


def test_moved_moves_by_one_pixel():
    images = np.arange(12.0, dtype="float32").reshape(1, 3, 4, 1) / 12
    assert (moved(images)[:, :, 1:] == images[:, :, :-1]).all()
    assert (moved(images)[:, :, 0] == images[:, :, 0]).all()


def test_each_way_leaves_pictures_alone_at_strength_zero(clean):
    nothing = np.zeros((len(clean), 1, 1, 1), "float32")
    for name, spoil in same_error.SPOILERS.items():
        change = np.abs(spoil(clean, nothing) - clean).mean()
        assert change < (0.02 if name == "JPEG" else 1e-6), name


def test_scores_are_means_of_the_metrics(clean, pictures):
    scores = paired_scores(clean, pictures)
    for title, metric in (("PSNR", psnr), ("SSIM", ssim), ("MS-SSIM", ms_ssim)):
        assert list(scores[title]) == list(pictures)
        assert scores[title]["blurred"] == metric(clean, pictures["blurred"], 2).mean()


def test_a_blur_that_is_seen_beats_a_pixel_that_is_not(clean):
    blurred = same_error.blurred(clean, np.full(len(clean), 1.5 / 8))  # sigma of 1.5 pixels
    assert np.mean(psnr(clean, blurred, 2) > psnr(clean, moved(clean), 2)) > 0.8


def assert_equals_kendall(share):
    rng = np.random.default_rng(0)
    for _ in range(20):
        values = dict(zip(BY_EYE, rng.permutation(len(BY_EYE)).astype(float), strict=True))
        tau = kendalltau(range(len(BY_EYE)), [-values[name] for name in BY_EYE]).statistic
        assert share(values) == pytest.approx((1 + tau) / 2)


def test_pairs_in_order_equal_kendalls_tau():
    assert_equals_kendall(pairs_in_order)
    for bug in (
        lambda values: 1 - pairs_in_order(values),
        lambda values: np.mean(
            [a > b for a, b in zip(values.values(), [*values.values()][1:], strict=False)]
        ),
    ):
        with pytest.raises(AssertionError):
            assert_equals_kendall(bug)


def test_equal_scores_are_a_guess():
    assert pairs_in_order(dict.fromkeys(BY_EYE, 20.0) | {"moved": 20.001}) == 0.5
    assert pairs_in_order({"a": 2, "b": 1}, order=("a", "b")) == 1
