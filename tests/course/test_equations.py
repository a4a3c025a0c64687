"""Every equation of the course can be drawn without a network, and says in words what it draws."""

import re

import pytest

from utils.course.equations import PARTS, draw_equations, equation_svg
from utils.course.lesson_source import COURSE, read_lesson


def prose():
    """The markdown of all lessons."""
    return [
        cell.source
        for path in COURSE.lessons()
        for cell in read_lesson(path).cells
        if cell.kind == "markdown"
    ]


def test_every_equation_of_the_course_is_drawn():
    count = 0
    for text in prose():
        found = [part for part in PARTS.finditer(text) if part["shown"] or part["inline"]]
        drawn = draw_equations(text)
        assert drawn.count('<img class="equation"') == len(found)
        assert not re.search(r"\\(frac|lVert|mathbb|operatorname)", re.sub(r"<img[^>]*>|`[^`]*`", "", drawn))
        count += len(found)
    assert count > 100


def test_what_cannot_be_drawn_is_an_error_and_not_an_empty_picture():  # planted
    with pytest.raises(ValueError, match="nosuch"):
        draw_equations(r"$\nosuch{x}$")


def test_code_is_left_alone_and_a_price_in_it_too():
    for text in ("`cost = $5 and $6`", "```\n$x$\n```", "5 $ alone"):
        assert draw_equations(text) == text


def test_a_picture_stands_on_the_line_and_its_words_end_no_cell_and_no_attribute():
    drawn = draw_equations(r"| $\frac{a}{b} < |x|$ |")
    assert 'alt="\\frac{a}{b} &lt; &#124;x&#124;"' in drawn and drawn.count("|") == 2
    height, below = map(float, re.search(r"height:([\d.]+)em;vertical-align:-([\d.]+)em", drawn).groups())
    assert 1 < height < 3 and 0 < below < height / 2
    flat = equation_svg("x")[1:]
    assert flat[0] < height and flat[1] < below  # planted: one height for all would not be


def test_equal_equations_are_equal_bytes():
    assert draw_equations("$$x^2$$") == draw_equations("$$x^2$$")
    assert "<date>" not in equation_svg("x^2")[0] and '<p class="shown">' in draw_equations("$$x^2$$")
