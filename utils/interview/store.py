"""Reviews and interviews in the learner's progress file: what is saved stays, whichever kernel is killed."""

import contextlib
import json
import uuid
from dataclasses import asdict
from datetime import UTC, datetime
from typing import NamedTuple

from utils.data.progress_file import in_transaction, said
from utils.interview.rehearsal import Plan
from utils.interview.schedule import Review


class WentOnError(Exception):
    """Another window has gone on with this interview."""


class Saved(NamedTuple):
    """One interview as it lies in the file."""

    id: str
    plan: Plan
    started: datetime
    seconds: float  # on the clock of the card that is asked now
    events: tuple
    following: int  # the number of the next event


def load_reviews():
    """Every review, in the order in which they were given."""
    return in_transaction(read_reviews)


def read_reviews(connection):
    """Every review on an open file."""
    rows = connection.execute("SELECT id, card, rating, at FROM reviews ORDER BY rowid").fetchall()
    return list(readable(rows, review_in))


def review_in(row):
    """The review in one row; a ValueError when it makes no sense."""
    id_, card, rating, at = row
    if rating not in (1, 2, 3, 4):
        raise ValueError(f"a rating is 1 to 4. Received: {rating!r}")
    return Review(str(id_), str(card), rating, moment(at))


def readable(rows, read):
    """What can be read of some rows; one that was damaged stays in the file and is passed over."""
    for row in rows:
        with contextlib.suppress(ValueError, TypeError, KeyError):
            yield read(row)


def begin(plan, now):
    """Save a new interview; returns its id."""
    interview = uuid.uuid4().hex

    def add(connection):
        row = (interview, plan_text(plan), now.isoformat(), 0.0)
        connection.execute("INSERT INTO interviews VALUES (?, ?, ?, ?)", row)

    in_transaction(add)
    return interview


def add_event(interview, number, event, seconds, review=None):
    """Save an event and the review that it gave, both or none; WentOnError if that number is taken."""

    def add(connection):
        if not connection.execute("SELECT 1 FROM interviews WHERE id = ?", (interview,)).fetchone():
            raise OSError(next(reversed(said), "the interview is not in the progress file"))
        row = (interview, number, json.dumps(event, ensure_ascii=False))
        added = connection.execute("INSERT OR IGNORE INTO events VALUES (?, ?, ?)", row).rowcount
        if not added:
            raise WentOnError
        connection.execute("UPDATE interviews SET seconds = ? WHERE id = ?", (seconds, interview))
        if review:
            add_reviews(connection, [review])

    in_transaction(add)


def add_reviews(connection, reviews):
    """Append reviews that the file does not have yet; returns how many those were."""
    rows = [(review.id, review.card, review.rating, review.at.isoformat()) for review in reviews]
    return connection.executemany("INSERT OR IGNORE INTO reviews VALUES (?, ?, ?, ?)", rows).rowcount


def save_clock(interview, seconds):
    """Save how long the card has been on the table: all that a kill can cost is the time since."""

    def update(connection):
        connection.execute("UPDATE interviews SET seconds = ? WHERE id = ?", (seconds, interview))

    in_transaction(update)


def load_interview(interview):
    """One interview, or None if the file has none of this id."""
    return next(iter(load_interviews("WHERE id = ?", (interview,))), None)


def load_last_pair():
    """The newest interview of two people, or None: a candidate's window asks for it every second."""
    newest = """WHERE rowid = (SELECT MAX(rowid) FROM interviews WHERE plan LIKE '%"pair": true%')"""
    return next(iter(load_interviews(newest)), None)


def load_interviews(which="", values=()):
    """Every interview, or some of them, in the order in which they began."""

    def read(connection):
        rows = connection.execute(f"SELECT * FROM interviews {which} ORDER BY rowid", values).fetchall()
        return list(readable(rows, lambda row: interview_in(connection, row)))

    return in_transaction(read)


def interview_in(connection, row):
    """The interview in one row, with its events; a ValueError or TypeError when it makes no sense."""
    id_, plan, started, seconds = row
    query = "SELECT number, event FROM events WHERE interview = ? ORDER BY number"
    rows = connection.execute(query, (id_,)).fetchall()
    events = tuple(readable([text for _, text in rows], json.loads))
    following = rows[-1][0] + 1 if rows else 0
    return Saved(id_, read_plan(plan), moment(started), float(seconds), events, following)


def read_plan(text):
    """A saved plan; a TypeError or ValueError when it is none."""
    plan = json.loads(text)
    return Plan(**{**plan, "topics": tuple(plan["topics"])})


def plan_text(plan):
    """A plan as it is saved."""
    return json.dumps(asdict(plan), ensure_ascii=False)


def moment(text):
    """A saved time."""
    return datetime.fromisoformat(text).astimezone(UTC)
