"""Cuts a solved notebook into slides: which text, code and picture stand together, by their size."""

import io
import itertools
import re
import textwrap
import tokenize

import nbformat

from utils.course.equations import draw_equations
from utils.course.needed_cells import tags_of
from utils.course.outputs import PICTURES
from utils.course.sections import marked_lines

FULL = 18.0  # lines of prose on one slide of 1280 x 720
PROSE_WIDTH, CODE_LINE, PICTURE = (
    84,
    0.68,
    12.0,
)  # characters in a line; lines that one of code, a picture takes
MOST_CODE = 22  # lines on one slide
LONGEST_TEXT = 18  # printed lines; what is cut stands in the notebook
CODE_WIDTH, AS_IS = 110, {"replace_whitespace": False, "drop_whitespace": False}
LEFT_OUT = {"setup", "check", "widget"}
IMPORTS = re.compile(r"(from .+ )?import .+")
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
        yield (
            nbformat.v4.new_code_cell(part),
            size,
            both if both <= FULL else size,
            "-" if at == 1 else "subslide",
        )
    for output in outputs:
        piece = nbformat.v4.new_code_cell(
            "", outputs=[output], metadata={"transient": {"remove_source": True}}
        )
        yield piece, output_lines(output), output_lines(output), "-"


def code_parts(source):
    """Cut code into parts of at most MOST_CODE lines, at empty lines and after descriptions."""
    lines, parts, start = source.splitlines(), [], 0
    for at, after in itertools.pairwise([*cut_points(source), len(lines)]):
        if "\n".join(lines[start:after]).rstrip().count("\n") >= MOST_CODE and at > start:
            parts.append("\n".join(lines[start:at]).rstrip())
            start = at
    return [*parts, "\n".join(lines[start:])]


def cut_points(source):
    """Where a part of code may begin: after an empty line or a long string, never inside one."""
    empty = {at for at, line in enumerate(source.splitlines(), start=1) if not line.strip()}
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return sorted(empty)
    spans = [(token.start[0], token.end[0]) for token in tokens if token.type == tokenize.STRING]
    inside = {row for first, last in spans for row in range(first, last)}
    ends = {last for first, last in spans if last > first}
    return sorted(ends | empty - inside)


def output_lines(output):
    """How many lines of a slide an output takes."""
    if any(kind in output.get("data", {}) for kind in PICTURES):
        return PICTURE
    if "text/html" in output.get("data", {}):
        return FULL  # a table or a player: nobody knows how high
    return CODE_LINE * (1 + len(_text(output).splitlines()))


def short_output(output):
    """An output that fits: an error is its last line, a long print ends early."""
    if set(output.get("data", {})) - {"text/plain"}:
        return output
    lines = [
        row for line in _text(output).splitlines() for row in textwrap.wrap(line, CODE_WIDTH, **AS_IS) or [""]
    ]
    more = ["… (more in the notebook)"] if len(lines) > LONGEST_TEXT else []
    return nbformat.v4.new_output("stream", text="\n".join([*lines[:LONGEST_TEXT], *more]) + "\n")


def _text(output):
    """What an output says in letters."""
    if output.output_type == "error":
        return f"{output.ename}: {output.evalue}"
    return output.get("text") or output.get("data", {}).get("text/plain", "")


def _unfolded(found):
    """A folded answer becomes a slide with the question and a fragment with the answer."""
    answer = " ".join(found[2].split("\n")) if "\n\n" not in found[2].strip() else found[2].strip()
    return f"\n\n**Question:** {found[1].strip()}\n\n**Answer:** {answer.strip()}\n\n"


def is_shown(cell):
    """Whether a cell of code says something away from the notebook: no set-up, no check, no mere import."""
    lines = [line for line in cell.source.splitlines() if line.strip() and not line.startswith("#")]
    imports = all(IMPORTS.match(line) for line in lines) and "(" not in cell.source
    return not imports and not tags_of(cell) & LEFT_OUT
