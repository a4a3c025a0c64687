"""The sliding DCT equals a slow one built of scipy, and takes noise out of a photo."""

import numpy as np
import pytest
from scipy.fft import dctn, idctn
from skimage import data

from utils.metrics import sliding_dct as module
from utils.metrics.sliding_dct import dct_basis, sliding_dct

RNG = np.random.default_rng(0)
PHOTO = data.astronaut()[100:120, 200:217] / 255
NOISY = PHOTO + RNG.normal(0, 0.1, PHOTO.shape)


def slow(picture, threshold, size=8):
    """Block by block, as the definition says."""
    margin = size - 1
    padded = np.pad(picture, ((margin, margin), (margin, margin), (0, 0)), mode="symmetric")
    total, weight = np.zeros_like(padded), np.zeros_like(padded)
    for y, x in np.ndindex(padded.shape[0] - margin, padded.shape[1] - margin):
        window = np.s_[y : y + size, x : x + size]
        coefficients = dctn(padded[window], norm="ortho")
        kept = np.abs(coefficients) > threshold
        kept[0, 0] = True
        trust = 1 / kept.sum()
        total[window] += trust * idctn(coefficients * kept, norm="ortho")
        weight[window] += trust
    return (total / weight)[margin:-margin, margin:-margin]


def assert_equals_the_slow_one():
    for picture in (NOISY, NOISY[..., :1]):
        assert sliding_dct(picture, 0.25) == pytest.approx(slow(picture, 0.25), abs=1e-9)


def test_sliding_dct_equals_a_slow_one_built_of_scipy():
    assert_equals_the_slow_one()


def test_a_basis_of_other_lengths_differs(monkeypatch):
    monkeypatch.setattr(
        module, "dct_basis", lambda size: dct_basis(size) * np.where(np.arange(size), 1, 2)[:, None]
    )
    with pytest.raises(AssertionError):
        assert_equals_the_slow_one()


@pytest.mark.parametrize("size", [1, 3, 8])
def test_the_basis_is_orthogonal_of_length_one(size):
    assert dct_basis(size) @ dct_basis(size).T == pytest.approx(np.eye(size), abs=1e-12)


def test_a_threshold_of_zero_changes_nothing():
    assert sliding_dct(NOISY, 0) == pytest.approx(NOISY)
    assert sliding_dct(NOISY, 0.25) != pytest.approx(NOISY, abs=0.01)


def test_an_endless_threshold_keeps_the_mean_of_the_blocks():
    flat = np.full((16, 16, 3), (0.2, 0.5, 0.9))
    assert sliding_dct(flat, 1e9) == pytest.approx(flat)


def test_noise_is_less_than_half_what_it_was():
    def error(picture):
        return np.sqrt(np.square(picture - PHOTO).mean())

    assert error(sliding_dct(NOISY, 0.3)) < error(NOISY) / 2
    assert error(sliding_dct(NOISY, 0.01)) > error(NOISY) / 2  # planted: a threshold in the wrong unit
