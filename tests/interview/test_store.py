"""The progress file under kills, several kernels and damage: no review that was saved is lost."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from tests.interview.conftest import start
from utils.data import progress_file
from utils.interview import store
from utils.interview.deck import load_deck
from utils.interview.view import view

LEARNERS, SESSIONS = 10, 100  # a thousand sessions
CLICKS = [*["show", "tick", "mark"] * 5, "skip", "pause", "resume", "end", "home", "beat", "speak"]


def clicked(room, lot):
    """One random click of a learner; the points are ticked as they come."""
    action = lot.choice(CLICKS) if room.interview else lot.choice(["start", "continue", "start"])
    if action == "start":
        kind = lot.choice(["interview", "drill"])
        return start(kind=kind, seed=lot.random(), pair=lot.random() < 0.1)
    point = {"part": lot.choice(["must", "bonus", "red_flags"]), "point": lot.randrange(6)}
    return {"do": action, "language": lot.choice(["en", "zh"]), **point}


@pytest.mark.parametrize("learner", range(LEARNERS))
def test_sessions_of_random_clicks_kills_and_clock_jumps_lose_no_review(learner, enter, clock):
    lot, given, rooms = random.Random(learner), [], []
    for _ in range(SESSIONS):
        room = enter()  # a new kernel; the one before was killed where it stood
        rooms = [*rooms[-1:], room]
        for _ in range(lot.randrange(3, 11)):
            room = lot.choice(rooms)  # two windows
            before = {review.id for review in room.reviews}
            room.do(clicked(room, lot))
            given += [review for review in room.reviews if review.id not in before and review not in given]
            clock.wait(seconds=lot.uniform(1, 200))
        clock.wait(days=lot.choice([0, 0, 0, 1, 30, -30, 2000, -2000]))
        assert view(room)["screen"] in ("start", "card", "score")
    saved = store.load_reviews()
    assert len(given) > SESSIONS / 4  # else nothing was tried
    assert {review.id for review in saved} >= {review.id for review in given}
    assert len({review.id for review in saved}) == len(saved)
    assert enter().memories.keys() == {review.card for review in saved}


def test_a_store_that_forgets_is_found(enter, monkeypatch):
    room = enter()
    monkeypatch.setattr(store, "add_reviews", lambda connection, reviews: 0)
    room.do(start())
    room.do({"do": "show"})
    room.do({"do": "mark"})
    assert {review.id for review in store.load_reviews()} != {review.id for review in room.reviews}


WRITER = """
import sys
from utils.interview.room import Room
room = Room()
plan = {"kind": "interview", "level": "senior", "topics": ["measuring"], "minutes": 45}
room.do({"do": "start", **plan})
while True:
    before = len(room.reviews)
    if room.state.over:
        room.do({"do": "start", **plan})
    room.do({"do": "show"})
    room.do({"do": "mark"})
    print(*[review.id for review in room.reviews[before:]], flush=True)
"""


def test_kernels_that_are_killed_while_they_write_lose_nothing_that_was_saved():
    told = []
    for wait in (0.05, 0.11, 0.23, 0.4):
        kernels = [
            subprocess.Popen([sys.executable, "-c", WRITER], stdout=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        for kernel in kernels:
            told += kernel.stdout.readline().split()
        time.sleep(wait)
        for kernel in kernels:
            os.kill(kernel.pid, signal.SIGKILL)
            told += kernel.communicate()[0].rsplit("\n", 1)[0].split()
    assert len(told) > 16
    assert {review.id for review in store.load_reviews()} >= set(told)


@pytest.mark.parametrize("seed", range(60))
def test_a_progress_file_with_random_bytes_in_it_never_stops_the_room(seed, enter, learner_folder, capsys):
    lot = random.Random(seed)
    room = enter()
    room.do(start())
    for _ in range(3):
        room.do({"do": "show"})
        room.do({"do": "mark"})
    path = learner_folder / "progress.sqlite"
    data = bytearray(path.read_bytes())
    for _ in range(lot.choice((1, 10, 100, 3000))):
        data[lot.randrange(len(data))] = lot.randrange(256)
    path.write_bytes(data[: lot.choice((len(data), len(data), lot.randrange(len(data))))])
    progress_file.looked_over.clear()  # the next kernel finds it
    room = enter()
    room.do(start())
    room.do({"do": "show"})
    room.do({"do": "mark"})
    assert room.reviews[-1].id in {review.id for review in store.load_reviews()}
    assert view(room)["screen"] == "card"


def test_what_can_still_be_read_of_a_damaged_file_is_taken_over(enter, learner_folder, capsys):
    room = enter()
    room.do(start())
    room.do({"do": "show"})
    room.do({"do": "mark"})
    kept = store.load_reviews()
    path = learner_folder / "progress.sqlite"
    with sqlite3.connect(path) as connection:  # another table is broken, this one is whole
        connection.execute("DROP TABLE exercises")
        connection.execute("CREATE TABLE exercises (id TEXT PRIMARY KEY, score REAL)")
    connection.close()
    from utils.exercises.record import add_to_record

    add_to_record("2.1", tries=1)
    assert (learner_folder / "progress.sqlite.damaged-1").exists()
    assert store.load_reviews() == kept


def test_a_row_that_makes_no_sense_is_passed_over(enter, learner_folder):
    room = enter()
    room.do(start())
    room.do({"do": "show"})
    room.do({"do": "mark"})
    with sqlite3.connect(learner_folder / "progress.sqlite") as connection:
        connection.execute("INSERT INTO reviews VALUES ('a', 'gan-what', 9, '2026-01-01T00:00:00+00:00')")
        connection.execute("INSERT INTO reviews VALUES ('b', 'gan-what', 3, 'yesterday')")
        connection.execute("INSERT INTO interviews VALUES ('c', '{}', 'today', 0)")
        connection.execute("UPDATE events SET event = '{' WHERE number = 1")
    connection.close()
    assert [review.id for review in store.load_reviews()] == [room.reviews[0].id]
    assert [saved.id for saved in store.load_interviews()] == [room.interview]
    assert view(enter())["screen"] == "start"


def test_reading_the_deck_takes_no_kernel(learner_folder):
    assert load_deck() and not learner_folder.exists()
