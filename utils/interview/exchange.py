"""Take the rehearsal to another machine: reviews and interviews out of the progress file, and into one."""

import json
import math
from dataclasses import asdict
from pathlib import Path

from utils.data.progress_file import in_transaction
from utils.data.storage import write_atomic
from utils.interview import store
from utils.interview.schedule import Review

FORM = "product-image-course rehearsal 1"


def export_to(path):
    """Write every review and interview to one file; returns how many reviews those are."""
    reviews, interviews = store.load_reviews(), store.load_interviews()
    content = {
        "form": FORM,
        "reviews": [[*review[:3], review.at.isoformat()] for review in reviews],
        "interviews": [
            [one.id, asdict(one.plan), one.started.isoformat(), one.seconds, one.events] for one in interviews
        ],
    }
    text = json.dumps(content, ensure_ascii=False)
    write_atomic(path, lambda place: Path(place).write_text(text, encoding="utf-8"))
    return len(reviews)


def import_from(path):
    """Add what only the file has, replace nothing; returns how many reviews were new."""
    reviews, interviews = checked(path)

    def merge(connection):
        known = store.read_reviews(connection)
        ids = {review.id for review in known}
        new = [review for review in reviews if review.id not in ids]
        if new:  # the order in the file is the order of the answers: put both halves together by their times
            connection.executemany("DELETE FROM reviews WHERE id = ?", [(id_,) for id_ in ids])
            store.add_reviews(connection, sorted([*known, *new], key=lambda review: review.at))
        for id_, plan, started, seconds, events in interviews:
            row = (id_, json.dumps(plan, ensure_ascii=False), started, seconds)
            connection.execute("INSERT OR IGNORE INTO interviews VALUES (?, ?, ?, ?)", row)
            rows = [(id_, n, json.dumps(event, ensure_ascii=False)) for n, event in enumerate(events)]
            connection.executemany("INSERT OR IGNORE INTO events VALUES (?, ?, ?)", rows)
        return len(new)

    return in_transaction(merge)


def checked(path):
    """The content of an exported file; a ValueError says what is wrong with it."""
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
        if content["form"] != FORM:
            raise ValueError(f"form {content['form']!r}")
        reviews = [
            Review(str(id_), str(card), int(rating), store.moment(at))
            for id_, card, rating, at in content["reviews"]
        ]
        if any(review.rating not in (1, 2, 3, 4) for review in reviews):
            raise ValueError("a rating that is not 1 to 4")
        interviews = [
            (
                str(id_),
                dict(plan),
                store.moment(started).isoformat(),
                float(seconds),
                [dict(e) for e in events],
            )
            for id_, plan, started, seconds, events in content["interviews"]
        ]
        if not all(math.isfinite(seconds) for *_, seconds, _ in interviews):
            raise ValueError("a time that never ends")
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError(
            f"A rehearsal file, written by `python -m utils.interview export`, must be read. "
            f"Received: {Path(path).name} ({type(error).__name__}: {error}). "
            "Most likely fix: export it again and copy the whole file."
        ) from error
    return reviews, interviews
