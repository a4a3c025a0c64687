"""What a lesson says about its exercises is what the exercises say about themselves."""

import importlib
import pathlib
import re

import pytest

LESSONS = sorted(pathlib.Path(__file__).parents[2].glob("solutions/0[0-9]_*.py"))  # 10 rehearses them all


def announced(text):
    """Return the minutes and stars in the headings of a lesson, by exercise."""
    found = re.findall(r"^# ### Exercise (\S+) · .* \((\d+) minutes, (★*☆*)\)$", text, re.MULTILINE)
    return {number: (int(minutes), stars.count("★")) for number, minutes, stars in found}


def told(number):
    """Return the minutes and stars of a lesson's exercises, as the exercises have them."""
    exercises = importlib.import_module(f"utils.exercises.lesson_{number}").EXERCISES
    return {name: (exercise.minutes, exercise.difficulty) for name, exercise in exercises.items()}


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_headings_announce_the_minutes_and_stars_of_each_exercise(lesson):
    text = lesson.read_text("utf-8")
    number = lesson.stem.split("_")[0]
    assert announced(text) == told(number)
    assert announced(re.sub(r"\(\d+ minutes", "(99 minutes", text)) != told(number)  # planted
