"""Prices are what the closed form and the judge say, have a slope, and know which caption asked for what."""

import numpy as np
import pytest
from keras import Sequential, layers, ops
from skimage.metrics import peak_signal_noise_ratio

from utils.data import load_products, scale_images
from utils.metrics.attributes import load_attribute_judge
from utils.metrics.prices import attributes_lost, called_real, distance_to, in_decibels
from utils.metrics.robustness import pgd, random_of_size

RNG = np.random.default_rng(0)
CLEAN = RNG.uniform(-0.5, 0.5, (3, 8, 8, 1)).astype("float32")
DEGRADED = (CLEAN + 0.1 * RNG.normal(size=CLEAN.shape)).astype("float32")


def test_a_discriminator_is_priced_by_its_own_raw_score_and_an_attack_raises_it():
    discriminator = Sequential([layers.Input((8, 8, 1)), layers.Flatten(), layers.Dense(1)])
    price = called_real(discriminator)
    assert np.asarray(price(CLEAN)) == pytest.approx(np.asarray(discriminator(CLEAN))[:, 0])
    gain = np.asarray(price(pgd(price, CLEAN, 0.1))) - np.asarray(price(CLEAN))
    kernel = np.asarray(discriminator.layers[-1].kernel)
    assert gain == pytest.approx(np.full(3, 0.1 * np.abs(kernel).sum()), rel=1e-4)


def nothing(images):
    return ops.convert_to_tensor(images)


def assert_is_the_psnr(price):
    expected = [
        peak_signal_noise_ratio(one, other, data_range=2) for one, other in zip(CLEAN, DEGRADED, strict=True)
    ]
    assert in_decibels(price(CLEAN, nothing)(DEGRADED)) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    "bug",
    [
        lambda clean, restore: lambda y: ops.mean(ops.abs(restore(y) - clean), axis=(1, 2, 3)),
        lambda clean, restore: lambda y: ops.sum(ops.square(restore(y) - clean), axis=(1, 2, 3)),
        lambda clean, restore: lambda y: ops.mean(ops.square(restore(y) - y), axis=(1, 2, 3)),
        lambda clean, restore: distance_to(clean[::-1], restore),
        lambda clean, restore: lambda y: ops.mean(ops.square(restore(y) - clean)) * np.ones(3, "float32"),
    ],
)
def test_a_restorer_is_priced_by_the_error_that_psnr_is_made_of(bug):
    assert_is_the_psnr(distance_to)
    with pytest.raises(AssertionError):
        assert_is_the_psnr(bug)


def test_doing_nothing_pays_what_the_closed_form_says():
    price = distance_to(CLEAN, nothing)
    attacked = np.asarray(price(pgd(price, DEGRADED, 0.05)))
    expected = np.square(np.abs(DEGRADED - CLEAN) + 0.05).mean(axis=(1, 2, 3))  # all pixels, away from clean
    assert attacked == pytest.approx(expected, rel=1e-4)
    by_chance = np.asarray(price(random_of_size(DEGRADED, 0.05)))
    assert by_chance == pytest.approx(np.square(DEGRADED - CLEAN).mean(axis=(1, 2, 3)) + 0.05**2, rel=0.2)


@pytest.fixture(scope="module")
def shop():
    """What 40 catalogue pictures show, and a draw for which a caption is the number of a picture."""
    products = load_products("catalogue", "test", count=40)
    images = scale_images(products.images)
    wanted = {name: products.attributes[name] for name in ("kind", "colour", "pattern")}
    return wanted, lambda latents, vectors: images[(latents + vectors)[:, 0].astype(int)]


def encode(captions):
    return np.array([[float(caption)] for caption in captions])


def assert_counts_what_is_lost(make_price, shop):
    wanted, draw = shop
    price = make_price(encode, draw, np.zeros((1, 1)), load_attribute_judge(), wanted)
    own = np.arange(40)
    costs = price([str(place) for place in own], own)
    assert costs.shape == (40,) and costs.mean() < 0.1
    other = np.roll(own, 1)
    differ = sum((wanted[name] != wanted[name][other]).astype(int) for name in wanted)
    costs = price([str(place) for place in other], own)  # each shows its neighbour's product
    assert np.abs(costs - differ).mean() < 0.1
    few = price(["7", "3", "3"], [7, 3, 7])  # more captions or fewer than were asked for, and twice the same
    assert few[:2].max() < 0.5 < few[2]


def by_place(*parts):
    price = attributes_lost(*parts)
    return lambda captions, which: price(captions, np.arange(len(captions)))


@pytest.mark.parametrize(
    "bug",
    [
        by_place,
        lambda *parts: attributes_lost(*parts[:-1], {"kind": parts[-1]["kind"]}),
        lambda *parts: lambda *asked: -attributes_lost(*parts)(*asked),
        lambda *parts: lambda *asked: attributes_lost(*parts)(*asked) / 3,
        lambda *parts: lambda *asked: 3 - attributes_lost(*parts)(*asked),
    ],
)
def test_a_caption_is_priced_by_the_attributes_that_its_pictures_do_not_show(bug, shop):
    assert_counts_what_is_lost(attributes_lost, shop)
    with pytest.raises(AssertionError):
        assert_counts_what_is_lost(bug, shop)


def test_each_caption_is_drawn_from_each_latent_and_its_own_pictures_are_averaged(shop):
    wanted, draw = shop
    drawn = []

    def noted(latents, vectors):
        drawn.extend((latents + vectors)[:, 0])
        return draw(latents, vectors)

    judge, one, two = load_attribute_judge(), np.array([[0.0]]), np.array([[0.0], [1.0]])
    costs = attributes_lost(encode, noted, two, judge, wanted)(["7", "3", "7"], [7, 3, 3])
    assert drawn == [3, 4, 7, 8], "each different caption once from each latent"
    single = attributes_lost(encode, draw, one, judge, wanted)
    expected = single(["7", "8", "3", "4", "7", "8"], [7, 7, 3, 3, 3, 3]).reshape(3, 2).mean(axis=1)
    assert costs == pytest.approx(expected)
