"""python -m utils.course: lab, run, build, check, doctor."""

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


def _doctor(options, further):
    from utils.course.doctor import doctor

    return doctor()


COMMANDS = {"lab": _lab, "run": _run, "build": _build, "check": _check, "doctor": _doctor}

if __name__ == "__main__":
    sys.exit(main())
