"""What a learner has done: one SQLite file for many kernels that survives damage, kills and a full disk."""

import contextlib
import sqlite3
import sys

from utils.data.storage import course_folder

WAIT = 5.0  # seconds for another kernel to finish its own few milliseconds of writing
TABLES = {
    "exercises": "id TEXT PRIMARY KEY, tries INT NOT NULL, solved INT NOT NULL, hints INT NOT NULL",
    "reviews": "id TEXT PRIMARY KEY, card TEXT NOT NULL, rating INTEGER NOT NULL, at TEXT NOT NULL",
    "interviews": "id TEXT PRIMARY KEY, plan TEXT NOT NULL, started TEXT NOT NULL, seconds REAL NOT NULL",
    "events": "interview TEXT, number INTEGER, event TEXT NOT NULL, PRIMARY KEY (interview, number)",
}

in_memory = []  # the stand-in for this kernel while the file cannot be written
looked_over = set()  # files, by inode, that were whole when this kernel first opened them
said = {}  # what this kernel was told already, the newest last


def in_transaction(work):
    """Do the work on the file, or in memory and with one line about it where the file cannot be kept."""
    try:
        return on_file(course_folder() / "progress.sqlite", work)
    except (OSError, RuntimeError, ValueError, sqlite3.Error) as error:
        notify(f"Progress is not kept in this session ({error}); everything works as usual.")
    if not in_memory:
        in_memory.append(sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False))
    return commit(in_memory[0], work)


def on_file(path, work):
    """Do the work on the file; a damaged file is set aside, and the work done on what can be read of it."""
    opened = path.stat().st_ino if path.exists() else None
    for last_try in (False, True):
        with contextlib.closing(sqlite3.connect(path, timeout=WAIT, isolation_level=None)) as connection:
            try:
                look_over(connection, opened)
                return commit(connection, work)
            except sqlite3.DatabaseError as error:
                if last_try or not is_damage(error):
                    raise
        if aside := set_aside(path, opened):
            with contextlib.closing(sqlite3.connect(path, timeout=WAIT, isolation_level=None)) as connection:
                commit(connection, lambda new, old=aside: salvage(new, old))


def look_over(connection, opened):
    """Raise once per kernel and file when SQLite finds that its pages or indexes do not fit together."""
    if opened is not None and opened not in looked_over:
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(f"malformed: {found}")
        looked_over.add(opened)


def commit(connection, work):
    """Do the work, all of it or none; the lock is taken first, so two kernels add up one after the other."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        for name, columns in TABLES.items():
            connection.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns})")
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
    """Rename a damaged file and its journal to the next free .damaged-N; returns it, None if it is gone."""
    if not path.exists() or path.stat().st_ino != opened:
        return None
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    path.rename(aside)
    journal = path.with_name(f"{path.name}-journal")
    if journal.exists():
        journal.rename(f"{aside}-journal")
    notify(f"The progress file was damaged: it is kept as {aside.name}, and a new one was begun.")
    return aside


def salvage(connection, damaged):
    """Copy every row that can still be read; the damaged file stays as it is."""
    address = f"{damaged.absolute().as_uri()}?mode=ro&immutable=1"
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(address, uri=True)) as old:
        for name in TABLES:
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
            add = f"INSERT OR IGNORE INTO {name} VALUES ({', '.join('?' * len(columns))})"
            with contextlib.suppress(sqlite3.Error):
                for row in old.execute(f"SELECT {', '.join(columns)} FROM {name}"):
                    connection.execute(add, row)


def notify(line):
    """Say it once, and not in the output of the check: that one is the same on every machine."""
    if line not in said:
        said[line] = True
        print(line, file=sys.stderr, flush=True)
