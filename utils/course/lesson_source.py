"""Reads a lesson: jupytext percent format in, cells with their tags and line numbers out."""

import re
from dataclasses import dataclass
from pathlib import Path

TAGS = ("setup", "listing", "exercise", "check", "train", "widget", "broken", "recall")
EXCLUSIVE = {"setup", "listing", "exercise", "check"}  # each says what a whole cell is

HEADER = """\
# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---""".splitlines()

MARKER = re.compile(r"^# %%(?P<kind>[ ]+\[markdown\])?(?:[ ]+tags=\[(?P<tags>[^\]]*)\])?[ ]*$")


@dataclass(frozen=True)
class Course:
    """Where a course lies: lessons in solutions/, what learners open in notebooks/, the library beside."""

    root: Path

    @property
    def solutions(self):
        return self.root / "solutions"

    @property
    def notebooks(self):
        return self.root / "notebooks"

    @property
    def exercises(self):
        return self.root / "utils" / "exercises"

    def shown(self, path):
        """A path as people read it: relative to the course where it lies in it."""
        path = Path(path)
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)

    def lessons(self):
        """Every lesson source of the course, in order."""
        return sorted(self.solutions.glob("[0-9][0-9]_*.py"))

    def find(self, name):
        """The source of the lesson called '02', '2', '02_code_a_gan' or by its path."""
        stem = Path(name).stem
        for path in self.lessons():
            number = path.stem.split("_")[0]
            if stem == path.stem or (stem.isdigit() and int(stem) == int(number)):
                return path
        known = ", ".join(path.stem for path in self.lessons()) or f"none in {self.solutions}"
        raise ValueError(
            f"A lesson must be one of {known}. Received: {name!r}. "
            "Most likely fix: take its number or its name."
        )


COURSE = Course(Path(__file__).resolve().parents[2])


@dataclass(frozen=True)
class Cell:
    """One cell as the author wrote it; line is where its text starts in the file."""

    kind: str  # "code" | "markdown"
    tags: tuple[str, ...]
    source: str
    line: int


@dataclass(frozen=True)
class Lesson:
    """One lesson file, cell by cell."""

    path: Path
    cells: tuple[Cell, ...]

    @property
    def name(self):
        return self.path.stem

    @property
    def number(self):
        return int(self.name.split("_")[0])


class LessonError(Exception):
    """Everything that is wrong with one lesson, each with file and line."""

    def __init__(self, path, problems):
        self.problems = sorted(problems)
        super().__init__("\n".join(f"{path}:{line}: {message}" for line, message in self.problems))


def read_lesson(path, course=COURSE):
    """Read a lesson file; a LessonError names every line that is not understood."""
    path = Path(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    problems = list(_header_problems(lines))
    if problems:
        raise LessonError(course.shown(path), problems)

    starts = [number for number, line in enumerate(lines) if line.startswith("# %%")]
    first = starts[0] if starts else len(lines)
    for number in range(len(HEADER), first):
        if lines[number].strip():
            problems.append((number + 1, "text before the first cell. Most likely fix: put `# %%` above it"))
            break
    fault = "an indented `# %%`: other tools start a cell here. Most likely fix: another comment"
    problems += [(at + 1, fault) for at, line in enumerate(lines) if re.match(r"\s+# %%", line)]
    cells = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        marker = MARKER.match(lines[start])
        if not marker:
            forms = '`# %%`, `# %% [markdown]` or `# %% tags=["listing"]`'
            problems.append((start + 1, f"a cell starts with {forms}. Received: {lines[start]!r}"))
            continue
        kind = "markdown" if marker["kind"] else "code"
        tags = tuple(tag.strip().strip("\"'") for tag in (marker["tags"] or "").split(",") if tag.strip())
        problems += [(start + 1, message) for message in _tag_problems(kind, tags)]
        body, line = _without_blank_edges(lines[start + 1 : end], start + 2)
        if kind == "markdown":
            body, wrong = _plain_markdown(body)
            fix = "Most likely fix: add it, or `# %%` above"
            problems += [(line + at, f"a line of a markdown cell starts with `# `. {fix}") for at in wrong]
        cells.append(Cell(kind, tags, "\n".join(body), line))
    if problems:
        raise LessonError(course.shown(path), problems)
    return Lesson(path, tuple(cells))


def _header_problems(lines):
    for number, wanted in enumerate(HEADER):
        received = lines[number] if number < len(lines) else "end of file"
        if received.rstrip() != wanted:
            yield (
                number + 1,
                "the jupytext header is incomplete, and without it tags are lost silently. "
                f"Expected: {wanted!r}. Received: {received!r}. "
                f"Most likely fix: copy the first {len(HEADER)} lines of another lesson",
            )
            return


def _tag_problems(kind, tags):
    for tag in tags:
        if tag not in TAGS:
            yield f"unknown tag {tag!r}. Known: {', '.join(TAGS)}"
        elif kind == "markdown" and tag != "recall":
            yield f"tag {tag!r} belongs to a code cell; a markdown cell takes recall alone"
    both = [tag for tag in tags if tag in EXCLUSIVE]
    if len(both) > 1:
        yield f"a cell has one purpose. Received: {' and '.join(both)}"


def _without_blank_edges(body, line):
    while body and not body[-1].strip():
        body = body[:-1]
    while body and not body[0].strip():
        body, line = body[1:], line + 1
    return body, line


def _plain_markdown(body):
    """Take the comment signs off; also returns the positions of lines that have none."""
    if len(body) > 1 and body[0] in ('"""', 'r"""') and body[-1] == '"""':
        return body[1:-1], []
    wrong = [at for at, line in enumerate(body) if line != "#" and not line.startswith("# ") and line.strip()]
    return [line[2:] if line.startswith("# ") else "" for line in body], wrong
