"""How fast the rehearsal is: start of the terminal, next card, deck, and a learner with thousands of reviews.

python tests/benchmarks/interview.py
"""

import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta


def seconds(work, times=20):
    """Median seconds of some runs."""
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return sorted(taken)[times // 2]


def command(*arguments):
    """Start Python with these arguments and leave at once."""
    return lambda: subprocess.run(
        [sys.executable, *arguments], input="q\n", text=True, capture_output=True, check=True
    )


def main():
    """Print one table."""
    os.environ["COURSE_FOLDER"] = tempfile.mkdtemp()
    rows = [("bare Python", seconds(command("-c", "pass"), 9))]
    rows.append(("python -m utils.interview", seconds(command("-m", "utils.interview"), 9)))

    from utils.data.progress_file import in_transaction
    from utils.interview import store
    from utils.interview.deck import TOPICS, load_deck, load_topic, read_file
    from utils.interview.room import Room
    from utils.interview.schedule import Review
    from utils.interview.view import view

    def read_deck():
        for cached in (load_deck, load_topic, read_file):
            cached.cache_clear()
        load_deck()

    rows.append((f"read the deck, {len(load_deck())} cards", seconds(read_deck, 5)))
    room = Room()
    plan = {"kind": "interview", "level": "senior", "topics": list(TOPICS), "minutes": 45}
    room.do({"do": "start", **plan})

    def next_card():
        room.do({"do": "show"})
        room.do({"do": "mark"})
        view(room)

    rows.append(("marks saved, next card drawn", seconds(next_card)))
    now, cards = datetime.now(UTC), list(load_deck())
    many = [
        Review(f"old {n}", cards[n % len(cards)], 3, now - timedelta(days=200 - n / 30)) for n in range(5000)
    ]
    in_transaction(lambda connection: store.add_reviews(connection, many))
    rows.append(("enter the room with 5,000 reviews", seconds(Room, 5)))
    for name, taken in rows:
        print(f"{name:36} {1000 * taken:8.1f} ms {taken / rows[0][1]:8.2f} x bare Python")


if __name__ == "__main__":
    main()
