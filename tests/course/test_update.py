"""Learner and author both go on, then the learner updates: no answer is lost, and what was kept is said."""

import os
import shutil
import subprocess
import sys

import nbformat
import pytest

from utils.course.build import build_lesson
from utils.course.lesson_source import COURSE
from utils.course.update import update

ANSWER = "def half(number):\n    return 0.5 * number  # mine"
DOUBLE = "def double(number):\n    return number + number"
NOTEBOOK = "notebooks/07_tiny.ipynb"


@pytest.fixture(autouse=True)
def own_git(monkeypatch):
    """Git without the settings of whoever runs the tests."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "author")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "author@example.org")


def git(folder, *arguments):
    """What git prints."""
    done = subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True, text=True)
    return done.stdout


class Sides:
    """The author's course, where it is published, and a learner's clone of it."""

    def __init__(self, author, folder):
        self.author, self.published = author, folder / "published.git"
        shutil.copy(COURSE.root / ".gitattributes", author.root)
        (author.root / "requirements.txt").write_text("one==1.0\n")
        git(author.root, "init", "-q", "-b", "main")
        git(author.root, "add", ".")
        git(author.root, "commit", "-qm", "first")
        git(folder, "clone", "-q", "--bare", author.root, self.published)
        git(author.root, "remote", "add", "origin", self.published)
        self.learner = self.clone(folder / "learner")

    def clone(self, folder, *options):
        """A fresh clone of what is published."""
        git(self.published, "clone", "-q", *options, f"file://{self.published}", folder)
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
        git(self.author.root, "add", ".")
        git(self.author.root, "commit", "-qm", "next")
        git(self.author.root, "push", "-q", "origin", "main")

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


def test_the_answer_stays_and_new_text_comes_and_both_are_said(sides):
    sides.edit(exercise_7_1=ANSWER)
    (sides.learner.root / "notes.txt").write_text("mine")
    sides.publish(("With two lines.", "With other lines."), ("root(16)", "root(25)"))
    said = sides.update()
    cells = sides.learner.read("notebooks").cells
    assert sides.cell("exercise-7-1").source == ANSWER
    assert any("With other lines." in cell.source for cell in cells)
    assert any("root(25)" in cell.source for cell in cells)
    assert not any("With two lines." in cell.source or "root(16)" in cell.source for cell in cells)
    assert len(cells) == len(sides.author.read("notebooks").cells)  # nothing twice
    assert f"{NOTEBOOK}: new, with your 1 changed and 0 added cell(s)." in said
    assert "Yours, as they were: notes.txt." in said and "Reload Notebook" in said
    assert "new.ipynb" not in said and "requirements" not in said


def test_where_both_changed_one_cell_the_learners_stays_and_the_other_lies_beside(sides):
    sides.edit(exercise_7_2=DOUBLE)
    sides.publish(("def double(number):", 'def double(number):\n    """Two times it."""'))
    said = sides.update()
    assert sides.cell("exercise-7-2").source == DOUBLE
    beside = nbformat.read(sides.learner.notebooks / "07_tiny.new.ipynb", as_version=4)
    assert beside.cells == sides.author.read("notebooks").cells
    assert "07_tiny.new.ipynb:\n    def double(number):" in said


def test_by_lines_git_leaves_a_cell_twice(sides):
    """The planted bug: without our attribute, this is what nbgitpuller's merge makes of it."""
    go_on(sides)
    assert is_notebook_of_single_cells(sides.learner.root / NOTEBOOK)
    git(sides.learner.root, "rm", "-q", "--cached", ".gitattributes")
    (sides.learner.root / ".gitattributes").unlink()
    git(sides.learner.root, "commit", "-qam", "mine")
    git(sides.learner.root, "fetch", "-q")
    git(sides.learner.root, "merge", "-q", "-Xours", "origin/main")
    assert not is_notebook_of_single_cells(sides.learner.root / NOTEBOOK)


def test_that_notebook_is_whole_after_an_update(sides):
    go_on(sides)
    sides.update()
    assert is_notebook_of_single_cells(sides.learner.root / NOTEBOOK)
    ids = [cell.id for cell in sides.learner.read("notebooks").cells]
    assert ids == [*(cell.id for cell in sides.author.read("notebooks").cells), "own"]
    assert sides.cell("exercise-7-2").source == DOUBLE


def test_a_plain_gitpuller_leaves_the_learners_notebook_as_it_is(sides):
    go_on(sides)
    before = (sides.learner.root / NOTEBOOK).read_bytes()
    plain_gitpuller(sides)
    assert (sides.learner.root / NOTEBOOK).read_bytes() == before
    assert "With few lines" in (sides.learner.solutions / "07_tiny.py").read_text()


def test_what_git_cannot_tell_apart_stays_as_it_was_and_the_new_one_lies_beside(sides):
    notebook = sides.learner.read("notebooks")
    for at, cell in enumerate(notebook.cells):
        cell.id = f"lost-{at}"
    sides.learner.write(notebook)
    before = (sides.learner.root / NOTEBOOK).read_bytes()
    sides.publish(("root(16)", "root(25)"))
    said = sides.update()
    assert (sides.learner.root / NOTEBOOK).read_bytes() == before
    assert "lost their ids; the new one is 07_tiny.new.ipynb" in said
    (sides.learner.notebooks / "07_tiny.new.ipynb").write_text("mine by now")
    sides.publish(("root(25)", "root(36)"))
    assert "the new one is 07_tiny.new-2.ipynb" in sides.update()
    assert (sides.learner.notebooks / "07_tiny.new.ipynb").read_text() == "mine by now"
    assert (sides.learner.root / NOTEBOOK).read_bytes() == before


def test_deleted_files_come_back_own_files_make_room_and_code_is_merged_by_lines(sides):
    library = sides.learner.root / "toy" / "library.py"
    library.write_text(library.read_text().replace("number / 2", "number / (  # mine\n        2)"))
    (sides.learner.solutions / "07_tiny.ipynb").unlink()
    (sides.learner.root / "notes.txt").write_text("mine")
    (sides.author.root / "notes.txt").write_text("the author's")
    (sides.author.root / "requirements.txt").write_text("one==2.0\n")
    theirs = sides.author.root / "toy" / "library.py"
    theirs.write_text(theirs.read_text().replace("import math", "import math\n\n# new"))
    sides.publish()
    said = sides.update()
    assert "toy/library.py: your lines and the new ones" in said
    assert "# new" in library.read_text() and "# mine" in library.read_text()
    assert "solutions/07_tiny.ipynb: you had deleted it, and it is here again." in said
    assert (sides.learner.root / "notes.txt").read_text() == "the author's"
    (aside,) = sides.learner.root.glob("notes__*.txt")
    assert aside.read_text() == "mine" and f"Renamed notes.txt to {aside.name}" in said
    assert "pip install -r requirements.txt" in said


def test_code_that_would_be_no_python_after_a_merge_stays_as_it_was(sides):
    library = sides.learner.root / "toy" / "library.py"
    library.write_text(
        library.read_text().replace("LIMITS = {", '"""\nLIMITS = {').replace("}\n", '}\n"""\n')
    )
    mine = library.read_text()
    theirs = sides.author.root / "toy" / "library.py"
    theirs.write_text(theirs.read_text().replace("# nothing\n", '# nothing\n    # """ a note\n'))
    sides.publish()
    assert "toy/library.py: yours as it was; the new one is library.new.py." in sides.update()
    assert library.read_text() == mine
    assert (sides.learner.root / "toy" / "library.new.py").read_text() == theirs.read_text()


def test_a_second_update_brings_only_what_is_new_since(sides):
    sides.edit(exercise_7_1=ANSWER)
    sides.publish(("root(16)", "root(25)"))
    sides.update()
    said = sides.update()
    assert "The course is up to date" in said and f"Yours, as they were: {NOTEBOOK}." in said
    sides.publish(("root(25)", "root(36)"))
    assert f"{NOTEBOOK}: new, with your 1 changed and 0 added cell(s)." in sides.update()
    assert any("root(36)" in cell.source for cell in sides.learner.read("notebooks").cells)
    assert sides.cell("exercise-7-1").source == ANSWER


def test_what_a_plain_gitpuller_left_behind_is_brought_up_to_date_later(sides):
    (sides.author.root / "toy" / "start.py").write_text("def start_lesson(lesson, version=None):\n    pass\n")
    start = 'import math\n\nfrom toy.start import start_lesson\n\nstart_lesson("07_tiny")\n'
    sides.publish(("import math\n", start))
    sides.update()
    sides.edit(exercise_7_1=ANSWER)
    sides.publish(("root(16)", "root(25)"))
    plain_gitpuller(sides)
    assert not any("root(25)" in cell.source for cell in sides.learner.read("notebooks").cells)
    assert f"{NOTEBOOK}: new, with your 1 changed and 0 added cell(s)." in sides.update()
    assert any("root(25)" in cell.source for cell in sides.learner.read("notebooks").cells)
    assert sides.cell("exercise-7-1").source == ANSWER
    assert f"Yours, as they were: {NOTEBOOK}." in sides.update()  # now it is


def test_a_file_that_the_course_took_out_stays_where_the_learner_changed_it(sides):
    (sides.learner.root / "requirements.txt").write_text("mine==1.0\n")
    (sides.author.root / "requirements.txt").unlink()
    sides.publish()
    said = sides.update()
    assert "requirements.txt: yours is kept; the course has it no longer." in said and "pip" not in said
    assert (sides.learner.root / "requirements.txt").read_text() == "mine==1.0\n"


def test_a_file_that_both_have_added_and_committed_is_the_learners(sides):
    for side, text in ((sides.learner, "mine"), (sides.author, "theirs")):
        (side.root / "both.txt").write_text(text)
    git(sides.learner.root, "add", ".")
    git(sides.learner.root, "commit", "-qm", "mine")
    sides.publish()
    assert "both.txt: yours; the course now has one of that name, too: it is both.new.txt." in sides.update()
    assert (sides.learner.root / "both.txt").read_text() == "mine"
    assert (sides.learner.root / "both.new.txt").read_text() == "theirs"


def test_a_shallow_clone_is_updated_too(sides, tmp_path):
    shallow = sides.learner = sides.clone(tmp_path / "shallow", "--depth", "1")
    sides.edit(exercise_7_1=ANSWER)
    sides.publish(("root(16)", "root(25)"))
    assert "1 changed" in sides.update()
    assert git(shallow.root, "rev-parse", "--is-shallow-repository").strip() == "true"
    assert sides.cell("exercise-7-1").source == ANSWER


def without_clone(sides):
    """The course as it comes out of a zip."""
    shutil.rmtree(sides.learner.root / ".git")


def offline(sides):
    """The published course is out of reach."""
    sides.published.rename(sides.published.with_name("moved.git"))


def at_a_fixed_version(sides):
    """No branch is checked out."""
    git(sides.learner.root, "switch", "-q", "--detach")


def without_origin(sides):
    """The clone has forgotten where it came from."""
    git(sides.learner.root, "remote", "remove", "origin")


def in_a_merge(sides):
    """A merge waits for its end."""
    (sides.learner.root / ".git" / "MERGE_HEAD").write_text(git(sides.learner.root, "rev-parse", "HEAD"))


def begun_anew(sides):
    """The author has published another history."""
    git(sides.author.root, "checkout", "-q", "--orphan", "other")
    git(sides.author.root, "commit", "-qm", "anew")
    git(sides.author.root, "push", "-qf", "origin", "other:main")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (begun_anew, "a past that both sides share.*git clone the course"),
        (without_clone, "which is none; a downloaded zip.*git clone the course into a new folder"),
        (offline, "published.git.*try again when the network is back"),
        (at_a_fixed_version, "detached HEAD.*git switch main"),
        (without_origin, "remote called origin"),
        (in_a_merge, "MERGE_HEAD.*git status"),
    ],
)
def test_where_no_update_is_possible_it_is_said_with_the_cure_and_nothing_changes(sides, spoil, words):
    sides.edit(exercise_7_1=ANSWER)
    before = (sides.learner.root / NOTEBOOK).read_bytes()
    spoil(sides)
    with pytest.raises(ValueError, match=f"{words}") as caught:
        update(sides.learner, print)
    assert "Your files are as they were." in str(caught.value)
    assert (sides.learner.root / NOTEBOOK).read_bytes() == before


def plain_gitpuller(sides):
    """What a link of a teacher's hub does."""
    command = ["-m", "nbgitpuller.pull", f"file://{sides.published}", "main", sides.learner.root]
    subprocess.run([sys.executable, "-W", "ignore", *command], check=True, capture_output=True)


def go_on(sides):
    """The learner solves an exercise and adds a cell; the author moves that exercise, and changes a text."""
    sides.edit(exercise_7_2=DOUBLE)
    notebook = sides.learner.read("notebooks")
    notebook.cells.append(nbformat.v4.new_code_cell("print('mine')", id="own"))
    sides.learner.write(notebook)
    source = (sides.author.solutions / "07_tiny.py").read_text("utf-8")
    start, end = (
        source.index(mark) for mark in ('# %% tags=["exercise"]\ndef double', '# %% tags=["broken"]')
    )
    exercise, first = source[start:end], '# %% tags=["listing"]'
    sides.publish((exercise, ""), (first, exercise + first), ("two", "few"))


def is_notebook_of_single_cells(file):
    """Whether a file is a notebook in which no id comes twice."""
    try:
        notebook = nbformat.reads(file.read_text("utf-8"), as_version=4)
        nbformat.validate(notebook)
    except Exception:
        return False
    return (
        len({cell.id for cell in notebook.cells})
        == len({cell.source for cell in notebook.cells})
        == len(notebook.cells)
    )
