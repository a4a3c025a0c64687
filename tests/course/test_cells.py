"""What is wrong in a lesson is named by file and line, before anything runs."""

import re

import pytest

from utils.course.cells import known_exercises, notebook_cells
from utils.course.lesson_source import COURSE, HEADER, LessonError, read_lesson

EXERCISE = '# %% tags=["exercise"]\nfrom toy.library import half\n'
CHECK = '# %% tags=["check"]\nhalf = check("7.1", half)\n'
START = "# %%\nfrom toy.exercises import check\n"
MARKED = '# %% tags=["exercise"]\nx = 1\n'


def problems_of(course, text):
    """The (line below the header, message) of each problem of a lesson text."""
    with pytest.raises(LessonError) as caught:
        notebook_cells(read_lesson(course.write_lesson(text), course), course)
    found = re.findall(r"^solutions/07_tiny\.py:(\d+): (.*)$", str(caught.value), re.MULTILINE)
    return [(int(line) - len(HEADER), message) for line, message in found]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('# %% tags=["chek"]\nx = 1\n', 2, "unknown tag 'chek'. Known: setup, listing"),
        ('# %% [markdown] tags=["check"]\n# x\n', 2, "tag 'check' belongs to a code cell"),
        ('# %% tags=["listing", "exercise"]\nx = 1\n', 2, "one purpose. Received: listing and exercise"),
        ("# %% title\nx = 1\n", 2, "a cell starts with"),
        ("# %%\ndef f():\n    # %% x\n    pass\n", 4, "an indented `# %%`"),
        ("x = 1\n# %%\ny = 2\n", 2, "text before the first cell"),
        ("# %% [markdown]\n# one\ntwo\n", 4, "a line of a markdown cell starts with"),
        ("# %%\nx = 1\nx = = 2\n", 4, "this is not Python"),
        ("# %%\n# %% [markdown]\n# text\n", 3, "the cell is empty"),
        (MARKED.replace("x = 1", "# BEGIN SOLUTION\nx = 1"), 3, "without an # END SOLUTION"),
        (MARKED.replace("x = 1", "x = 1\n# END SOLUTION"), 4, "without a # BEGIN SOLUTION"),
        (MARKED.replace("x = 1", "# BEGIN SOLUTION\n# BEGIN SOLUTION\n# END SOLUTION"), 4, "second # BEGIN"),
        (MARKED.replace("x = 1", "x = 1  # begin solution"), 3, "a marker stands alone on its line"),
        (MARKED.replace("x = 1", "# BEGIN SOLUTION\n# END SOLUTION"), 3, "no solution between the markers"),
        (
            MARKED.replace("x = 1", "if 1:\n    # BEGIN SOLUTION\n    x = (1,\n    # END SOLUTION\n    2)"),
            4,
            "a solution holds whole statements",
        ),
        ("# %%\n# BEGIN SOLUTION\nx = 1\n# END SOLUTION\n", 3, "a solution marker outside an exercise cell"),
        (START + MARKED + CHECK, 5, "there is nothing to solve here"),
        (START + EXERCISE + "# %%\nx = 1\n", 5, "exercise without check"),
        (START + EXERCISE + "# %% [markdown]\n# the end\n", 5, "exercise without check"),
        ("# %%\ncheck = half = None\n" + CHECK, 5, "check without exercise"),
        (START + EXERCISE + CHECK + EXERCISE + CHECK, 11, "check '7.1' is already in line"),
        (START + EXERCISE + CHECK.replace("7.1", "7.9"), 7, "utils.exercises has no '7.9'. It has: 7.1, 7.2"),
        (START + EXERCISE + CHECK.replace("half = ", ""), 7, "a check cell is one assignment"),
        (START + EXERCISE + CHECK + "x = 1\n", 7, "a check cell is one assignment"),
        (START + EXERCISE + CHECK.replace("half)", "half") + "", 7, "this is not Python"),
        ('# %% tags=["listing"]\nfrom toy.library import half\nx = 1\n', 3, "holds more than one plain"),
        ('# %% tags=["listing"]\nfrom toy.library import half as h\n', 3, "holds more than one plain"),
        ('# %% tags=["listing"]\nimport toy.library\n', 3, "holds more than one plain"),
        ('# %% tags=["listing"]\nfrom toy.library import third\n', 3, "no third. It has: LIMITS, half, root"),
        ('# %% tags=["listing"]\nfrom toy.library import math\n', 3, "math is a module that toy.library"),
        ('# %% tags=["listing"]\nfrom toy.nothing import half\n', 3, "there is no module toy.nothing"),
        ('# %% tags=["exercise"]\nfrom toy.library import LIMITS\n' + CHECK, 3, "imports one function"),
        ('# %% tags=["listing"]\nfrom toy.library import root\n', 3, "math is used here, and no cell"),
    ],
)
def test_each_fault_is_named_by_file_and_line(course, text, line, message):
    found = problems_of(course, "\n" + text)
    assert any(at == line and message in said for at, said in found), found


def test_the_sound_lesson_has_no_fault(course):
    cells = notebook_cells(read_lesson(course.solutions / "07_tiny.py", course), course)
    assert [cell.exercise for cell in cells if cell.exercise] == ["7.1", "7.1", "7.2", "7.2"]


def test_all_faults_of_a_lesson_are_named_at_once(course):
    text = START + EXERCISE + "# %%\nx = = 1\n" + '# %% tags=["listing"]\nfrom toy.library import third\n'
    assert len(problems_of(course, text)) == 3


def test_a_missing_name_comes_with_the_import_that_brings_it(course):
    ((_, message),) = problems_of(course, '# %% tags=["listing"]\nfrom toy.library import root\n')
    assert "Most likely fix: `import math` in an earlier cell" in message


def test_a_name_that_is_defined_too_late_is_a_fault_and_one_of_the_same_cell_is_not(course):
    listing = '# %% tags=["listing"]\nfrom toy.library import root\n'
    assert problems_of(course, listing + "# %%\nimport math\n")
    notebook_cells(read_lesson(course.write_lesson("# %%\nimport math\n" + listing), course), course)


def test_an_exercise_of_another_lesson_is_a_fault(course):
    (course.root / "toy" / "exercises.py").write_text('EXERCISES = {"8.1": 1}')
    assert "of another lesson" in problems_of(course, START + EXERCISE + CHECK.replace("7.1", "8.1"))[0][1]


def test_exercise_ids_are_read_from_dictionaries_and_from_id_arguments(course):
    (course.root / "toy" / "more.py").write_text(
        'ONE = Exercise(id="7.3", title="9.9")\nRATES = [1.5, "7.4"]'
    )
    assert known_exercises(course) == {"7.1", "7.2", "7.3"}


def test_the_ids_of_this_course_are_those_its_exercises_have():
    assert "2.1" in known_exercises(COURSE)
