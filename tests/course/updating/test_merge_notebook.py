"""A notebook that both sides changed: nothing of the learner's is lost, nothing twice, always a notebook."""

import copy
import json
import random
import subprocess

import nbformat
import pytest

from utils.course.updating.merge_notebook import CannotMergeError, merge_texts

PAIRS = 60  # of random edits on both sides


def cell(key, text, shown=None):
    """A code cell with what it printed."""
    outputs = [nbformat.v4.new_output("stream", text=f"{shown}\n")] if shown else []
    return nbformat.v4.new_code_cell(text, id=key, outputs=outputs, execution_count=1 if shown else None)


def notebook(*cells):
    """A notebook of some cells, as a file holds it."""
    return nbformat.writes(nbformat.v4.new_notebook(cells=list(cells), nbformat_minor=5))


BASE = [cell("one", "print(1)", 1), cell("two", "x = ...", 2), cell("three", "print(3)", 3)]


def merged(mine, theirs, base=BASE):
    """(ids and sources, what is said) of a merge."""
    result = merge_texts(*(notebook(*copy.deepcopy(cells)) for cells in (base, mine, theirs)))
    return [(one.id, one.source) for one in result.notebook.cells], result


def test_each_sides_changes_are_in_it():
    mine = [BASE[0], cell("two", "x = 42"), cell("own", "# mine"), BASE[2]]
    theirs = [cell("one", "print(11)"), BASE[1], cell("new", "# new"), BASE[2]]
    cells, result = merged(mine, theirs)
    assert cells == [
        ("one", "print(11)"), ("two", "x = 42"), ("own", "# mine"), ("new", "# new"), ("three", "print(3)"),
    ]  # fmt: skip
    assert (result.changed, result.added, result.clashes) == (1, 1, ())


def test_a_cell_that_both_changed_is_the_learners_and_is_named():
    cells, result = merged(
        [BASE[0], cell("two", "x = 42"), BASE[2]], [BASE[0], cell("two", "y = ..."), BASE[2]]
    )
    assert cells[1] == ("two", "x = 42") and result.clashes == ("x = 42",)
    same, result = merged([cell("one", "same")], [cell("one", "same")], BASE[:1])
    assert same == [("one", "same")] and result.clashes == ()


def test_an_answer_to_an_exercise_that_the_course_took_out_or_moved_is_there_once():
    mine = [BASE[0], cell("two", "x = 42"), BASE[2]]
    assert merged(mine, [BASE[0], BASE[2]])[0][1] == ("two", "x = 42")
    assert [key for key, _ in merged(mine, [BASE[1], BASE[0], BASE[2]])[0]] == ["two", "one", "three"]


def test_what_the_learners_own_run_showed_stays_and_else_the_new_outputs_come():
    ran = [BASE[0], cell("two", "x = ...", "seen"), BASE[2]]
    again = [cell("one", "print(1)", "new"), cell("two", "x = ...", "new"), BASE[2]]
    outputs = [one.outputs[0].text for one in merged(ran, again)[1].notebook.cells]
    assert outputs == ["new\n", "seen\n", "3\n"]


def test_a_cell_that_the_learner_has_deleted_stays_deleted():
    assert [key for key, _ in merged(BASE[1:], BASE)[0]] == ["two", "three"]


def test_the_kernel_that_the_learner_has_chosen_stays():
    mine = nbformat.reads(notebook(*BASE), as_version=4)
    mine.metadata["kernelspec"] = {"name": "mine", "display_name": "Mine"}
    result = merge_texts(notebook(*BASE), nbformat.writes(mine), notebook(*BASE, cell("new", "")))
    assert result.notebook.metadata.kernelspec.name == "mine" and len(result.notebook.cells) == 4


@pytest.mark.parametrize(
    ("mine", "why"),
    [
        ("{", "no valid notebook"),
        (notebook(*BASE).replace('"two"', '"one"'), "no valid notebook|two cells with the id one"),
        (notebook(*(cell(f"x{at}", one.source) for at, one in enumerate(BASE))), "lost their ids"),
        (json.dumps({"cells": [], "metadata": {}, "nbformat": 3, "nbformat_minor": 0}), "notebook|ids"),
    ],
)
def test_a_file_whose_cells_cannot_be_told_apart_is_refused_with_the_reason(mine, why):
    with pytest.raises(CannotMergeError, match=why):
        merge_texts(notebook(*BASE), mine, notebook(*BASE))


def edited(cells, draw, who):
    """Cells after some edits, as people make them: type, run, add, delete, move."""
    cells = copy.deepcopy(cells)
    for number in range(draw.randint(1, 4)):
        at, what = draw.randrange(len(cells)), draw.choice(["type", "type", "run", "add", "delete", "move"])
        if what == "type":
            cells[at].source += f"\n# {who} {number}"
        elif what == "run":
            cells[at].outputs = [nbformat.v4.new_output("stream", text=f"{who} {number}\n")]
        elif what == "add":
            cells.insert(at, cell(f"{who}-{number}", f"# {who} adds {number}", who))
        elif what == "move":
            cells.insert(draw.randrange(len(cells)), cells.pop(at))
        elif len(cells) > 6:
            cells.pop(at)
    return cells


def faults(text, mine, base):
    """What is wrong with a merged file: no notebook, a cell twice, something of the learner's gone."""
    try:
        cells = json.loads(text)["cells"]
    except (ValueError, KeyError):
        return "broken"
    ids, before = [one["id"] for one in cells], {(one.id, one.source) for one in base}
    if len(set(ids)) < len(ids):
        return "twice"
    nbformat.validate(json.loads(text))
    own = {(one.id, one.source) for one in mine} - before
    return None if own <= {(one["id"], "".join(one["source"])) for one in cells} else "lost"


def by_lines(base, mine, theirs, folder):
    """What git makes of it when the learner's lines win."""
    for name, text in (("base", base), ("mine", mine), ("theirs", theirs)):
        (folder / name).write_text(text)
    command = ["git", "merge-file", "-p", "--ours", *(folder / name for name in ("mine", "base", "theirs"))]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_random_edits_on_both_sides_leave_one_good_notebook_and_git_alone_does_not(tmp_path):
    draw, base = random.Random(2026), [cell(f"c{at}", f"print({at})", at + 1) for at in range(8)]
    found, by_git = [], []
    for _ in range(PAIRS):
        mine, theirs = edited(base, draw, "learner"), edited(base, draw, "author")
        texts = [notebook(*cells) for cells in (base, mine, theirs)]
        found.append(faults(nbformat.writes(merge_texts(*texts).notebook), mine, base))
        by_git.append(faults(by_lines(*texts, tmp_path), mine, base))
    assert found == [None] * PAIRS
    assert {"lost", "twice"} <= set(by_git), by_git  # the planted bug: the same edits, merged by lines
