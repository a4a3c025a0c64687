"""What a folder of restored photos knows of itself: which photos are done, and from which files."""

import json
import os
import pathlib
import re
from typing import NamedTuple

from utils.data.storage import write_atomic

FILES = "report_files"  # small pictures and the records; report.html needs it beside it
RECORDS = pathlib.Path(FILES, "photos.jsonl")  # also the mark by which such a folder is known


class Record(NamedTuple):
    """One restored photo; names are those inside the two folders, with / on every system."""

    name: str
    result: str
    changed: int  # of the original, in nanoseconds
    size: int  # of the original, in bytes
    max_size: int | None
    shape: tuple  # width and height of the original, in pixels
    restored_shape: tuple
    typical: float  # spread in levels of 255: half of the pixels exceed it
    worst: float  # one pixel in a hundred exceeds it
    pictures: dict  # what it shows -> (file in FILES, width, height)


def is_restored_folder(folder):
    """Tell whether a folder was made here."""
    return (folder / RECORDS).is_file()


def start_records(folder):
    """Make the folder for restored photos, and mark it as one, with nothing done yet."""
    (folder / FILES).mkdir(parents=True, exist_ok=True)
    write_atomic(folder / RECORDS, lambda path: path.write_bytes(b""))


def read_records(folder):
    """Return the records by name; the last one of a name counts, and a line that was cut off does not."""
    records = {}
    for line in (folder / RECORDS).read_bytes().splitlines():
        try:
            record = Record(**json.loads(line))
            if is_sound(record):
                records[record.name] = record
        except (ValueError, TypeError):  # a line was being written when the run was killed
            continue
    return records


def is_sound(record):
    """Tell whether a record is such as the course writes: its numbers and files become parts of a page."""
    files, widths, heights = zip(*record.pictures.values(), strict=True)
    sides = [*record.shape, *record.restored_shape, *widths, *heights]
    spreads = (record.typical, record.worst)
    return (
        {"before", "after", "confidence"} <= set(record.pictures)
        and all(type(side) is int for side in sides)
        and all(type(spread) in (int, float) for spread in spreads)
        and all(re.fullmatch(r"[\w-]+\.(png|jpg)", file) for file in files)
    )


def add_record(folder, record):
    """Add one record behind the others."""
    with (folder / RECORDS).open("ab") as file:
        # The line begins with its break: should the one before be cut off, it harms no other.
        file.write(b"\n" + json.dumps(record._asdict()).encode())


def is_done(record, original, folder, result, max_size):
    """Tell whether a record is of this original as it is now, and all that was made of it is there."""
    try:
        now = original.stat()
    except OSError:  # reading it will say why
        return False
    if record is None or record[1:5] != (result, now.st_mtime_ns, now.st_size, max_size):
        return False
    files = [result, *(f"{FILES}/{file}" for file, _, _ in record.pictures.values())]
    return all(os.path.isfile(folder / file) for file in files)
