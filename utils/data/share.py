"""python -m utils.data.share FOLDER: one data folder for a whole class, which nobody else writes to.

Puts Fashion-MNIST, downloaded or from your PRODUCT_DATA, into FOLDER/fashion-mnist, and what your own lessons
have drawn into FOLDER/catalogue. Then let every learner start with PRODUCT_DATA=FOLDER; the right to read it
is enough. Progress and checkpoints stay in each learner's own folder.

exit code: 0 written, 1 no network or no room, 2 wrong command
"""

import argparse
import os
import pathlib
import shutil
import sys

from utils.data.catalogue_cache import drawing_version
from utils.data.fashion_mnist import CHECKSUMS, download
from utils.data.storage import course_folder, write_atomic


def main(arguments=None):
    """Read the command line, fill the folder, say how to use it; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m utils.data.share",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", metavar="FOLDER", help="where the class will read")
    folder = pathlib.Path(parser.parse_args(arguments).folder).expanduser().absolute()
    try:
        count = len(share(folder))
    except OSError as error:  # ConnectionError is one
        print(error.strerror or error, file=sys.stderr)
        return 1
    print(f"{count} files in {folder}. Each learner starts with PRODUCT_DATA={folder}")
    return 0


def share(folder):
    """Copy downloads and drawn catalogues of this user into a folder for all; returns the files there."""
    owned = pathlib.Path(os.environ.get("PRODUCT_DATA") or "nowhere", "fashion-mnist")
    fetch = owned.joinpath if owned.is_dir() else lambda name: download(name, course_folder("downloads"))
    wanted = {f"fashion-mnist/{name}": fetch(name) for name in CHECKSUMS}
    drawn = sorted(course_folder("cache").glob(f"catalogue-*-{drawing_version()}.npz"))
    wanted |= {f"catalogue/{file.name}": file for file in drawn}
    for name, source in wanted.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_atomic(folder / name, lambda place, source=source: shutil.copyfile(source, place))
    return [folder / name for name in wanted]


if __name__ == "__main__":
    sys.exit(main())
