"""Each classical restorer does what its name says, on grey and colour, and is tuned to its best strength."""

import numpy as np
import pytest
from PIL import Image
from skimage import data
from skimage.filters import unsharp_mask
from skimage.restoration import denoise_bilateral, denoise_tv_chambolle

from utils.data.degrade import CONDITIONS, defocus_blur, degrade, enlarge, gaussian_noise
from utils.metrics import classical_restorers
from utils.metrics.classical_restorers import RESTORERS, Classical, restore, tuned
from utils.metrics.restoration import psnr

PHOTO = data.astronaut()[:128, 160:288].astype("float32") / 127.5 - 1
CLEAN = PHOTO.reshape(2, 64, 2, 64, 3).swapaxes(1, 2).reshape(4, 64, 64, 3)
NOISY = gaussian_noise(CLEAN, 25, seed=0)
RNG = np.random.default_rng(0)
DENOISERS = ("median", "bilateral", "total variation", "wavelets", "non-local means", "sliding DCT")


def decibels(restored, clean=CLEAN):
    return psnr(clean, restored, data_range=2).mean()


def best_of(name, clean=CLEAN, degraded=NOISY):
    return max(decibels(restore(degraded, name, strength), clean) for strength in RESTORERS[name].strengths)


@pytest.mark.parametrize("name", RESTORERS)
@pytest.mark.parametrize("shape", [(1, 28, 28, 1), (1, 33, 26, 3)])
def test_grey_colour_and_flat_pictures_keep_their_shape_and_range(name, shape):
    pictures = (RNG.uniform(-1, 1, shape), np.full(shape, 0.3), -np.ones(shape), np.ones(shape))
    for images in pictures:
        for strength in (RESTORERS[name].strengths[0], RESTORERS[name].strengths[-1]):
            restored = restore(images.astype("float32"), name, strength)  # any warning is an error here
            assert restored.shape == shape and restored.dtype == np.float32
            assert np.abs(restored).max() <= 1  # False for NaN
            if np.ptp(images) == 0:
                assert restored == pytest.approx(images, abs=1e-3)


@pytest.mark.parametrize("name", RESTORERS)
def test_a_flat_colour_stays_what_it_is(name):
    colour = np.full((1, 32, 32, 3), (-0.6, 0, 0.8), "float32")
    for strength in RESTORERS[name].strengths:
        assert restore(colour, name, strength) == pytest.approx(colour, abs=1e-3)


def colours_as_neighbours(picture, weight):
    return denoise_tv_chambolle(picture, weight)


def black_beyond_the_border(picture, colour):
    return denoise_bilateral(picture, sigma_color=colour, channel_axis=-1)  # scikit-image's default


@pytest.mark.parametrize("bug", [colours_as_neighbours, black_beyond_the_border])
def test_planted_bugs_change_a_flat_colour(monkeypatch, bug):
    monkeypatch.setitem(RESTORERS, "planted", Classical(bug, (0.1,)))
    with pytest.raises(AssertionError):
        test_a_flat_colour_stays_what_it_is("planted")


def test_what_overshoots_is_clipped():
    edge = np.where(np.arange(32) < 16, -1, 1)[None, None, :, None] * np.ones((1, 32, 32, 1), "float32")
    edge[:, :, 20:24] = 0.5
    assert np.abs(restore(edge, "unsharp mask", (1, 1))).max() == 1
    assert RESTORERS["unsharp mask"].function((edge[0] + 1) / 2, (1, 1)).max() > 1


@pytest.mark.parametrize("name", DENOISERS)
def test_each_denoiser_gains_three_decibels_on_noise(name):
    assert best_of(name) > decibels(NOISY) + 3


def test_sharpening_noise_does_harm():
    assert best_of("unsharp mask") < decibels(NOISY) - 1


def test_the_radius_of_the_median_counts_pixels():
    point = np.zeros((9, 9, 1))
    point[3:6, 4] = point[4, 3:6] = 1  # a plus of 5 pixels
    assert classical_restorers.median_filter(point, 1)[4, 4] == 1  # 5 of 5
    assert classical_restorers.median_filter(point, 1.5)[4, 4] == 1  # 5 of 9
    assert classical_restorers.median_filter(point, 2)[4, 4] == 0  # 5 of 13


def test_the_unsharp_mask_is_that_of_scikit_image():
    picture = (CLEAN[0] + 1) / 2
    ours = restore(CLEAN[:1], "unsharp mask", (1.5, 0.7))[0]

    def theirs(radius, amount):
        # scikit-image 0.26 fills only a part of the picture with channel_axis=-1
        return 2 * unsharp_mask(picture, radius, amount, channel_axis=2) - 1

    assert ours == pytest.approx(theirs(1.5, 0.7), abs=1e-5)
    assert ours != pytest.approx(theirs(0.7, 1.5), abs=1e-2)  # planted: radius and amount swapped


def test_the_wavelets_are_averaged_over_shifts():
    sudden = np.zeros((32, 32, 1))
    sudden[:, 11:] = 1
    noisy = sudden + RNG.normal(0, 0.1, sudden.shape)
    once = classical_restorers.denoise_wavelet(noisy, sigma=0.1, wavelet="haar", channel_axis=-1)
    spun = classical_restorers.wavelets(noisy, 0.1)
    assert np.square(spun - sudden).mean() < np.square(once - sudden).mean()


def test_deconvolution_undoes_a_blur_of_its_radius():
    blurred = defocus_blur(CLEAN, 1.5)
    gain = decibels(restore(blurred, "deconvolution", (1.5, 0.001))) - decibels(blurred)
    assert gain > 3
    assert decibels(restore(blurred, "deconvolution", (0.8, 0.001))) - decibels(blurred) < gain - 2
    assert best_of("deconvolution", degraded=blurred) > best_of("unsharp mask", degraded=blurred) + 1


def assert_is_lanczos_of_the_small_picture(enlarged_by):
    small = RNG.uniform(-0.5, 0.5, (1, 20, 16, 3)).astype("float32")
    degraded = enlarge(small, 40, 32)
    channels = [
        Image.fromarray(channel).resize((32, 40), enlarged_by) for channel in np.moveaxis(small[0], -1, 0)
    ]
    expected = np.stack([np.asarray(channel) for channel in channels], axis=-1)
    assert restore(degraded, "Lanczos, if half size", None)[0] == pytest.approx(expected, abs=1e-4)


def test_lanczos_is_that_of_pillow_on_the_half_size_picture():
    assert_is_lanczos_of_the_small_picture(Image.Resampling.LANCZOS)
    with pytest.raises(AssertionError):
        assert_is_lanczos_of_the_small_picture(Image.Resampling.BICUBIC)


def test_lanczos_and_sharpening_beat_bicubic_on_half_size():
    degraded = degrade(CLEAN, CONDITIONS["half size"])
    for name in ("Lanczos, if half size", "unsharp mask"):
        assert best_of(name, degraded=degraded) > decibels(degraded)
    assert best_of("do nothing", degraded=degraded) == decibels(degraded)


def assert_every_restorer_is_at_its_best(found):
    for name, restorer in found.items():
        assert decibels(restorer(NOISY)) == pytest.approx(best_of(name))


def test_tuning_finds_the_best_strength_of_each():
    names = ("do nothing", "median", "total variation")
    found = tuned(CLEAN, NOISY, names)
    assert tuple(found) == names
    assert_every_restorer_is_at_its_best(found)


@pytest.mark.parametrize(
    "bug", [lambda *pair, **range_: -psnr(*pair, **range_), lambda *pair, **range_: np.ones(1)]
)
def test_tuning_for_the_worst_or_for_nothing_is_found(monkeypatch, bug):
    monkeypatch.setattr(classical_restorers, "psnr", bug)
    found = tuned(CLEAN, NOISY, ("median", "total variation"))
    with pytest.raises(AssertionError):
        assert_every_restorer_is_at_its_best(found)


def test_a_heavier_noise_asks_for_a_heavier_hand():
    light, heavy = (
        tuned(CLEAN, gaussian_noise(CLEAN, sigma, seed=0), ("total variation",)) for sigma in (8, 40)
    )
    assert light["total variation"].keywords["strength"] < heavy["total variation"].keywords["strength"]


def test_an_unknown_name_and_pictures_in_bytes_are_refused():
    with pytest.raises(ValueError, match="must be one of do nothing, median.*Received: 'bm3d'"):
        restore(CLEAN, "bm3d", 1)
    with pytest.raises(ValueError, match="call scale_images"):
        restore(np.zeros((1, 8, 8, 3), "uint8"), "median", 1)
