"""python -m utils.course: lab, run, update, doctor; for teachers plan, slides, handout, grade, nbgrader."""

import argparse
import sys

BUDGETS = ("smoke", "cpu", "gpu")


def main(arguments=None):
    """Read the command line and do what it says; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):  # a sign that the terminal cannot show must not end the command
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    parser = _parser()
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


def _parser():
    parser = argparse.ArgumentParser(prog="python -m utils.course", description="The course's own commands.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    commands.add_parser(
        "lab", help="open the course in JupyterLab; further flags go through to Jupyter", add_help=False
    )
    lesson = commands.add_parser("run", help="execute a solved lesson without a browser")
    lesson.add_argument("lesson", help="02 or 02_code_a_gan")
    lesson.add_argument(
        "--budget", choices=BUDGETS, help="how long it trains (default: COURSE_BUDGET, else by device)"
    )
    lesson.add_argument("--output", metavar="FOLDER", help="where notebook and page go (default: runs/NAME)")
    for name, text in (
        ("build", "write both notebooks of each lesson, executed (for authors)"),
        ("check", "name the notebooks that no longer fit their lesson (runs nothing)"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("lessons", nargs="*", metavar="LESSON")
        if name == "build":
            command.add_argument("--text", action="store_true", help="only prose has changed: run no cell")
    commands.add_parser("update", help="get the newest version of the course; your changes are kept")
    command = commands.add_parser("nbgrader", help="the course in nbgrader's source format (for teachers)")
    command.add_argument("folder", metavar="FOLDER")
    command.add_argument("lessons", nargs="*", metavar="LESSON")
    plan = commands.add_parser("plan", help="a class of 90 minutes, half a day or two days, minute by minute")
    plan.add_argument("name", nargs="?", metavar="PLAN", help="which; without it they are listed")
    plan.add_argument("--into", metavar="FOLDER", help="where the page goes (default: runs/plans)")
    for name, text in (
        ("slides", "a lesson as slides, one HTML file that needs no network"),
        ("handout", "a lesson to print: PDF, with exercises unsolved"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("lesson", help="02 or 02_code_a_gan")
        command.add_argument("--into", metavar="FOLDER", help="where it goes (default: runs/NAME)")
    grade = commands.add_parser(
        "grade", help="a folder of notebooks that were handed in becomes a table of marks"
    )
    grade.add_argument("folder", help="learner/02_code_a_gan.ipynb or learner_02_code_a_gan.ipynb; only read")
    grade.add_argument("--into", metavar="OUT", help="where the tables go (default: FOLDER-grades)")
    grade.add_argument(
        "--time-limit", type=_positive, default=180, metavar="S", help="seconds for a notebook (default: 180)"
    )
    grade.add_argument(
        "--memory-limit",
        type=_positive,
        default=3,
        metavar="GB",
        help="gigabytes for a notebook (default: 3)",
    )
    grade.add_argument(
        "--at-once", type=_count, default=2, metavar="N", help="notebooks that run at a time (default: 2)"
    )
    commands.add_parser("doctor", help="what a bug report needs, what is missing, and the cure")
    return parser


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


def _build(options, further):
    from utils.course.build import build

    return 1 if build(options.lessons, text_only=options.text) else 0


def _check(options, further):
    from utils.course.check import check

    return 1 if check(options.lessons) else 0


def _update(options, further):
    from utils.course.updating.update import update

    return update()


def _nbgrader(options, further):
    from utils.course.lesson_source import LessonError
    from utils.course.nbgrader_source import write_source

    try:
        return 0 if write_source(options.folder, options.lessons) else 1
    except LessonError as error:
        print(error, file=sys.stderr)
        return 1


def _positive(word):
    value = float(word)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"a number above 0. Received: {word!r}")
    return value


def _count(word):
    if not word.isdecimal() or int(word) < 1:
        raise argparse.ArgumentTypeError(f"a whole number above 0. Received: {word!r}")
    return int(word)


def _grade(options, further):
    from utils.course.grading.grade_folder import grade_folder

    return grade_folder(
        options.folder,
        options.into,
        seconds=options.time_limit,
        gigabytes=options.memory_limit,
        at_once=options.at_once,
    )


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


COMMANDS = {
    "lab": _lab,
    "run": _run,
    "build": _build,
    "check": _check,
    "update": _update,
    "grade": _grade,
    "nbgrader": _nbgrader,
    "plan": _plan,
    "slides": _slides,
    "handout": _handout,
    "doctor": _doctor,
}

if __name__ == "__main__":
    sys.exit(main())
