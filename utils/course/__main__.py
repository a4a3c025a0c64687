"""python -m utils.course COMMAND: reads the command line and starts what it asks for, and loads no more."""

import sys

from utils.course.command_line import command_line
from utils.terminal import replace_what_cannot_be_shown


def main(arguments=None):
    """Read the command line and do what it says; returns the exit code."""
    replace_what_cannot_be_shown()
    parser = command_line()
    options, further = parser.parse_known_args(arguments)
    if options.command is None:
        parser.print_help()
        return 2
    if further and options.command != "lab":
        parser.error(f"unrecognized arguments: {' '.join(further)}")
    try:
        return COMMANDS[options.command](options, further)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130


def _lab(options, further):
    from utils.course.lab import lab

    return lab(further)


def _run(options, further):
    from utils.course.lesson_source import LessonError
    from utils.course.run import run

    try:
        return run(options.lesson, budget=options.budget, output=options.output)
    except LessonError as error:
        print(error, file=sys.stderr)
        return 1


def _update(options, further):
    from utils.course.updating.update import update

    return update()


def _doctor(options, further):
    from utils.course.doctor import doctor

    return doctor()


def _plan(options, further):
    from utils.course.teaching.plan import plan

    return plan(options.name, into=options.into)


def _slides(options, further):
    from utils.course.teaching.slides import slides

    return slides(options.lesson, into=options.into)


def _handout(options, further):
    from utils.course.teaching.handout import handout

    return handout(options.lesson, into=options.into)


def _grade(options, further):
    from utils.course.grading.grade_folder import grade_folder

    return grade_folder(
        options.folder,
        options.into,
        seconds=options.time_limit,
        gigabytes=options.memory_limit,
        at_once=options.at_once,
    )


def _nbgrader(options, further):
    from utils.course.lesson_source import LessonError
    from utils.course.nbgrader_source import write_source

    try:
        return 0 if write_source(options.folder, options.lessons) else 1
    except LessonError as error:
        print(error, file=sys.stderr)
        return 1


def _build(options, further):
    from utils.course.build import build

    return 1 if build(options.lessons, text_only=options.text) else 0


def _check(options, further):
    from utils.course.check import check

    return 1 if check(options.lessons) else 0


COMMANDS = {
    "lab": _lab,
    "run": _run,
    "update": _update,
    "doctor": _doctor,
    "plan": _plan,
    "slides": _slides,
    "handout": _handout,
    "grade": _grade,
    "nbgrader": _nbgrader,
    "build": _build,
    "check": _check,
}

if __name__ == "__main__":
    sys.exit(main())
