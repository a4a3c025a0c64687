"""Learner and author both go on, then the learner updates: no answer is lost, and what was kept is said."""

import subprocess
import sys

import nbformat

ANSWER = "def half(number):\n    return 0.5 * number  # mine"
DOUBLE = "def double(number):\n    return number + number"
NOTEBOOK = "notebooks/07_tiny.ipynb"


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
    sides.git(sides.learner.root, "rm", "-q", "--cached", ".gitattributes")
    (sides.learner.root / ".gitattributes").unlink()
    sides.git(sides.learner.root, "commit", "-qam", "mine")
    sides.git(sides.learner.root, "fetch", "-q")
    sides.git(sides.learner.root, "merge", "-q", "-Xours", "origin/main")
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
    sides.git(sides.learner.root, "add", ".")
    sides.git(sides.learner.root, "commit", "-qm", "mine")
    sides.publish()
    assert "both.txt: yours; the course now has one of that name, too: it is both.new.txt." in sides.update()
    assert (sides.learner.root / "both.txt").read_text() == "mine"
    assert (sides.learner.root / "both.new.txt").read_text() == "theirs"


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
