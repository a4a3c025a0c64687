"""What of a lesson goes on paper: prose, equations, listings, pictures, and exercises with room to write."""

import re

import nbformat

from utils.course.equations import draw_equations
from utils.course.needed_cells import tags_of
from utils.course.teaching.shown_cells import is_shown, short_output

DEFINES = re.compile(r"^(def|class) ", re.MULTILINE)
LINE = 8  # millimetres of paper for one line of code by hand


def handout_cells(notebook, learner):
    """Return a notebook to print; the answers of exercises are not in it."""
    stubs = {cell.id: cell.source for cell in learner.cells if "exercise" in tags_of(cell)}
    made = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            made.append(nbformat.v4.new_markdown_cell(draw_equations(unfolded(cell.source))))
        elif cell.id in stubs:
            made += unsolved(stubs[cell.id], cell.source)
        elif is_shown(cell):
            made += shown(cell)
    return nbformat.v4.new_notebook(cells=made, metadata=notebook.metadata)


def unfolded(markdown):
    """Paper cannot be clicked: folded answers lie open."""
    return markdown.replace("<details>", "<details open>")


def unsolved(stub, answer):
    """The learner's cell, and as much room below it as the course's answer needs, with two lines to spare."""
    lines = max(0, answer.count("\n") - stub.count("\n")) + 3
    room = f'<div class="room" style="height:{lines * LINE:d}mm"></div>'
    return [nbformat.v4.new_code_cell(stub), nbformat.v4.new_markdown_cell(room)]


def shown(cell):
    """A listing, a draft or a definition with its code; of everything else only what it printed and drew."""
    is_read = tags_of(cell) & {"listing", "broken"} or DEFINES.search(cell.source)
    if not is_read and not cell.outputs:
        return []
    outputs = [short_output(output) for output in cell.outputs if not is_sound(output)]
    metadata = {} if is_read else {"transient": {"remove_source": True}}
    return [nbformat.v4.new_code_cell(cell.source, outputs=outputs, metadata=metadata)]


def is_sound(output):
    """Whether an output is there to be listened to."""
    return "<audio" in output.get("data", {}).get("text/html", "")
