"""python -m utils.interview: rehearse in a terminal; export, import, anki."""

import argparse
import sys

from utils.interview.cards import LANGUAGES, LEVELS
from utils.interview.deck import TOPICS
from utils.terminal import replace_what_cannot_be_shown


def main(arguments=None):
    """Read the command line and do what it says; returns the exit code."""
    replace_what_cannot_be_shown()
    options = parser().parse_args(arguments)
    try:
        return COMMANDS[options.command](options)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2


def parser():
    """The command line."""
    made = argparse.ArgumentParser(
        prog="python -m utils.interview",
        description="Rehearse interviews on deep learning for product images.",
    )
    made.set_defaults(command="rehearse")
    made.add_argument("--language", choices=LANGUAGES, default="en")
    made.add_argument(
        "--drill", action="store_true", help="the cards that are due, without the clock of an interview"
    )
    made.add_argument("--level", choices=LEVELS)
    made.add_argument("--minutes", type=int, choices=(15, 30, 45))
    made.add_argument("--topics", help=f"some of {','.join(TOPICS)}")
    role = made.add_mutually_exclusive_group()
    role.add_argument(
        "--pair", action="store_true", help="you are the interviewer: the points to hear are shown"
    )
    role.add_argument(
        "--candidate", action="store_true", help="the other one's window: questions without answers"
    )
    commands = made.add_subparsers(metavar="COMMAND", title="commands")
    for name, text in (
        ("export", "write all reviews and interviews to FILE"),
        ("import", "add those of another machine; nothing is replaced"),
        ("anki", "write the deck as an Anki package"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("file", metavar="FILE")
        command.set_defaults(command=name)
    commands.choices["anki"].add_argument("--only", choices=LANGUAGES, help="one language instead of both")
    return made


def rehearse(options):
    """Rehearse in this terminal."""
    from utils.interview.room import Room
    from utils.interview.terminal import run

    topics = options.topics.split(",") if options.topics else None
    if unknown := sorted(set(topics or ()) - set(TOPICS)):
        raise ValueError(
            f"Topics must be some of {', '.join(TOPICS)}. Received: {', '.join(unknown)}. "
            "Most likely fix: names with commas and without blanks."
        )
    given = {"level": options.level, "minutes": options.minutes, "topics": topics}
    chosen = {name: value for name, value in given.items() if value}
    chosen |= {"kind": "drill"} if options.drill else {}
    chosen |= {"pair": True} if options.pair else {}
    return run(Room(options.language, "candidate" if options.candidate else "alone"), chosen)


def export(options):
    """Write what this machine knows."""
    from utils.interview.exchange import export_to

    print(f"{export_to(options.file)} reviews written to {options.file}.")
    return 0


def take_in(options):
    """Add what another machine knows."""
    from utils.interview.exchange import import_from

    print(f"{import_from(options.file)} new reviews taken from {options.file}.")
    return 0


def anki(options):
    """Write the Anki package."""
    from utils.interview.anki import export_deck

    languages = (options.only,) if options.only else LANGUAGES
    print(f"{export_deck(options.file, languages)} notes written to {options.file}.")
    return 0


COMMANDS = {"rehearse": rehearse, "export": export, "import": take_in, "anki": anki}

if __name__ == "__main__":
    sys.exit(main())
