"""Makes the notebook that is run: the learner's answers, the course's own check cells, nothing stored."""

import nbformat

from utils.course.execute import METADATA
from utils.course.graded_cells import exercise_id, match_checks
from utils.course.needed_cells import tags_of, what_checks_need

OPTIONAL = {"train", "widget", "broken"}  # run only when a check needs what they define


def check_cells(solved):
    """The check cells of a solved notebook: exercise id -> cell."""
    return {exercise_id(cell): cell for cell in solved.cells if "check" in tags_of(cell)}


def fresh_copy(notebook, solved):
    """A copy of a learner's notebook to be run, and what was done to its check cells: (notebook, remarks).

    A cell that stands there as the course wrote it runs only if a check needs it. What the learner has
    written or changed runs.
    """
    checks = {cell.id: cell for cell in check_cells(solved).values()}
    originals = {cell.id: cell for cell in solved.cells if cell.id not in checks}
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    taken, remarks = match_checks(cells, checks), []
    copies = []
    for at, cell in enumerate(cells):
        original = checks[taken[at]] if at in taken else originals.pop(cell.id, None)  # once: ids are unique
        source = original.source if at in taken else cell.source
        if at in taken and as_written(cell.source) != as_written(source):
            remarks.append(f"the check cell of {exercise_id(original)} was rewritten")
        copy = nbformat.v4.new_code_cell(source, id=original.id if original else f"own-{at}")
        copy.metadata.tags = sorted(tags_of(original)) if original else []
        copy.metadata.own = original is None or as_written(original.source) != as_written(source)
        copies.append(copy)
    for key in [key for key in checks if key not in taken.values()]:
        remarks.append(f"the check cell of {exercise_id(checks[key])} was removed")
        metadata = {"tags": ["check"], "own": False}
        copy = nbformat.v4.new_code_cell(checks[key].source, id=key, metadata=metadata)
        ids = [cell.id for cell in copies]
        answer = key.replace("check-", "exercise-", 1)
        copies.insert(ids.index(answer) + 1 if answer in ids else len(copies), copy)
    needed = {id(cell) for cell in what_checks_need(copies)}
    kept = [
        cell for cell in copies if id(cell) in needed or cell.metadata.own and not tags_of(cell) & OPTIONAL
    ]
    for cell in kept:
        del cell.metadata["own"]
    return nbformat.v4.new_notebook(cells=kept, metadata=METADATA, nbformat_minor=5), remarks


def as_written(source):
    """A source without what editors change: the ends of lines."""
    return "\n".join(line.rstrip() for line in source.strip().splitlines())
