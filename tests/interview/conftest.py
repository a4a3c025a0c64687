"""A learner's own folder, a clock that a test can set, and a room in which both are used."""

from datetime import UTC, datetime, timedelta

import pytest

from utils.data import progress_file
from utils.interview.deck import TOPICS
from utils.interview.room import Room


@pytest.fixture(autouse=True)
def learner_folder(tmp_path, monkeypatch):
    """An empty folder of the learner; what the kernel remembers of another one is forgotten."""
    folder = tmp_path / "learner"
    monkeypatch.setenv("COURSE_FOLDER", str(folder))
    progress_file.in_memory.clear()
    progress_file.said.clear()
    progress_file.looked_over.clear()
    return folder


class Clock:
    """Both clocks of a machine: the date, which may jump, and the seconds since it was started."""

    def __init__(self):
        self.date, self.seconds = datetime(2026, 11, 26, 9, tzinfo=UTC), 0.0

    def now(self):
        """The date and time."""
        return self.date

    def ticks(self):
        """Seconds that only grow."""
        return self.seconds

    def wait(self, **span):
        """Let time pass on both."""
        span = timedelta(**span)
        self.date, self.seconds = self.date + span, self.seconds + span.total_seconds()


@pytest.fixture
def clock():
    """A clock that stands still until it is told to go."""
    return Clock()


@pytest.fixture
def enter(clock):
    """Enter a room as a fresh kernel does."""
    return lambda language="en", role="alone": Room(language, role, now=clock.now, ticks=clock.ticks)


def start(topics=TOPICS, **other):
    """The action that begins an interview."""
    plan = {"kind": "interview", "level": "senior", "minutes": 15, "seed": 1}
    return {"do": "start", "topics": list(topics), **plan, **other}


def answer(room, must=None):
    """Open the answer, tick points of the card on the table (all of them), save."""
    room.do({"do": "show"})
    for point in range(len(room.card.must)) if must is None else must:
        room.do({"do": "tick", "part": "must", "point": point})
    room.do({"do": "mark"})
