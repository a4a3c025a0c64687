"""python -m utils.course grade FOLDER: notebooks that were handed in become one table of marks.

FOLDER holds learner/02_code_a_gan.ipynb or learner_02_code_a_gan.ipynb, any number; it is only read.
What is graded is kept in OUT, so that a second run, or one after a kill, grades only what is new or changed.
"""

import hashlib
import json
import os
import re
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import nbformat
from tqdm import tqdm

from utils.course.grading.files import as_csv, as_junit
from utils.course.grading.fresh_copy import fresh_copy
from utils.course.grading.judge import judge_events, judges
from utils.course.grading.marks import failed, from_json, result_of, stored_verdicts
from utils.course.grading.namespace import has_rooms
from utils.course.grading.page import as_page
from utils.course.grading.run_one import NOT_STARTED, run_one
from utils.course.grading.similar import similar_pairs
from utils.course.grading.submissions import read_submissions
from utils.course.lesson_source import COURSE

TITLE = re.compile(r"^### Exercise (\d+\.\d+) · (.+?) \(", re.MULTILINE)


def grade_folder(folder, out=None, *, seconds, gigabytes, at_once, say=print):
    """Grade all notebooks of a folder and write grades.html, grades.csv and grades.xml; the exit code."""
    folder, out = checked_places(folder, out)
    submissions, skipped = read_submissions(folder)
    for path, why in skipped:
        say(f"skipped {path.relative_to(folder)}: {why}")
    if not submissions:
        raise ValueError(
            f"A folder to grade holds notebooks of this course. Received: {folder}, with none. "
            "Most likely fix: FOLDER/learner/02_code_a_gan.ipynb"
        )
    lessons = sorted({each.lesson for each in submissions})
    solved = {lesson: read(COURSE.solutions / f"{lesson}.ipynb") for lesson in lessons}
    stubs = {lesson: read(COURSE.notebooks / f"{lesson}.ipynb") for lesson in lessons}
    limits = {"seconds": seconds, "gigabytes": gigabytes}
    kept_in, version = out / "results", course_version()
    kept_in.mkdir(parents=True, exist_ok=True)
    files = {each: kept_in / f"{key_of(each, version)}.json" for each in submissions}
    results = {each: kept for each, file in files.items() if (kept := read_kept(file, limits))}
    todo = [each for each in submissions if each not in results]
    if results:
        say(f"{len(results)} of {len(submissions)} notebooks were graded before.")
    stop, locked = threading.Event(), tuple(protected([folder, out]))

    def grade(submission):
        of_lesson = solved[submission.lesson]
        try:
            result = grade_one(submission, of_lesson, limits, locked, judge, stop)
        except Exception as error:  # one notebook never costs the run
            return submission, failed(of_lesson, f"could not be graded: {type(error).__name__}: {error}")
        if not stop.is_set() and not result.ended.startswith(NOT_STARTED):
            write(files[submission], json.dumps({"result": result.as_json(), "limits": limits}))
        return submission, result

    with judges() as judge, ThreadPoolExecutor(at_once) as pool:
        try:
            with tqdm(total=len(submissions), initial=len(results), unit="notebook", file=sys.stderr) as bar:
                for done in as_completed([pool.submit(grade, each) for each in todo]):
                    submission, results[submission] = done.result()
                    bar.set_postfix_str(f"{submission.learner[:20]}: {submission.lesson[:2]}", refresh=False)
                    bar.update()
        except BaseException:
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise
    graded = [(each, results[each]) for each in submissions]
    titles = {key: title for each in solved.values() for key, title in titles_of(each).items()}
    pairs = similar_pairs(submissions, solved, stubs)
    shown = [(path.relative_to(folder).as_posix(), why) for path, why in skipped]
    write(out / "grades.csv", as_csv(graded))
    write(out / "grades.xml", as_junit(graded))
    write(out / "grades.html", as_page(graded, pairs, shown, titles, closed=has_rooms(locked)))
    say(str(out / "grades.html"))
    return 0


def grade_one(submission, solved, limits, locked, judge, stop):
    """The result of one submission, whatever it is and whatever it does."""
    if submission.notebook is None:
        return failed(solved, f"notebook cannot be read: {submission.fault}")
    notebook, remarks = fresh_copy(submission.notebook, solved)
    begin = time.monotonic()
    seed, events, ended = run_one(submission.lesson, notebook, **limits, locked=locked, stopped=stop.is_set)
    if stop.is_set():
        return failed(solved, ended)
    took = time.monotonic() - begin
    number = int(submission.lesson.split("_")[0])
    judged = judge.submit(judge_events, number, seed, events).result()
    result = result_of(events, ended, judged, solved, took)
    result.incidents.extend([*remarks, *stored_verdicts(submission.notebook, solved, result.marks)])
    return result


def protected(folders):
    """The folders that no run may write to, where the system can see to it."""
    further = [COURSE.root, Path(sys.prefix), Path.home()]
    further += [Path(os.environ["PRODUCT_DATA"])] if os.environ.get("PRODUCT_DATA") else []
    return [place for place in (*folders, *further) if place.is_dir() and place != Path(place.anchor)]


def checked_places(folder, out):
    """Both folders, absolute; results must not lie among what was handed in."""
    folder = Path(folder).expanduser().resolve()
    if not folder.is_dir():
        raise ValueError(
            f"FOLDER must be a folder of notebooks. Received: {folder}. Most likely fix: its path"
        )
    out = Path(out).expanduser().resolve() if out else folder.with_name(f"{folder.name}-grades")
    if out.is_relative_to(folder):
        raise ValueError(
            f"OUT must lie outside of FOLDER, which is only read. Received: {out}. "
            f"Most likely fix: leave --into out, then it is {folder.with_name(folder.name + '-grades')}"
        )
    return folder, out


def course_version():
    """A digest of all that marks depend on: the library with its exercises, and the lessons."""
    files = [*sorted((COURSE.root / "utils").rglob("*.py")), *COURSE.lessons()]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.relative_to(COURSE.root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def key_of(submission, version):
    """The name under which the result of this very notebook, graded by this very course, is kept."""
    text = f"{version} {submission.lesson} {submission.digest} {submission.fault}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def read_kept(file, limits):
    """The kept result; None when there is none, or when other limits might change it."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        result = from_json(kept["result"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return None if result.ended and kept["limits"] != limits else result


def titles_of(solved):
    """What the lesson calls its exercises: {"2.1": "what the discriminator pays"}."""
    return {key: title for cell in solved.cells for key, title in TITLE.findall(cell.source)}


def read(path):
    """A notebook of the course."""
    return nbformat.read(path, as_version=4)


def write(path, text):
    """Write a file whole or not at all."""
    from utils.data.storage import write_atomic

    write_atomic(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))
