"""check, hint, solution and progress, and that every exercise of the course is complete."""

import re
import types

import numpy as np
import pytest

from utils.exercises import check, find, hint, lesson_numbers, load_lesson, progress, solution
from utils.exercises.record import load_record

ALL = {
    key: exercise for number in lesson_numbers() for key, exercise in load_lesson(number).EXERCISES.items()
}


def scaled(images):
    """A right answer to 0.1."""
    return images.astype(np.float32) / 127.5 - 1


def test_a_right_answer_comes_back_as_it_is_and_a_wrong_one_as_the_library():
    assert check("0.1", scaled) is scaled
    for attempt in lambda images: images / 255, ..., None, 3, lambda: 0:
        assert check("0.1", attempt) is ALL["0.1"].reference


def test_a_check_that_is_run_twice_is_not_solved_by_the_answer_that_stands_in(capsys):
    for attempt in ..., lambda images: images / 255:
        stand_in = check("0.1", attempt)
        capsys.readouterr()
        assert check("0.1", stand_in) is stand_in
        assert capsys.readouterr().out.startswith("· 0.1 the library's answer stands in")
    assert "0.1" not in load_record() or not load_record()["0.1"].solved
    check("0.1", written_again(stand_in))  # planted: nothing but the object tells it from a right answer
    assert capsys.readouterr().out.startswith("✓ 0.1")


def test_every_answer_gets_one_line_and_the_same_each_time(capsys):
    for attempt in scaled, lambda images: images / 255.0, ...:
        lines = set()
        for _ in range(3):
            check("0.1", attempt)
            lines.add(capsys.readouterr())
        assert len(lines) == 1
        out, err = lines.pop()
        assert err == "" and out.count("\n") == 1 and out[:6] in ("✓ 0.1 ", "✗ 0.1 ", "· 0.1 ")


def test_an_unknown_id_is_told_the_right_ones(capsys):
    assert check("2.99", 5) == 5
    hint("2.99")
    solution("2.99")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3 and len(set(lines)) == 1
    assert lines[0].startswith("There is no exercise '2.99'. Right ones: 2.1, 2.2, ")
    check("gan", 5)
    assert "Right ones: 0.1, " in capsys.readouterr().out
    check(0.1, scaled)
    assert capsys.readouterr().out.startswith("✓ 0.1")


def test_a_fault_of_the_check_is_no_fault_of_the_learner(monkeypatch, capsys):
    import dataclasses

    broken = dataclasses.replace(ALL["0.1"], draw=lambda generator, size: 1 / 0)
    monkeypatch.setitem(load_lesson(0).EXERCISES, "0.1", broken)
    assert check("0.1", scaled) is broken.reference
    assert "the check itself failed (ZeroDivisionError" in capsys.readouterr().out


def test_hints_come_one_after_the_other_and_begin_again(capsys):
    exercise = ALL["2.1"]
    for _ in range(len(exercise.hints) + 1):
        hint("2.1")
    lines = capsys.readouterr().out.splitlines()
    numbers = [*range(1, len(exercise.hints) + 1), 1]
    assert lines == [f"Hint {n} of {len(exercise.hints)} for 2.1: {exercise.hints[n - 1]}" for n in numbers]


def test_the_solution_is_the_source_of_the_library(capsys):
    for exercise in ALL.values():
        solution(exercise.id)
        assert f"def {exercise.reference.__name__}(" in capsys.readouterr().out


def test_progress_counts_lessons_without_any_try_and_after_some(capsys):
    def rows():
        progress()
        lines = capsys.readouterr().out.splitlines()
        return {line[:2]: list(map(int, line.split()[-4:])) for line in lines if line[0].isdigit()}, lines[-1]

    count = len(load_lesson(2).EXERCISES)
    table, following = rows()
    assert (table["00"], table["02"]) == ([0, 0, 1, 0], [0, 0, count, 0])
    assert following.startswith("Next: 0.1 Scale images to [-1, 1] (3 minutes, ★☆☆)")
    check("0.1", scaled)
    check("2.4", lambda convolutions: 3)
    check("2.7", ...)
    hint("2.7")
    capsys.readouterr()
    table, following = rows()
    assert (table["00"], table["02"]) == ([1, 0, 0, 0], [0, 1, count - 1, 1])
    assert following.startswith("Next: ") and "0.1" not in following
    assert load_record()["2.7"].tries == 0


def test_progress_says_when_everything_is_solved(capsys):
    from utils.exercises.record import add_to_record

    for key in ALL:
        add_to_record(key, tries=1, solved=True)
    progress()
    assert capsys.readouterr().out.splitlines()[-1] == "Everything is solved."


@pytest.mark.parametrize("key", ALL)
def test_an_exercise_is_complete(key):
    exercise = ALL[key]
    assert exercise.id == key and re.fullmatch(r"\d+\.\d+", key)
    assert find(key) is exercise
    assert exercise.title and exercise.minutes > 0 and exercise.difficulty in (1, 2, 3)
    assert len(exercise.mistakes) >= 4 and len(exercise.hints) >= 2
    assert len(set(exercise.hints)) == len(exercise.hints)
    assert exercise.reference.__doc__
    assert "input(" not in "".join(exercise.hints)
    texts = [exercise.why, exercise.title, *exercise.hints, *exercise.mistakes]
    texts += [mistake.look_at for mistake in exercise.mistakes.values()]
    for text in texts:
        assert text.strip() == text != "" and "\n" not in text


def written_again(function):
    """The same function as a notebook has it that shows its source: another object."""
    again = types.FunctionType(function.__code__, function.__globals__, function.__name__)
    again.__defaults__, again.__kwdefaults__ = function.__defaults__, function.__kwdefaults__
    return again


@pytest.mark.parametrize("key", ALL)
def test_the_library_passes_its_own_exercise(key, capsys):
    answer = written_again(ALL[key].reference)
    assert check(key, answer) is answer
    assert capsys.readouterr().out == f"✓ {key} {ALL[key].why}\n"


@pytest.mark.parametrize(("key", "name"), [(key, name) for key in ALL for name in ALL[key].mistakes])
def test_every_mistake_is_rejected_by_its_name(key, name, capsys):
    exercise = ALL[key]
    check(key, exercise.mistakes[name].wrong)
    assert capsys.readouterr().out == f"✗ {key} {name}: {exercise.mistakes[name].look_at}\n"
