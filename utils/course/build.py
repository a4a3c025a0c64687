"""python -m utils.course build: one lesson source in, a solved and a learner's notebook out."""

import contextlib
import copy
import os
import time

import nbformat

from utils.course.cells import notebook_cells
from utils.course.cover import cover_picture
from utils.course.execute import CellError, StoppedError, execute, kernel_environment, make_notebook
from utils.course.lesson_source import COURSE, LessonError, read_lesson
from utils.course.outputs import (
    clean_outputs,
    machine_places,
    pictures_without_words,
    printed,
    stderr_lines,
)
from utils.course.version import without_stamp
from utils.data.storage import reason

LARGEST_FILE = 1_500_000  # bytes: the notebooks live in git, and a browser opens them at once
CELL_TIMEOUT = 1800
WITHOUT_OUTPUTS = {"setup", "widget", "listing", "exercise"}  # machine dependent, live, or nothing to show


def build(names=(), course=COURSE, say=print, text_only=False):
    """Build the named lessons, or all; returns how many failed. text_only: no cell runs, outputs are kept."""
    failed = 0
    for path in [course.find(name) for name in names] or course.lessons():
        try:
            started = time.perf_counter()
            files, remarks = build_lesson(path, course, text_only)
            sizes = ", ".join(f"{course.shown(file)} ({file.stat().st_size / 1000:.0f} kB)" for file in files)
            say(f"{path.stem}: {sizes}, {time.perf_counter() - started:.0f} s")
            for remark in remarks:
                say(f"  {remark}")
        except LessonError as error:
            failed += 1
            say(str(error))
        except StoppedError:
            raise KeyboardInterrupt from None  # the files of this lesson are as they were
    return failed


def build_lesson(path, course=COURSE, text_only=False):
    """Write both notebooks of one lesson and its picture; returns paths, remarks. Errors leave the old."""
    lesson = read_lesson(path, course)
    cells = notebook_cells(lesson, course)
    notebook = make_notebook(cells, "solved")
    course.notebooks.mkdir(exist_ok=True)
    places = keep_outputs(notebook, path, course) if text_only else _execute(notebook, cells, path, course)
    problems, remarks = _tidy(notebook, cells, places, course.shown(path))
    texts = {
        course.solutions / f"{lesson.name}.ipynb": nbformat.writes(notebook) + "\n",
        course.notebooks / f"{lesson.name}.ipynb": nbformat.writes(learner_notebook(notebook, cells)) + "\n",
    }
    for file, text in texts.items():
        nbformat.validate(nbformat.reads(text, as_version=4))
        if len(text.encode()) > LARGEST_FILE:
            size = f"{len(text.encode()) / 1e6:.1f} MB, more than {LARGEST_FILE / 1e6} MB"
            heaviest = max(zip(notebook.cells, cells, strict=True), key=lambda pair: len(str(pair[0])))[1]
            problems.append(
                (heaviest.line, f"{file.name} has {size}. Most likely fix: smaller pictures in this cell")
            )
    if problems:
        raise LessonError(course.shown(path), problems)
    contents = {file: text.encode() for file, text in texts.items()}
    if picture := cover_picture(notebook):
        contents[course.solutions / f"{lesson.name}.png"] = picture
    try:
        _write(contents)
    except OSError as error:
        fault = f"its notebooks cannot be written, the old ones stay. Received: {reason(error)}"
        cure = "Most likely fix: free some space, or take the course to a folder you may write in"
        raise LessonError(course.shown(path), [(1, f"{fault}. {cure}")]) from None
    return list(contents), remarks


def _execute(notebook, cells, path, course):
    """Run all cells; returns the folders of this machine that outputs may name."""
    with kernel_environment(os.environ.get("COURSE_BUDGET", "cpu")) as environment:
        try:
            execute(
                notebook,
                course.notebooks,
                title=path.stem,
                environment=environment,
                cell_timeout=CELL_TIMEOUT,
            )
        except CellError as failure:
            cell = cells[failure.index]
            raise LessonError(
                course.shown(path), [(failed_line(cell, failure), failure_text(failure))]
            ) from None
        return machine_places(course, environment["COURSE_FOLDER"], environment.get("PRODUCT_DATA"))


def keep_outputs(notebook, path, course):
    """Take the outputs of the last build, when no cell of code has changed since; returns no folders."""
    stored = course.solutions / f"{path.stem}.ipynb"
    try:
        old = nbformat.read(stored, as_version=4).cells if stored.is_file() else []
    except Exception as error:  # nbformat raises a dozen kinds
        fault = f"{course.shown(stored)} is no whole notebook ({type(error).__name__})"
        cure = f"Most likely fix: python -m utils.course build {path.stem}, without --text"
        raise LessonError(course.shown(path), [(1, f"{fault}. {cure}")]) from None
    old, new = ([cell for cell in part if cell.cell_type == "code"] for part in (old, notebook.cells))
    was, now_is = ([(cell.id, without_stamp(cell.source)) for cell in part] for part in (old, new))
    if was != now_is:
        fault = "code has changed since the last build, so its outputs cannot be kept"
        fix = f"Most likely fix: python -m utils.course build {path.stem}, without --text"
        raise LessonError(course.shown(path), [(1, f"{fault}. {fix}")])
    for before, now in zip(old, new, strict=True):
        now.outputs, now.execution_count = before.outputs, before.execution_count
    return ()


def learner_notebook(solved, cells):
    """The learner's notebook: stubs for answers, and the pictures to aim for."""
    learner = make_notebook(cells, "learner")
    for cell, source, target in zip(cells, solved.cells, learner.cells, strict=True):
        if cell.kind == "code" and "check" not in cell.tags and source.outputs:
            target.outputs = copy.deepcopy(source.outputs)
            target.execution_count = source.execution_count
    return learner


def failed_line(cell, failure):
    """The lesson's line behind a failure: exact where the cell stands as it was written."""
    exact = failure.row and cell.source == cell.solved
    return cell.line + failure.row - 1 if exact else cell.line


def failure_text(failure):
    """Why a cell failed, with the end of its traceback."""
    tail = failure.traceback.strip().splitlines()[-25:]
    return "\n    ".join([f"the cell failed: {failure}", *tail])


def _tidy(notebook, cells, places, shown_path):
    """Make the executed notebook byte-stable; returns problems and remarks."""
    problems, remarks = [], []
    for cell, target in zip(cells, notebook.cells, strict=True):
        target.metadata.pop("execution", None)
        if cell.kind != "code":
            continue
        raised = any(output.output_type == "error" for output in target.outputs)
        if "broken" in cell.tags and not raised:
            problems.append((cell.line, "a broken cell must raise, and this one ran to its end"))
        noise = stderr_lines(target.outputs)
        if noise:
            remarks.append(f"{shown_path}:{cell.line}: wrote to stderr (not stored): {noise[0][:160]}")
        target.outputs = [] if WITHOUT_OUTPUTS & set(cell.tags) else clean_outputs(target.outputs, places)
        silent = pictures_without_words(target.outputs)
        if silent:
            problems.append(
                (
                    cell.line,
                    f"{silent} picture(s) without alternative text. Most likely fix: show(figure, alt=…)",
                )
            )
        if "check" in cell.tags and not printed(target.outputs).startswith(f"✓ {cell.exercise} "):
            received = printed(target.outputs).strip() or "nothing"
            problems.append((cell.line, f"the course's own answer fails its check. Received: {received}"))
    notebook.metadata = nbformat.from_dict(make_notebook([], "solved").metadata)
    return problems, remarks


def _write(contents):
    """Replace all files or, where one cannot be written, none."""
    fresh = {file: file.with_name(f".{file.name}.new") for file in contents}
    try:
        for file, content in contents.items():
            fresh[file].write_bytes(content)
        for file, place in fresh.items():
            os.replace(place, file)
    finally:
        for place in fresh.values():
            with contextlib.suppress(OSError):  # out of reach, so nothing of ours is left there
                place.unlink(missing_ok=True)
