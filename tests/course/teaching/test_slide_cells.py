"""Slides begin at headings, hold what fits, and show an exercise before its answer."""

import nbformat

from utils.course.teaching.slide_cells import (
    FULL,
    blocks,
    prose_lines,
    slide_cells,
)

v4 = nbformat.v4
PICTURE = v4.new_output("display_data", {"image/png": "iVBORw0KGgo="})


def cut(*cells, stubs=()):
    """(slide type, text or code) of each piece, notes left out."""
    learner = v4.new_notebook(cells=[*stubs])
    notebook = slide_cells(v4.new_notebook(cells=[*cells]), learner, ["a note"] * 9)
    pieces = [(cell.metadata.slideshow.slide_type, cell.source) for cell in notebook.cells]
    return [piece for piece in pieces if piece[0] != "notes"]


def code(source, *tags, outputs=(), **further):
    """A cell of code that ran."""
    return v4.new_code_cell(source, metadata={"tags": list(tags)}, outputs=list(outputs), **further)


def test_a_chapter_goes_right_a_part_goes_down_and_what_fits_stays():
    text = v4.new_markdown_cell("## One\n\nA few words.\n\n### Part\n\nMore.\n\n## Two")
    assert cut(text, code("x = 1"), code("import y")) == [
        ("slide", "## One"), ("-", "A few words."), ("subslide", "### Part"), ("-", "More."),
        ("slide", "## Two"), ("-", "x = 1"),
    ]  # fmt: skip


def test_what_does_not_fit_begins_a_new_slide():
    paragraph = "word " * 200
    pieces = cut(v4.new_markdown_cell("\n\n".join(["## One", *[paragraph] * 3])))
    assert [kind for kind, _ in pieces] == ["slide", "-", "subslide", "subslide"]
    assert 2 * prose_lines(paragraph) > FULL > prose_lines(paragraph)


def test_no_slide_is_fuller_than_full():
    filled = 0.0
    for kind, text in cut(v4.new_markdown_cell("\n\n".join(["## One", *["word " * 60] * 20]))):
        filled = prose_lines(text) + (0 if kind in ("slide", "subslide") else filled)
        assert filled <= FULL  # planted: with FULL = 1e9 all of it would be one slide


def test_an_exercise_comes_unsolved_and_its_answer_on_the_next_slide():
    solved = code("def half(x):\n    return x / 2", "exercise", id="exercise-7-1")
    stub = code("def half(x):\n    return ...", "exercise", id="exercise-7-1")
    pieces = cut(v4.new_markdown_cell("### Exercise"), solved, stubs=[stub])
    assert pieces[1:] == [("-", stub.source), ("subslide", "**One answer**"), ("-", solved.source)]


def test_a_folded_answer_waits_for_its_question():
    folded = "<details><summary>Why?</summary>\n\nBecause.\n</details>"
    assert cut(v4.new_markdown_cell(f"## Questions\n\n{folded}"))[1:] == [
        ("subslide", "**Question:** Why?"), ("fragment", "**Answer:** Because."),
    ]  # fmt: skip


def test_code_and_its_picture_stay_together():
    pieces = cut(v4.new_markdown_cell("## One\n\n" + "word " * 100), code("plot()", outputs=[PICTURE]))
    assert pieces[-2:] == [("subslide", "plot()"), ("-", "")]


def test_a_block_of_code_in_prose_is_one_block():
    assert blocks("## A\ntext\n\n```\na\n\n# b\n```\n* c") == ["## A", "text", "```\na\n\n# b\n```\n* c"]
