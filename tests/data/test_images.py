import numpy as np
import pytest

from utils.data.images import check_images, scale_images, unscale_images

ALL_BYTES = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)


def assert_round_trip_is_exact(unscale):
    np.testing.assert_array_equal(unscale(scale_images(ALL_BYTES)), ALL_BYTES)


def test_bytes_become_floats_from_minus_one_to_one():
    images = scale_images(ALL_BYTES)
    assert images.dtype == np.float32
    assert (images.min(), images.max()) == (-1, 1)


def test_all_256_values_come_back():
    assert_round_trip_is_exact(unscale_images)
    with pytest.raises(AssertionError):  # planted bug: cut off instead of rounding
        assert_round_trip_is_exact(lambda images: ((images + 1) * 127.5).astype(np.uint8))


def test_float16_and_float64_come_back_too():
    assert_round_trip_is_exact(lambda images: unscale_images(images.astype(np.float64)))
    assert unscale_images(np.float16([1, -1])).tolist() == [255, 0]


def test_what_lies_outside_is_clipped():
    assert unscale_images(np.float32([-3, 3, np.inf])).tolist() == [0, 255, 255]


@pytest.mark.parametrize("images", [np.zeros((1, 2, 2, 1)), np.zeros(3, np.int64)])
def test_scaling_refuses_what_is_not_bytes(images):
    with pytest.raises(ValueError, match="must be uint8.*Received: .*Most likely fix"):
        scale_images(images)


def test_unscaling_refuses_bytes_and_nan():
    with pytest.raises(ValueError, match=r"must be floats in \[-1, 1\]"):
        unscale_images(ALL_BYTES)
    with pytest.raises(ValueError, match="1 NaN"):
        unscale_images(np.float32([0, np.nan]))


def test_right_images_pass_as_an_array():
    images = scale_images(ALL_BYTES)
    assert check_images(images) is images
    assert check_images(images, channels=1) is images


def test_a_tensor_passes_bfloat16_among_them():
    import ml_dtypes

    assert check_images(np.zeros((1, 2, 2, 3), ml_dtypes.bfloat16)).dtype == np.float32


@pytest.mark.parametrize(
    ("images", "says"),
    [
        (ALL_BYTES, r"Received: uint8 values from 0 to 255, shape \(1, 16, 16, 1\)\. .*call scale_images"),
        (np.full((2, 8, 8, 1), 255.0), "values from 255 to 255"),
        (np.full((2, 8, 8, 1), -1.01), "values from -1.01"),
        (np.zeros((8, 8, 1)), r"add the batch axis: images\[None\]"),
        (np.zeros((8, 8)), "keep the four axes"),
        (np.zeros((0, 8, 8, 1)), "no pixels"),
        (np.zeros((2, 3, 8, 8)), "8 channels.*channels last"),
        (np.full((1, 2, 2, 1), np.nan), "4 values that are NaN"),
        (np.full((1, 2, 2, 1), np.inf), "4 values that are NaN or infinite"),
        (np.array([["a"]]), "<U1"),
    ],
)
def test_wrong_images_are_named_with_the_cure(images, says):
    with pytest.raises(ValueError, match=says):
        check_images(images)


def test_the_number_of_channels_can_be_asked_for():
    with pytest.raises(ValueError, match="1 channels.*channels=3"):
        check_images(np.zeros((1, 2, 2, 1)), channels=3)


def test_float16_rounding_passes():
    check_images(np.full((1, 2, 2, 1), 1.0005, np.float16))
