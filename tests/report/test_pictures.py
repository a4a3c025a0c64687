"""Whatever a generator is and whatever it returns: pictures in [-1, 1], or a word on what to do."""

import keras
import numpy as np
import pytest

from utils.data.products import Products
from utils.report.pictures import COUNT, MOST, chosen, cleaned, collect, resized


@pytest.fixture
def pixels():
    return np.random.default_rng(0).integers(0, 256, (30, 28, 28, 1), dtype=np.uint8)


def generator(latent_dim=4):
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.layers.Input((latent_dim,)),
            keras.layers.Dense(16, activation="tanh"),
            keras.layers.Reshape((4, 4, 1)),
        ]
    )


def test_bytes_floats_lists_and_products_are_the_same_pictures(pixels):
    wanted = pixels / np.float32(127.5) - np.float32(1)
    products = Products(pixels, np.zeros(30, "int32"), ("a",), ("",) * 30, "photos")
    for source in (pixels, wanted, list(wanted), keras.ops.convert_to_tensor(wanted), products):
        came = collect(source)
        np.testing.assert_array_equal(came.images, wanted)
        assert (came.came, came.not_finite, came.outside, came.half_range) == (30, 0, 0, False)


def test_a_keras_model_is_given_the_same_latents_each_time():
    model = generator()
    first, again, other = collect(model, 50), collect(model, 50), collect(model, 50, seed=1)
    assert first.images.shape == (50, 4, 4, 1)
    np.testing.assert_array_equal(first.images, again.images)
    assert not np.array_equal(first.images, other.images)  # planted: a seed that reaches nothing


def test_a_trainer_draws_with_its_own_method(pixels):
    class Gan:
        latent_dim = 7

        def draw(self, latents):
            assert latents.shape == (30, 7) and abs(latents.mean()) < 0.3 and latents.dtype == np.float32
            return pixels

    assert collect(Gan(), 30).came == 30


def test_a_function_is_asked_for_so_many(pixels):
    asked = []
    came = collect(lambda count: asked.append(count) or np.repeat(pixels[:1], count, axis=0))
    assert asked == [COUNT] and came.came == COUNT
    assert collect(lambda count: pixels[:count], 12).came == 12


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (None, "Received: NoneType. Most likely fix"),
        ([], "Received: list. Most likely fix"),
        (3, "Received: int"),
        (iter([]), "Received: list_iterator. Most likely fix"),
        (lambda count: None, "Received: NoneType from the generator"),
        (lambda count: np.zeros((count, 784)), r"shape \(2000, 784\)"),
        (lambda count: np.zeros((count, 4, 4, 1), "int64"), "Received: int64.*astype"),
        (np.zeros((5, 28, 28)), r"Most likely fix: images\[..., None\]"),
        (np.zeros((28, 28, 1)), r"Most likely fix: images\[None\]"),
        (np.zeros((5, 3, 28, 28)), "Most likely fix: np.moveaxis"),
        (np.zeros((0, 28, 28, 1)), "Received: float64"),
        (np.full((5, 28, 28, 1), np.nan), "NaN or infinity in all 5"),
        (np.full((2, 4, 4, 1), "a"), "Received: <U1"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_cure(source, said):
    with pytest.raises(ValueError, match=said) as caught:
        collect(source)
    assert "Received: " in str(caught.value) and "Most likely fix: " in str(caught.value)


def test_a_model_of_something_else_is_refused():
    two = keras.Model([a := keras.Input((2,)), b := keras.Input((3,))], keras.layers.add([a, a]))
    image_model = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Flatten()])

    class Trainer(keras.Model):
        def call(self, latents, captions):
            return latents

    for model in (two, image_model, Trainer()):
        with pytest.raises(ValueError, match="Most likely fix: report.lambda count"):
            collect(model)
    assert b is not None


def test_nan_is_left_out_and_counted(pixels):
    images = pixels.astype("float32") / 127.5 - 1
    images[3, 1, 1], images[7, 0, 0] = np.nan, np.inf
    came = collect(images)
    assert came.not_finite == 2 and len(came.images) == came.came == 28 and np.isfinite(came.images).all()


def test_values_out_of_range_are_cut_off_and_told(pixels):
    came = collect(pixels.astype("float32"))
    assert came.values[1] == 255 and came.outside > 0.9 and came.images.max() == 1
    assert not came.half_range and collect(pixels / np.float32(255)).half_range
    assert not collect(pixels / np.float32(127.5) - 1).half_range


def test_many_pictures_are_chosen_by_lot_and_in_order():
    places = chosen(MOST * 2, MOST)
    assert len(np.unique(places)) == MOST and (np.diff(places) > 0).all() and places[-1] > MOST * 1.9
    np.testing.assert_array_equal(places, chosen(MOST * 2, MOST))
    np.testing.assert_array_equal(chosen(5, 10), np.arange(5))
    assert len(cleaned(np.zeros((40, 2, 2, 1)), 10, 0).images) == 10


def test_other_sizes_are_fitted_and_said():
    came = resized(collect(np.full((2, 64, 32, 3), 255, "uint8")), 32)
    assert came.images.shape == (2, 32, 32, 3) and came.resized == ("32 x 64", "32 x 32")
    np.testing.assert_allclose(came.images, 1)
    fits = collect(np.zeros((2, 28, 28, 1), "uint8"))
    assert resized(fits, 28) is fits and resized(fits, 32).images.shape == (2, 32, 32, 1)
