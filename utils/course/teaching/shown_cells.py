"""What of a cell is shown away from the notebook, on slides and on paper."""

import re
import textwrap

import nbformat

from utils.course.needed_cells import tags_of

LONGEST_TEXT = 18  # printed lines; what is cut stands in the notebook
CODE_WIDTH, AS_IS = 110, {"replace_whitespace": False, "drop_whitespace": False}
LEFT_OUT = {"setup", "check", "widget"}
IMPORTS = re.compile(r"(from .+ )?import .+")


def is_shown(cell):
    """Whether a cell of code says something away from the notebook: no set-up, no check, no mere import."""
    lines = [line for line in cell.source.splitlines() if line.strip() and not line.startswith("#")]
    imports = all(IMPORTS.match(line) for line in lines) and "(" not in cell.source
    return not imports and not tags_of(cell) & LEFT_OUT


def short_output(output):
    """An output that fits: an error is its last line, a long print ends early."""
    if set(output.get("data", {})) - {"text/plain"}:
        return output
    lines = [
        row
        for line in text_of(output).splitlines()
        for row in textwrap.wrap(line, CODE_WIDTH, **AS_IS) or [""]
    ]
    more = ["… (more in the notebook)"] if len(lines) > LONGEST_TEXT else []
    return nbformat.v4.new_output("stream", text="\n".join([*lines[:LONGEST_TEXT], *more]) + "\n")


def text_of(output):
    """What an output says in letters."""
    if output.output_type == "error":
        return f"{output.ename}: {output.evalue}"
    return output.get("text") or output.get("data", {}).get("text/plain", "")
