"""Which photos a folder holds: one folder per class, or pictures that captions.csv describes."""

import csv
import io
import os
import pathlib
import unicodedata
import zlib
from typing import NamedTuple

from utils.data.products import plain_caption

CAPTIONS_FILE = "captions.csv"
LITTER = {"thumbs.db", "desktop.ini", "__macosx", CAPTIONS_FILE}  # never photos; hidden files neither
ONLY_CLASS = "product"  # of pictures that nothing sorts
HALVES = {"train": "train", "validation": "test", "test": "test"}  # folder name -> split
LEADS_OUT = "it leads out of the folder"  # by .. or by a link; such a file is not even looked for
LAYOUTS = (
    "<class>/<photo> folders, or photos beside a captions.csv with the columns file and caption; "
    "both may stand in train/ and validation/"
)


class Photo(NamedTuple):
    """One file that should be a photo."""

    path: pathlib.Path
    name: str  # inside the folder, with / on every system
    class_name: str
    caption: str
    trouble: str = ""  # why it cannot be used, when that is known before reading it


def list_photos(folder, split):
    """Return the photos of a split in a fixed order, and the names of all classes of the folder."""
    folder = pathlib.Path(folder).expanduser()
    if not folder.is_dir():
        raise FileNotFoundError(
            f"Photos are looked for in {folder}: {LAYOUTS}. "
            f"Received: {'a file' if folder.exists() else 'no such folder'}. "
            "Most likely fix: correct the path."
        )
    halves = [path for path in visible(folder) if path.is_dir() and path.name.lower() in HALVES]
    halved = {HALVES[path.name.lower()] for path in halves} == {"train", "test"}
    if halved and not (folder / CAPTIONS_FILE).exists():
        photos = [photo for half in halves for photo in list_layout(half, folder)]
    else:
        photos = list_layout(folder, folder)
    photos.sort(key=lambda photo: photo.name)
    tenth = set() if halved else test_names({photo.name for photo in photos if not photo.trouble})
    chosen = []
    for photo in photos:
        half = HALVES.get(photo.name.split("/")[0].lower()) if halved else None
        if split == (half or ("test" if photo.name in tenth else "train")):
            chosen.append(photo)
    if not chosen:
        raise FileNotFoundError(
            f"Photos for the split {split!r} are looked for in {folder}: {LAYOUTS}. "
            f"Received: {len(photos)} files in the other split, none in this one. "
            "Most likely fix: put photos there, at least two."
        )
    return chosen, tuple(sorted({photo.class_name for photo in photos if not photo.trouble}))


def list_layout(folder, root):
    """List the files of one folder by captions.csv if it has one, else by class folders."""
    if (folder / CAPTIONS_FILE).exists():
        return list_captioned(folder / CAPTIONS_FILE, root)
    photos, class_folders = [], [path for path in visible(folder) if path.is_dir()]
    for class_folder in class_folders:
        class_name = unicodedata.normalize("NFC", class_folder.name)
        for path in visible(class_folder):
            trouble = "a folder inside a class folder is not read" if path.is_dir() else ""
            name = inside(path, root)
            photos.append(Photo(path, name, class_name, plain_caption(class_name), trouble))
    trouble = "it stands beside the class folders, in none of them" if class_folders else ""
    for path in visible(folder):
        if path not in class_folders:
            photos.append(Photo(path, inside(path, root), ONLY_CLASS, plain_caption(ONLY_CLASS), trouble))
    return photos


def list_captioned(table, root):
    """List the files that captions.csv names, with their captions."""
    if not (table.is_file() and table.resolve().is_relative_to(root.resolve())):
        raise ValueError(
            f"{table} must be a file of the folder. Received: a link that leads out, or no file. "
            "Most likely fix: copy the table into the folder."
        )
    try:
        text = table.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{table} must be text in UTF-8. Received: byte {error.object[error.start]:#04x} at "
            f"{error.start}. Most likely fix: save it again as CSV UTF-8."
        ) from error
    first_line = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first_line.count)  # spreadsheets in many countries write ;
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restval="")
    columns = {(column or "").strip().lower(): column for column in rows.fieldnames or ()}
    if not {"file", "caption"} <= set(columns):
        raise ValueError(
            f"{table} must have the columns file and caption (class, if you like). "
            f"Received: {', '.join(columns) or 'an empty file'}. Most likely fix: name the columns in line 1."
        )
    photos = []
    for row in rows:
        file, caption, class_name = (
            (row.get(columns.get(key)) or "").strip() for key in ("file", "caption", "class")
        )
        line = f"{CAPTIONS_FILE}, line {rows.line_num}"
        path = table.parent / file.replace("\\", "/")
        trouble = "" if caption else f"no caption ({line})"
        if not file:
            path, trouble = table, f"no file name ({line})"
        elif not pathlib.Path(os.path.abspath(path)).is_relative_to(os.path.abspath(root)):
            trouble = LEADS_OUT  # looking for //server/share would tell a stranger's server who asks
        elif not os.path.exists(path := existing(table.parent, path)):
            trouble = f"no such file ({line})"
        photos.append(Photo(path, inside(path, root), class_name or ONLY_CLASS, caption, trouble))
    return photos


def existing(folder, path):
    """Return the path of a file, whichever way its system composes accents; macOS writes two letters."""
    name = path.relative_to(folder).as_posix()
    forms = [folder / unicodedata.normalize(form, name) for form in ("NFC", "NFD")]
    return next(filter(os.path.exists, forms), path)  # unlike Path.exists, it takes names of any length


def visible(folder):
    """List a folder in a fixed order, without what systems leave in it."""
    paths = [path for path in folder.iterdir() if not path.name.startswith(".")]
    return sorted(path for path in paths if path.name.lower() not in LITTER)


def printable(name):
    """Return a name without what no terminal and no page can show: line breaks, parts that are no letters."""
    name = name.encode("utf-8", "replace").decode()
    return "".join(letter if letter.isprintable() else "?" for letter in name)


def inside(path, root):
    """Return the name of a file inside the folder, the same on every system."""
    name = path.relative_to(root) if path.is_relative_to(root) else path
    return unicodedata.normalize("NFC", name.as_posix())


def test_names(names):
    """Choose the tenth that is kept for testing by each name alone, so that it stays when photos come."""
    hashes = {name: zlib.crc32(name.encode("utf-8", "surrogateescape")) for name in names}
    tenth = {name for name in names if hashes[name] % 10 == 0}
    if len(names) > 1 and len(tenth) in (0, len(names)):  # few photos: one of them
        tenth = {min(names, key=hashes.get)}
    return tenth
