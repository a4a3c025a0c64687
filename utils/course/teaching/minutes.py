"""How long each section of a lesson takes in a class: computed from its words, its exercise, its cells."""

import re
from dataclasses import dataclass

from utils.course.lesson_source import COURSE
from utils.course.needed_cells import tags_of
from utils.course.sections import read_sections, solved_notebook

WORDS_PER_MINUTE = 130  # a calm talk; silent readers are nearly twice as fast (Brysbaert 2019: 238)
LINES_PER_MINUTE = 20  # of code that a teacher walks through, three seconds each
FIGURES_PER_MINUTE = 2  # time to look
PRICE = re.compile(r"^\| `cpu` \| [^|]+ \| (?P<training>[^|]+) \| (?P<whole>[^|]+) \|$", re.MULTILINE)
SPOKEN = re.compile(r"In the next (?P<whole>\w+ minutes)")  # lesson 00 says it in a sentence
AMOUNT = re.compile(r"(half a|a|three|\d+) minute")
NUMBERS = {"half a": 0.5, "a": 1, "three": 3}


@dataclass(frozen=True)
class Timed:
    """A section with whole minutes: to talk, to let the machine run, and for the exercise."""

    section: object
    talk: int
    run: int
    exercise: int

    @property
    def minutes(self):
        """All of it."""
        return self.talk + self.run + self.exercise


def timed_sections(name, course=COURSE):
    """Return the sections of a lesson with their minutes; those of the machine add up to what it states."""
    sections = read_sections(solved_notebook(name, course))
    done, run = 0.0, []
    for share in run_shares(sections):
        run.append(round(done + share) - round(done))  # rounded as a sum, so that no part of a minute is lost
        done += share
    return [
        Timed(section, talk_minutes(section), minutes, section.exercise_minutes)
        for section, minutes in zip(sections, run, strict=True)
    ]


def stated_minutes(sections):
    """Return (training, whole notebook) on two CPU cores, as the lesson's first lines state them."""
    text = "\n".join(sections[0].text)
    found = PRICE.search(text) or SPOKEN.search(text)
    if not found:
        return 0.0, 0.0  # nothing is trained
    stated = found.groupdict()
    whole = _amount(stated["whole"])
    return min(whole, _amount(stated.get("training", ""))), whole


def run_shares(sections):
    """Return the minutes of the machine by section: trainings share theirs, all other cells the rest."""
    training, whole = stated_minutes(sections)
    trains = [sum("train" in tags_of(cell) for cell in section.cells) for section in sections]
    others = [len(section.cells) - count for section, count in zip(sections, trains, strict=True)]
    training = training if sum(trains) else 0.0
    per_train, per_other = training / max(1, sum(trains)), (whole - training) / max(1, sum(others))
    return [per_train * train + per_other * other for train, other in zip(trains, others, strict=True)]


def talk_minutes(section):
    """Return the minutes to say and to show a section, at least one: each heading costs a breath."""
    words = sum(len(line.split()) for line in section.text)
    shown = [cell for cell in section.cells if not tags_of(cell) & {"setup", "check", "exercise"}]
    lines = sum(bool(line.strip()) for cell in shown for line in cell.source.splitlines())
    figures = sum("image/png" in output.get("data", {}) for cell in shown for output in cell.outputs)
    exact = words / WORDS_PER_MINUTE + lines / LINES_PER_MINUTE + figures / FIGURES_PER_MINUTE
    return max(1, round(exact))


def _amount(words):
    """Minutes in "under 3 minutes", "about half a minute"; 0 where no time is named."""
    found = AMOUNT.search(words)
    return 0.0 if not found else float(NUMBERS.get(found[1], found[1]))
