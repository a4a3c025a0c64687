import inspect
import io
import sys
import types

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage
from skimage import color, data

from utils.data import degrade as degradations
from utils.data.degrade import CONDITIONS, HELD_OUT, blur, degrade, random_degradation, recipes, size
from utils.data.degrade.codec import encode
from utils.data.degrade.strength import step_seeds
from utils.data.images import scale_images, unscale_images

PHOTO = scale_images(data.astronaut()[50:242:3, 130:322:3])  # 64 x 64 x 3, a real photo
SHAPES = [(28, 28, 1), (32, 32, 3), (64, 64, 3), (45, 61, 3)]
STRENGTHS = {  # function: (the strength, nothing, something, other settings)
    "gaussian_noise": ("sigma", 0, 25, {"seed": 1}),
    "poisson_noise": ("photons", None, 40, {"seed": 1}),
    "defocus_blur": ("radius", 0, 1.5, {}),
    "motion_blur": ("length", 0, 5, {"angle": 30}),
    "downscale": ("factor", 1, 2, {}),
    "jpeg": ("quality", None, 20, {}),
    "low_light": ("stops", 0, 2, {}),
    "sticker": ("fraction", 0, 0.1, {"seed": 1}),
    "watermark": ("opacity", 0, 0.3, {}),
}
SEEDED = ("gaussian_noise", "poisson_noise", "sticker")


def pictures(shape=(64, 64, 3), count=4):
    """Different crops of a real photo, of any shape."""
    photo = scale_images(data.astronaut())
    crops = [photo[40 + 9 * i :, 120 + 7 * i :][: 2 * shape[0] : 2, : 2 * shape[1] : 2] for i in range(count)]
    images = np.stack(crops)
    return images if shape[-1] == 3 else images.mean(axis=-1, keepdims=True)


def call(name, images, strength=None, **settings):
    """Apply a degradation at its usual strength, or at another."""
    unit, _, usual, others = STRENGTHS[name]
    strength = {unit: usual if strength is None else strength}
    return getattr(degradations, name)(images, **strength, **{**others, **settings})


def grey(value, count=8, shape=(64, 64, 3)):
    return np.full((count, *shape), value, np.float32)


# What all of them promise


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", STRENGTHS)
def test_what_comes_out_has_the_shape_that_went_in_and_is_worse(name, shape):
    images = pictures(shape)
    before = images.copy()
    degraded = call(name, images)
    assert degraded.shape == images.shape and degraded.dtype == np.float32
    assert np.abs(degraded).max() <= 1
    assert (np.abs(degraded - images).mean(axis=(1, 2, 3)) > 0.005).all()
    np.testing.assert_array_equal(images, before)
    assert not np.shares_memory(degraded, images)


@pytest.mark.parametrize(
    "name", [name for name, (_, nothing, *_) in STRENGTHS.items() if nothing is not None]
)
def test_strength_zero_changes_nothing(name):
    images = pictures((45, 61, 3))
    np.testing.assert_array_equal(call(name, images, STRENGTHS[name][1]), images)
    assert not np.shares_memory(call(name, images, STRENGTHS[name][1]), images)


def assert_alone_as_in_company(name, apply=call):
    """A picture comes out the same whoever its neighbours are."""
    images = pictures()
    others = images.copy()
    others[:2] = images[1::-1]
    np.testing.assert_array_equal(apply(name, images)[2:], apply(name, others)[2:])
    np.testing.assert_array_equal(apply(name, images)[:1], apply(name, images[:1]))


@pytest.mark.parametrize("name", STRENGTHS)
def test_neighbours_in_the_batch_do_not_matter(name):
    assert_alone_as_in_company(name)


def test_a_poisson_noise_from_one_generator_would_depend_on_the_neighbours():
    def planted(_, images):  # planted bug: how many numbers one picture uses up depends on its values
        return np.random.default_rng(1).poisson(20 * (images + 1)).astype(np.float32)

    with pytest.raises(AssertionError):
        assert_alone_as_in_company("poisson_noise", planted)


@pytest.mark.parametrize("name", STRENGTHS)
def test_each_picture_may_have_its_own_strength(name):
    images = pictures()
    _, nothing, usual, _ = STRENGTHS[name]
    other = 2 * usual
    first, second = call(name, images, usual), call(name, images, other)
    mixed = call(name, images, [usual, other, other, usual])
    np.testing.assert_array_equal(mixed, np.stack([first[0], second[1], second[2], first[3]]))
    assert (first != second).any(axis=(1, 2, 3)).all()


@pytest.mark.parametrize("name", SEEDED)
def test_a_seed_repeats_the_result_and_another_does_not(name):
    images = pictures()
    np.testing.assert_array_equal(call(name, images, seed=3), call(name, images, seed=3))
    changed = call(name, images, seed=3) != call(name, images, seed=4)
    assert changed.any(axis=(1, 2, 3)).all()
    twins = np.repeat(images[:1], 2, axis=0)
    assert (call(name, twins)[0] != call(name, twins)[1]).any()  # each picture has its own chance


@pytest.mark.parametrize("name", STRENGTHS)
@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (unscale_images, "scale_images"),
        (lambda images: np.where(images > 0, np.nan, images), "NaN"),
        (lambda images: images * 127.5 + 127.5, "Received: float32 values from"),
        (lambda images: images[0], "add the batch axis"),
        (lambda images: images[..., :2], "Received: 2 channels"),
    ],
)
def test_pictures_that_are_none_are_refused(name, spoil, says):
    with pytest.raises(ValueError, match=f"(?s){says}.*"):
        call(name, spoil(pictures()))


@pytest.mark.parametrize(
    ("name", "strength"),
    [(name, wrong) for name in STRENGTHS for wrong in (-1, np.nan, np.inf, "strong", [1, 2], True)]
    + [("jpeg", 0), ("jpeg", 101), ("jpeg", 50.5), ("downscale", 0), ("downscale", 1.5), ("watermark", 1.1)]
    + [("sticker", 0.6), ("poisson_noise", 0)],
)
def test_a_strength_out_of_range_is_named_with_the_range(name, strength):
    with pytest.raises(ValueError, match=f"(?s){STRENGTHS[name][0]} must be .* from .*Received.*Most likely"):
        call(name, pictures(), strength)


@pytest.mark.parametrize("name", SEEDED)
def test_a_seed_that_is_none_is_refused(name):
    with pytest.raises(ValueError, match="seed must be .*Received: -1"):
        call(name, pictures(), seed=-1)


# Noise


def assert_sigma_is_in_grey_levels(noise):
    """On mid grey the difference spreads by sigma levels of 255, around nothing, in each channel alone."""
    clean = grey(0)
    difference = (noise(clean, 10, 0) - clean) * 127.5
    assert difference.std() == pytest.approx(10, rel=0.01)
    assert abs(difference.mean()) < 0.1
    channels = np.corrcoef(difference.reshape(-1, 3).T)
    assert np.abs(channels - np.eye(3)).max() < 0.03
    rows = np.corrcoef(difference[:, 1:].ravel(), difference[:, :-1].ravel())
    assert abs(rows[0, 1]) < 0.03


def test_sigma_is_a_standard_deviation_in_grey_levels_of_255():
    assert_sigma_is_in_grey_levels(degradations.gaussian_noise)


@pytest.mark.parametrize(
    "planted",
    [
        lambda images, sigma, seed: images + draw(images.shape, sigma, seed),  # forgot 127.5
        lambda images, sigma, seed: images + draw(images.shape, sigma / 255, seed),  # as if from 0 to 1
        lambda images, sigma, seed: images + draw(images.shape, sigma**0.5 / 127.5, seed),  # the variance
        lambda images, sigma, seed: images + draw((*images.shape[:3], 1), sigma / 127.5, seed),  # grey noise
    ],
)
def test_another_unit_of_sigma_is_noticed(planted):
    with pytest.raises(AssertionError):
        assert_sigma_is_in_grey_levels(lambda *given: np.clip(planted(*given), -1, 1))


def draw(shape, scale, seed):
    return np.random.default_rng(seed).normal(0, scale, shape)


def assert_variance_is_the_mean(noise):
    """Counts on a flat picture: whole numbers with the mean that the grey says, and as much variance."""
    for photons, light in ((40, 0.25), (40, 0.5), (200, 0.5)):
        counts = (noise(grey(2 * light - 1), photons, 0).astype(float) + 1) / 2 * photons
        np.testing.assert_allclose(counts, np.rint(counts), atol=1e-3)
        assert counts.mean() == pytest.approx(photons * light, rel=0.01)
        assert counts.var() == pytest.approx(photons * light, rel=0.03)


def test_photons_arrive_with_a_variance_equal_to_their_mean():
    assert_variance_is_the_mean(degradations.poisson_noise)
    assert (degradations.poisson_noise(grey(-1), 40, 0) == -1).all()  # no light, no noise


@pytest.mark.parametrize(
    "planted",
    [
        lambda images, photons, seed: degradations.poisson_noise(images, 2 * photons, seed),
        lambda images, photons, seed: degradations.gaussian_noise(images, 25, seed),
        lambda images, photons, seed: degradations.poisson_noise(images, 255, seed),
    ],
)
def test_another_count_of_photons_is_noticed(planted):
    with pytest.raises(AssertionError):
        assert_variance_is_the_mean(planted)


# Blur

KERNELS = [blur.disc(radius) for radius in (0, 0.3, 0.6, 1, 1.5, 1.8, 3, 7.2)]
KERNELS += [blur.line(length, angle) for length in (0, 1, 2, 5, 7.5) for angle in (0, 30, 45, 90, -60)]


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_kernel_sums_to_one_and_looks_the_same_turned_by_half(kernel):
    assert kernel.sum() == pytest.approx(1, abs=1e-5) and kernel.min() >= 0
    np.testing.assert_allclose(kernel, kernel[::-1, ::-1], atol=1e-6)
    assert kernel.shape[0] == kernel.shape[1] and kernel.shape[0] % 2


@pytest.mark.parametrize("radius", [0.6, 1, 1.5, 1.8, 3])
def test_a_disc_is_what_many_small_squares_make_of_it(radius):
    kernel = blur.disc(radius)
    reach, fine = len(kernel) // 2, 101
    grid = (np.arange(len(kernel) * fine) + 0.5) / fine - reach - 0.5
    inside = grid[:, None] ** 2 + grid**2 <= radius**2
    shares = inside.reshape(len(kernel), fine, len(kernel), fine).sum(axis=(1, 3)) / inside.sum()
    np.testing.assert_allclose(kernel, shares, atol=0.002)
    np.testing.assert_allclose(kernel, kernel.T, atol=1e-7)


def spread_of_a_point(function, *settings):
    """Return (along rows, upright, both): the second moments of what becomes of one white pixel."""
    point = np.full((1, 41, 41, 1), -1, np.float32)
    point[0, 20, 20] = 1
    light = (function(point, *settings)[0, :, :, 0] + 1) / 2
    assert light.sum() == pytest.approx(1, abs=1e-3)
    up, right = np.mgrid[20:-21:-1, -20:21]
    return (light * right**2).sum(), (light * up**2).sum(), (light * up * right).sum()


def assert_radius_is_that_of_a_disc(function):
    """An even disc has the second moment r^2 / 4 in each direction; its pixels add 1/12 (Sheppard)."""
    for radius in (1.8, 2, 3, 5):
        along, upright, both = spread_of_a_point(function, radius)
        assert along == pytest.approx(radius**2 / 4 + 1 / 12, rel=0.05)
        assert upright == pytest.approx(along, rel=1e-3) and abs(both) < 1e-3


def test_the_radius_is_that_of_an_even_disc_in_pixels():
    assert_radius_is_that_of_a_disc(degradations.defocus_blur)


@pytest.mark.parametrize(
    "planted",
    [
        lambda images, radius: degradations.defocus_blur(images, radius / 2),  # a diameter
        lambda images, radius: ndimage.gaussian_filter(images, (0, radius, radius, 0)),
        lambda images, radius: ndimage.uniform_filter(images, (0, round(2 * radius + 1), 1, 1)),
    ],
)
def test_another_meaning_of_the_radius_is_noticed(planted):
    with pytest.raises(AssertionError):
        assert_radius_is_that_of_a_disc(planted)


def test_more_radius_blurs_more_below_a_pixel_too():
    left = [
        np.abs(np.diff(degradations.defocus_blur(PHOTO[None], r), axis=2)).mean() for r in (0.6, 0.7, 0.8, 1)
    ]
    assert left == sorted(left, reverse=True) and len(set(left)) == 4


def assert_length_runs_along_the_angle(function):
    """An even line has the second moment L^2 / 12 along itself, and about none across."""
    for length, angle in ((9, 0), (9, 90), (9, 45), (15, 30), (15, -60)):
        along, upright, both = spread_of_a_point(function, length, angle)
        turn = np.deg2rad(angle)
        cos, sin = np.cos(turn), np.sin(turn)
        assert along * cos**2 + upright * sin**2 + 2 * both * cos * sin == pytest.approx(
            length**2 / 12, rel=0.06
        )
        assert along * sin**2 + upright * cos**2 - 2 * both * cos * sin < 0.15


def test_motion_runs_its_length_along_its_angle_counterclockwise():
    assert_length_runs_along_the_angle(degradations.motion_blur)
    np.testing.assert_allclose(blur.line(5, 0), np.eye(5)[[2]].T @ np.full((1, 5), 0.2), atol=1e-6)


@pytest.mark.parametrize(
    "planted",
    [
        lambda images, length, angle: degradations.motion_blur(images, length, -angle),  # clockwise
        lambda images, length, angle: degradations.motion_blur(images, length, 90 - angle),
        lambda images, length, angle: degradations.motion_blur(images, length / 2, angle),
    ],
)
def test_another_angle_or_length_is_noticed(planted):
    with pytest.raises(AssertionError):
        assert_length_runs_along_the_angle(planted)


def test_pictures_are_spread_as_by_scipy():
    kernel = np.random.default_rng(0).random((5, 5)).astype(np.float32)
    kernel /= kernel.sum()
    ours = blur.weighted_shifts(PHOTO, kernel)
    scipys = ndimage.correlate(PHOTO, kernel[..., None], mode="reflect")
    np.testing.assert_allclose(ours, scipys, atol=1e-5)
    for planted in (
        ndimage.convolve(PHOTO, kernel[..., None], mode="reflect"),
        ndimage.correlate(PHOTO, kernel[..., None], mode="constant"),
    ):
        assert np.abs(ours - planted).max() > 0.01


@pytest.mark.parametrize("name", ["defocus_blur", "motion_blur"])
def test_blur_keeps_flat_pictures_and_the_sum_of_the_light(name):
    assert_light_is_kept(lambda images: call(name, images))
    with pytest.raises(AssertionError):  # planted bug: grey comes in from outside the picture
        assert_light_is_kept(lambda images: ndimage.uniform_filter(images, (0, 3, 3, 0), mode="constant"))
    with pytest.raises(AssertionError):  # planted bug: the kernel does not sum to one
        assert_light_is_kept(lambda images: 0.99 * call(name, images))


def assert_light_is_kept(function):
    """A flat picture stays as it is, and no light gets lost at the edges of another."""
    np.testing.assert_allclose(function(grey(1)), 1, atol=1e-5)
    images = pictures((45, 61, 3))
    np.testing.assert_allclose(function(images).mean(axis=(1, 2)), images.mean(axis=(1, 2)), atol=5e-4)


# Size


def area_average(image, small):
    """Average over exact areas, by repeating every pixel until the blocks divide."""
    for axis, target in enumerate(small):
        length = image.shape[axis]
        blocks = np.moveaxis(np.repeat(image.astype(float), target, axis=axis), axis, 0)
        image = np.moveaxis(blocks.reshape(target, length, *blocks.shape[1:]).mean(axis=1), 0, axis)
    return image


@pytest.mark.parametrize(("shape", "factor"), [((64, 64, 3), 2), ((64, 64, 3), 4), ((28, 28, 1), 2)])
def test_shrinking_takes_the_mean_of_each_block(shape, factor):
    images = pictures(shape)
    height, width, channels = shape
    blocks = images.reshape(len(images), height // factor, factor, width // factor, factor, channels)
    small = size.shrink(images, factor)
    np.testing.assert_allclose(small, blocks.mean(axis=(2, 4)), atol=1e-5)
    assert np.abs(small - images[:, ::factor, ::factor]).max() > 0.1  # planted bug: pixels are skipped


@pytest.mark.parametrize("factor", [2, 3, 4])
def test_sizes_that_do_not_divide_are_averaged_over_exact_areas(factor):
    images = pictures((45, 61, 3), count=1)
    small = -(-45 // factor), -(-61 // factor)
    np.testing.assert_allclose(size.shrink(images, factor)[0], area_average(images[0], small), atol=1e-5)


@pytest.mark.parametrize(("small", "large"), [((32, 32), (64, 64)), ((23, 31), (45, 61)), ((7, 7), (28, 28))])
def test_enlarging_is_pillows_bicubic(small, large):
    image = pictures((*small, 1), count=1)
    pillows = Image.fromarray(image[0, :, :, 0]).resize(large[::-1], Image.Resampling.BICUBIC)
    np.testing.assert_allclose(
        size.enlarge(image, *large)[0, :, :, 0], np.clip(np.asarray(pillows), -1, 1), atol=1e-5
    )
    bilinear = Image.fromarray(image[0, :, :, 0]).resize(large[::-1], Image.Resampling.BILINEAR)
    assert np.abs(np.asarray(pillows) - np.asarray(bilinear)).max() > 0.01


def assert_a_blob_stays_in_its_place(function):
    """The centre of gravity of a bright blob, off the middle, does not move."""
    rows, columns = np.mgrid[:45, :61]
    blob = np.exp(-((rows - 14) ** 2 + (columns - 40) ** 2) / 50)
    image = (2 * blob - 1).astype(np.float32)[None, ..., None]
    light = function(image)[0, ..., 0] + 1
    assert (light * rows).sum() / light.sum() == pytest.approx((blob * rows).sum() / blob.sum(), abs=0.05)
    assert (light * columns).sum() / light.sum() == pytest.approx(
        (blob * columns).sum() / blob.sum(), abs=0.05
    )


@pytest.mark.parametrize("factor", [2, 3, 4])
def test_pairs_stay_aligned(factor):
    assert_a_blob_stays_in_its_place(lambda images: degradations.downscale(images, factor))
    with pytest.raises(AssertionError):  # planted bug: pixels are skipped, so all moves by half a pixel
        assert_a_blob_stays_in_its_place(lambda images: size.enlarge(images[:, ::factor, ::factor], 45, 61))


def test_one_batch_cannot_shrink_to_several_sizes():
    with pytest.raises(ValueError, match=r"one size. Received: factors \[1, 2\].*downscale"):
        size.shrink(pictures(), [1, 2, 2, 1])


# JPEG


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_jpeg_is_what_pillow_reads_from_its_own_file(shape):
    images = pictures(shape)
    for i, quality in enumerate((1, 20, 50, 100)):
        file = io.BytesIO()
        Image.fromarray(unscale_images(images[i]).squeeze()).save(file, format="JPEG", quality=quality)
        pillows = np.asarray(Image.open(file)).reshape(shape)
        ours = degradations.jpeg(images, [1, 20, 50, 100])[i]
        np.testing.assert_array_equal(unscale_images(ours), pillows)
        other = unscale_images(degradations.jpeg(images, [2, 25, 60, 90])[i])
        assert (other != pillows).any()  # planted bug: another quality


def test_a_lower_quality_makes_a_smaller_file_and_a_larger_error():
    sizes = [len(encode(unscale_images(PHOTO), quality)) for quality in (90, 50, 20, 5)]
    errors = [np.abs(degradations.jpeg(PHOTO[None], quality) - PHOTO).mean() for quality in (90, 50, 20, 5)]
    assert sizes == sorted(sizes, reverse=True) and errors == sorted(errors)


# Light


def assert_a_stop_halves_the_light(function):
    """The luminance Y that scikit-image computes from sRGB is halved by each stop."""
    images = pictures()
    before = color.rgb2xyz((images + 1) / 2)[..., 1]
    for stops in (1, 2, 0.5):
        after = color.rgb2xyz((function(images, stops) + 1) / 2)[..., 1]
        np.testing.assert_allclose(after, before / 2**stops, atol=2e-5)


def test_each_stop_halves_the_linear_light():
    assert_a_stop_halves_the_light(degradations.low_light)
    half = (degradations.low_light(grey(1, shape=(2, 2, 1)), 1) + 1) * 127.5
    np.testing.assert_allclose(half, 187.52, atol=0.01)  # half the light of white is stored as 188, not 128
    with pytest.raises(AssertionError):  # planted bug: the stored values are halved
        assert_a_stop_halves_the_light(lambda images, stops: (images + 1) / 2**stops - 1)
    with pytest.raises(AssertionError):  # planted bug: a stop is a factor of e
        assert_a_stop_halves_the_light(
            lambda images, stops: degradations.low_light(images, stops / np.log(2))
        )


def test_warmth_is_the_share_that_red_gains_and_blue_loses():
    images = (pictures() * 0.7).astype(np.float32)  # nothing so bright that it would be clipped
    plain, warm = (linear(degradations.low_light(images, 1, warmth)) for warmth in (0, 0.3))
    np.testing.assert_allclose(warm, plain * [1.3, 1, 0.7], atol=1e-5)
    assert np.abs(warm - plain * [0.7, 1, 1.3]).max() > 0.1  # planted bug: blue gains
    np.testing.assert_array_equal(
        degradations.low_light(pictures((28, 28, 1)), 1, 0.3),
        degradations.low_light(pictures((28, 28, 1)), 1),
    )


def linear(images):
    """Return the light of stored values: scikit-image's XYZ, undone to red, green and blue."""
    return color.rgb2xyz((images + 1) / 2) @ np.linalg.inv(color.colorconv.xyz_from_rgb).T


# Cover


def covered(function, shape, fraction, seed):
    """Return how much of each pixel of a white picture is hidden, for 16 pictures."""
    images = np.ones((16, *shape), np.float32)
    difference = np.abs(function(images, fraction, seed) - images).max(axis=-1)
    return difference / difference.max(axis=(1, 2), keepdims=True)


def assert_the_fraction_is_covered(function):
    """The hidden area is the fraction, inside the picture, and the colour is opaque in the middle of it."""
    for shape, fraction in (((64, 64, 3), 0.05), ((64, 64, 3), 0.5), ((45, 61, 3), 0.2), ((28, 28, 1), 0.1)):
        hidden = covered(function, shape, fraction, 0)
        np.testing.assert_allclose(hidden.mean(axis=(1, 2)), fraction, rtol=0.03)
        assert ((hidden > 0.99).mean(axis=(1, 2)) > 0.6 * fraction).all()


def test_a_sticker_covers_its_fraction_of_the_area():
    assert_the_fraction_is_covered(degradations.sticker)
    for planted in (
        lambda images, fraction, seed: degradations.sticker(images, fraction**2, seed),  # of the side
        lambda images, fraction, seed: degradations.sticker(images, 0.8 * fraction, seed),
    ):
        with pytest.raises(AssertionError):
            assert_the_fraction_is_covered(planted)


def test_a_wide_picture_gets_its_fraction_too():
    hidden = covered(degradations.sticker, (20, 100, 3), 0.4, 0)  # too low for a disc of that area
    np.testing.assert_allclose(hidden.mean(axis=(1, 2)), 0.4, rtol=0.03)


def test_a_sticker_is_opaque_and_its_place_colour_and_shape_change():
    images = pictures(count=16)
    stuck, others = degradations.sticker(images, 0.1, 0), degradations.sticker(-images, 0.1, 0)
    hidden = covered(degradations.sticker, (64, 64, 3), 0.1, 0)
    np.testing.assert_array_equal(stuck[hidden > 0.9999], others[hidden > 0.9999])  # nothing shines through
    np.testing.assert_array_equal(stuck[hidden == 0], images[hidden == 0])
    rows, columns = np.mgrid[:64, :64]
    centres = [((one * rows).sum() / one.sum(), (one * columns).sum() / one.sum()) for one in hidden]
    assert (np.std(centres, axis=0) > 6).all()
    corners = [one[one.max(axis=1) > 0.5][:, one.max(axis=0) > 0.5][1, 1] > 0.5 for one in hidden]
    assert 0 < np.mean(corners) < 1  # labels reach further into their corners than discs


def assert_strokes_shine_through_everywhere(function):
    """Strokes are in every part of the picture, and no pixel loses more contrast than the opacity."""
    images = pictures()
    marked, other = function(images, 0.3), function(images * 0.5, 0.3)
    contrast = (marked - other)[np.abs(images) > 0.1] / (0.5 * images)[np.abs(images) > 0.1]
    assert contrast.min() == pytest.approx(0.7, abs=1e-3) and contrast.max() == pytest.approx(1, abs=1e-3)
    changed = np.abs(function(grey(0), 0.3)).max(axis=-1)
    tiles = changed.reshape(8, 4, 16, 4, 16).max(axis=(2, 4))
    np.testing.assert_allclose(tiles, 0.3, atol=0.02)
    assert 0.2 < (changed > 0.05).mean() < 0.6


def test_a_watermark_shines_through_and_is_everywhere():
    assert_strokes_shine_through_everywhere(degradations.watermark)
    for planted in (
        lambda images, opacity: degradations.watermark(images, 1.0),  # opaque
        lambda images, opacity: (1 - opacity) * images,  # a veil, no strokes
        lambda images, opacity: np.where(
            np.arange(64)[:, None] < 32, degradations.watermark(images, 0.3), images
        ),
    ):
        with pytest.raises(AssertionError):
            assert_strokes_shine_through_everywhere(planted)


@pytest.mark.parametrize("value", [-1, 0, 1])
def test_a_watermark_is_seen_on_black_grey_and_white(value):
    assert np.abs(degradations.watermark(grey(value), 0.3) - value).max() >= 0.3 * 0.99


# Recipes


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", [*CONDITIONS, *HELD_OUT])
def test_every_condition_keeps_the_shape_and_repeats_by_its_seed(name, shape):
    images, steps = pictures(shape), {**CONDITIONS, **HELD_OUT}[name]
    before = images.copy()
    degraded = degrade(images, steps, seed=2)
    assert degraded.shape == images.shape and degraded.dtype == np.float32 and np.abs(degraded).max() <= 1
    np.testing.assert_array_equal(degraded, degrade(images, steps, seed=2))
    np.testing.assert_array_equal(images, before)
    assert np.abs(degraded - images).max() > 0.05


def by_hand(images, seed):
    """The mixed condition, step by step."""
    seeds = step_seeds(seed, 4)
    small = size.shrink(degradations.defocus_blur(images, 1.0), 2)
    small = degradations.jpeg(degradations.gaussian_noise(small, 10, seeds[2]), 50)
    return size.enlarge(small, *images.shape[1:3])


def noise_after_enlarging(images, seed):
    """Planted bug: noise and JPEG act on the picture that was enlarged already."""
    seeds = step_seeds(seed, 4)
    large = degradations.downscale(degradations.defocus_blur(images, 1.0), 2)
    return degradations.jpeg(degradations.gaussian_noise(large, 10, seeds[2]), 50)


def test_noise_and_jpeg_act_on_the_small_picture():
    images = pictures((45, 61, 3))
    np.testing.assert_array_equal(degrade(images, CONDITIONS["mixed"], 5), by_hand(images, 5))
    assert np.abs(noise_after_enlarging(images, 5) - by_hand(images, 5)).max() > 0.1
    np.testing.assert_array_equal(degrade(images, CONDITIONS["half size"]), degradations.downscale(images, 2))


def same_seed_for_all(images, steps):
    """Planted bug: every step gets the seed of the whole."""
    for function, settings in steps:
        images = function(images, **settings, seed=0)
    return images


def test_each_step_has_its_own_seed():
    twice = 2 * ((degradations.gaussian_noise, {"sigma": 10}),)
    assert degrade(grey(0), twice).std() * 127.5 == pytest.approx(10 * 2**0.5, rel=0.02)
    assert same_seed_for_all(grey(0), twice).std() * 127.5 == pytest.approx(20, rel=0.02)


def test_no_steps_change_nothing_but_give_a_copy():
    images = pictures()
    np.testing.assert_array_equal(degrade(images, ()), images)
    assert not np.shares_memory(degrade(images, ()), images)


@pytest.mark.parametrize("steps", ["mixed", (degradations.jpeg,), ((degradations.jpeg, 50),), None])
def test_steps_that_are_none_are_named_with_the_cure(steps):
    with pytest.raises(ValueError, match="steps must be .*Received: .*Most likely fix: CONDITIONS"):
        degrade(pictures(), steps)


# The mixture to train on


def recipes_drawn(count=4000):
    rng = np.random.default_rng(0)
    return [recipes.random_steps(rng) for _ in range(count)]


def test_one_in_nine_is_untouched_a_quarter_noise_alone_and_every_mix_occurs():
    drawn = [tuple(function for function, _ in steps) for steps in recipes_drawn()]
    alone = [(degradations.gaussian_noise,), (degradations.poisson_noise,)]
    assert 0.09 < np.mean([steps == () for steps in drawn]) < 0.13
    assert 0.25 < np.mean([steps in alone for steps in drawn]) < 0.33
    assert np.mean([steps == alone[1] for steps in drawn]) > 0.03
    conditions = {tuple(function for function, _ in steps) for steps in CONDITIONS.values()}
    assert conditions <= set(drawn)  # trained on in kind


def test_strengths_fill_their_ranges_and_hold_those_of_the_conditions():
    drawn = {}
    for steps in [*recipes_drawn(), *CONDITIONS.values()]:
        for _, settings in steps:
            for name, value in settings.items():
                drawn.setdefault(name, []).append(value)
    limits = {name: (min(values), max(values)) for name, values in drawn.items()}
    expected = {
        "sigma": (0, 35),
        "radius": (0, 1.8),
        "photons": (20, 200),
        "quality": (20, 95),
        "factor": (2, 2),
    }
    assert set(limits) == set(expected)
    for name, (low, high) in expected.items():
        assert low <= limits[name][0] <= low + 0.03 * high and 0.95 * high <= limits[name][1] <= high


def test_the_mixture_repeats_by_its_seed_and_each_picture_has_its_own_recipe():
    images = np.repeat(pictures(count=1), 24, axis=0)
    before = images.copy()
    first, again, other = (random_degradation(images, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(images, before)
    assert first.dtype == np.float32 and first.shape == images.shape and np.abs(first).max() <= 1
    assert (first != other).any(axis=(1, 2, 3)).mean() > 0.8
    assert len({one.tobytes() for one in first}) > 16  # one in nine is untouched, and so alike
    np.testing.assert_array_equal(random_degradation(images[:5], 1), first[:5])


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_mixture_takes_every_shape(shape):
    images = pictures(shape, count=16)
    assert random_degradation(images, 0).shape == images.shape


def reached(thing, found=None):
    """Every function of ours that a function can come to, by any name, table or module in its code."""
    found = set() if found is None else found
    if isinstance(thing, dict):
        thing = tuple(thing.values())
    if isinstance(thing, (tuple, list)):
        for part in thing:
            reached(part, found)
    thing = inspect.unwrap(thing) if callable(thing) else thing
    if isinstance(thing, types.FunctionType) and thing not in found and thing.__module__ in OURS:
        found.add(thing)
        names = names_in(thing.__code__)
        known = [thing.__globals__[name] for name in names if name in thing.__globals__]
        modules = [one for one in known if isinstance(one, types.ModuleType) and one.__name__ in OURS]
        known += [vars(module)[name] for module in modules for name in names if name in vars(module)]
        reached((known, inspect.getclosurevars(thing).nonlocals, thing.__defaults__), found)
    return found


def names_in(code):
    """Every name that code looks up, and that code inside it looks up."""
    inner = [name for part in code.co_consts if isinstance(part, types.CodeType) for name in names_in(part)]
    return [*code.co_names, *inner]


OURS = {__name__, *(name for name in sys.modules if name.startswith("utils.data.degrade"))}
HIDDEN = {function for steps in HELD_OUT.values() for function, _ in steps}


def assert_never_shows_what_is_held_out(mixture):
    assert not reached(mixture) & HIDDEN


def test_what_is_held_out_cannot_be_reached_from_the_mixture():
    assert_never_shows_what_is_held_out(random_degradation)
    trained_on = {function for steps in CONDITIONS.values() for function, _ in steps}
    assert trained_on <= reached(random_degradation)  # the search finds what is there
    assert not trained_on & HIDDEN and len(HIDDEN) == 4


def plant_by_name(images, seed):
    return degradations.sticker(random_degradation(images, seed), 0.1, seed)


def plant_by_table(images, seed):
    return [degrade(images, steps, seed) for steps in (HELD_OUT["watermark"],)][0]


def plant_behind_another(images, seed):
    return max([images], key=lambda one: plant_by_name(one, seed).mean())


@pytest.mark.parametrize("planted", [plant_by_name, plant_by_table, plant_behind_another])
def test_a_mixture_that_shows_what_is_held_out_is_noticed(planted):
    with pytest.raises(AssertionError):
        assert_never_shows_what_is_held_out(planted)
