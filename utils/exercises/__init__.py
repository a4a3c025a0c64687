"""Exercises: check an answer, ask for a hint, see the solution, see how far you are."""

import importlib
import inspect
import pathlib


def check(exercise_id, attempt):
    """Print the verdict on an answer in one line; return the answer when it is right, else the library's.

    So a notebook runs to its end while exercises are still open. A right answer in NumPy passes too; where
    a training needs gradients, which NumPy has not, what comes back is still the library's.
    """
    exercise = find(exercise_id)
    if exercise is None:
        return attempt
    from utils.exercises.record import add_to_record
    from utils.exercises.required import last_lines
    from utils.exercises.verdict import STANDS_IN, judge

    try:
        verdict = STANDS_IN if attempt is exercise.reference else judge(exercise, attempt)
    except Exception as error:  # ours, not the learner's: say so and go on
        failure = f"the check itself failed ({type(error).__name__}: {error}): please report it"
        last_lines[exercise.id] = f"✗ {exercise.id} {failure}"
        print(last_lines[exercise.id])
        return exercise.reference
    last_lines[exercise.id] = verdict.line(exercise.id)
    print(last_lines[exercise.id], flush=True)
    if verdict.outcome != "open":
        add_to_record(exercise.id, tries=1, solved=verdict.outcome == "right")
    return attempt if verdict.replaces else exercise.reference


def hint(exercise_id):
    """Print the next hint; after the last one the first comes again."""
    if exercise := find(exercise_id):
        from utils.exercises.record import add_to_record

        asked = add_to_record(exercise.id, hints=1).hints
        number = (asked - 1) % len(exercise.hints) + 1
        print(f"Hint {number} of {len(exercise.hints)} for {exercise.id}: {exercise.hints[number - 1]}")


def solution(exercise_id):
    """Print the library's own answer."""
    if exercise := find(exercise_id):
        print(inspect.getsource(exercise.reference))


def progress():
    """Print how many exercises of each lesson are solved, tried and open, and which one comes next."""
    from utils.exercises.record import Record, load_record

    records, following = load_record(), None
    print(f"{'lesson':<28}{'solved':>8}{'tried':>8}{'open':>8}{'hints':>8}")
    for number in lesson_numbers():
        lesson = load_lesson(number)
        mine = {key: records.get(key, Record()) for key in lesson.EXERCISES}
        solved = sum(record.solved for record in mine.values())
        tried = sum(record.tries > 0 and not record.solved for record in mine.values())
        hints = sum(record.hints for record in mine.values())
        still_open = len(mine) - solved - tried
        print(f"{f'{number:02d} {lesson.TITLE}':<28}{solved:>8}{tried:>8}{still_open:>8}{hints:>8}")
        unsolved = (lesson.EXERCISES[key] for key, record in mine.items() if not record.solved)
        following = following or next(unsolved, None)
    if following is None:
        print("Everything is solved.")
    else:
        stars = "★" * following.difficulty + "☆" * (3 - following.difficulty)
        print(f"Next: {following.id} {following.title} ({following.minutes} minutes, {stars})")


def find(exercise_id):
    """The exercise of that id; None, after a line with the right ids, if there is none."""
    wanted = str(exercise_id)
    number = wanted.split(".")[0]
    lessons = [int(number)] if number.isdecimal() and int(number) in lesson_numbers() else lesson_numbers()
    known = {}
    for lesson in lessons:
        known |= load_lesson(lesson).EXERCISES
    if wanted not in known:
        print(f"There is no exercise {wanted!r}. Right ones: {', '.join(known)}.")
    return known.get(wanted)


def lesson_numbers():
    """The numbers of the lessons that have exercises, in order."""
    found = pathlib.Path(__file__).parent.glob("lesson_[0-9][0-9]*")  # a module, or a folder of several
    return sorted({int(path.stem.removeprefix("lesson_")) for path in found})


def load_lesson(number):
    """The module with the exercises of a lesson; only now, because it may start TensorFlow."""
    return importlib.import_module(f"utils.exercises.lesson_{number:02d}")
