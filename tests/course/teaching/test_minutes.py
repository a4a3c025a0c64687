"""The minutes of the sections add up to what the lesson states of itself."""

import re

import nbformat
import pytest

from utils.course.lesson_source import COURSE
from utils.course.sections import read_sections, solved_notebook
from utils.course.teaching.minutes import run_shares, stated_minutes, talk_minutes, timed_sections

LESSONS = [path for path in COURSE.lessons() if path.stem != "10_mock_interview"]  # it trains nothing


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_sections_add_up_to_the_measured_minutes_and_the_announced_exercises(lesson):
    timed, text = timed_sections(lesson.stem), lesson.read_text(encoding="utf-8")
    training, whole = stated_minutes([one.section for one in timed])
    assert 0 <= training <= whole and whole > 0, "the first lines state how long the lesson runs"
    assert sum(one.run for one in timed) == round(whole)
    announced = sum(int(minutes) for minutes in re.findall(r"^# ### Exercise .*\((\d+) minutes", text, re.M))
    assert sum(one.exercise for one in timed) == announced > 0
    assert sum(one.minutes for one in timed) == sum(one.talk + one.run + one.exercise for one in timed)
    assert all(one.talk > 0 for one in timed)


def test_minutes_rounded_section_by_section_would_not_add_up():  # the planted bug
    shares = run_shares(read_sections(solved_notebook("07")))
    assert sum(shares) == pytest.approx(6)
    assert sum(round(share) for share in shares) < sum(one.run for one in timed_sections("07")) == 6


@pytest.mark.parametrize(
    ("row", "stated"),
    [
        ("| `cpu` | a laptop | under 2 minutes | under 3 minutes |", (2, 3)),
        ("| `cpu` | a laptop | about half a minute | about 1 minute |", (0.5, 1)),
        ("| `cpu` | a laptop | about a minute | 12 minutes |", (1, 12)),
        ("| `gpu` | one GPU | 2 minutes | 3 minutes |", (0, 0)),
        ("**In the next three minutes you will**", (0, 3)),
    ],
)
def test_what_a_lesson_states_is_read_from_its_first_lines(row, stated):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(f"# A lesson\n\n{row}")])
    assert stated_minutes(read_sections(notebook)) == stated


def test_the_training_gets_its_minutes_and_the_other_cells_the_rest():
    cells = [nbformat.v4.new_markdown_cell("# A\n\n| `cpu` | x | 2 minutes | 3 minutes |\n\n## B")]
    cells += [nbformat.v4.new_code_cell("a"), nbformat.v4.new_code_cell("b")]
    cells += [
        nbformat.v4.new_markdown_cell("## C"),
        nbformat.v4.new_code_cell("c", metadata={"tags": ["train"]}),
    ]
    assert run_shares(read_sections(nbformat.v4.new_notebook(cells=cells))) == [0, 1, 2]


def test_twice_the_words_take_twice_as_long_to_say():
    def spoken(words):
        cell = nbformat.v4.new_markdown_cell("# A\n\n" + "word " * words)
        return talk_minutes(read_sections(nbformat.v4.new_notebook(cells=[cell]))[0])

    assert [spoken(words) for words in (5, 520, 1_040)] == [1, 4, 8]
