"""Every lesson has the parts that a lesson of this course has; one that lacks a part is found."""

import re
from dataclasses import replace

import pytest

from utils.course.graded_cells import CHECK_CALL
from utils.course.lesson_source import COURSE, read_lesson
from utils.exercises import lesson_numbers, load_lesson
from utils.interview.deck import TOPICS, load_deck

LESSONS = [read_lesson(path) for path in COURSE.lessons() if int(path.stem[:2]) in lesson_numbers()]
REHEARSAL = read_lesson(COURSE.find("10"))
NUMBERED = [lesson for lesson in LESSONS if lesson.number > 0]
SETUP = next(cell.source for cell in LESSONS[0].cells if cell.kind == "code")
FEWEST_EXERCISES, FEWEST_MISTAKES, FEWEST_HINTS = 5, 4, 2

QUESTION = {
    "the question in English": r"^> (\*\*)?[A-Za-z].*$",
    "the question in Chinese": r"^> (\*\*)?[\u4e00-\u9fff].*$",
}
OPENING = {
    "You will be able to": r"^\*\*You will be able to\*\*$",
    "minutes on a laptop": r"^\| `cpu` \|.*\d.*$",
}
SECTIONS = {
    "The draft answer": r"^## The draft answer$",
    "What an interviewer catches in it": r"^### What an interviewer catches in it$",
    "The answer in 30 seconds": r"^## The answer in 30 seconds$",
    "The answer in 3 minutes": r"^## The answer in 3 minutes$",
    "Predict first": r"\*\*Predict first:\*\*",
    "Break it": r"^## Break it\b.*$",
    "What this does not show": r"^## What this does not show$",
    "Follow-up questions": r"^## Follow-up questions$",
    "folded answers": r"<details>\s*<summary>.+?</summary>[\s\S]+?</details>",
    "Sources": r"^## Sources\n\n\* .+$",
}


def missing_parts(lesson, exercises):
    """Return everything that a lesson lacks, in words; lesson 00 needs less than the others."""
    text = "\n\n".join(cell.source for cell in lesson.cells if cell.kind == "markdown")
    code = [cell for cell in lesson.cells if cell.kind == "code"]
    opening, sections = (QUESTION | OPENING, SECTIONS) if lesson.number else (QUESTION, {})
    found = [part for part, form in opening.items() if not re.search(form, lesson.cells[0].source, re.M)]
    found += [part for part, form in sections.items() if not re.search(form, text, re.M)]
    if code[0].source != SETUP or "setup" not in code[0].tags:
        found.append("the setup cell of every lesson")
    checks = {key for cell in code if "check" in cell.tags for key in CHECK_CALL.findall(cell.source)}
    if lesson.number and len(checks) < FEWEST_EXERCISES:
        found.append(f"{FEWEST_EXERCISES} exercises")
    found += [f"check of {key}" for key in exercises if key not in checks]
    for key in sorted(checks):
        if key not in exercises:
            found.append(f"exercise {key}")
        elif len(exercises[key].mistakes) < FEWEST_MISTAKES or len(exercises[key].hints) < FEWEST_HINTS:
            found.append(f"{FEWEST_MISTAKES} mistakes and {FEWEST_HINTS} hints for {key}")
    return found


def rewritten(lesson, form, new=""):
    """Return a lesson in which every match of a form is replaced."""
    cells = [
        replace(cell, source=re.sub(form, new, cell.source, flags=re.MULTILINE)) for cell in lesson.cells
    ]
    return replace(lesson, cells=tuple(cells))


def exercises_of(lesson):
    """Return the exercises of a lesson by id."""
    return load_lesson(lesson.number).EXERCISES


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_lesson_has_all_its_parts(lesson):
    assert missing_parts(lesson, exercises_of(lesson)) == []


@pytest.mark.parametrize("part", QUESTION | OPENING | SECTIONS)
@pytest.mark.parametrize("lesson", NUMBERED, ids=lambda lesson: lesson.name)
def test_a_part_that_was_left_out_is_named(lesson, part):
    without = rewritten(lesson, (QUESTION | OPENING | SECTIONS)[part])
    assert missing_parts(without, exercises_of(lesson)) == [part]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_setup_cell_of_its_own_is_found(lesson):
    other = rewritten(lesson, "^import numpy as np$", "import numpy as np ")
    assert missing_parts(other, exercises_of(lesson)) == ["the setup cell of every lesson"]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_thin_exercise_is_found(lesson):
    exercises = exercises_of(lesson)
    key, exercise = next(iter(exercises.items()))
    three = dict(list(exercise.mistakes.items())[: FEWEST_MISTAKES - 1])
    for thin in replace(exercise, mistakes=three), replace(exercise, hints=exercise.hints[:1]):
        assert missing_parts(lesson, exercises | {key: thin}) == [f"4 mistakes and 2 hints for {key}"]
    others = {other: exercises[other] for other in exercises if other != key}
    assert missing_parts(lesson, others) == [f"exercise {key}"]


@pytest.mark.parametrize("lesson", NUMBERED, ids=lambda lesson: lesson.name)
def test_exercises_without_a_check_and_too_few_of_them_are_found(lesson):
    exercises = exercises_of(lesson)
    gone = list(exercises)[FEWEST_EXERCISES - 1 :]
    cells = [cell for cell in lesson.cells if not set(CHECK_CALL.findall(cell.source)) & set(gone)]
    found = missing_parts(replace(lesson, cells=tuple(cells)), exercises)
    assert found == ["5 exercises", *(f"check of {key}" for key in gone)]


def recalled(lesson):
    """Return the topics of rehearsal cards that a lesson sends its learners to."""
    cells = [cell.source for cell in lesson.cells if "recall" in cell.tags]
    return [topic for source in cells for topic in re.findall(r"--topics (\w+)`", source)]


@pytest.mark.parametrize("lesson", NUMBERED, ids=lambda lesson: lesson.name)
def test_a_lesson_sends_its_learners_to_its_own_rehearsal_cards(lesson):
    topics = recalled(lesson)
    assert topics == [TOPICS[lesson.number - 1]]
    proofs = [proof for card in load_deck().values() if card.topic in topics for proof in card.proof]
    assert sum(proof.startswith(f"{lesson.number:02d} ") for proof in proofs) > len(proofs) / 2
    assert recalled(rewritten(lesson, "--topics", "--topic")) == []  # planted


def test_the_rehearsal_lesson_asks_in_both_languages_and_starts_without_tensorflow():
    assert all(re.search(form, REHEARSAL.cells[0].source, re.M) for form in QUESTION.values())
    code = [cell for cell in REHEARSAL.cells if cell.kind == "code"]
    assert [cell.tags for cell in code] == [("setup",), ("widget",)]
    assert "tensorflow" not in code[0].source and "training" not in code[0].source
