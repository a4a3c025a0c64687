"""Generators with known faults have exactly those faults."""

import numpy as np
import pytest

from utils.data import load_products
from utils.data.images import scale_images
from utils.metrics.distribution import frechet_distance
from utils.metrics.features import load_features
from utils.metrics.yardsticks import known_generators, main

PRODUCTS = load_products("catalogue", "test", count=600)
IMAGES = scale_images(PRODUCTS.images)
GENERATORS = known_generators(IMAGES, PRODUCTS.class_ids)


def test_stuck_generators_have_no_variety():
    for name in ("one image, always", "the mean image, always"):
        assert np.ptp(GENERATORS[name], axis=0).max() == 0, name
    assert np.ptp(GENERATORS["real, held out"], axis=0).max() > 1


def test_the_missing_half_is_missing():
    left = load_features(32, 3).classify(GENERATORS["half of the classes missing"], PRODUCTS.class_names)
    assert len(np.unique(left)) <= len(PRODUCTS.class_names) // 2 + 1  # a rare error of the network
    assert len(GENERATORS["half of the classes missing"]) > 200


def test_every_fault_reads_worse_than_real_images():
    network = load_features(32, 3)
    real = network.embed(scale_images(load_products("catalogue", count=600).images))
    readings = {name: frechet_distance(real, network.embed(x)) for name, x in GENERATORS.items()}
    fair = readings.pop("real, held out")
    assert fair < 5
    assert min(readings.values()) > 2 * fair, readings


def test_generators_repeat_with_the_seed():
    again = known_generators(IMAGES, PRODUCTS.class_ids)
    other = known_generators(IMAGES, PRODUCTS.class_ids, seed=1)
    assert (again["uniform noise"] == GENERATORS["uniform noise"]).all()
    assert (other["uniform noise"] != GENERATORS["uniform noise"]).any()


def test_the_command_refuses_a_size_without_network(capsys):
    with pytest.raises(SystemExit):
        main(["64", "3"])
    assert "must be one of (28, 1), (32, 3)" in capsys.readouterr().err
