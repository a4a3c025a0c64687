"""shard_photos: a folder of photos becomes shards; a run that was stopped goes on where it was."""

import errno
import hashlib
import os
import pathlib

import numpy as np
from tqdm import tqdm

from utils.data.photo_folders import list_photos
from utils.data.photos import MANY, read_photos
from utils.data.products import check_seed, is_whole
from utils.data.shard_manifest import (
    go_on,
    only_run,
    shard_names,
    start_manifest,
    trouble,
    write_manifest,
)
from utils.data.sources import check_size, check_split
from utils.data.storage import reason

SHARD_SIZE = 2_048  # photos per shard: 25 MB at 64 x 64 x 3
PORTION = MANY // 2  # photos in memory at once; read_photos draws a progress bar of its own from MANY on


def shard_photos(
    folder, out, *, split="train", image_size=64, channels=3, shard_size=SHARD_SIZE, seed=0, bar=False
):
    """Write the photos of a split as shards, except for shards that are there; return the manifest."""
    folder, out = checked_folders(folder, out)
    image_size, channels = check_size("photos", image_size, channels)
    check_seed(seed)
    if not is_whole(shard_size) or shard_size < 1:
        raise ValueError(
            f"shard_size must be a whole number of photos, 1 or more. Received: {shard_size!r}. "
            f"Most likely fix: leave it out, it is {SHARD_SIZE} then."
        )
    split = check_split(split, "photos")
    photos, class_names = list_photos(folder, split)
    settings = {"size": int(image_size), "channels": int(channels), "split": split}
    settings |= {"shard_size": int(shard_size), "seed": int(seed)}
    inputs = {"files": len(photos), "fingerprint": fingerprint(photos)}
    # Each shard is a random sample of all photos, and which ones does not depend on those that are broken.
    order = np.random.default_rng(seed).permutation(len(photos))
    parts = np.array_split(order, -(-len(photos) // shard_size))
    try:
        out.mkdir(parents=True, exist_ok=True)
        with only_run(out):
            manifest = go_on(out, start_manifest(settings, class_names, inputs, len(parts)))
            with tqdm(total=len(photos), desc="sharding", unit=" photos", disable=not bar) as bar:
                write_missing(manifest, photos, parts, folder, out, bar)
    except OSError as error:
        raise OSError(
            error.errno,
            f"Photos of {folder} should become shards in {out}. Received: {reason(error)}. Most likely fix: "
            "free some space, or make both folders reachable; then give the same command again, which keeps "
            "what is finished.",
        ) from error
    if not manifest["pictures"]:
        raise ValueError(
            f"At least one file in {folder} must be a photo. Received: {len(photos)} files, none of which "
            f"can be read; one is {skipped_of(manifest)[0]}. Most likely fix: use JPEG, PNG or WebP files."
        )
    return manifest


def write_missing(manifest, photos, parts, folder, out, bar):
    """Write each shard that is not there yet, and say so in the manifest as soon as it is whole."""
    from utils.data.shard_files import write_shard  # TensorFlow is slow to start: not for a wrong command

    for rest in out.glob(".*-part-*.tfrecord"):  # what a killed run had not finished
        rest.unlink()
    write_manifest(out, manifest)
    for number, (name, part) in enumerate(zip(shard_names(len(parts)), parts, strict=True)):
        if trouble(out, name, manifest["shards"][number]):
            skipped = []
            rows = read_rows([photos[i] for i in part], folder, manifest, skipped)
            manifest["shards"][number] = write_shard(out, name, rows) | {"skipped": skipped}
            if not folder.is_dir():  # else a drive that was unplugged would count as broken photos
                raise OSError(errno.ENOENT, f"{folder} is gone")
            write_manifest(out, manifest)
        bar.update(len(part))


def read_rows(photos, folder, manifest, skipped):
    """Yield (picture, class id, caption) of photos, few of them in memory at once; note what is skipped."""
    settings, class_ids = manifest["settings"], {name: i for i, name in enumerate(manifest["class_names"])}
    for start in range(0, len(photos), PORTION):
        portion = photos[start : start + PORTION]
        read, broken = read_photos(portion, folder, None, settings["size"], settings["channels"])
        skipped += broken
        for photo, picture in read:
            yield picture, class_ids[photo.class_name], photo.caption


def checked_folders(folder, out):
    """Return both folders; refuse shards among the photos, where they would be taken for some."""
    folder, out = (pathlib.Path(path).expanduser().resolve() for path in (folder, out))
    if out.is_relative_to(folder):
        raise ValueError(
            f"Shards must lie outside of the folder of photos. Received: {out}, inside of {folder}. "
            f"Most likely fix: {folder.with_name(folder.name + '-shards')}."
        )
    return folder, out


def fingerprint(photos):
    """Return what changes when a photo comes, goes, is changed, or is described in other words."""
    digest = hashlib.sha256()
    for photo in photos:
        try:
            now = os.stat(photo.path)
            state = (now.st_size, now.st_mtime_ns)
        except OSError:  # reading it will say why
            state = ()
        digest.update(ascii((photo.name, photo.class_name, photo.caption, photo.trouble, state)).encode())
    return digest.hexdigest()


def skipped_of(manifest):
    """Return the photos that were left out, each with the reason."""
    return sorted(photo for entry in manifest["shards"] if entry for photo in entry["skipped"])
