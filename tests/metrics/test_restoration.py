"""PSNR, SSIM and MS-SSIM equal outside libraries; a data range that cannot be right is refused."""

import numpy as np
import pytest
from skimage import data
from skimage.measure import block_reduce
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from utils.metrics import restoration
from utils.metrics.restoration import ms_ssim, psnr, scale_weights, sharpness, ssim

RNG = np.random.default_rng(0)
PHOTO = data.astronaut() / 255
WANG = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False, "data_range": 1}


def pair(height, width, channels, count=3):
    """Crops of a photo in [0, 1], and the same with noise of another strength in each."""
    tops, lefts = RNG.integers(512 - height + 1, size=count), RNG.integers(512 - width + 1, size=count)
    places = zip(tops, lefts, strict=True)
    clean = np.stack([PHOTO[top : top + height, left : left + width, :channels] for top, left in places])
    noise = RNG.normal(size=clean.shape) * np.linspace(0.02, 0.2, count)[:, None, None, None]
    return clean, np.clip(clean + noise, 0, 1)


SIZES = [(64, 64, 3), (28, 28, 1), (11, 40, 3), (45, 61, 1)]
PAIRS = [pair(*size) for size in SIZES]


def each(outside, clean, restored):
    return np.array([outside(x, y) for x, y in zip(clean, restored, strict=True)])


def assert_equal_everywhere(metric, outside):
    for clean, restored in PAIRS:
        assert metric(clean, restored, 1) == pytest.approx(each(outside, clean, restored), abs=1e-6)


# --- PSNR


def outside_psnr(x, y):
    return peak_signal_noise_ratio(x, y, data_range=1)


def pooled_psnr(clean, restored, data_range):
    return np.full(len(clean), 10 * np.log10(data_range**2 / np.square(clean - restored).mean()))


def test_psnr_equals_scikit_image():
    assert_equal_everywhere(psnr, outside_psnr)


@pytest.mark.parametrize(
    "bug",
    [
        pooled_psnr,
        lambda x, y, r: 2 * psnr(x, y, r),  # 20 log10 of a squared error
        lambda x, y, r: 10 * np.log10(r**2 / np.abs(x - y).mean(axis=(1, 2, 3))),
    ],
)
def test_planted_psnr_bugs_differ_from_scikit_image(bug):
    with pytest.raises(AssertionError):
        assert_equal_everywhere(bug, outside_psnr)


def assert_twenty_and_forty_average_thirty(metric):
    clean = np.full((2, 8, 8, 1), 0.5)
    restored = clean + np.array([0.1, 0.01])[:, None, None, None]
    assert metric(clean, restored, 1).mean() == pytest.approx(30)


def test_pictures_of_20_and_40_decibels_average_30():
    assert_twenty_and_forty_average_thirty(psnr)
    with pytest.raises(AssertionError):
        assert_twenty_and_forty_average_thirty(pooled_psnr)  # 22.97


def test_noise_of_25_grey_levels_has_20_17_decibels_until_it_is_clipped():
    clean = RNG.uniform(-1, 1, (20, 64, 64, 3))
    noisy = clean + RNG.normal(0, 25 / 127.5, clean.shape)
    assert psnr(clean, noisy, 2).mean() == pytest.approx(20.17, abs=0.02)
    assert psnr(clean, np.clip(noisy, -1, 1), 2).mean() > 20.4


def test_equal_pictures_have_infinitely_many_decibels():
    clean, _ = PAIRS[0]
    assert np.isinf(psnr(clean, clean, 1)).all()


def test_bytes_do_not_wrap_around():
    clean, restored = (np.rint(255 * part).astype("uint8") for part in PAIRS[0])
    expected = psnr(clean.astype("float64"), restored.astype("float64"), 255)
    assert psnr(clean, restored, 255) == pytest.approx(expected)
    assert psnr(clean, restored, 255) != pytest.approx(pooled_psnr(clean, restored, 255), abs=0.1)


# --- SSIM


def outside_ssim(x, y):
    return structural_similarity(x, y, channel_axis=-1, **WANG)


def test_ssim_equals_scikit_image():
    assert_equal_everywhere(ssim, outside_ssim)


@pytest.mark.parametrize(
    ("constant", "wrong"), [("WINDOW", 9), ("WINDOW_SIGMA", 2), ("K1", 0.02), ("K2", 0.01)]
)
def test_planted_ssim_constants_differ_from_scikit_image(monkeypatch, constant, wrong):
    monkeypatch.setattr(restoration, constant, wrong)
    with pytest.raises(AssertionError):
        assert_equal_everywhere(ssim, outside_ssim)


def test_contrast_and_pattern_without_the_mean_differ_from_scikit_image(monkeypatch):
    whole = restoration.similarity
    monkeypatch.setattr(restoration, "similarity", lambda *pair: whole(*pair)[::-1])
    with pytest.raises(AssertionError):
        assert_equal_everywhere(ssim, outside_ssim)


@pytest.mark.parametrize("metric", [psnr, ssim, ms_ssim])
def test_metrics_do_not_depend_on_how_pictures_are_stored(metric):
    clean, restored = PAIRS[0]
    assert metric(2 * clean - 1, 2 * restored - 1, 2) == pytest.approx(metric(clean, restored, 1))
    assert metric(255 * clean, 255 * restored, 255) == pytest.approx(metric(clean, restored, 1))


def test_scikit_image_gives_another_ssim_for_pictures_stored_from_minus_one():
    clean, restored = (2 * part - 1 for part in PAIRS[0])
    unmoved = each(
        lambda x, y: structural_similarity(x, y, channel_axis=-1, **WANG | {"data_range": 2}), clean, restored
    )
    assert (np.abs(unmoved - ssim(clean, restored, 2)) > 0.01).any()


@pytest.mark.parametrize("metric", [ssim, ms_ssim])
def test_equal_pictures_alone_have_similarity_one(metric):
    clean, restored = PAIRS[0]
    assert metric(clean, clean, 1) == pytest.approx(1, abs=1e-12)
    assert (metric(clean, restored, 1) < 0.999).all()


def test_flat_grey_taken_for_another_is_still_similar():
    flat = np.full((1, 16, 16, 1), 0.5)
    assert ssim(flat, flat + 0.1, 1) == pytest.approx(0.9836, abs=1e-4)


def test_an_inverted_picture_is_below_zero_and_counts_as_zero_over_scales():
    pattern = RNG.uniform(0, 1, (1, 32, 32, 1))
    assert ssim(pattern, 1 - pattern, 1) < -0.5
    assert ms_ssim(pattern, 1 - pattern, 1) == 0


# --- MS-SSIM


def outside_ms_ssim(x, y):
    """MS-SSIM out of scikit-image: a huge K1 leaves contrast and pattern alone; channels apart, then mean."""
    fitting = [scale for scale in range(5) if min(x.shape[:2]) // 2**scale >= 11]
    weights = np.array([0.0448, 0.2856, 0.3001, 0.2363, 0.1333])[: len(fitting)]
    values = []
    for a, b in zip(np.moveaxis(x, -1, 0), np.moveaxis(y, -1, 0), strict=True):
        value = 1
        for scale in fitting:
            last = {} if scale == fitting[-1] else {"K1": 1e9}
            value *= structural_similarity(a, b, **WANG, **last) ** (weights[scale] / weights.sum())
            height, width = (side // 2 * 2 for side in a.shape)
            a, b = (block_reduce(part[:height, :width], 2, np.mean) for part in (a, b))
        values.append(value)
    return np.mean(values)


LARGE = [pair(176, 176, 3, 2), pair(181, 256, 1, 2)]


def assert_equals_outside_ms_ssim():
    for clean, restored in LARGE + PAIRS:
        expected = each(outside_ms_ssim, clean, restored)
        assert ms_ssim(clean, restored, 1) == pytest.approx(expected, abs=1e-6)


def test_ms_ssim_equals_one_built_of_scikit_image():
    assert_equals_outside_ms_ssim()


def test_planted_ms_ssim_bugs_differ(monkeypatch):
    whole = restoration.similarity
    for name, bug in {
        "SCALE_WEIGHTS": restoration.SCALE_WEIGHTS[::-1],
        "similarity": lambda *pair: whole(*pair)[:1] * 2,  # the mean compared at every scale
        "halve": lambda picture: picture[::2, ::2],
        "scale_weights": lambda height, width: np.array(restoration.SCALE_WEIGHTS[:1]),
    }.items():
        with monkeypatch.context() as patch, pytest.raises(AssertionError):
            patch.setattr(restoration, name, bug)
            assert_equals_outside_ms_ssim()


def test_ms_ssim_equals_tensorflow_at_five_scales():
    import tensorflow as tf

    clean, restored = LARGE[0]
    theirs = tf.image.ssim_multiscale(clean.astype("float32"), restored.astype("float32"), 1.0).numpy()
    assert ms_ssim(clean, restored, 1) == pytest.approx(theirs, abs=5e-5)  # theirs is float32
    assert ssim(clean, restored, 1) != pytest.approx(theirs, abs=5e-5)


@pytest.mark.parametrize(
    ("side", "scales"), [(11, 1), (28, 2), (32, 2), (64, 3), (175, 4), (176, 5), (999, 5)]
)
def test_small_pictures_get_the_scales_that_fit(side, scales):
    weights = scale_weights(side, 1000)
    assert len(weights) == scales
    assert weights.sum() == pytest.approx(1)
    assert weights[1:] / weights[:-1] == pytest.approx(
        np.divide(restoration.SCALE_WEIGHTS[1:scales], restoration.SCALE_WEIGHTS[: scales - 1])
    )


def test_fine_noise_lowers_ms_ssim_less_than_ssim():
    clean, restored = PAIRS[0]
    assert (ms_ssim(clean, restored, 1) > ssim(clean, restored, 1)).all()


# --- sharpness


def test_sharpness_of_known_patterns():
    noise, flat = RNG.uniform(0, 1, (200, 200, 1)), np.full((200, 200, 1), 0.5)
    checkers = np.indices((200, 200)).sum(axis=0)[..., None] % 2
    stripes = np.indices((200, 200))[0][..., None] % 2
    found = sharpness(np.stack([noise, flat, checkers, stripes]))
    assert found == pytest.approx([1 / 3, 0, 1, 0.5], abs=5e-3)
    signed = np.diff(np.stack([noise, checkers]), axis=1).mean(axis=(1, 2, 3))  # planted: no absolute value
    assert signed != pytest.approx(found[[0, 2]], abs=5e-3)


def test_blur_is_less_and_noise_more_sharp_than_the_photo():
    clean, noisy = PAIRS[0]
    blurred = (clean + np.roll(clean, 1, axis=1)) / 2
    assert (sharpness(blurred) < sharpness(clean)).all()
    assert (sharpness(noisy) > sharpness(clean)).all()


# --- what is refused


CLEAN, RESTORED = PAIRS[0]


@pytest.mark.parametrize("metric", [psnr, ssim, ms_ssim])
@pytest.mark.parametrize(
    ("scale", "shift", "data_range", "cure"),
    [
        (2, -1, 1, "data_range=2"),  # [-1, 1]
        (2, -1, 255, "data_range=2"),
        (1, 0, 255, "data_range=1"),  # [0, 1]: 48 dB too many
        (255, 0, 1, "data_range=255"),
        (255, 0, 2, "data_range=255"),
        (1, -0.2, 1, "data_range=2"),  # below black
        (6, -3, 2, r"scale them to \[-1, 1\], then data_range=2"),  # standardised
    ],
)
def test_a_data_range_that_cannot_be_right_is_refused(metric, scale, shift, data_range, cure):
    clean, restored = CLEAN * scale + shift, RESTORED * scale + shift
    with pytest.raises(ValueError, match=rf"Received: values from .*Most likely fix: {cure}\.$"):
        metric(clean, restored, data_range)


@pytest.mark.parametrize("data_range", [0, -1, np.nan, np.inf, None, "2", (0, 1)])
def test_a_data_range_must_be_a_number_above_zero(data_range):
    with pytest.raises(ValueError, match="a number above 0"):
        psnr(CLEAN, RESTORED, data_range)


def test_the_data_range_has_no_default():
    for metric in (psnr, ssim, ms_ssim):
        with pytest.raises(TypeError):
            metric(CLEAN, RESTORED)


def test_restored_pictures_of_another_range_are_refused():
    for restored in (RESTORED * 255, 2 * RESTORED - 1):
        with pytest.raises(ValueError, match="bring both to one range"):
            psnr(CLEAN, restored, 1)
    psnr(CLEAN, RESTORED + RNG.normal(0, 0.2, CLEAN.shape), 1)  # noise that was not clipped is no fault


def test_black_bytes_and_rounded_floats_are_accepted():
    black = np.zeros((1, 16, 16, 1), "uint8")
    assert psnr(black, black + np.uint8(10), 255) == pytest.approx(20 * np.log10(25.5))
    assert np.isinf(psnr(black, black, 255)).all()
    rounded = np.full((1, 16, 16, 1), 1.0005, "float32")
    assert np.isfinite(psnr(rounded, rounded - 0.1, 2)).all()


@pytest.mark.parametrize(
    ("clean", "restored", "message"),
    [
        (CLEAN[0], RESTORED[0], r"add the batch axis: images\[None\]"),
        (CLEAN, RESTORED[:1], "of the same shape"),  # numpy would broadcast
        (CLEAN[:0], RESTORED[:0], "finite numbers"),
        (CLEAN, RESTORED * np.nan, "training diverged"),
        (CLEAN[:, :10], RESTORED[:, :10], "sides of at least 11"),
    ],
)
def test_pictures_that_cannot_be_compared_are_refused(clean, restored, message):
    with pytest.raises(ValueError, match=message):
        ssim(clean, restored, 1)
