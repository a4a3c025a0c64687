"""What may stand after python -m utils.course: commands for learners, for teachers, for authors."""

import argparse

BUDGETS = ("smoke", "cpu", "gpu")


def command_line():
    """Return the parser of the course's commands; the commands of one group stand together in its help."""
    parser = argparse.ArgumentParser(prog="python -m utils.course", description="The course's own commands.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for_learners(commands)
    for_teachers(commands)
    for_authors(commands)
    return parser


def for_learners(commands):
    """Add lab, run, update, doctor."""
    commands.add_parser(
        "lab", help="open the course in JupyterLab; further flags go through to Jupyter", add_help=False
    )
    run = commands.add_parser("run", help="execute a solved lesson without a browser")
    run.add_argument("lesson", help="02 or 02_code_a_gan")
    run.add_argument(
        "--budget", choices=BUDGETS, help="how long it trains (default: COURSE_BUDGET, else by device)"
    )
    run.add_argument("--output", metavar="FOLDER", help="where notebook and page go (default: runs/NAME)")
    commands.add_parser("update", help="get the newest version of the course; your changes are kept")
    commands.add_parser("doctor", help="what a bug report needs, what is missing, and the cure")


def for_teachers(commands):
    """Add plan, slides, handout, grade, nbgrader."""
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
    for name, kind, default, unit, text in (
        ("--time-limit", positive, 180, "S", "seconds for a notebook"),
        ("--memory-limit", positive, 3, "GB", "gigabytes for a notebook"),
        ("--at-once", count, 2, "N", "notebooks that run at a time"),
    ):
        grade.add_argument(
            name, type=kind, default=default, metavar=unit, help=f"{text} (default: {default})"
        )
    nbgrader = commands.add_parser("nbgrader", help="the course in nbgrader's source format")
    nbgrader.add_argument("folder", metavar="FOLDER")
    nbgrader.add_argument("lessons", nargs="*", metavar="LESSON")


def for_authors(commands):
    """Add build, check."""
    build = commands.add_parser("build", help="write both notebooks of each lesson, executed")
    build.add_argument("lessons", nargs="*", metavar="LESSON")
    build.add_argument("--text", action="store_true", help="only prose has changed: run no cell")
    check = commands.add_parser(
        "check", help="name the notebooks that no longer fit their lesson (runs nothing)"
    )
    check.add_argument("lessons", nargs="*", metavar="LESSON")


def positive(word):
    """Return a number above 0."""
    value = float(word)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"a number above 0. Received: {word!r}")
    return value


def count(word):
    """Return a whole number above 0."""
    if not word.isdecimal() or int(word) < 1:
        raise argparse.ArgumentTypeError(f"a whole number above 0. Received: {word!r}")
    return int(word)
