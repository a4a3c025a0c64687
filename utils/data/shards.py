"""Photos that do not fit into memory become shards: files of some thousand pictures each, mixed by a seed.

    python -m utils.data.shards FOLDER OUT        photos of FOLDER, 64 x 64, into shards in OUT
    python -m utils.data.shards OUT --verify      read all shards back: which one is damaged or missing?

FOLDER holds a folder per class, or photos and a captions.csv. Its pictures are never all in memory.
Stopped in the middle? The same command goes on where it was. make_shard_dataset makes batches of the shards.

exit code: 0 all is whole, 1 damage or the disk, 2 wrong command, 130 Ctrl-C
"""

import argparse
import os
import sys

from utils.data.photo_folders import printable
from utils.data.shard_manifest import MANIFEST, find_damage
from utils.data.shard_writer import SHARD_SIZE, shard_photos, skipped_of
from utils.terminal import replace_what_cannot_be_shown

LISTED = 10  # skipped photos named at the end; the manifest has all of them


def main(arguments=None):
    """Read the command line; write shards or read them back; return the exit code."""
    replace_what_cannot_be_shown()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    options = vars(parser().parse_args(arguments))
    folder, out, verify = (options.pop(name) for name in ("folder", "out", "verify"))
    if folder is None and not verify:
        parser().error("FOLDER and OUT are needed; OUT alone goes with --verify")
    try:
        lines, code = report_damage(out) if verify else (report_shards(folder, out, options), 0)
    except KeyboardInterrupt:
        print("Interrupted. To go on, give the same command again: what is done is kept.", file=sys.stderr)
        return 130
    except (OSError, ValueError) as error:
        print(getattr(error, "strerror", None) or error, file=sys.stderr)
        return 1 if getattr(error, "errno", None) else 2
    print(*lines, sep="\n")
    return code


def report_damage(out):
    """Return lines that say which shards are not as they were written, and the exit code."""
    damage = find_damage(out)
    if not damage:
        return [f"All shards in {out} are as they were written."], 0
    lines = [f"{name} is {wrong}" for name, wrong in damage.items()]
    fix = "Most likely fix: delete what is damaged and give the command that made the shards again."
    return [*lines, fix], 1


def report_shards(folder, out, options):
    """Write the shards; return lines that say what was skipped and why, and all of it in the last one."""
    manifest = shard_photos(folder, out, **options)
    skipped, settings = skipped_of(manifest), manifest["settings"]
    lines = [f"skipped {printable(photo)}" for photo in skipped[:LISTED]]
    if len(skipped) > LISTED:
        lines.append(f"skipped {len(skipped) - LISTED:,} more: see {MANIFEST}")
    kind = f"{settings['size']} x {settings['size']} x {settings['channels']}"
    pictures = f"{manifest['pictures']:,} pictures of {kind} in {len(manifest['class_names'])} classes"
    return [*lines, f"{pictures}, {len(skipped):,} skipped; shards in {out}: {len(manifest['shards']):,}"]


def parser():
    """Return the description of the command line."""
    made = argparse.ArgumentParser(
        prog="python -m utils.data.shards",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("folder", metavar="FOLDER", nargs="?", help="the photos")
    made.add_argument("out", metavar="OUT", help="the folder of the shards")
    made.add_argument("--verify", action="store_true", help="write nothing, read all shards of OUT back")
    made.add_argument("--split", default="train", help="train or test (default: train)")
    made.add_argument("--size", dest="image_size", type=int, default=64, help="pixels (default: 64)")
    made.add_argument("--channels", type=int, default=3, help="3, or 1 for grey (default: 3)")
    made.add_argument("--shard-size", type=int, default=SHARD_SIZE, help=f"photos (default: {SHARD_SIZE})")
    made.add_argument("--seed", type=int, default=0, help="of the order of the photos (default: 0)")
    made.add_argument("--quiet", dest="bar", action="store_false", help="no progress bar")
    return made


if __name__ == "__main__":
    sys.exit(main())
