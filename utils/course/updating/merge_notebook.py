"""Brings a notebook that both the learner and the course have changed together, cell by cell.

Merged line by line, as git does it, a notebook may end as broken JSON or with a cell twice.
"""

import copy
from collections import Counter
from dataclasses import dataclass

import nbformat


@dataclass(frozen=True)
class Merged:
    """The notebook, how many of its cells are as the learner has them, and which the course changed, too."""

    notebook: nbformat.NotebookNode
    changed: int
    added: int
    clashes: tuple[str, ...]  # what stands first in each such cell of the learner


class CannotMergeError(ValueError):
    """Why the cells of a notebook cannot be told apart: the learner's file stays as it is."""


def merge_texts(base, mine, theirs):
    """Merge the learner's file and the new one, both made of the base; a CannotMergeError says why not."""
    base, mine, theirs = (_read(text) for text in (base, mine, theirs))
    before, own, new = (_by_id(notebook) for notebook in (base, mine, theirs))
    if len(before.keys() & own.keys()) * 2 < len(before):
        raise CannotMergeError("most of its cells have lost their ids")
    cells, clashes = {}, []  # in the order of the new version
    for key, cell in new.items():
        if key in own:
            is_mine, clash = _choose(before.get(key), own[key], cell)
            cells[key] = own[key] if is_mine else cell
            clashes += [_first_line(own[key])] if clash else []
        elif key not in before:
            cells[key] = cell  # what the learner has deleted stays deleted
    order = list(cells)
    previous = None
    for key, cell in own.items():
        is_added = key not in before and key not in new
        if is_added or (key not in new and _text(cell) != _text(before[key])):
            order.insert(order.index(previous) + 1 if previous else 0, key)
            cells[key] = cell
        previous = key if key in cells else previous
    merged = copy.deepcopy(theirs)
    merged.cells = [cells[key] for key in order]
    if mine.metadata != base.metadata:  # another kernel, say
        merged.metadata = mine.metadata
    try:
        nbformat.validate(merged)
    except nbformat.ValidationError as error:
        raise CannotMergeError(f"it is no valid notebook ({error.message.splitlines()[0]})") from None
    changed = sum(key in before and key in cells and _text(own[key]) != _text(before[key]) for key in own)
    return Merged(merged, changed, sum(key not in before for key in own), tuple(clashes))


def _choose(before, own, new):
    """Whether the learner's cell stays, and whether that hides something new from the learner."""
    if _text(own) == _text(new):
        ran = before is None or own.get("outputs") != before.get("outputs")
        return ran, False  # what the learner's own run showed stays
    if before is not None and _text(own) == _text(before):
        return False, False
    return True, before is None or _text(new) != _text(before)


def _read(text):
    try:
        notebook = nbformat.reads(text, as_version=4)
        nbformat.validate(notebook)
    except Exception as error:  # whatever an editor or a full disk has left
        raise CannotMergeError(f"it is no valid notebook ({type(error).__name__})") from None
    return notebook


def _by_id(notebook):
    cells = {cell.get("id", f"no id {at}"): cell for at, cell in enumerate(notebook.cells)}
    if len(cells) != len(notebook.cells):
        twice = [
            key for key, count in Counter(cell.get("id") for cell in notebook.cells).items() if count > 1
        ]
        raise CannotMergeError(f"it has two cells with the id {twice[0]}")
    return cells


def _text(cell):
    return cell.cell_type, cell.source


def _first_line(cell):
    return (cell.source.strip().splitlines() or ["an empty cell"])[0][:60]
