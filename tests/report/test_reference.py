"""What pictures are compared with: the source of their size, another by name, or a folder of photos."""

import numpy as np
import pytest
from PIL import Image

from utils.data import scale_images
from utils.report import reference as module
from utils.report.reference import check_name, fitting_reference, load_reference, load_source, seen


@pytest.fixture
def small_sources(monkeypatch):
    """load_products, but with few pictures; Fashion-MNIST is out of reach."""
    asked, load = [], module.load_products

    def few(source, split, **wanted):
        asked.append((source, wanted))
        if source == "fashion-mnist":
            assert wanted.pop("fallback") == "catalogue"
            source = "catalogue"
        return load(source, split, **wanted | ({"count": 30} if source == "catalogue" else {}))

    monkeypatch.setattr(module, "load_products", few)
    load_source.cache_clear()
    yield asked
    load_source.cache_clear()


def test_the_size_tells_the_source():
    assert fitting_reference((28, 28, 1)) == "fashion-mnist"
    assert fitting_reference((32, 32, 3)) == "catalogue"
    for shape in ((28, 28, 3), (32, 32, 1), (64, 64, 3)):
        words = " x ".join(map(str, shape))
        with pytest.raises(ValueError, match=f"Received: {words}. Most likely fix.*reference="):
            fitting_reference(shape)


def test_both_parts_are_seen_with_the_network_of_their_size(reference):
    assert reference.train.dtype == np.uint8 and reference.train.shape[1:] == (32, 32, 3)
    wanted = reference.network.embed(scale_images(reference.held_out[:20]))
    near = {"rtol": 1e-5, "atol": 1e-5}  # of numbers near 3: another batch adds up in another order
    np.testing.assert_allclose(reference.held_out_features[:20], wanted, **near)
    assert not np.allclose(reference.train_features[:20], wanted)  # planted: the same part twice


def test_a_source_out_of_reach_is_replaced_and_named(small_sources):
    found = load_reference("fashion-mnist", 1)
    assert (found.name, found.instead_of) == ("catalogue", "fashion-mnist")
    assert load_reference("fashion-mnist", 1) is found and len(small_sources) == 2  # seen once
    assert load_reference("catalogue", 3).instead_of == ""


def test_a_folder_of_photos_is_a_reference(tmp_path):
    for number in range(30):
        pixels = np.random.default_rng(number).integers(0, 256, (40, 40, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"{number:02d}.png")
    found = load_reference(tmp_path, 3)
    assert found.name == tmp_path.name and found.instead_of == ""
    assert len(found.train) + len(found.held_out) == 30 and len(found.held_out) >= 1
    assert load_reference(str(tmp_path), 1).train.shape[1:] == (28, 28, 1)


@pytest.mark.parametrize("name", ["photos", "fashion_mnist", "no/such/folder", 3, np.zeros((2, 4, 4, 1))])
def test_what_is_no_reference_is_refused(name):
    with pytest.raises(
        ValueError, match="must be catalogue, fashion-mnist, clothing-photos or a folder.*Received: "
    ):
        check_name(name)


def test_fashion_mnist_has_no_colours():
    with pytest.raises(ValueError, match="Fashion-MNIST is grey.*Most likely fix"):
        load_reference("fashion-mnist", 3)


def test_few_pictures_are_seen_in_parts(monkeypatch, reference):
    monkeypatch.setattr(module, "PART", 150)
    found = seen("catalogue", "catalogue", 3, count=400)
    np.testing.assert_allclose(found.train_features, reference.train_features, rtol=1e-5)
    assert len(found.held_out) == 150
