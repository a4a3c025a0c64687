"""Our reader and jupytext see the same cells; a header that jupytext would misread is refused."""

import jupytext
import pytest

from utils.course.lesson_source import COURSE, HEADER, LessonError, read_lesson


def as_jupytext_reads(path):
    """(kind, tags, source) of each cell, read by the outside implementation."""
    return [
        (cell.cell_type, cell.metadata.get("tags", []), cell.source)
        for cell in jupytext.read(path, fmt="py:percent").cells
    ]


def as_we_read(path, course):
    """The same, read by ours."""
    return [(cell.kind, list(cell.tags), cell.source) for cell in read_lesson(path, course).cells]


def test_cells_are_those_that_jupytext_reads(course):
    path = course.solutions / "07_tiny.py"
    assert as_we_read(path, course) == as_jupytext_reads(path)
    assert len(as_we_read(path, course)) == 11


def test_blank_lines_quotes_and_indented_text_are_read_as_jupytext_does(course):
    text = (
        "# %% [markdown]\n# # Title\n#\n#     code\n#\n# $x_1$ `a`\n\n\n"
        "# %%\ndef f():\n    # 100 %\n\n"
        '    return "# x"\n\n\n# %% [markdown]\n"""\nquoted *text*\n\nmore\n"""\n\n# %%\n# only a comment\n'
    )
    path = course.write_lesson(text)
    assert as_we_read(path, course) == as_jupytext_reads(path)


def test_lines_are_those_of_the_file(course):
    path = course.solutions / "07_tiny.py"
    lines = path.read_text(encoding="utf-8").splitlines()
    for cell in read_lesson(path, course).cells:
        sign = "# " if cell.kind == "markdown" else ""
        assert lines[cell.line - 1] == sign + cell.source.splitlines()[0]


@pytest.mark.parametrize("dropped", range(len(HEADER)))
def test_a_header_that_lacks_a_line_is_refused_with_the_line_it_lacks(course, dropped):
    path = course.solutions / "07_tiny.py"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(lines[:dropped] + lines[dropped + 1 :]), encoding="utf-8")
    with pytest.raises(LessonError, match=rf"solutions/07_tiny.py:{dropped + 1}: the jupytext header"):
        read_lesson(path, course)


def test_the_lessons_of_this_course_are_read_as_jupytext_does():
    for path in COURSE.lessons():
        assert as_we_read(path, COURSE) == as_jupytext_reads(path)
