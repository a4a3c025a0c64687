"""Inception reads its weights from disk alone, takes our images, 2,048 numbers out. About 30 CPU seconds."""

import warnings

import keras
import numpy as np
import pytest

from utils.metrics import inception
from utils.metrics.inception import FILE, VARIABLE, inception_weights, load_inception


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """Weights that were never trained, in the old format of those that Keras offers (88 MB)."""
    keras.utils.set_random_seed(0)
    path = tmp_path_factory.mktemp("inception") / FILE
    network = keras.applications.InceptionV3(include_top=False, pooling="avg", weights=None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras would rather store its new format
        network.save(path)
    yield path, network
    path.unlink()


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """A machine without the weights."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    return tmp_path


def test_without_weights_it_says_where_it_looked(nowhere):
    assert inception_weights() is None
    with pytest.raises(OSError, match="Received: no file at .*models.*Most likely fix.*load_features"):
        load_inception()


def test_the_named_file_comes_before_the_folder_of_keras(nowhere, monkeypatch, tmp_path):
    cached = nowhere / "models" / FILE
    cached.parent.mkdir()
    cached.touch()
    assert inception_weights() == cached
    monkeypatch.setenv(VARIABLE, str(tmp_path / "mine.h5"))
    assert inception_weights() is None  # who names a file wants that one and no other
    (tmp_path / "mine.h5").touch()
    assert inception_weights() == tmp_path / "mine.h5"


def test_a_damaged_file_is_named(nowhere, monkeypatch, tmp_path):
    (tmp_path / "bad.h5").write_bytes(b"no weights")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "bad.h5"))
    with pytest.raises(OSError, match=r"whole file.*bad\.h5.*fetch it again"):
        load_inception()


def by_hand(network, images):
    """The same in Keras's own steps: its resizing layer and its preprocessing, of bytes."""
    resize = keras.layers.Resizing(299, 299, "bicubic", antialias=True)
    large = np.clip(keras.ops.convert_to_numpy(resize(127.5 * (images + 1))), 0, 255)
    prepared = keras.applications.inception_v3.preprocess_input(large)
    return keras.ops.convert_to_numpy(network(prepared, training=False))


def assert_equals_keras(features, expected):
    assert features.shape == (2, 2048) and features.dtype == np.float64
    # without training all pictures look nearly alike, so what counts is how these two differ
    gaps, wanted = features[0] - features[1], expected[0] - expected[1]
    assert np.abs(features - expected).max() < 1e-3 * np.abs(expected).max()
    assert np.abs(gaps - wanted).max() < 0.02 * np.abs(wanted).max()


def test_features_are_those_of_keras(weights, nowhere, monkeypatch):
    path, network = weights
    monkeypatch.setenv(VARIABLE, str(path))
    loaded = load_inception()
    images = np.random.default_rng(0).uniform(-1, 1, (2, 40, 32, 3)).astype("float32")
    expected = by_hand(network, images)
    assert_equals_keras(loaded.embed(images), expected)
    with pytest.raises(AssertionError):
        assert_equals_keras(loaded.embed((images + 1) / 2), expected)  # the range is [0, 1]
    monkeypatch.setattr(inception, "BATCH", 1)  # grey, in two batches, is colour thrice the same
    grey = images[..., :1]
    assert np.abs(loaded.embed(grey) - loaded.embed(np.repeat(grey, 3, axis=-1))).max() < 1e-6
    with pytest.raises(ValueError, match="scale_images"):
        loaded.embed(np.full((2, 28, 28, 1), 255.0))
