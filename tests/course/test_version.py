"""Each built notebook says which version of its lesson it is; the lesson itself says nothing of it."""

import re

from utils.course.build import build_lesson
from utils.course.cells import notebook_cells
from utils.course.lesson_source import read_lesson
from utils.course.version import without_stamp

LESSON = """
# %% tags=["setup"]
from toy.exercises import check
from toy.start import start_lesson

# %% tags=["setup"]
start_lesson("07_tiny")

# %% [markdown]
# Some text.

# %% tags=["exercise"]
from toy.library import half

# %% tags=["check"]
half = check("7.1", half)

# %%
print(half(4))
"""


def version_of(text, course):
    """The version in the setup cell of a lesson's notebooks."""
    cells = notebook_cells(read_lesson(course.write_lesson(text), course), course)
    assert cells[1].solved == cells[1].learner and cells[1].source == 'start_lesson("07_tiny")'
    return re.fullmatch(r'start_lesson\("07_tiny", version="([0-9a-f]{8})"\)', cells[1].solved)[1]


def test_the_version_changes_with_any_text_of_the_lesson_and_with_nothing_else(course):
    first = version_of(LESSON, course)
    assert version_of(LESSON, course) == first
    assert version_of(LESSON.replace("Some text", "Another text"), course) != first
    library = course.root / "toy" / "library.py"
    library.write_text(library.read_text().replace("half of 4 is 2", "half of 6 is 3"))
    assert version_of(LESSON, course) != first  # the learner's stub has changed with its description


def test_new_prose_is_built_without_running_though_the_setup_cell_gets_a_new_version(course):
    (course.root / "toy" / "start.py").write_text("def start_lesson(lesson, version=None):\n    pass\n")
    build_lesson(course.write_lesson(LESSON), course)
    before = course.read("notebooks").cells
    build_lesson(course.write_lesson(LESSON.replace("Some", "Any")), course, text_only=True)
    after = course.read("notebooks").cells
    assert after[1].source != before[1].source and after[1].id == before[1].id
    assert after[5].outputs == before[5].outputs != []


def test_only_the_version_is_overlooked():
    stamped = 'budget = start_lesson("02", version="0123abcd")'
    assert without_stamp(stamped) == without_stamp('budget = start_lesson("02")')
    assert without_stamp(stamped) != without_stamp(stamped.replace("02", "03"))
    assert without_stamp('train(version="0123abcd")') != without_stamp('train(version="1")')  # another call
