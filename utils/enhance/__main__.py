"""python -m utils.enhance FOLDER: restore all photos of a folder, with a report of before and after."""

import argparse
import os
import sys

from utils.terminal import replace_what_cannot_be_shown

ENDING = """
A JPEG stays a JPEG (quality 95), any other photo becomes a PNG. Photos are turned upright; what is
transparent becomes white; of an animation the first picture is taken. A file that cannot be read is
skipped and listed. Stopped in the middle? The same command goes on where it was.

exit code: 0 restored, 1 stopped by the disk or nothing restored, 2 wrong command, 130 Ctrl-C
"""


def main(arguments=None, enhance=None):
    """Read the command line and restore a folder; returns the exit code. Without `enhance`: lesson 07's."""
    replace_what_cannot_be_shown()
    options = parser().parse_args(arguments)
    from utils.enhance.folder import enhance_folder
    from utils.enhance.places import checked_folders

    try:
        folder, out = checked_folders(options.folder, options.out)
        enhance = ready(enhance)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted; nothing was written.", file=sys.stderr)
        return 130
    return enhance_folder(enhance, folder, out, options.max_size, options.fresh)


def parser():
    """Return the description of the command line."""
    made = argparse.ArgumentParser(
        prog="python -m utils.enhance",
        description="Restore all photos of a folder and its sub-folders. The originals are never changed.",
        epilog=ENDING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("folder", metavar="FOLDER", help="the photos")
    made.add_argument("--out", metavar="FOLDER", help="for the restored photos (default: FOLDER-enhanced)")
    made.add_argument(
        "--max-size", type=side, metavar="N", help="first shrink photos whose longer side exceeds N pixels"
    )
    made.add_argument(
        "--fresh", action="store_true", help="restore anew what is already there, with another model perhaps"
    )
    return made


def side(word):
    """Return a number of pixels that was typed."""
    if not word.isdecimal() or int(word) < 1:
        raise argparse.ArgumentTypeError(f"a whole number of pixels, such as 1600. Received: {word!r}")
    return int(word)


def ready(enhance):
    """Return the function that restores, tried once: a model that is missing is named before the start."""
    import numpy as np

    if enhance is None:
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        from utils.enhance import enhance
    enhance(np.zeros((1, 32, 32, 3), np.float32))
    return enhance


if __name__ == "__main__":
    sys.exit(main())
