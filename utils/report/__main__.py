"""python -m utils.report FOLDER: a report card of all pictures of a folder, as one HTML page."""

import argparse
import os
import pathlib
import sys

from utils.terminal import replace_what_cannot_be_shown

ENDING = """
The pictures are compared with real ones: without --reference, with Fashion-MNIST when they are 28 x 28 and
grey, and with the course's catalogue when they are 32 x 32. A file that cannot be read is skipped and listed.

exit code: 0 written, 1 stopped by the disk, 2 wrong command or no pictures, 130 Ctrl-C
"""


def main(arguments=None):
    """Read the command line, measure a folder, write the page; returns the exit code."""
    replace_what_cannot_be_shown()
    options = parser().parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from tqdm import tqdm

    from utils.data.photo_folders import printable
    from utils.report.card import STEPS
    from utils.report.make import make_report

    try:
        folder = pathlib.Path(options.folder).expanduser()
        out = pathlib.Path(options.out or folder.resolve().with_name(f"{folder.resolve().name}-report.html"))
        with tqdm(total=STEPS + 2, bar_format="{desc} {percentage:3.0f}%|{bar}| {elapsed}") as bar:

            def step(words):
                bar.update(bool(bar.desc))  # the one before is done
                bar.set_description_str(f"{words:<24}")

            report = make_report(folder, options.reference, options.count, step=step)
            bar.update()
        path = report.save(out)
    except KeyboardInterrupt:
        print("Interrupted; nothing was written.", file=sys.stderr)
        return 130
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{error.strerror or error}.", file=sys.stderr)
        return 1
    for found in report.findings:
        print(printable(f"{found.key}: {found.seen} {found.cure}"))  # a name of a file stands in it
    print(f"{len(report.findings)} warnings. Report: {path}")
    return 0


def parser():
    """Return the description of the command line."""
    made = argparse.ArgumentParser(
        prog="python -m utils.report",
        description="Measure all pictures of a folder and its sub-folders against real ones.",
        epilog=ENDING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("folder", metavar="FOLDER", help="the pictures")
    made.add_argument(
        "--reference", metavar="NAME", help="fashion-mnist, catalogue, clothing-photos, or a folder of photos"
    )
    made.add_argument("--out", metavar="FILE", help="the page (default: FOLDER-report.html)")
    made.add_argument("--count", type=number, metavar="N", help="measure N of the pictures, chosen by lot")
    return made


def number(word):
    """Return a number of pictures that was typed."""
    if not word.isdecimal() or int(word) < 1:
        raise argparse.ArgumentTypeError(f"a whole number of pictures, such as 2000. Received: {word!r}")
    return int(word)


if __name__ == "__main__":
    sys.exit(main())
