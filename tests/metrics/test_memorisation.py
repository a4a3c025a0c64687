"""A planted memoriser is caught, a fresh sample is not, and the pairs are the copies."""

import numpy as np
import pytest
from scipy.stats import mannwhitneyu
from sklearn.neighbors import NearestNeighbors

from utils.data import load_products
from utils.data.images import scale_images
from utils.metrics import memorisation as module
from utils.metrics.features import load_features
from utils.metrics.memorisation import memorisation

RNG = np.random.default_rng(0)
MIXING = RNG.normal(size=(16, 16))
SPREADS = np.array([0.2, 1.0, 3.0])  # dense and thin classes


def draw(count, seed):
    rng = np.random.default_rng(seed)
    kinds = rng.integers(3, size=(count, 1))
    return 4 * kinds + SPREADS[kinds] * rng.normal(size=(count, 16)) @ MIXING


TRAIN, HELD_OUT, FRESH = draw(3000, 1), draw(1000, 2), draw(1000, 3)


def mixed(copies, share):
    count = round(share * len(FRESH))
    return np.concatenate([copies[:count], FRESH[count:]])


NOISY = TRAIN + 0.02 * RNG.normal(size=TRAIN.shape)
MEMORISERS = {
    "copies": mixed(TRAIN, 1.0),
    "noisy copies": mixed(NOISY, 1.0),
    "20 % copies": mixed(TRAIN, 0.2),
    "20 % noisy copies": mixed(NOISY, 0.2),
    "5 % copies": mixed(TRAIN, 0.05),
}


@pytest.mark.parametrize("name", MEMORISERS)
def test_memorisers_are_caught(name):
    assert memorisation(TRAIN, HELD_OUT, MEMORISERS[name]).copied.low > 0


def test_a_fresh_sample_is_not_caught():
    found = memorisation(TRAIN, HELD_OUT, FRESH)
    assert found.copied.low <= 0 <= found.copied.high
    assert found.closer.low < 0.5 < found.closer.high


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5, 1.0])
def test_copied_is_the_share_of_the_copies(share):
    copied = memorisation(TRAIN, HELD_OUT, mixed(TRAIN, share)).copied
    assert copied.value == pytest.approx(share, abs=0.02)
    assert copied.low <= share <= copied.high + 1e-9


def test_few_copies_hardly_move_the_share_that_is_closer():
    assert memorisation(TRAIN, HELD_OUT, MEMORISERS["copies"]).closer.value == 1
    assert memorisation(TRAIN, HELD_OUT, MEMORISERS["5 % copies"]).closer.value == pytest.approx(
        0.52, abs=0.04
    )


def test_closer_equals_scipy_mann_whitney():
    held_out, fake = (module.nearness(part, TRAIN)[0] for part in (HELD_OUT, FRESH))
    expected = mannwhitneyu(held_out, fake).statistic / 1e6
    assert module.closer(held_out, fake).value == pytest.approx(expected, rel=1e-9)
    rounded = held_out.round(2), fake.round(2)  # with ties
    expected = mannwhitneyu(*rounded).statistic / 1e6
    assert module.closer(*rounded).value == pytest.approx(expected, rel=1e-9)


def test_nearness_equals_scikit_learn():
    distances, indices = NearestNeighbors(n_neighbors=6).fit(TRAIN).kneighbors(FRESH)
    ratios, nearest = module.nearness(FRESH, TRAIN)
    assert ratios == pytest.approx(distances[:, 0] / distances[:, 1:].mean(axis=1), rel=1e-9)
    assert (nearest == indices[:, 0]).all()


def test_the_first_pairs_are_the_copies_and_their_originals():
    pairs = memorisation(TRAIN, HELD_OUT, MEMORISERS["20 % noisy copies"]).pairs
    assert pairs.shape == (1000, 2) and sorted(pairs[:, 0]) == list(range(1000))
    assert (pairs[:150, 0] == pairs[:150, 1]).all()  # copy i was made from training image i


def false_alarms(copied, studies=400):
    rng = np.random.default_rng(7)
    return np.mean([copied(rng.random(500), rng.random(500)).low > 0 for _ in range(studies)])


def chance_is_certain(held_out, fake):
    """A tail whose limit is taken for exact: held-out images are a sample, too."""
    limit = np.sort(held_out)[max(1, round(module.TAIL * len(held_out))) - 1]
    inside = module.preference_share(int((fake < limit).sum()), len(fake))
    return module.Interval(*(part - module.TAIL for part in inside))


def test_false_alarms_are_rare():
    assert false_alarms(module.copied) <= 0.04
    assert false_alarms(chance_is_certain) > 0.04


def test_an_image_that_training_holds_many_times_is_a_copy_too():
    train = np.concatenate([np.repeat(TRAIN[:1], 10, axis=0), TRAIN])
    assert module.nearness(TRAIN[:1], train)[0] == 0


def test_bad_pictures_are_no_copies():
    found = memorisation(TRAIN, HELD_OUT, FRESH + 50 * RNG.normal(size=FRESH.shape))
    assert found.copied.low <= 0 and found.closer.high < 0.5


def test_plain_distances_would_miss_noisy_copies_of_a_thin_class(monkeypatch):
    def plain(features, train_features):
        indices, distances = module.nearest_neighbours(features, train_features)
        return distances[:, 0], indices[:, 0]

    spread = module.nearest_neighbours(TRAIN, TRAIN, 2)[1][:, 1]
    thin = np.flatnonzero(spread > np.quantile(spread, 0.8))[:200]
    copies = TRAIN[thin] + 0.6 * RNG.normal(size=(200, 16))
    fakes = np.concatenate([copies, FRESH[200:]])
    assert memorisation(TRAIN, HELD_OUT, fakes).copied.low > 0.1
    monkeypatch.setattr(module, "nearness", plain)
    assert memorisation(TRAIN, HELD_OUT, fakes).copied.low < 0.05


@pytest.mark.parametrize(
    ("place", "bad", "words"),
    [
        (0, TRAIN[:50], "train_features must be .* at least 100"),
        (1, HELD_OUT[:99], "held_out_features must be .* at least 100"),
        (2, FRESH * np.nan, "fake_features must be finite"),
        (2, FRESH[:, :3], "same width"),
    ],
)
def test_what_cannot_be_compared_is_refused(place, bad, words):
    given = [TRAIN, HELD_OUT, FRESH]
    given[place] = bad
    with pytest.raises(ValueError, match=words):
        memorisation(*given)


@pytest.fixture(scope="module")
def pictures():
    """Catalogue pictures in grey: 1,500 for training, 500 held out, 500 fresh."""
    images = scale_images(load_products("catalogue", count=2500, image_size=28, channels=1).images)
    return np.split(images, [1500, 2000])


def as_features(images):
    return load_features(28, 1).embed(images)


def as_pixels(images):
    return images.reshape(len(images), -1)


@pytest.mark.parametrize("space", [as_features, as_pixels])
def test_copied_pictures_are_caught_and_fresh_ones_are_not(space, pictures):
    train, held_out, fresh = pictures
    known = space(train), space(held_out)
    assert memorisation(*known, space(fresh)).copied.low <= 0
    for copies in (train[:500], np.concatenate([train[:100], fresh[100:]])):
        assert memorisation(*known, space(copies)).copied.low > 0.1


def test_each_space_is_blind_to_something(pictures):
    """Noise hides copies in our features, and not in pixels."""
    train, held_out, _ = pictures
    noise = 0.1 * np.random.default_rng(0).normal(size=train[:500].shape)
    noisy = np.clip(train[:500] + noise, -1, 1).astype("float32")
    in_features, in_pixels = (
        memorisation(space(train), space(held_out), space(noisy)).copied for space in (as_features, as_pixels)
    )
    assert in_features.low < 0 and in_pixels.low > 0.5
