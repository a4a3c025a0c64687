"""What a learner has tried, solved and asked: one SQLite file for many kernels that survives damage."""

import contextlib
import sqlite3
import sys
from dataclasses import dataclass

WAIT = 5.0  # seconds for another kernel to finish its own few milliseconds of writing
TABLE = """CREATE TABLE IF NOT EXISTS exercises (
    id TEXT PRIMARY KEY, tries INTEGER NOT NULL, solved INTEGER NOT NULL, hints INTEGER NOT NULL)"""
ADD = """INSERT INTO exercises VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
    tries = tries + excluded.tries, solved = MAX(solved, excluded.solved), hints = hints + excluded.hints"""

in_memory = []  # the stand-in for this kernel while the file cannot be written
said = set()  # what this kernel was told already


@dataclass(frozen=True)
class Record:
    """One exercise of one learner: how often tried, whether ever solved, how many hints."""

    tries: int = 0
    solved: bool = False
    hints: int = 0


def add_to_record(exercise_id, *, tries=0, solved=False, hints=0):
    """Add to what is known of an exercise and return its Record."""

    def add(connection):
        connection.execute("BEGIN IMMEDIATE")  # take the lock first: two kernels add up, one after the other
        connection.execute(TABLE)
        connection.execute(ADD, (exercise_id, tries, int(solved), hints))
        return read(connection)[exercise_id]

    return in_transaction(add)


def load_record():
    """Every exercise that was ever tried or asked about: {id: Record}."""

    def load(connection):
        connection.execute("BEGIN")
        connection.execute(TABLE)
        return read(connection)

    return in_transaction(load)


def read(connection):
    """All rows as {id: Record}."""
    rows = connection.execute("SELECT id, tries, solved, hints FROM exercises").fetchall()
    return {row[0]: Record(row[1], bool(row[2]), row[3]) for row in rows}


def in_transaction(work):
    """Do the work on the file, or in memory and with one line about it where the file cannot be kept."""
    try:
        from utils.data.storage import course_folder

        return on_file(course_folder() / "progress.sqlite", work)
    except (OSError, RuntimeError, ValueError, sqlite3.Error) as error:
        notify(f"Progress is not kept in this session ({error}); checks work as usual.")
    if not in_memory:
        in_memory.append(sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False))
    return commit(in_memory[0], work)


def on_file(path, work):
    """Do the work on the file; a damaged file is set aside and the work done on a new one."""
    opened = path.stat().st_ino if path.exists() else None
    for last_try in (False, True):
        with contextlib.closing(sqlite3.connect(path, timeout=WAIT, isolation_level=None)) as connection:
            try:
                return commit(connection, work)
            except sqlite3.DatabaseError as error:
                if last_try or not is_damage(error):
                    raise
        set_aside(path, opened)


def commit(connection, work):
    """Do the work, all of it or none."""
    try:
        result = work(connection)
        connection.execute("COMMIT")
        return result
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def is_damage(error):
    """Whether the file is broken, not just locked, write-protected or on a full disk."""
    signs = ("malformed", "not a database", "no such column", "has no column", "values were supplied")
    return any(sign in str(error) for sign in signs)


def set_aside(path, opened):
    """Rename a damaged file and its journal to the next free .damaged-N, unless another kernel did."""
    if not path.exists() or path.stat().st_ino != opened:
        return
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    path.rename(aside)
    journal = path.with_name(f"{path.name}-journal")
    if journal.exists():
        journal.rename(f"{aside}-journal")
    notify(f"The progress file was damaged: it is kept as {aside.name}, and a new one was begun.")


def notify(line):
    """Say it once, and not in the output of the check: that one is the same on every machine."""
    if line not in said:
        said.add(line)
        print(line, file=sys.stderr, flush=True)
