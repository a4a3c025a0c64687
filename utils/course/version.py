"""Writes into the setup cell which version of its lesson a notebook is, so that an old one can tell."""

import hashlib
import re

START = re.compile(r'start_lesson\("(?P<lesson>[^"]+)"(?:, version="[0-9a-f]*")?\)')


def stamp(cells):
    """Hand start_lesson eight digits that change with any text of the lesson's cells, outputs aside."""
    text = "\0".join(part for cell in cells for part in (cell.kind, cell.id, cell.solved, cell.learner))
    version = hashlib.sha256(text.encode()).hexdigest()[:8]
    for cell in cells:
        if "setup" in cell.tags:
            cell.solved = cell.learner = START.sub(rf'start_lesson("\1", version="{version}")', cell.source)


def without_stamp(source):
    """A cell as it reads in every version: start_lesson prints a line about the version and does no more."""
    return START.sub(r'start_lesson("\1")', source)
