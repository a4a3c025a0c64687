"""Turns a lesson into the cells of its two notebooks, solved and to be solved, and finds its faults."""

import ast
import hashlib
import re
from dataclasses import dataclass, field

from utils.course import regions
from utils.course.lesson_source import COURSE, LessonError
from utils.course.library import find_shown, listed_names, stub_of
from utils.course.names import defined_names, free_names
from utils.course.version import stamp

EXERCISE_ID = re.compile(r"\d+\.\d+")


@dataclass
class NotebookCell:
    """One cell of both notebooks; line is where the lesson has it."""

    kind: str
    tags: tuple[str, ...]
    line: int
    source: str  # as the author wrote it: the cell id comes from here, so it outlives changes of the library
    solved: str
    learner: str
    id: str = ""
    exercise: str | None = None  # "2.1", for exercise and check cells
    shown: list = field(default_factory=list)


def notebook_cells(lesson, course=COURSE):
    """The cells of a lesson's two notebooks; a LessonError names everything that is wrong, with its line."""
    problems = []
    cells = [_expand(cell, course, problems) for cell in lesson.cells]
    _pair_exercises(cells, lesson, course, problems)
    _check_names(cells, problems)
    if problems:
        raise LessonError(course.shown(lesson.path), problems)
    _give_ids(cells)
    stamp(cells)
    return cells


def known_exercises(course=COURSE):
    """The ids that utils/exercises defines: read from its files, nothing is imported."""
    ids = set()
    for path in sorted(course.exercises.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            said = [k.value for k in node.keywords if k.arg == "id"] if isinstance(node, ast.Call) else []
            said += node.keys if isinstance(node, ast.Dict) else []
            texts = [text.value for text in said if isinstance(text, ast.Constant)]
            ids |= {text for text in texts if isinstance(text, str) and EXERCISE_ID.fullmatch(text)}
    return ids


def _expand(cell, course, problems):
    """Write out listings and exercises; everything else is the same in both notebooks."""
    made = NotebookCell(cell.kind, cell.tags, cell.line, cell.source, cell.source, cell.source)
    if cell.kind != "code":
        return made
    markers = list(regions.marker_problems(cell.source))
    problems += [(cell.line + at, message) for at, message in markers]
    if "exercise" not in cell.tags and regions.has_markers(cell.source):
        fix = 'Most likely fix: tags=["exercise"]'
        problems.append((cell.line, f"a solution marker outside an exercise cell. {fix}"))
    if "broken" not in cell.tags:  # a broken draft may be broken Python too
        try:
            ast.parse(cell.source)
        except SyntaxError as error:
            problems.append((cell.line + (error.lineno or 1) - 1, f"this is not Python: {error.msg}"))
            return made
    if not cell.source.strip():
        problems.append((cell.line, "the cell is empty"))
    elif "listing" in cell.tags:
        _show(made, course, problems)
    elif "exercise" in cell.tags and not markers:
        _write_exercise(made, course, problems)
    return made


def _show(made, course, problems):
    """Replace the import of a listing or exercise by the source of what it imports."""
    try:
        module, names = listed_names(made.source)
    except ValueError as error:
        problems.append((made.line, f"a listing is one plain `from utils.module import name`; this {error}"))
        return
    for name in names:
        try:
            made.shown.append(find_shown(module, name, course.root))
        except LookupError as error:
            fix = "Most likely fix: spell the name as the module does"
            problems.append((made.line, f"{error.args[0]}. {fix}"))
    sources = [shown.source for shown in made.shown]
    gap = "\n" if all("\n" not in source for source in sources) else "\n\n\n"
    made.solved = made.learner = gap.join(sources)


def _write_exercise(made, course, problems):
    """An exercise is one imported function, or code with its answers between markers."""
    if regions.has_markers(made.source):
        try:
            made.solved, made.learner = regions.solved_code(made.source), regions.learner_code(made.source)
        except ValueError as error:
            at, message = error.args
            problems.append((made.line + at, message))
        return
    try:
        _, names = listed_names(made.source)
    except ValueError:
        forms = "one `from utils.module import name`, or `# BEGIN SOLUTION` and `# END SOLUTION`"
        problems.append((made.line, f"there is nothing to solve here: an exercise holds {forms}"))
        return
    _show(made, course, problems)
    if len(names) > 1 or (made.shown and not made.shown[0].is_function):
        fix = "Most likely fix: write it out with markers"
        problems.append((made.line, f"an exercise imports one function. {fix}"))
    elif made.shown:
        made.learner = stub_of(made.solved)


def _pair_exercises(cells, lesson, course, problems):
    """Each exercise has its check as the next code cell, with an id that is known, once."""
    known, seen = known_exercises(course), {}
    code = [cell for cell in cells if cell.kind == "code"]
    for before, cell in zip([None, *code], [*code, None], strict=True):
        is_exercise = before is not None and "exercise" in before.tags
        is_check = cell is not None and "check" in cell.tags
        if is_exercise and not is_check:
            problems.append((before.line, "exercise without check: the next code cell must be its check"))
        if not is_check:
            continue
        if not is_exercise:
            problems.append((cell.line, "check without exercise: the code cell before must be the exercise"))
        cell.exercise = _checked_id(cell, problems)
        if cell.exercise is None:
            continue
        if before is not None:
            before.exercise = cell.exercise
        if cell.exercise in seen:
            problems.append((cell.line, f"check {cell.exercise!r} is already in line {seen[cell.exercise]}"))
        elif cell.exercise not in known:
            have = ", ".join(sorted(known)) or "none"
            problems.append((cell.line, f"utils.exercises has no {cell.exercise!r}. It has: {have}"))
        elif cell.exercise.split(".")[0] != str(lesson.number):
            problems.append(
                (cell.line, f"exercise {cell.exercise!r} is of another lesson than {lesson.name}")
            )
        seen.setdefault(cell.exercise, cell.line)


def _checked_id(cell, problems):
    try:
        body = ast.parse(cell.source).body
    except SyntaxError:
        return None  # already reported
    calls = [
        node
        for node in ast.walk(ast.Module(body, []))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "check"
    ]
    first = calls[0].args[0] if len(calls) == 1 and calls[0].args else None
    is_assignment = len(body) == 1 and isinstance(body[0], ast.Assign)  # else Jupyter shows what comes back
    if not is_assignment or not isinstance(first, ast.Constant) or not isinstance(first.value, str):
        problems.append((cell.line, 'a check cell is one assignment such as `loss = check("2.1", loss)`'))
        return None
    return first.value


def _check_names(cells, problems):
    """Names inside a listing resolve in the notebook: something up to its cell must define them."""
    defined = set()
    for cell in cells:
        if cell.kind != "code":
            continue
        try:
            defined |= defined_names(cell.solved)
            free = free_names(cell.solved) if {"listing", "exercise"} & set(cell.tags) else set()
        except SyntaxError:
            continue  # reported above, or broken on purpose
        for name in sorted(free - defined):
            fixes = [shown.elsewhere[name] for shown in cell.shown if name in shown.elsewhere]
            fix = f"`{fixes[0]}` in an earlier cell" if fixes else "define it in an earlier cell"
            message = f"{name} is used here, and no cell up to here defines it. Most likely fix: {fix}"
            problems.append((cell.line, message))
            defined.add(name)  # once is enough


def _give_ids(cells):
    """Ids from what the author wrote: they stay when other cells or the library change."""
    seen = {}
    for cell in cells:
        role = next((tag for tag in ("exercise", "check") if tag in cell.tags), None)
        if role:
            cell.id = f"{role}-{cell.exercise.replace('.', '-')}"
            continue
        key = "/".join([cell.kind, *cell.tags, cell.source])
        seen[key] = seen.get(key, -1) + 1  # two equal cells are told apart by their order
        cell.id = hashlib.sha256(f"{key}/{seen[key]}".encode()).hexdigest()[:12]
