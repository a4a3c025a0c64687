"""Which photos of a folder are restored, and where each goes: no original is ever in danger."""

import os
import pathlib
import re
import unicodedata

from utils.data.photo_folders import visible
from utils.data.storage import reason
from utils.enhance.records import is_restored_folder

JPEG = (".jpg", ".jpeg")
TEMPORARY = re.compile(r"\.[0-9a-f]{8}-")  # how storage.write_atomic names what it has not finished


def checked_folders(folder, out=None):
    """Return the folder of photos and the one for restored photos; raise where photos would be in danger."""
    folder = pathlib.Path(folder).expanduser()
    if not folder.is_dir():
        raise ValueError(
            f"Photos are looked for in a folder. Received: {folder}, "
            f"{'a file' if folder.exists() else 'which does not exist'}. Most likely fix: correct the path."
        )
    folder = folder.resolve()
    out = pathlib.Path(out).expanduser().resolve() if out else folder.with_name(f"{folder.name}-enhanced")
    if is_restored_folder(folder):
        raise ValueError(
            f"Photos are restored once. Received: {folder}, which holds restored photos. "
            "Most likely fix: name the folder of the originals."
        )
    if holds_other_files(out):
        raise ValueError(
            "Restored photos go to a new folder, so that nothing is overwritten. "
            f"Received: {out}, which holds other files. "
            "Most likely fix: --out NAME, a folder that does not exist yet."
        )
    if link := next((path for path in (out.rglob("*") if out.is_dir() else ()) if path.is_symlink()), None):
        raise ValueError(
            "Restored photos are written into their folder and nowhere else. "
            f"Received: a link in it, {link}. Most likely fix: --out NAME, a folder that does not exist yet."
        )
    return folder, out


def holds_other_files(out):
    """Tell whether something lies there that was not made here; what a killed run left does not count."""
    if not out.is_dir():
        return out.exists()
    files = (path for path in out.rglob("*") if not path.is_dir())
    return not is_restored_folder(out) and any(not TEMPORARY.match(path.name) for path in files)


def list_files(folder):
    """Return (path, "") of each file in a folder and its sub-folders, or (path, why it is not read)."""
    try:
        paths = visible(folder)
    except OSError as error:
        return [(folder, reason(error))]
    found = []
    for path in paths:
        if not os.path.isdir(path):
            found.append((path, ""))
        elif path.is_symlink():
            found.append((path, "a link to a folder is not followed"))
        elif not is_restored_folder(path):  # restored photos are not restored again
            found += list_files(path)
    return found


def result_names(names):
    """Return where each photo goes: a JPEG keeps its name, any other becomes a PNG; no two are alike."""
    results, taken = {}, set()
    for name in names:
        stem, suffix = os.path.splitext(name)
        if suffix.lower() not in (*JPEG, ".png"):
            stem, suffix = name, ".png"  # shoe.webp.png stands beside shoe.png
        result, number = stem + suffix, 1
        while alike(result) in taken:
            number += 1
            result = f"{stem} ({number}){suffix}"
        taken.add(alike(result))
        results[name] = result
    return results


def alike(name):
    """Return what equal names have in common where a system ignores case, or how accents are composed."""
    return unicodedata.normalize("NFC", name).casefold()


def remove_temporary(out):
    """Remove what a killed run had not finished writing."""
    for path in out.rglob(".*-*"):
        if TEMPORARY.match(path.name) and path.is_file():
            path.unlink(missing_ok=True)
