"""A picture that was enlarged is told by its missing detail, whatever happened to it before."""

import numpy as np
import pytest
from scipy import ndimage

from utils.data import load_products, scale_images
from utils.data.degrade import CONDITIONS, degrade, downscale, gaussian_noise, jpeg, low_light, watermark
from utils.models.enlarged import FINE, roughness, was_enlarged


@pytest.fixture(scope="module")
def pictures():
    return scale_images(load_products("catalogue", "test", count=60, image_size=64).images)


def told(images):
    return np.asarray(was_enlarged(images.astype("float32"))).mean()


def test_enlarged_pictures_are_told_from_others(pictures):
    assert told(downscale(pictures, 2)) > 0.95
    assert told(degrade(pictures, CONDITIONS["mixed"], seed=0)) > 0.95
    assert told(ndimage.zoom(pictures[:, ::2, ::2], (1, 2, 2, 1), order=3)) > 0.95  # SciPy's splines
    for harmed in (
        pictures,
        gaussian_noise(pictures, 10, 0),
        jpeg(pictures, 50),
        low_light(pictures, 2, 0.2),
    ):
        assert told(harmed) < 0.1
    assert told(watermark(pictures, 0.3)) < 0.1


def test_it_is_no_matter_of_contrast_or_brightness(pictures):
    enlarged = downscale(pictures, 2)
    for weaker in (0.3 * enlarged, 0.3 * enlarged + 0.5):
        assert told(weaker) > 0.95
    assert told(0.3 * pictures) < 0.1
    fine = np.asarray(roughness(0.3 * pictures.astype("float32"), 6))
    assert (fine < FINE).mean() > 0.9  # planted: without the contrast beside it, a pale photo looks enlarged


def test_sixth_differences_are_those_of_numpy(pictures):
    images = pictures[:3].astype("float64")
    squares = [np.square(np.diff(images, 6, axis=axis) / 64).mean(axis=(1, 2, 3)) for axis in (1, 2)]
    expected = np.sqrt(np.mean(squares, axis=0))
    assert np.allclose(roughness(images.astype("float32"), 6), expected, rtol=1e-4)
    assert not np.allclose(
        roughness(images.astype("float32"), 5), expected, rtol=1e-2
    )  # planted: one too few


def test_a_ramp_has_no_fine_detail_and_stripes_have():
    rows, columns = np.mgrid[:16, :16] / 16 - 0.5
    ramp = np.stack([rows, columns, rows + columns], axis=-1)[None].astype("float32")
    assert np.asarray(roughness(ramp, 6)).max() < 1e-6
    stripes = np.where(np.arange(16) % 2, 1.0, -1.0) * np.ones((1, 16, 1))
    assert np.isclose(roughness(stripes[..., None].astype("float32"), 6)[0], np.sqrt(0.5))  # across, not down
