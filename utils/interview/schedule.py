"""When a card comes back: the FSRS scheduler, replayed over every review that was ever saved."""

from datetime import datetime
from typing import NamedTuple

from fsrs import Card as Memory  # what is remembered of one card: stability, difficulty, due date
from fsrs import Rating, Scheduler

SCHEDULER = Scheduler(desired_retention=0.9, enable_fuzzing=False)  # without chance: a replay gives the same


class Review(NamedTuple):
    """One answer to one card, as it is saved."""

    id: str
    card: str
    rating: int  # 1 again, 2 hard, 3 good, 4 easy
    at: datetime


def schedule(reviews, now):
    """What is remembered of each card: {card: Memory}; reviews in the order in which they were given."""
    given = {}
    for review in reviews:
        given.setdefault(review.card, []).append(review)
    return {card: remember(its_reviews, now) for card, its_reviews in given.items()}


def remember(reviews, now):
    """The memory of one card after its reviews."""
    times = trusted_times([review.at for review in reviews], now)
    memory = Memory(card_id=0, due=times[0])
    for review, at in zip(reviews, times, strict=True):
        memory, _ = SCHEDULER.review_card(memory, Rating(review.rating), review_datetime=at)
    if reviews[-1].at > now:  # nobody knows how long ago that was: ask it now
        memory.due = now
    return memory


def trusted_times(times, now):
    """Times that never run back and never lie ahead, whatever the clock was set to when they were taken."""
    trusted, latest = [], now
    for at in reversed(times):
        latest = at if at <= now else latest  # a time from the future becomes that of the next review
        trusted.append(latest)
    trusted.reverse()
    for place in range(1, len(trusted)):
        trusted[place] = max(trusted[place], trusted[place - 1])
    return trusted


def recall_chance(memory, now):
    """How likely the answer is still known, 0 to 1; what was never asked has 0."""
    return SCHEDULER.get_card_retrievability(memory, now) if memory else 0.0


def rating(said, count, bonus, slips, in_time):
    """How well a card was answered, 1 to 4, from the points that were said and the slips that were made."""
    points = said - slips
    if 2 * points < count:
        return 1
    if points < count:
        return 2
    return 4 if bonus and in_time else 3
