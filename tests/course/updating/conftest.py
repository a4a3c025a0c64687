"""An author, a published course and a learner's clone of it, to be changed on both sides."""

import os
import shutil
import subprocess

import pytest

from utils.course.build import build_lesson
from utils.course.lesson_source import COURSE
from utils.course.updating.update import update


@pytest.fixture(autouse=True)
def own_git(monkeypatch):
    """Git without the settings of whoever runs the tests."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "author")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "author@example.org")


class Sides:
    """The author's course, where it is published, and a learner's clone of it."""

    def __init__(self, author, folder):
        self.author, self.published = author, folder / "published.git"
        shutil.copy(COURSE.root / ".gitattributes", author.root)
        (author.root / "requirements.txt").write_text("one==1.0\n")
        self.git(author.root, "init", "-q", "-b", "main")
        self.git(author.root, "add", ".")
        self.git(author.root, "commit", "-qm", "first")
        self.git(folder, "clone", "-q", "--bare", author.root, self.published)
        self.git(author.root, "remote", "add", "origin", self.published)
        self.learner = self.clone(folder / "learner")

    @staticmethod
    def git(folder, *arguments):
        """What git prints."""
        done = subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True, text=True)
        return done.stdout

    def clone(self, folder, *options):
        """A fresh clone of what is published."""
        self.git(self.published, "clone", "-q", *options, f"file://{self.published}", folder)
        return type(self.author)(folder)

    def publish(self, *pairs):
        """Change texts of the lesson, build it, and push everything."""
        source = self.author.solutions / "07_tiny.py"
        text = source.read_text("utf-8")
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        source.write_text(text, "utf-8")
        if pairs:
            build_lesson(source, self.author)
        self.git(self.author.root, "add", ".")
        self.git(self.author.root, "commit", "-qm", "next")
        self.git(self.author.root, "push", "-q", "origin", "main")

    def edit(self, **sources):
        """Type into cells of the learner's notebook, and save it."""
        notebook = self.learner.read("notebooks")
        for cell in notebook.cells:
            cell.source = sources.get(cell.id.replace("-", "_"), cell.source)
        self.learner.write(notebook)

    def cell(self, cell_id):
        """A cell of the learner's notebook by its id, which is there once."""
        (found,) = [cell for cell in self.learner.read("notebooks").cells if cell.id == cell_id]
        return found

    def update(self, course=None):
        """Update the learner's course; returns all that was said."""
        said = []
        assert update(course or self.learner, said.append) == 0
        return "\n".join(said)


@pytest.fixture
def sides(built, tmp_path):
    """Author, remote and learner of the tiny course."""
    return Sides(built, tmp_path)
