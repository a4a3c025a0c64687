"""What a training with a lever sees and returns, on a few steps of the catalogue."""

import numpy as np
import pytest

from utils.data import load_products
from utils.training import levers
from utils.training.levers import LEVERS, SCORES, one_training


@pytest.fixture(autouse=True)
def few_pictures(monkeypatch):
    """Give drawn products in the place of photos: 80 to learn from and 60 to be judged on."""
    images = load_products("catalogue", "train", count=140, image_size=32).images
    monkeypatch.setattr(levers, "all_photos", lambda: images)


def test_a_training_is_judged_on_pictures_that_it_never_saw(monkeypatch):
    seen = []

    def make_dataset(images, *arguments, **settings):
        seen.append(images)
        return levers_make_dataset(images, *arguments, **settings)

    levers_make_dataset = levers.make_dataset
    monkeypatch.setattr(levers, "make_dataset", make_dataset)
    judged = []
    monkeypatch.setattr(levers, "scores_of", lambda generator, unseen: judged.append(unseen) or {"FID": 1.0})
    row = one_training("baseline", LEVERS["baseline"], 80, 2, seed=0)
    assert len(seen[0]) == 80 and len(judged[0]) == len(judged[1]) == 60
    embedded = levers.load_features(32, 3).embed(levers.scale_images(seen[0]))
    assert not (judged[0][:, None] == embedded[None]).all(axis=-1).any()
    assert (embedded[:5, None] == embedded[None]).all(axis=-1).any()  # planted: one of the seen pictures
    assert row["CPU s"] >= 0 and set(row) == {"CPU s", "FID", "last"}


@pytest.mark.parametrize(
    "lever", ["baseline", "feature matching", "augment reals only", "DiffAugment", "ADA"]
)
def test_each_lever_trains_and_has_all_scores(lever):
    row = one_training(lever, LEVERS[lever], 80, 2, seed=0)
    assert set(SCORES) <= set(row) and set(row["last"]) == set(SCORES)
    assert all(np.isfinite(row[name]) for name in SCORES)


def test_another_seed_gives_another_training():
    same = [one_training("baseline", LEVERS["baseline"], 80, 2, seed)["KID"] for seed in (0, 0, 1)]
    assert same[0] == pytest.approx(same[1], rel=1e-3) and same[0] != pytest.approx(same[2], rel=1e-3)
