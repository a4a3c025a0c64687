"""python -m utils.course update: the course's newest version, by nbgitpuller; your changes always win.

It prints what is new, which of your changes were kept, and where both sides have changed the same.
"""

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path

import nbformat

from utils.course.lesson_source import COURSE
from utils.course.updating.git_clone import (
    UNTOUCHED,
    at_commit,
    changes,
    common_commit,
    git,
    half_done,
    last_commit_with,
    published_branch,
)
from utils.course.updating.merge_notebook import CannotMergeError, merge_texts
from utils.training.lesson_version import version_in


def update(course=COURSE, say=print):
    """Pull and report; a ValueError says what stands in the way. Returns the exit code."""
    root = course.root
    published = f"origin/{published_branch(root)}"
    base = common_commit(root, published)
    new = git(root, "rev-parse", published).strip()
    theirs, mine = changes(root, base, new), changes(root, base)
    others = git(root, "ls-files", "--others", "--directory", "--exclude-standard", "-z").split("\0")[:-1]
    both = {path: base for path in theirs if mine.get(path) == theirs[path] and theirs[path] != "D"}
    both |= _left_behind(root, published, {path for path in mine if mine[path] == "M"} - set(theirs))
    kept = {path: (root / path).read_bytes() for path in both}
    log = _pull(root, published.removeprefix("origin/"))
    short = git(root, "rev-parse", "--short", new).strip()
    if theirs:
        was = git(root, "rev-parse", "--short", base).strip()
        say(f"Updated from {was} to {short}: {len(theirs)} file(s) of the course are new or changed.")
    else:
        say(f"The course is up to date ({short}).")
    for path in sorted(both):
        for line in _bring_together(root, path, both[path], new, kept[path]):
            say(line)
    for line in _rest(root, theirs, {path: mine[path] for path in mine if path not in both}, others, log):
        say(line)
    if theirs.get("requirements.txt", "D") != "D":
        say("Next: pip install -r requirements.txt, because the packages of the course have changed.")
    if theirs or both:
        say("Where a notebook is open in JupyterLab: File > Reload Notebook from Disk.")
    return 0


def _rest(root, theirs, mine, others, log):
    """One line for each thing of the learner's that was restored, renamed or left alone."""
    for path, what in sorted(mine.items()):
        if what == "D" and (root / path).exists():
            yield f"{path}: you had deleted it, and it is here again."
        elif what == "M" and theirs.get(path) == "D":
            yield f"{path}: yours is kept; the course has it no longer."
    for line in log:
        if line.startswith("Renamed "):  # nbgitpuller's words, with the whole paths
            yield line.strip().replace(f"{root}/", "") + "."
    untouched = sorted({path for path in mine if mine[path] != "D"}.union(others) - set(theirs))
    if untouched:
        yield f"Yours, as they were: {', '.join(untouched)}."


def _left_behind(root, published, paths):
    """Notebooks that stayed as they were when nbgitpuller alone was run: path -> commit they were made of."""
    found = {}
    for path in (path for path in paths if path.endswith(".ipynb")):
        own = version_in((root / path).read_text(encoding="utf-8", errors="replace"))
        if own and own != version_in((at_commit(root, published, path) or b"").decode("utf-8")):
            commit = last_commit_with(root, published, path, f'version=\\"{own}\\"')
            found |= {path: commit} if commit else {}
    return found


def _pull(root, branch):
    """Let nbgitpuller do it, and take a merge back that it could not end; returns what it said."""
    if importlib.util.find_spec("nbgitpuller") is None:
        fix = "Most likely fix: pip install -r requirements.txt"
        raise ValueError(f"An update needs the package nbgitpuller. {UNTOUCHED} {fix}")
    address = git(root, "remote", "get-url", "origin").strip()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "nbgitpuller.pull", address, branch, str(root)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    said = [line for line in done.stdout.splitlines() if line.strip()]
    if done.returncode:
        if half_done(root) == "MERGE_HEAD":
            git(root, "merge", "--abort")  # it has committed everything before the merge began
        why = [*said, *done.stderr.strip().splitlines()][-1]
        raise ValueError(f"nbgitpuller must come to its end. Received: {why}. Nothing of yours is lost.")
    return said


def _bring_together(root, path, base, new, mine):
    """Write a file that both sides changed, and say what it holds now."""
    file, theirs, before = root / path, at_commit(root, new, path), at_commit(root, base, path)
    if before is None:
        file.write_bytes(mine)
        yield f"{path}: yours; the course now has one of that name, too: it is {_beside(file, theirs).name}."
    elif file.suffix == ".ipynb":
        try:
            merged = merge_texts(*(text.decode("utf-8") for text in (before, mine, theirs)))
        except (CannotMergeError, UnicodeDecodeError) as error:
            file.write_bytes(mine)
            yield f"{path}: yours as it was, because {error}; the new one is {_beside(file, theirs).name}."
            return
        file.write_text(nbformat.writes(merged.notebook) + "\n", encoding="utf-8")
        yield f"{path}: new, with your {merged.changed} changed and {merged.added} added cell(s)."
        if merged.clashes:
            where = _beside(file, theirs).name
            yield f"  The course has changed these, too: yours are kept, its own are in {where}:"
            yield from (f"    {line}" for line in merged.clashes)
    elif file.suffix == ".py" and not _is_python(file.read_bytes()):  # merged by lines, it may be none
        file.write_bytes(mine)
        yield f"{path}: yours as it was; the new one is {_beside(file, theirs).name}."
    else:
        yield f"{path}: your lines and the new ones; where both changed the same, yours."


def _is_python(text):
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def _beside(file, text):
    """Write the course's version beside the learner's: name.new.ipynb, or a name that is free."""
    number = 1
    while True:
        ending = ".new" if number == 1 else f".new-{number}"
        beside = Path(file).with_name(f"{file.stem}{ending}{file.suffix}")
        if not beside.exists() or beside.read_bytes() == text:
            beside.write_bytes(text)
            return beside
        number += 1
