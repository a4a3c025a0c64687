"""Tells when a notebook is of another version of its lesson than the course around it."""

import re
from pathlib import Path

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"


def version_line(lesson, version, folder=SOLUTIONS):
    """What a learner must know about the version of the open notebook; empty when it fits the course."""
    built = built_version(lesson, folder)
    if not version or not built or version == built:
        return ""
    return (
        f"This notebook is another version of lesson {lesson} than the one that this course now has. "
        "To update it and keep your answers: python -m utils.course update, in a terminal. "
        f"A copy of it stays as it is: take your answers over to notebooks/{lesson}.ipynb."
    )


def built_version(lesson, folder=SOLUTIONS):
    """The version in the solved notebook, which no learner edits; None where there is none to read."""
    try:
        return version_in((folder / f"{lesson}.ipynb").read_text(encoding="utf-8"))
    except OSError:
        return None


def version_in(text):
    """The version in the text of a notebook's file; None where the builder has written none."""
    found = re.search(r'start_lesson\(\\"[^"]+\\", version=\\"([0-9a-f]+)\\"\)', text)
    return found and found[1]
