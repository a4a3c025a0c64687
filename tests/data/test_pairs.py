import keras
import numpy as np
import pytest
import tensorflow as tf

from utils.data.degrade import CONDITIONS, degrade, gaussian_noise, shrink
from utils.data.images import scale_images, unscale_images
from utils.data.pairs import make_pairs, with_darker_copies, with_printed_copies
from utils.data.pipelines import make_dataset
from utils.training.fit import endless

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (24, 12, 16, 3)).astype(np.uint8)  # no two windows are alike


def noisy(images, seed):
    return gaussian_noise(images, 25, seed)


def untouched(images, seed):
    return images.copy()


def batches(count=3, images=IMAGES, batch_size=8, **settings):
    """Return the first (degraded, clean) batches as two arrays (count, batch, height, width, channels)."""
    pairs = make_pairs(images, batch_size, **{"seed": 1, **settings}).take(count)
    degraded, clean = zip(*pairs.as_numpy_iterator(), strict=True)
    return np.stack(degraded), np.stack(clean)


def number_of(picture):
    """Return which of the images a picture is, mirrored or not."""
    both = np.stack([scale_images(IMAGES), scale_images(IMAGES)[:, :, ::-1]])
    errors = np.abs(both - picture).mean(axis=(2, 3, 4)).min(axis=0)
    assert errors.min() < 1e-6
    return int(errors.argmin())


def test_a_pair_is_two_float32_batches_of_fixed_shape_in_range():
    dataset = make_pairs(IMAGES, 8, seed=1)
    spec = tf.TensorSpec((8, 12, 16, 3), tf.float32)
    assert dataset.element_spec == (spec, spec)
    for part in batches():
        assert part.dtype == np.float32 and part.min() >= -1 and part.max() <= 1


@pytest.mark.parametrize("shape", [(28, 28, 1), (45, 61, 3)])
def test_grey_and_odd_sizes_make_pairs_too(shape):
    degraded, clean = batches(1, RNG.integers(0, 256, (8, *shape)).astype(np.uint8))
    assert degraded.shape == clean.shape == (1, 8, *shape)


def assert_each_degraded_stands_beside_its_clean(degraded, clean):
    """Noise of sigma 25 leaves a difference of 25 grey levels, not that of two unlike pictures."""
    spread = (degraded - clean).std(axis=(2, 3, 4)) * 127.5
    assert spread.max() < 30 and spread.min() > 15  # some is cut off at black and white


def test_each_degraded_picture_stands_beside_its_clean_one():
    degraded, clean = batches(degrade=noisy)
    assert_each_degraded_stands_beside_its_clean(degraded, clean)
    with pytest.raises(AssertionError):  # planted bug: two datasets, shuffled each for itself
        assert_each_degraded_stands_beside_its_clean(degraded, clean[:, ::-1])
    with pytest.raises(AssertionError):  # planted bug: only one of the two is mirrored
        assert_each_degraded_stands_beside_its_clean(degraded, clean[:, :, :, ::-1])
    same, clean = batches(degrade=untouched)
    np.testing.assert_array_equal(same, clean)


def test_order_and_mirroring_are_those_of_make_dataset():
    alone = make_dataset(IMAGES, 8, seed=1, augment="flip").take(6)
    np.testing.assert_array_equal(np.stack(list(alone.as_numpy_iterator())), batches(6)[1])
    epochs = [[number_of(one) for batch in epoch for one in batch] for epoch in np.split(batches(6)[1], 2)]
    assert sorted(epochs[0]) == sorted(epochs[1]) == list(range(24)) and epochs[0] != epochs[1]


def assert_each_visit_is_new(degraded, clean):
    """The noise of one visit is that of no other, neither of the same image nor of its neighbours."""
    noises = {difference.tobytes() for batch in degraded - clean for difference in batch}
    assert len(noises) == clean.shape[0] * clean.shape[1]


def test_every_visit_degrades_anew():
    flat = np.full_like(IMAGES, 128)
    assert_each_visit_is_new(*batches(9, flat, degrade=noisy))
    with pytest.raises(AssertionError):  # planted bug: the seed of the dataset, at every batch
        assert_each_visit_is_new(*batches(9, flat, degrade=lambda images, seed: noisy(images, 1)))


def test_a_seed_repeats_the_sequence_and_another_does_not():
    for first, again, other in zip(batches(7), batches(7), batches(7, seed=2), strict=True):
        np.testing.assert_array_equal(first, again)
        assert (first != other).any(axis=(1, 2, 3, 4)).all()


def test_without_a_seed_the_sequence_is_new():
    assert (batches(1, seed=None)[1] != batches(1, seed=None)[1]).any()


def places(crops):
    """Return where each crop lies: (mirrored, image, top, left), each found at one place alone."""
    found = []
    for crop in crops.reshape(-1, *crops.shape[2:]):
        both = np.stack([IMAGES, IMAGES[:, :, ::-1]])
        windows = np.lib.stride_tricks.sliding_window_view(both, crop.shape, axis=(2, 3, 4))[:, :, :, :, 0]
        (place,) = np.argwhere((windows == unscale_images(crop)).all(axis=(4, 5, 6)))
        found.append(tuple(place))
    return np.array(found)


def test_crops_are_squares_at_any_place_each_picture_its_own():
    degraded, clean = batches(30, crop_size=10, degrade=untouched)
    np.testing.assert_array_equal(degraded, clean)
    assert clean.shape == (30, 8, 10, 10, 3)
    found = places(clean)
    for column, count in ((0, 2), (1, 24), (2, 3), (3, 7)):  # 12 - 10 + 1 tops, 16 - 10 + 1 lefts
        assert set(found[:, column]) == set(range(count))
    corners = found.reshape(30, 8, 4)[:, :, 2:]
    assert (corners != corners[:, :1]).any(axis=(1, 2)).all()  # one place for a whole batch would be seen
    mirrored = found[:, 0].mean()
    assert 0.4 < mirrored < 0.6


def test_a_crop_is_cut_before_it_is_degraded():
    seen = []

    def watch(images, seed):
        seen.append(images.shape)
        return noisy(images, seed)

    batches(2, crop_size=10, degrade=watch)
    assert set(seen[1:]) == {(8, 10, 10, 3)} and seen[0][1:] == (10, 10, 3)  # the first is the check


def test_training_never_runs_out_of_pairs():
    dataset = make_pairs(IMAGES, 8, seed=1)
    assert dataset.cardinality() == tf.data.INFINITE_CARDINALITY
    assert endless(dataset) is dataset
    model = keras.Sequential([keras.Input((None, None, 3)), keras.layers.Conv2D(3, 3, padding="same")])
    model.compile("adam", "mse")
    history = model.fit(dataset, steps_per_epoch=7, epochs=1, verbose=0, shuffle=False)
    assert np.isfinite(history.history["loss"]).all()


def test_one_epoch_at_a_time_differs_from_the_next():
    dataset = make_pairs(IMAGES, 8, seed=1, repeat=False)
    assert len(dataset) == 3
    first, second = (np.stack([clean for _, clean in dataset.as_numpy_iterator()]) for _ in range(2))
    assert first.shape == second.shape and (first != second).any()
    assert sorted(number_of(one) for batch in first for one in batch) == list(range(24))


def test_a_named_condition_can_be_learnt_alone():
    degraded, clean = batches(1, degrade=lambda images, seed: degrade(images, CONDITIONS["half size"], seed))
    assert np.abs(np.diff(degraded, axis=3)).mean() < 0.5 * np.abs(np.diff(clean, axis=3)).mean()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"images_uint8": scale_images(IMAGES)}, "uint8 .*Received: float32"),
        ({"images_uint8": IMAGES[0]}, r"shape \(12, 16, 3\)"),
        ({"batch_size": 25}, "batch_size=25 for 24 images"),
        ({"seed": -1}, "seed must be .*Received: -1"),
        ({"crop_size": 13}, "from 1 to 12.*Received: 13"),
        ({"crop_size": 0}, "Received: 0"),
        ({"crop_size": 8.0}, "whole number.*Received: 8.0"),
        ({"degrade": CONDITIONS["mixed"]}, "a function of .*Received: "),
        (
            {"degrade": lambda images, seed: shrink(images, 2)},
            r"same shape.*Received: .*6, 8, 3\) for .*12, 16, 3",
        ),
        ({"degrade": lambda images, seed: images * np.nan}, "Received: float32 values from nan"),
        ({"degrade": lambda images, seed: images * 2}, r"\[-1, 1\]. Received: float32 values from -2"),
        ({"degrade": lambda images, seed: unscale_images(images)}, "floats.*Received: uint8"),
    ],
)
def test_a_wrong_request_is_named_with_the_cure(wrong, says):
    with pytest.raises(ValueError, match=f"(?s){says}.*Most likely fix"):
        make_pairs(**{"images_uint8": IMAGES, "batch_size": 8, **wrong})


def test_darker_copies_follow_the_pictures_and_keep_their_contrast():
    both = with_darker_copies(IMAGES, every=6)
    np.testing.assert_array_equal(both[:24], IMAGES)
    originals, copies = IMAGES[::6].astype(float), both[24:].astype(float)
    assert both.dtype == np.uint8 and len(copies) == 4
    light = copies.sum(axis=(1, 2, 3)) / originals.sum(axis=(1, 2, 3))
    assert (light > 0.19).all() and (light < 0.71).all() and np.ptp(light) > 0.05  # each its own
    assert np.abs(copies - originals * light[:, None, None, None]).max() < 1.5  # rounded, nothing else
    wrapped = (IMAGES[::6] - np.uint8(100)).astype(float)  # planted: dark bytes wrap around to bright ones
    assert np.abs(wrapped - originals * (wrapped.sum() / originals.sum())).max() > 100


def share_of_edges(picture):
    """Return the share of pixels that differ from their right neighbour."""
    return (np.diff(picture, axis=1) != 0).any(axis=-1).mean()


def test_printed_copies_follow_the_pictures_each_with_sharp_shapes_of_its_own():
    grey = np.full((64, 32, 32, 3), 128, np.uint8)
    both = with_printed_copies(grey, every=2)
    np.testing.assert_array_equal(both[:64], grey)
    prints = both[64:].astype(int)
    assert both.dtype == np.uint8 and len(prints) == 32
    assert np.mean((prints != 128).any(axis=(1, 2, 3))) > 0.9  # a disc at a corner may fall outside
    assert len({one.tobytes() for one in prints}) > 28
    assert np.median([share_of_edges(one) for one in prints]) < 0.5  # flat areas
    assert share_of_edges(RNG.integers(0, 256, (32, 32, 3))) > 0.9  # planted: noise is no print
    np.testing.assert_array_equal(with_printed_copies(grey, every=2), both)
