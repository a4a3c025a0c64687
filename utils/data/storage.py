"""Where the course keeps its files, and how a file is written whole or not at all."""

import contextlib
import errno
import os
import pathlib
import sqlite3
import time
import uuid

import platformdirs

HALF_WRITTEN = ".????????-*"  # how write_atomic names what it has not finished
STILL_WRITTEN = 60  # seconds; a file that somebody is writing was changed a moment ago


def course_folder(*parts):
    """Return the learner's folder (or a folder inside it) and create it when it is missing."""
    folder = "the user's home"
    try:
        home = os.environ.get("COURSE_FOLDER") or platformdirs.user_data_dir(
            "product-image-course", appauthor=False
        )
        folder = pathlib.Path(home, *parts).expanduser().absolute()
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError) as error:  # RuntimeError: this user has no home
        raise OSError(
            getattr(error, "errno", None) or errno.ENOENT,
            f"The course keeps its files in {folder}, and that folder cannot be made. "
            f"Received: {reason(error)}. Most likely fix: set COURSE_FOLDER to a folder you may write in",
        ) from error
    return folder


def write_atomic(path, write):
    """Let write(temporary_path) write a file beside path, then move it there in one step."""
    path = pathlib.Path(path)
    # The name ends as the target does: numpy and Keras choose the format by the ending.
    temporary = path.with_name(f".{uuid.uuid4().hex[:8]}-{path.name}")
    try:
        write(temporary)
        os.replace(temporary, path)
    except OSError as error:
        raise OSError(
            error.errno,
            f"{path.name} should be written to {path.parent}. Received: {reason(error)}. "
            "Most likely fix: free some space, or take a folder you may write in (COURSE_FOLDER)",
        ) from error
    finally:
        with contextlib.suppress(OSError):  # the folder is out of reach, so nothing of ours is left in it
            temporary.unlink(missing_ok=True)


def sweep(folder, pattern=HALF_WRITTEN):
    """Remove from a folder of the course what killed kernels have left half-written there."""
    with contextlib.suppress(OSError):  # a tidy folder is no reason to stop
        for half in pathlib.Path(folder).glob(pattern):
            if abs(time.time() - half.stat().st_mtime) > STILL_WRITTEN:  # abs: the clock may be set back
                half.unlink()


def reason(error):
    """Say in a few words why the operating system refused."""
    error = error.__cause__ if isinstance(error.__cause__, OSError) else error
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).rstrip(".")


@contextlib.contextmanager
def one_at_a_time(lock, patience=60):
    """Let kernels that share a folder take turns; after `patience` seconds, or without locks, go anyway."""
    turn, deadline = None, time.monotonic() + patience
    try:
        # SQLite's lock works on every system and is freed by it even when a kernel is killed.
        turn = sqlite3.connect(lock, timeout=0.2, isolation_level=None)
        while time.monotonic() < deadline:
            try:
                turn.execute("BEGIN EXCLUSIVE")
                break
            except sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    break
    except sqlite3.Error:
        pass  # the folder takes no lock; every write is atomic, so turns only save time
    try:
        yield
    finally:
        if turn is not None:
            turn.close()
