"""Cuts a solved notebook into slides: which text, code and picture stand together, by their size."""

import re

import nbformat

from utils.course.equations import draw_equations
from utils.course.needed_cells import tags_of
from utils.course.outputs import PICTURES
from utils.course.sections import marked_lines
from utils.course.teaching.code_parts import code_parts
from utils.course.teaching.shown_cells import is_shown, short_output, text_of

FULL = 18.0  # lines of prose on one slide of 1280 x 720
PROSE_WIDTH = 84  # characters in a line
CODE_LINE, PICTURE = 0.68, 12.0  # lines of prose that a line of code and a picture take
FOLDED = re.compile(r"<details><summary>(.*?)</summary>(.*?)</details>", re.DOTALL)


def slide_cells(notebook, learner, notes):
    """Return a notebook whose cells have slide types; exercises come unsolved first, notes by heading."""
    room, made = FULL, []
    stubs = {cell.id: cell.source for cell in learner.cells if "exercise" in tags_of(cell)}
    for cell, size, wanted, kind in _pieces(notebook, stubs, iter(notes)):
        if kind == "-" and wanted > room:
            kind = "subslide"
        if kind in ("slide", "subslide"):
            room = FULL
        room -= size
        cell.metadata["slideshow"] = {"slide_type": kind}
        made.append(cell)
    return nbformat.v4.new_notebook(cells=made, metadata=notebook.metadata)


def _pieces(notebook, stubs, notes):
    """Yield (cell, lines it takes, lines that should stay together, slide type); "-" goes on in a slide."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield from _prose(FOLDED.sub(_unfolded, cell.source), notes)
        elif is_shown(cell):
            if cell.id in stubs:
                yield from _code(nbformat.v4.new_code_cell(stubs[cell.id]))
                yield nbformat.v4.new_markdown_cell("**One answer**"), 1.6, 1.6, "subslide"
            yield from _code(cell)


def _prose(markdown, notes):
    for block in blocks(markdown):
        heading = re.match(r"(#{1,3}) ", block)
        kind = "-"
        if heading:
            kind = "slide" if len(heading[1]) < 3 else "subslide"
        elif block.startswith(("**Question:** ", "**Answer:** ")):
            kind = "subslide" if block.startswith("**Q") else "fragment"
        size = prose_lines(block)
        yield nbformat.v4.new_markdown_cell(draw_equations(block)), size, size, kind
        if heading:
            yield nbformat.v4.new_markdown_cell(next(notes)), 0, 0, "notes"


def blocks(markdown):
    """Cut markdown at headings and empty lines; a long list also between its points; code never."""
    found, block, fenced = [], [], False
    for is_heading, line in [*marked_lines(markdown), (False, "")]:
        fenced ^= line.startswith("```")
        starts_point = line.startswith("* ") and prose_lines("\n".join(block)) > FULL / 2
        if block and not fenced and (is_heading or not line.strip() or starts_point):
            found.append("\n".join(block))
            block = []
        if line.strip() or (fenced and block):
            block.append(line)
        if is_heading:
            found.append(line)
            block = []
    return found


def prose_lines(block):
    """How many lines of a slide a block of markdown takes."""
    if block.startswith("#"):
        return 2.2
    if block.startswith("|"):
        return sum(max(1.2, len(row) / PROSE_WIDTH * 1.3) for row in block.splitlines() if row.strip(" |-:"))
    points = re.split(r"\n(?=\* )", block)
    return sum(1 + len(point) // PROSE_WIDTH for point in points) + 0.6


def _code(cell):
    """Yield the code of a cell, cut where it is too long, and then what it printed and drew."""
    parts = code_parts(cell.source)
    outputs = [short_output(output) for output in cell.outputs]
    for at, part in enumerate(parts, start=1):
        size = CODE_LINE * (3 + part.count("\n"))
        both = size + output_lines(outputs[0]) if outputs and at == len(parts) else size
        wanted = both if both <= FULL else size
        yield nbformat.v4.new_code_cell(part), size, wanted, "-" if at == 1 else "subslide"
    for output in outputs:
        piece = nbformat.v4.new_code_cell("", outputs=[output])
        piece.metadata["transient"] = {"remove_source": True}
        yield piece, output_lines(output), output_lines(output), "-"


def output_lines(output):
    """How many lines of a slide an output takes."""
    if any(kind in output.get("data", {}) for kind in PICTURES):
        return PICTURE
    if "text/html" in output.get("data", {}):
        return FULL  # a table or a player: nobody knows how high
    return CODE_LINE * (1 + len(text_of(output).splitlines()))


def _unfolded(found):
    """A folded answer becomes a slide with the question and a fragment with the answer."""
    return f"\n\n**Question:** {found[1].strip()}\n\n**Answer:** {found[2].strip()}\n\n"
