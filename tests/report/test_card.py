"""The numbers of a report are those of utils.metrics, at equal numbers on both sides."""

import numpy as np
import pytest

from utils.metrics.coverage import density_coverage, precision_recall
from utils.metrics.distribution import frechet_distance, kernel_distance
from utils.metrics.opinion import Interval
from utils.report.card import LEAST, STEPS, measure, spread, twin_shares, within

SHARES = ("precision", "recall", "coverage", "twins")


def test_numbers_are_those_of_the_metrics_and_the_yardstick_has_as_many_pictures(planted, reference):
    images = planted["fresh"][:200]
    card = measure(images, reference)
    features, real = reference.network.embed(images), reference.train_features[:200]
    held_out = reference.held_out_features[:200]
    for name, metric in (
        ("FID", frechet_distance),
        ("KID", kernel_distance),
        ("precision", lambda *both: precision_recall(*both)[0]),
        ("recall", lambda *both: precision_recall(*both)[1]),
        ("density", lambda *both: density_coverage(*both)[0]),
        ("coverage", lambda *both: density_coverage(*both)[1]),
    ):
        reading = card.readings[name]
        assert reading.found.value == pytest.approx(metric(real, features), rel=1e-9), name
        assert reading.real == pytest.approx(metric(real, held_out), rel=1e-9), name
        assert reading.found.low <= reading.found.value <= reading.found.high
    assert card.count == 200 and len(card.images) == 200
    # planted: another number of real pictures is another FID
    assert card.readings["FID"].real != pytest.approx(
        frechet_distance(reference.train_features, reference.held_out_features), rel=0.1
    )


def test_known_generators_read_as_they_should(planted, reference):
    cards = {name: measure(planted[name], reference) for name in ("one picture", "memoriser", "fresh")}
    numbers = {
        name: {key: reading.found.value for key, reading in card.readings.items()}
        for name, card in cards.items()
    }
    assert numbers["one picture"]["diversity"] == pytest.approx(0, abs=1e-5)
    assert numbers["one picture"]["twins"] == 1 and numbers["fresh"]["twins"] < 0.03
    assert numbers["memoriser"]["copies"] > 0.9 and abs(numbers["fresh"]["copies"]) < 0.03
    assert numbers["memoriser"]["FID"] < 1e-6 < numbers["fresh"]["FID"]  # FID praises what it cannot see
    pairs = cards["memoriser"].copies
    assert (pairs[:, 0] == pairs[:, 1]).mean() > 0.99  # each is its own original


def test_strange_pictures_come_first_among_the_strange(planted, reference):
    images = planted["fresh"][:200].copy()
    images[[17, 90]] = planted["noise"][:2]
    assert set(measure(images, reference).strange[:2, 0]) == {17, 90}


def test_twins_must_be_near_in_pixels_and_in_features(reference):
    rng = np.random.default_rng(0)
    spread_out, close = rng.normal(size=(200, 5)) * 10, rng.normal(size=(200, 5)) * 1e-3
    for pixels, features, wanted in ((close, close, 200), (close, spread_out, 0), (spread_out, close, 0)):
        twins, real = twin_shares(pixels, features, spread_out, spread_out)
        assert twins <= 2 if wanted == 0 else twins == wanted
        assert real == pytest.approx(0.01)


def test_no_interval_leaves_what_the_number_can_be(planted, reference):
    readings = measure(planted["fresh"][:LEAST], reference).readings
    assert all(readings[name].found.low >= 0 and readings[name].found.high <= 1 for name in SHARES)
    assert readings["FID"].found.low >= 0 > readings["KID"].found.low
    assert within(Interval(0.5, -1, 2), 0, 1) == (0.5, 0, 1)


def test_diversity_is_the_distance_of_two_pictures():
    rows = np.random.default_rng(0).normal(size=(50, 3))
    gaps = np.linalg.norm(rows[:, None] - rows, axis=-1)
    assert spread(rows) == pytest.approx(np.sqrt(np.square(gaps).sum() / (50 * 49)))


def test_below_a_hundred_pictures_copies_are_not_told_but_shown(planted, reference):
    card = measure(planted["memoriser"][:LEAST], reference)
    assert card.readings["copies"].found is None and card.copies.shape == (LEAST, 2)
    np.testing.assert_array_equal(np.sort(card.copies[:, 1]), np.arange(LEAST))


def test_too_few_on_any_side_are_refused(planted, reference):
    few = reference._replace(
        held_out_features=reference.held_out_features[:5], held_out=reference.held_out[:5]
    )
    for images, real in ((planted["fresh"][: LEAST - 1], reference), (planted["fresh"], few)):
        with pytest.raises(ValueError, match=f"{LEAST} pictures or more.*Received: .*Most likely fix"):
            measure(images, real)
    with pytest.raises(ValueError, match="Received: 1 pictures, 400 real ones"):
        measure(planted["fresh"][:1], reference)


def test_the_steps_are_told_for_a_progress_bar(planted, reference):
    told = []
    measure(planted["fresh"][:50], reference, step=told.append)
    assert len(told) == STEPS
