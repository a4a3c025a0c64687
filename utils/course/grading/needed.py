"""Which cells of a notebook its checks need: a training that no check asks for only takes time."""

import ast

from utils.course.names import defined_names, free_names

ALWAYS = {"setup", "exercise", "check"}


def what_checks_need(cells):
    """The code cells to run before the checks can be run: exercises, checks, and what these take names from.

    Broken drafts are left out; a cell that is no Python is kept, so that it can say so itself.
    """
    kept, needed = [], set()
    for cell in reversed(cells):
        if "broken" in tags(cell):
            continue
        source = as_python(cell.source)
        if source is None or tags(cell) & ALWAYS or defined_names(source) & needed:
            kept.insert(0, cell)
            needed |= free_names(source or "")
    return kept


def tags(cell):
    """The tags of a cell."""
    return set(cell.metadata.get("tags", []))


def as_python(source):
    """The cell as Python, with IPython's % and ! lines written out as calls; None when it is not Python."""
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        source = TransformerManager().transform_cell(source)
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return source
