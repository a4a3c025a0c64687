"""python -m utils.course check: names every built notebook that no longer fits its lesson; runs nothing."""

import nbformat

from utils.course.build import LARGEST_FILE, WITHOUT_OUTPUTS, learner_notebook
from utils.course.cells import notebook_cells
from utils.course.cover import cover_picture
from utils.course.execute import make_notebook
from utils.course.lesson_source import COURSE, LessonError, read_lesson
from utils.course.outputs import pictures_without_words, printed

CURE = "Most likely fix: python -m utils.course build"


def check(names=(), course=COURSE, say=print):
    """Compare the named lessons, or all, with their notebooks; returns how many files are stale."""
    paths = [course.find(name) for name in names] or course.lessons()
    found = [problem for path in paths for problem in lesson_problems(path, course)]
    if not names:
        found += list(_orphans(course))
    for problem in found:
        say(problem)
    if not found:
        say(f"{len(paths)} lesson(s): both notebooks of each are up to date")
    return len(found)


def lesson_problems(path, course=COURSE):
    """One sentence for each stale notebook of a lesson, or for what is wrong in the lesson itself."""
    try:
        lesson = read_lesson(path, course)
        cells = notebook_cells(lesson, course)
    except LessonError as error:
        return [str(error)]
    solved_file = course.solutions / f"{lesson.name}.ipynb"
    learner_file = course.notebooks / f"{lesson.name}.ipynb"
    problems, built = [], {}
    for file, which in ((solved_file, "solved"), (learner_file, "learner")):
        problem, built[which] = _compare(file, make_notebook(cells, which))
        problem = problem or (_output_problem(built[which], cells) if which == "solved" else None)
        if problem:
            problems.append(f"{course.shown(file)}: {problem}. {CURE} {lesson.name}")
    if not problems:
        picture, cover = course.solutions / f"{lesson.name}.png", cover_picture(built["solved"])
        if (picture.read_bytes() if picture.is_file() else None) != cover:
            problems.append(f"{course.shown(picture)}: not the picture of the lesson. {CURE} {lesson.name}")
        wanted = learner_notebook(built["solved"], cells)
        for at, (mine, theirs) in enumerate(zip(wanted.cells, built["learner"].cells, strict=True)):
            if mine != theirs:
                problem = f"outputs of {_name(at, theirs)} differ from the solved notebook"
                problems.append(f"{course.shown(learner_file)}: {problem}. {CURE} {lesson.name}")
                break
    return problems


def _compare(file, wanted):
    """The first difference between a built file and what the lesson says now, outputs aside."""
    if not file.is_file():
        return "missing", None
    try:
        text = file.read_text(encoding="utf-8")
        built = nbformat.reads(text, as_version=4)
        nbformat.validate(built)
    except Exception as error:
        return f"not a notebook ({type(error).__name__}: {str(error).splitlines()[0]})", None
    if text != nbformat.writes(built) + "\n":
        return "not as the builder writes it", built
    if len(text.encode()) > LARGEST_FILE:
        return f"larger than {LARGEST_FILE / 1e6} MB", built
    if built.metadata != wanted.metadata or built.nbformat_minor != wanted.nbformat_minor:
        return "notebook metadata differ", built
    for at, (mine, theirs) in enumerate(zip(wanted.cells, built.cells, strict=False)):
        for part in ("id", "cell_type", "source", "metadata"):
            if mine[part] != theirs[part]:
                return f"stale: {part} of {_name(at, mine)} differs", built
    if len(wanted.cells) != len(built.cells):
        return f"stale: {len(built.cells)} cells, the lesson has {len(wanted.cells)}", built
    return None, built


def _output_problem(solved, cells):
    """What shows that the solved notebook was not executed whole by the builder."""
    count = 0
    for at, (cell, built) in enumerate(zip(cells, solved.cells, strict=True)):
        if cell.kind != "code":
            continue
        count += 1
        tags, where = set(cell.tags), _name(at, built)
        if built.execution_count != count:
            return f"{where} was not executed in order"
        if tags & WITHOUT_OUTPUTS and built.outputs:
            return f"{where} has outputs that are not stored"
        if "broken" in tags and not any(output.output_type == "error" for output in built.outputs):
            return f"{where} must raise, and did not"
        if "check" in tags and not printed(built.outputs).startswith(f"✓ {cell.exercise} "):
            return f"{where} does not pass its own check"
        if pictures_without_words(built.outputs):
            return f"{where} has a picture without alternative text"
    return None


def _orphans(course):
    """Notebooks without a lesson."""
    names = {path.stem for path in course.lessons()}
    for folder in (course.solutions, course.notebooks):
        for file in sorted([*folder.glob("*.ipynb"), *folder.glob("*.png")]):
            if file.stem not in names:
                yield f"{course.shown(file)}: no lesson solutions/{file.stem}.py. Most likely fix: delete it"


def _name(at, cell):
    """A cell as a person finds it: its position and first line."""
    first = (cell.source.strip().splitlines() or [""])[0]
    return f"cell {at + 1} ({first[:60]})"
