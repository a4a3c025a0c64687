"""Asks git about the course's folder; where it is no clone that can be updated, an error says so and why."""

import os
import shutil
import subprocess

UNTOUCHED = "Your files are as they were."


def git(root, *arguments):
    """What git prints; a ValueError with the last line of what it says where it refuses."""
    environment = dict(os.environ, GIT_TERMINAL_PROMPT="0", LC_ALL="C")  # an error, not a wait for a password
    command = ["git", "-C", str(root), "-c", "core.quotePath=false", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["nothing"]
        raise ValueError(f"git {arguments[0]} must succeed. Received: {said[-1]}")
    return done.stdout.decode("utf-8", "replace")


def published_branch(root):
    """The branch of origin that the course's folder follows, fetched; a ValueError says why there is none."""
    if shutil.which("git") is None:
        raise _not_possible("the program git", "no such program", "install git")
    if not (root / ".git").exists():
        fix = "git clone the course into a new folder, and copy your notebooks there under names of your own"
        raise _not_possible("a git clone", f"{root}, which is none; a downloaded zip perhaps?", fix)
    if state := half_done(root):
        fix = "git status says what is half done, and how it is ended or taken back"
        raise _not_possible("a clone in which nothing is half done", state, fix)
    branch = git(root, "branch", "--show-current").strip()
    if not branch:
        commit = git(root, "rev-parse", "--short", "HEAD").strip()
        raise _not_possible("a branch", f"the fixed version {commit} (a detached HEAD)", "git switch main")
    if "origin" not in git(root, "remote").split():
        fix = "git remote add origin ADDRESS, with the address of the course"
        raise _not_possible("a remote called origin", "none of that name", fix)
    try:
        git(root, "fetch", "origin")
    except ValueError as error:
        address = git(root, "remote", "get-url", "origin").strip()
        raise _not_possible(f"an answer of {address}", error, "try again when the network is back") from None
    for name in (f"{branch}@{{upstream}}", f"origin/{branch}", "origin/HEAD"):
        try:
            found = git(root, "rev-parse", "--abbrev-ref", "--verify", name).strip()
        except ValueError:
            continue
        if found.startswith("origin/"):
            return found.removeprefix("origin/")
    fix = f"git branch --set-upstream-to=origin/main {branch}"
    raise _not_possible(f"something on origin that the branch {branch} follows", "nothing", fix)


def common_commit(root, published):
    """The commit that the learner's side and the published one both come from."""
    try:
        return git(root, "merge-base", "HEAD", published).strip()
    except ValueError:
        fix = "git clone the course into a new folder, and copy your notebooks there under names of your own"
        raise _not_possible("a past that both sides share", "a course that was begun anew", fix) from None


def last_commit_with(root, published, path, text):
    """The newest published commit in which a file holds a text; None where there is none."""
    commit = git(root, "log", "-1", "--format=%H", f"-S{text}", published, "--", path).strip()
    for found in (commit, f"{commit}^"):  # it was written there, or taken out
        if commit and text.encode() in (at_commit(root, found, path) or b""):
            return found
    return None


def half_done(root):
    """The mark of a merge or the like that waits for its end; None where there is none."""
    for state in ("MERGE_HEAD", "rebase-merge", "rebase-apply", "CHERRY_PICK_HEAD", "REVERT_HEAD"):
        if (root / git(root, "rev-parse", "--git-path", state).strip()).exists():
            return state
    return None


def _not_possible(needed, received, fix):
    text = f"An update needs {needed}. Received: {received}. {UNTOUCHED} Most likely fix: {fix}."
    return ValueError(text.replace("?.", "?").replace("..", "."))


def changes(root, *commits):
    """What is different between two commits, or a commit and the folder: {path: 'A', 'M' or 'D'}."""
    fields = git(root, "diff", "--name-status", "--no-renames", "-z", *commits).split("\0")
    return dict(zip(fields[1::2], (letter[0] for letter in fields[0:-1:2]), strict=True))


def at_commit(root, commit, path):
    """A file as it stands in a commit; None where that has no such file."""
    done = subprocess.run(["git", "-C", str(root), "show", f"{commit}:{path}"], capture_output=True)
    return done.stdout if done.returncode == 0 else None
