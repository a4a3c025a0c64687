"""A linear code is that of an outside library, keeps what varies, and comes back as pictures."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from utils.training.codes import learn_code


def pictures(count=200, seed=0):
    rng = np.random.default_rng(seed)
    base = rng.normal(size=(6, 4 * 5 * 2)) * np.array([8, 5, 3, 1, 0.5, 0.2])[:, None] / 40
    flat = 0.1 + rng.normal(size=(count, 6)) @ base + 0.001 * rng.normal(size=(count, 40))
    return flat.reshape(count, 4, 5, 2).astype("float32")


def assert_is_the_best_linear_code(learn):
    images = pictures()
    oracle = PCA(3).fit(images.reshape(200, -1))
    expected = oracle.inverse_transform(oracle.transform(images.reshape(200, -1))).reshape(images.shape)
    code = learn(images, 3)
    assert code.decode(code.encode(images)) == pytest.approx(np.clip(expected, -1, 1), abs=1e-4)


def test_what_comes_back_is_what_scikit_learn_keeps():
    assert_is_the_best_linear_code(learn_code)


def test_the_directions_that_vary_least_would_be_noticed():
    def least(images, size):
        full = learn_code(images, 40)
        return type(full)(full.mean, full.directions[:, -size:], full.scale[-size:], full.shape)

    with pytest.raises(AssertionError):
        assert_is_the_best_linear_code(least)


@pytest.mark.parametrize(("evenness", "ratio"), [(0.0, 8.0), (0.5, 8**0.5), (1.0, 1.0)])
def test_evenness_says_how_alike_the_numbers_vary(evenness, ratio):
    rng = np.random.default_rng(0)
    images = (rng.normal(size=(5000, 2)) * [0.24, 0.03]).reshape(5000, 1, 2, 1)
    codes = learn_code(images, 2, evenness).encode(images)
    assert codes.dtype == np.float32 and codes.mean(axis=0) == pytest.approx([0, 0], abs=1e-4)
    assert np.mean(codes**2) == pytest.approx(1, abs=1e-3)
    spread = codes.std(axis=0)
    assert spread[0] / spread[1] == pytest.approx(ratio, rel=0.05)


def test_more_numbers_keep_more_and_too_many_are_refused():
    images = pictures()
    gaps = [np.abs((c := learn_code(images, n)).decode(c.encode(images)) - images).mean() for n in (1, 3, 6)]
    assert gaps == sorted(gaps, reverse=True) and gaps[-1] < 0.002
    for size in (0, 41, 200):
        with pytest.raises(ValueError, match=r"must have from 1 to 40 numbers here.* Most likely fix"):
            learn_code(images, size)
