"""The README's picture is the first one below "The result", and no other."""

import base64

from nbformat import v4

from utils.course.cover import cover_picture


def cell_with(picture):
    """A code cell that shows a picture."""
    data = {"image/png": base64.b64encode(picture).decode()}
    return v4.new_code_cell("show()", outputs=[v4.new_output("display_data", data)])


def test_the_first_picture_below_the_heading_is_taken():
    lesson = v4.new_notebook(
        cells=[
            cell_with(b"data"),
            v4.new_markdown_cell("## The result\n\nSee."),
            cell_with(b"result"),
            cell_with(b"more"),
        ]
    )
    assert cover_picture(lesson) == b"result"
    assert cover_picture(v4.new_notebook(cells=lesson.cells[:1])) is None  # no heading: the data are not it
