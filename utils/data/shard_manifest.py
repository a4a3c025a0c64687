"""What a folder of shards says of itself: shards.json names each file, how many pictures and which bytes."""

import contextlib
import hashlib
import json
import pathlib
import sqlite3

from utils.data.storage import write_atomic

MANIFEST = "shards.json"
LOCK = ".lock"
VERSION = 1  # of the files; another one is refused


def shard_names(count):
    """Return the names of so many shards: part-00000-of-00012.tfrecord and so on."""
    return [f"part-{number:05d}-of-{count:05d}.tfrecord" for number in range(count)]


def start_manifest(settings, class_names, inputs, count):
    """Return what is known before the first shard is written; a shard that is not there yet is None."""
    known = {"version": VERSION, "settings": settings, "class_names": list(class_names), "inputs": inputs}
    return {**known, "pictures": 0, "skipped": 0, "shards": [None] * count}


def write_manifest(folder, manifest):
    """Write shards.json whole or not at all."""
    done = [entry for entry in manifest["shards"] if entry]
    manifest["pictures"] = sum(entry["pictures"] for entry in done)
    manifest["skipped"] = sum(len(entry["skipped"]) for entry in done)
    text = json.dumps(manifest, indent=1) + "\n"
    write_atomic(pathlib.Path(folder, MANIFEST), lambda path: path.write_text(text, "utf-8"))


def read_manifest(folder):
    """Read shards.json, or say why it cannot be read."""
    path, received = pathlib.Path(folder, MANIFEST), "no such file"
    try:
        manifest = json.loads(path.read_text("utf-8"))
        if manifest["version"] == VERSION:
            return manifest
        received = f"version {manifest['version']} of it, where {VERSION} is read"
    except FileNotFoundError:
        pass
    except (ValueError, KeyError, TypeError):
        received = "a damaged file"
    raise ValueError(
        f"A folder of shards is known by its {MANIFEST}: {path}. Received: {received}. "
        "Most likely fix: make the shards with python -m utils.data.shards FOLDER OUT."
    )


def go_on(folder, wanted):
    """Return the manifest to go on with: that of the folder if it was begun alike, else `wanted`."""
    if not pathlib.Path(folder, MANIFEST).exists():
        return wanted
    begun = read_manifest(folder)
    for key, what in (("settings", "made with the same settings"), ("inputs", "of the same photos")):
        if begun[key] != wanted[key]:
            now, then = (
                ", ".join(f"{k} {v}" for k, v in one[key].items() if v != other[key].get(k))
                for one, other in ((wanted, begun), (begun, wanted))
            )
            raise ValueError(
                f"All shards in {folder} must be {what}. Received: {now}; they were begun with {then}. "
                "Most likely fix: name a new folder for the new shards, or delete this one."
            )
    return begun


def trouble(folder, name, entry):
    """Return what is seen to be wrong with a shard without reading it, "" for nothing."""
    path = pathlib.Path(folder, name)
    if entry is None:
        return "not written yet"
    if entry.get("file") != name:  # the manifest must not lead to files elsewhere
        return f"called {entry.get('file')!r} in {MANIFEST}"
    if not path.is_file():
        return "missing"
    size = path.stat().st_size
    return "" if size == entry["bytes"] else f"damaged: {size:,} bytes instead of {entry['bytes']:,}"


def find_damage(folder):
    """Read every shard back; return {name: what is wrong} of those that are not as they were written."""
    found, shards = {}, read_manifest(folder)["shards"]
    for name, entry in zip(shard_names(len(shards)), shards, strict=True):
        wrong = trouble(folder, name, entry)
        if not wrong and sha256_of(pathlib.Path(folder, name)) != entry["sha256"]:
            wrong = "damaged: not the bytes that were written"
        if wrong:
            found[name] = wrong
    return found


def sha256_of(path):
    """Return the SHA-256 of a file, read in small portions."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def only_run(folder):
    """Refuse a second run that writes into the same folder; a killed run holds no lock."""
    turn = None
    try:
        try:
            turn = sqlite3.connect(pathlib.Path(folder, LOCK), timeout=0, isolation_level=None)
            turn.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:  # where no locks can be made: go anyway, each file is written whole
            if "locked" in str(error):
                raise ValueError(
                    f"One run at a time writes into {folder}. Received: a second one. "
                    "Most likely fix: wait for the first one, or name another folder."
                ) from error
        yield
    finally:
        if turn is not None:
            turn.close()
