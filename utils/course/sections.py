"""The sections of a lesson: what stands under each of its headings, found in the solved notebook."""

import re
from dataclasses import dataclass, field

import nbformat

from utils.course.lesson_source import COURSE

HEADING = re.compile(r"(#{1,3}) (.+)")
EXERCISE = re.compile(r"Exercise (\d+\.\d+) · .+ \((\d+) minutes, [★☆]+\)")
FENCE = "```"


@dataclass
class Section:
    """A heading with its prose and its cells of code, up to the next heading."""

    title: str
    level: int  # 1 the lesson's title, 2 a chapter, 3 a part of a chapter
    chapter: str  # title of the chapter that it belongs to
    start: int  # position in the notebook of the first cell that can hold its code
    text: list[str] = field(default_factory=list)
    cells: list = field(default_factory=list)

    @property
    def exercise(self):
        """The id of its exercise, or None."""
        found = EXERCISE.fullmatch(self.title)
        return found[1] if found else None

    @property
    def exercise_minutes(self):
        """What its heading says that its exercise takes."""
        found = EXERCISE.fullmatch(self.title)
        return int(found[2]) if found else 0


def solved_notebook(name, course=COURSE):
    """The solved notebook of a lesson ('02' or '02_code_a_gan'), with its outputs."""
    return _built(course.solutions / f"{course.find(name).stem}.ipynb", course)


def learner_notebook(name, course=COURSE):
    """The learner's notebook of a lesson, as it was built."""
    return _built(course.notebooks / f"{course.find(name).stem}.ipynb", course)


def _built(file, course):
    if not file.is_file():
        raise ValueError(
            f"The lesson must have been built. Received: no {course.shown(file)}. "
            f"Most likely fix: python -m utils.course build {file.stem}"
        )
    return nbformat.read(file, as_version=4)


def read_sections(notebook):
    """Return the sections of a notebook, in order."""
    sections = []
    for at, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            sections[-1].cells.append(cell)
            continue
        for is_heading, line in marked_lines(cell.source):
            if is_heading:
                level, title = len(line.split()[0]), HEADING.fullmatch(line)[2]
                chapter = sections[-1].chapter if level == 3 else title
                sections.append(Section(title, level, chapter, at + 1))
            else:
                sections[-1].text.append(line)
    return sections


def marked_lines(markdown):
    """Yield each line with whether it is a heading: in a block of code, `# …` is a comment."""
    fenced = False
    for line in markdown.splitlines():
        fenced ^= line.startswith(FENCE)
        yield bool(not fenced and HEADING.fullmatch(line)), line


def find_section(sections, wanted):
    """Return the section of that exercise, that title, or the only one whose title has these words in it."""
    words = str(wanted).strip().casefold()
    for matches in (
        [section for section in sections if words in (section.exercise, section.title.casefold())],
        [section for section in sections if words and words in section.title.casefold()],
    ):
        if len(matches) == 1:
            return matches[0]
    known = "\n".join(f"  {section.exercise or section.title}" for section in sections)
    raise ValueError(
        f"A section must be an exercise or a heading of the lesson. Received: {wanted!r}. "
        f"Most likely fix: one of\n{known}"
    )
