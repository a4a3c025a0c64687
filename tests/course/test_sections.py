"""Every heading begins a section, and a section is found by its exercise, its title or a part of it."""

import nbformat
import pytest

from utils.course.sections import find_section, read_sections, solved_notebook

INTRO = """# 07 · A lesson

Words.

## First

```
# a comment
```

### Exercise 7.1 · halve (8 minutes, ★☆☆)

Do it."""


def notebook():
    """Three headings in one cell, code, one more heading."""
    v4 = nbformat.v4
    cells = [
        v4.new_markdown_cell(INTRO),
        v4.new_code_cell("x = 1"),
        v4.new_markdown_cell("## First and last"),
    ]
    return v4.new_notebook(cells=[*cells, v4.new_code_cell("y = 2")])


def test_a_cell_with_three_headings_has_three_sections_and_the_last_one_gets_the_code():
    sections = read_sections(notebook())
    assert [(each.level, each.chapter) for each in sections] == [
        (1, "07 · A lesson"), (2, "First"), (3, "First"), (2, "First and last"),
    ]  # fmt: skip
    assert [[cell.source for cell in each.cells] for each in sections] == [[], [], ["x = 1"], ["y = 2"]]
    assert (sections[2].exercise, sections[2].exercise_minutes, sections[1].exercise) == ("7.1", 8, None)


def test_a_comment_in_a_block_of_code_is_no_heading():
    assert "# a comment" in read_sections(notebook())[1].text


@pytest.mark.parametrize(
    ("wanted", "title"),
    [("7.1", "Exercise 7.1 · halve (8 minutes, ★☆☆)"), ("first", "First"), ("and LAST", "First and last")],
)
def test_a_section_is_found_by_what_a_learner_types(wanted, title):
    assert find_section(read_sections(notebook()), wanted).title == title


@pytest.mark.parametrize("wanted", ["7.2", "irs", ""])
def test_what_fits_none_or_several_is_answered_with_the_right_words(wanted):
    with pytest.raises(
        ValueError, match=r"(?s)Received: .*Most likely fix: one of\n.*  7\.1\n  First and last"
    ):
        find_section(read_sections(notebook()), wanted)


def test_a_lesson_that_was_never_built_names_the_command(course):
    with pytest.raises(ValueError, match="python -m utils.course build 07_tiny"):
        solved_notebook("07", course)
