"""The restorer that comes with the course: small, better than what needs no training, usable at once."""

import json

import numpy as np
import pytest
from PIL import Image

from utils.data import load_products, scale_images
from utils.data.degrade import CONDITIONS, degrade
from utils.enhance import enhance, train
from utils.enhance.__main__ import main
from utils.enhance.shipped import WEIGHTS, load_restorer, store_restorer
from utils.metrics.classical_restorers import tuned
from utils.metrics.restoration import psnr, sharpness, ssim
from utils.metrics.restoration_yardsticks import error_by_decile

RIVALS = {  # the best ones of each condition (tests/benchmarks/restorer.py has them all)
    "noise sigma 25": ("do nothing", "sliding DCT"),
    "mixed": ("do nothing", "non-local means, unsharp mask"),
}


@pytest.fixture(scope="module")
def clean():
    """Products of the catalogue that were never trained on."""
    return scale_images(load_products("catalogue", "test", count=40, image_size=64).images)


def assert_better(clean, restored, others):
    """The restored pictures are nearer to the clean ones than all others, in PSNR and SSIM."""
    for metric in (psnr, ssim):
        best = max(metric(clean, other, data_range=2).mean() for other in others)
        assert metric(clean, restored, data_range=2).mean() > best


@pytest.mark.parametrize("condition", RIVALS)
def test_it_beats_what_needs_no_training(clean, condition):
    degraded = degrade(clean, CONDITIONS[condition], seed=3)
    rivals = tuned(clean[:10], degraded[:10], RIVALS[condition])  # tuned on some, measured on others
    others = [rival(degraded[10:]) for rival in rivals.values()]
    restored = enhance(degraded[10:])
    assert_better(clean[10:], restored.mean, others)
    with pytest.raises(AssertionError):
        assert_better(clean[10:], others[1], others)  # planted: a rival is not better than itself
    with pytest.raises(AssertionError):
        assert_better(clean[10:], np.roll(restored.mean, 1, axis=0), others)  # planted: pictures mixed up


def test_one_sample_is_sharper_and_farther_from_the_answer(clean):
    restored = enhance(degrade(clean, CONDITIONS["mixed"], seed=3))
    assert sharpness(restored.sample).mean() > 1.05 * sharpness(restored.mean).mean()
    assert psnr(clean, restored.sample, data_range=2).mean() < psnr(clean, restored.mean, data_range=2).mean()


def test_samples_lie_around_the_guess(clean):
    degraded = degrade(clean[:8], CONDITIONS["mixed"], seed=3)
    samples, guess = load_restorer().samples(degraded, 16), enhance(degraded).mean
    far, near = (np.square(one - guess).mean() for one in (samples[0], samples.mean(axis=0)))
    assert near < 0.3 * far
    assert far > 1e-3  # planted: silent latents draw the same picture each time, near the guess or not


def test_it_knows_where_it_errs(clean):
    restored = enhance(degrade(clean, CONDITIONS["mixed"], seed=3))
    error = np.abs(clean - restored.mean).mean(axis=-1)
    deciles = error_by_decile(error, restored.spread)
    assert deciles[-1] > 3 * deciles[0]
    shuffled = error_by_decile(error, np.roll(restored.spread, 1, axis=0))  # planted
    assert shuffled[-1] < deciles[-1]


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3), (64, 64, 3), (256, 96, 3), (17, 30, 3)])
def test_grey_and_colour_of_any_size(shape):
    restored = enhance(np.zeros((2, *shape), "float32"))
    assert restored.mean.shape == restored.sample.shape == (2, *shape)
    assert restored.spread.shape == (2, *shape[:2])


def test_fashion_mnist_and_small_products_gain_too():
    for size, channels in ((28, 1), (32, 3)):
        products = load_products("catalogue", "test", count=30, image_size=size, channels=channels)
        images = scale_images(products.images)
        noisy = degrade(images, CONDITIONS["noise sigma 25"], seed=1)
        assert_better(images, enhance(noisy).mean, [noisy])


def test_the_weights_are_small_and_say_how_they_were_made():
    assert (WEIGHTS / "restorer.npz").stat().st_size < 1_600_000  # two readers
    facts = json.loads((WEIGHTS / "restorer.json").read_text("utf-8"))
    assert facts["command"] == "python -m utils.enhance.train"
    assert facts["budget"]["width"] == load_restorer().decoder.inputs[0].shape[-1]
    for source, conditions in facts["measured"].items():
        for name in CONDITIONS:
            row = conditions[name]
            assert row["psnr after"] > row["psnr before"], (source, name)


def test_what_is_stored_restores_the_same(tmp_path, clean):
    facts = json.loads((WEIGHTS / "restorer.json").read_text("utf-8"))
    store_restorer(load_restorer(), facts, tmp_path)
    again = load_restorer(tmp_path)
    assert np.array_equal(again.enhance(clean[:2]).sample, enhance(clean[:2]).sample)
    again.decoder.set_weights([0 * weight for weight in again.decoder.get_weights()])  # planted
    assert not np.array_equal(again.enhance(clean[:2]).sample, enhance(clean[:2]).sample)


def test_a_folder_is_restored_with_the_shipped_weights(tmp_path, clean, capsys):
    (tmp_path / "shop").mkdir()
    photo = ((clean[0] + 1) * 127.5).round().astype("uint8")
    Image.fromarray(photo).save(tmp_path / "shop" / "coat.png")
    assert main([str(tmp_path / "shop")]) == 0
    assert "1 restored" in capsys.readouterr().out
    with Image.open(tmp_path / "shop-enhanced" / "coat.png") as restored:
        assert np.abs(np.asarray(restored, float) - photo).mean() < 10


def test_four_pictures_make_one_sheet():
    images = np.arange(8 * 2 * 2).reshape(8, 2, 2, 1)
    made = train.sheets(images)
    assert made.shape == (2, 4, 4, 1)
    for sheet, four in zip(made, images.reshape(2, 4, 2, 2, 1), strict=True):
        assert np.array_equal(sheet, np.block([[[four[0]], [four[1]]], [[four[2]], [four[3]]]]))
    planted = images.reshape(2, 4, 4, 1)  # right shape, torn pictures
    assert not np.array_equal(planted, made)


def test_a_grey_picture_stays_grey_when_it_is_made_worse():
    grey = np.random.default_rng(0).uniform(-1, 1, (1, 16, 16, 1)).repeat(3, axis=-1).astype("float32")
    pictures = np.concatenate([grey, grey * np.float32([1, 0.5, 0.2])] * 12)
    degraded = train.degrade_alike(pictures, 1)
    is_grey = (degraded == degraded[..., :1]).all(axis=(1, 2, 3))
    assert is_grey[::2].all() and not is_grey[1::2].any()
    assert (degraded[::2] != pictures[::2]).any(axis=(1, 2, 3)).sum() > 6  # and is made worse
    planted = train.random_degradation(pictures, 1)  # noise of its own in each channel
    assert not (planted == planted[..., :1]).all(axis=(1, 2, 3))[::2].all()
    assert train.degrade_alike(pictures[1::2], 1).shape == pictures[1::2].shape  # none of them grey
