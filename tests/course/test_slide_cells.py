"""Slides begin at headings, hold what fits, and show an exercise before its answer."""

import nbformat
import pytest

from utils.course.slide_cells import (
    FULL,
    MOST_CODE,
    blocks,
    code_parts,
    prose_lines,
    short_output,
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
    assert cut(text, code("x = 1")) == [
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


@pytest.mark.parametrize(
    "cell", [code("x", "setup"), code("x = check('7.1', x)", "check"), code("x", "widget"), code("import x")]
)
def test_what_says_nothing_on_a_slide_is_left_out(cell):
    assert cut(v4.new_markdown_cell("## One"), cell) == [("slide", "## One")]


def test_a_folded_answer_waits_for_its_question():
    folded = "<details><summary>Why?</summary>\n\nBecause.\n</details>"
    assert cut(v4.new_markdown_cell(f"## Questions\n\n{folded}"))[1:] == [
        ("subslide", "**Question:** Why?"), ("fragment", "**Answer:** Because."),
    ]  # fmt: skip


def test_long_code_is_cut_between_functions_and_nothing_is_lost():
    functions = [f"def f{at}():\n" + "    pass\n" * 9 for at in range(5)]
    parts = code_parts("\n\n".join(functions))
    assert len(parts) == 3 and all(part.count("\n") < MOST_CODE and part.startswith("def") for part in parts)
    assert "\n".join(parts).split() == "\n".join(functions).split()


def test_code_is_never_cut_inside_a_description():
    text = '    """Say it.\n\n' + "    more\n" * 14 + '\n    more\n    """\n'  # with two empty lines in it
    first, second = code_parts("def f(x):\n" + text + "    x += 1\n" * 9)
    assert first.count('"""') == 2 and second.startswith("    x += 1")
    assert code_parts("x = (\n\ny") == ["x = (\n\ny"]  # a draft that is no Python


def test_code_and_its_picture_stay_together():
    pieces = cut(v4.new_markdown_cell("## One\n\n" + "word " * 100), code("plot()", outputs=[PICTURE]))
    assert pieces[-2:] == [("subslide", "plot()"), ("-", "")]


def test_an_error_is_its_last_line_and_a_long_print_ends_early():
    error = v4.new_output("error", ename="ValueError", evalue="no shape", traceback=["long"] * 90)
    assert short_output(error).text == "ValueError: no shape\n"
    long = short_output(v4.new_output("stream", text="line\n" * 99)).text
    assert long.count("\n") == 19 and long.endswith("… (more in the notebook)\n")
    wide = short_output(v4.new_output("execute_result", {"text/plain": "x" * 999})).text
    assert max(map(len, wide.splitlines())) == 110
    assert short_output(PICTURE) is PICTURE


def test_a_block_of_code_in_prose_is_one_block():
    assert blocks("## A\ntext\n\n```\na\n\n# b\n```\n* c") == ["## A", "text", "```\na\n\n# b\n```\n* c"]
