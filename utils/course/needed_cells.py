"""Which cells of a notebook others need: found from the names they take and give; nothing is run."""

import ast

from utils.course.names import defined_names, free_names

ASKED = {"setup", "exercise", "check"}  # what is run whenever exercises are checked


def needed_cells(cells, wanted):
    """The code cells that wanted(cell) picks, and all earlier ones that these take names from, in order.

    Broken drafts are left out; a cell that is no Python is kept, so that it can say so itself.
    """
    code = [cell for cell in cells if cell.cell_type == "code" and "broken" not in tags_of(cell)]
    sources = [as_python(cell.source) for cell in code]
    imported = set().union(*(imported_names(source) for source in sources if source is not None))
    kept, names = [], set()
    for cell, source in zip(reversed(code), reversed(sources), strict=True):
        if source is None:
            kept.insert(0, cell)
            continue
        changed = changed_names(source, is_training="train" in tags_of(cell)) - imported
        if wanted(cell) or (defined_names(source) | changed) & names:
            kept.insert(0, cell)
            names |= free_names(source)
    return kept


def what_checks_need(cells):
    """The code cells that are run before checks can be: exercises, checks, and what they take names from."""
    return needed_cells(cells, lambda cell: tags_of(cell) & ASKED)


def as_python(source):
    """The cell as Python, with IPython's % and ! lines written out as calls; None when it is not Python."""
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        source = TransformerManager().transform_cell(source)
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return source


def changed_names(source, is_training=False):
    """Names whose object a cell changes without binding them: `model.fit(data)`, `row[0] = 1`, a training."""
    body, changed = ast.parse(source), set()
    for node in statements_run(body):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            changed |= (
                {_owner(node.value.func.value)} if isinstance(node.value.func, ast.Attribute) else set()
            )
        elif isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            changed |= {_owner(target) for target in targets if not isinstance(target, ast.Name)}
    if is_training:  # what a training gets, it changes: its model above all
        calls = [node for node in ast.walk(body) if isinstance(node, ast.Call)]
        changed |= {argument.id for call in calls for argument in call.args if isinstance(argument, ast.Name)}
    return changed & free_names(source)


def imported_names(source):
    """Names that a cell imports: `keras.utils.set_random_seed(1)` changes nothing that another cell needs."""
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom)]
    return {alias.asname or alias.name.split(".")[0] for node in imports for alias in node.names}


def statements_run(body):
    """Every statement that runs when the cell runs: inside loops too, not inside functions."""
    waiting = list(body.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            waiting += [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]


def tags_of(cell):
    """The tags of a notebook's cell."""
    return set(cell.metadata.get("tags", []))


def _owner(node):
    """The name at the root of `name.part[key]`; None for anything else."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None
