"""What these tests share: a small reference, and generators that each have one known fault."""

import numpy as np
import pytest

from utils.data import load_products, scale_images
from utils.report import findings
from utils.report.reference import seen

COUNT = 400


@pytest.fixture(autouse=True)
def enough(monkeypatch):
    """So few pictures are enough for these tests, else they would take minutes."""
    monkeypatch.setattr(findings, "FEW", COUNT)


@pytest.fixture(scope="session")
def reference():
    """Some training pictures of the catalogue in colour, and as many held out."""
    return seen("catalogue", "catalogue", 3, count=COUNT)


@pytest.fixture(scope="session")
def fresh():
    """Real pictures in [-1, 1]; the second half is in no reference."""
    return scale_images(load_products("catalogue", "test", count=2 * COUNT).images)


@pytest.fixture(scope="session")
def planted(reference, fresh):
    """{name: pictures} of generators whose fault is known."""
    rng, real = np.random.default_rng(0), fresh[COUNT:]
    noise = rng.uniform(-1, 1, real.shape).astype("float32")
    classes = load_products("catalogue", "test", count=2 * COUNT).class_ids
    mixed = real.copy()
    mixed[: COUNT // 5] = scale_images(reference.train[: COUNT // 5])
    return {
        "fresh": real,
        "one picture": np.repeat(real[:1], COUNT, axis=0),
        "ten pictures": real[rng.integers(10, size=COUNT)],
        "noise": noise,
        "memoriser": scale_images(reference.train),
        "a fifth memorised": mixed,
        "two kinds": fresh[np.isin(classes, classes[:2])],
    }
