"""The scheduler: no card lost, never due before its last review, whatever the clock was set to."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from utils.interview.schedule import Review, rating, recall_chance, remember, schedule, trusted_times

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)


def reviews_at(*days, card="gan-what", rating=3):
    return [Review(f"{card} {n}", card, rating, NOW + timedelta(days=day)) for n, day in enumerate(days)]


def test_a_card_that_is_known_comes_back_later_and_later():
    days, gaps = [-200.0], []
    for _ in range(5):
        due = remember(reviews_at(*days), NOW).due
        gaps.append((due - NOW).total_seconds() / 86400 - days[-1])
        days.append(days[-1] + gaps[-1])
    assert gaps == sorted(gaps) and gaps[0] < 0.1 and gaps[-1] > 7


def test_a_forgotten_card_comes_back_within_minutes():
    memory = remember([*reviews_at(-30, -20), *reviews_at(0, rating=1)], NOW)
    assert NOW < memory.due <= NOW + timedelta(minutes=10)


def test_what_was_never_asked_is_not_known_and_what_was_just_said_is():
    assert recall_chance(None, NOW) == 0
    assert recall_chance(remember(reviews_at(0), NOW), NOW) == 1


@pytest.mark.parametrize("seed", range(200))
def test_no_card_is_lost_and_none_is_due_before_its_last_review(seed):
    lot = random.Random(seed)
    reviews = [
        Review(str(n), lot.choice("abcde"), lot.randint(1, 4), NOW + timedelta(days=lot.uniform(-4000, 4000)))
        for n in range(lot.randint(1, 40))
    ]
    memories = schedule(reviews, NOW)
    assert memories.keys() == {review.card for review in reviews}
    for card, memory in memories.items():
        assert memory.last_review <= NOW and memory.due >= memory.last_review
        known = [review.at for review in reviews if review.card == card and review.at <= NOW]
        assert not known or memory.last_review >= max(known)


@pytest.mark.parametrize("seed", range(50))
def test_trusted_times_never_run_back_and_keep_what_is_right(seed):
    lot = random.Random(seed)
    right = sorted(NOW - timedelta(days=lot.uniform(0, 100)) for _ in range(8))
    assert trusted_times(right, NOW) == right
    wrong = list(right)
    wrong[lot.randrange(8)] += timedelta(days=lot.choice((-9000, 9000)))
    trusted = trusted_times(wrong, NOW)
    assert trusted == sorted(trusted) and trusted[-1] <= NOW


def test_times_as_they_come_would_run_back():
    times = [NOW, NOW - timedelta(days=9000)]
    assert times != sorted(times) and trusted_times(times, NOW) == [NOW, NOW]


def test_a_clock_that_was_set_ahead_does_not_hide_the_card_for_years():
    ahead = reviews_at(1500)
    assert remember(ahead, NOW).due <= NOW  # as fsrs alone would have it: in four years
    again = [*ahead, *reviews_at(0)]
    assert remember(again, NOW + timedelta(days=1)).due <= NOW + timedelta(days=30)


@pytest.mark.parametrize(
    ("said", "bonus", "slips", "in_time", "expected"),
    [
        (4, 0, 0, True, 3),
        (4, 1, 0, True, 4),
        (4, 1, 0, False, 3),
        (3, 0, 0, True, 2),
        (2, 0, 0, True, 2),
        (1, 0, 0, True, 1),
        (4, 2, 1, True, 2),
        (4, 2, 3, True, 1),
    ],
)
def test_a_rating_follows_what_was_said(said, bonus, slips, in_time, expected):
    assert rating(said, 4, bonus, slips, in_time) == expected
