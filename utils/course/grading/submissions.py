"""Reads a folder of notebooks that were handed in: who wrote which lesson, and what cannot be read."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import nbformat

from utils.course.cells import EXERCISE_ID
from utils.course.graded_cells import CHECK_CALL
from utils.course.lesson_source import COURSE
from utils.course.outputs import printed
from utils.exercises import lesson_numbers

LARGEST = 100_000_000  # bytes; the course's own notebooks, with all pictures, stay under 1.5 million
MOST_CODE = 1_000_000  # letters; the course's own have 50,000
ROLE_ID = re.compile(r"(?:exercise|check)-(\d+)-\d+")


@dataclass(frozen=True, eq=False)  # each is itself: two learners may hand in the same
class Submission:
    """One notebook of one learner; without a notebook, the fault says why it could not be read."""

    learner: str
    lesson: str  # "02_code_a_gan"
    path: Path
    digest: str  # of the file's bytes
    notebook: nbformat.NotebookNode | None
    fault: str = ""


def read_submissions(folder, course=COURSE):
    """All submissions of a folder, sorted, and the files that are none: [(path, why)]."""
    lessons = {int(path.stem.split("_")[0]): path.stem for path in course.lessons()}
    lessons = {number: lessons[number] for number in lesson_numbers() if number in lessons}
    found, skipped = [], []
    for path in sorted(Path(folder).rglob("*.ipynb")):
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue  # .ipynb_checkpoints, __MACOSX's ._copies
        if path.is_symlink():
            skipped.append((path, "a link to somewhere else"))
            continue
        digest, notebook, fault = read_notebook(path)
        number = lesson_number(notebook) if notebook else None
        lesson = lessons.get(number) or lesson_in_name(path.stem, lessons.values())
        if lesson is None:
            skipped.append((path, fault or "neither its cells nor its name tell of a lesson with exercises"))
            continue
        learner = learner_of(path.relative_to(folder), lesson)
        found.append(Submission(learner, lesson, path, digest, notebook, fault))
    return tell_apart(found, folder), skipped


def read_notebook(path):
    """The digest of a file, its notebook, and the fault when there is none: (str, notebook or None, str)."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            return f"{size}", None, f"larger than {LARGEST / 1e6:.0f} MB; clear its outputs"
        content = path.read_bytes()
    except OSError as error:
        return "", None, error.strerror or type(error).__name__
    digest = hashlib.sha256(content).hexdigest()
    try:
        notebook = nbformat.reads(content.decode("utf-8"), as_version=4)
        if not all(isinstance(cell.source, str) and isinstance(cell.id, str) for cell in notebook.cells):
            raise TypeError("a cell whose source or id is no text")
        for cell in notebook.cells:
            printed(cell.get("outputs", []))
        if sum(len(cell.source) for cell in notebook.cells) > MOST_CODE:
            raise ValueError(f"more than {MOST_CODE:,} letters of code and text")
    except Exception as error:  # nbformat raises what it finds
        words = " ".join(str(error).split())[:120]
        return digest, None, f"{type(error).__name__}: {words}"
    return digest, notebook, ""


def lesson_number(notebook):
    """The lesson whose exercises a notebook holds, by cell ids, else by the checks it calls."""
    numbers = Counter()
    for cell in notebook.cells:
        if role := ROLE_ID.fullmatch(str(cell.get("id"))):
            numbers[int(role[1])] += 1
        elif cell.cell_type == "code":
            keys = CHECK_CALL.findall(cell.source)
            numbers.update(int(key.split(".")[0]) for key in keys if EXERCISE_ID.fullmatch(key))
    return numbers.most_common(1)[0][0] if numbers else None


def lesson_in_name(stem, lessons):
    """The lesson that a file name tells of."""
    return next((lesson for lesson in lessons if lesson in stem), None)


def learner_of(path, lesson):
    """The learner: the folder's name, else the file's name without the lesson's."""
    if len(path.parts) > 1:
        return path.parts[0]
    return path.stem.replace(lesson, "").strip(" _-.()") or path.stem


def tell_apart(submissions, folder):
    """The same, but a second notebook of one learner for one lesson is named by its file, too."""
    count, told = Counter((each.learner, each.lesson) for each in submissions), []
    for each in submissions:
        if count[each.learner, each.lesson] > 1:
            name = f"{each.learner} ({each.path.relative_to(folder).as_posix()})"
            each = Submission(name, each.lesson, each.path, each.digest, each.notebook, each.fault)
        told.append(each)
    return sorted(told, key=lambda each: (each.lesson, each.learner.casefold(), each.learner))
