"""Finds what a listing shows: the source of a function, class or constant, read from the file, never run."""

import ast
import importlib.util
from dataclasses import dataclass, field
from pathlib import Path

STUB = "...  # your answer replaces the three dots"


@dataclass(frozen=True)
class Shown:
    """One name of the library with its source; elsewhere says how its module came by other names."""

    name: str
    module: str
    source: str
    path: Path
    is_function: bool
    elsewhere: dict[str, str] = field(default_factory=dict)  # name -> import statement


def listed_names(source):
    """The (module, names) of a cell that holds one `from module import name, ...` and nothing else."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        body = []
    good = (
        len(body) == 1
        and isinstance(body[0], ast.ImportFrom)
        and body[0].level == 0
        and not any(alias.asname or alias.name == "*" for alias in body[0].names)
        and "#" not in source
    )
    if not good:
        raise ValueError("holds more than one plain `from utils.module import name`")
    return body[0].module, [alias.name for alias in body[0].names]


def find_shown(module, name, root):
    """The source of one name of a module under root; LookupError says what is not there."""
    path = _module_file(module, root)
    text = path.read_text(encoding="utf-8")
    try:
        body = ast.parse(text).body
    except SyntaxError as error:
        raise LookupError(f"{path.name}:{error.lineno} cannot be read: {error.msg}") from None
    elsewhere = {}
    for statement in body:
        elsewhere.update(_bound_by(statement, module, path))
    for statement in reversed(body):  # the last binding is the one that an import finds
        if name not in _bound_by(statement, module, path):
            continue
        if isinstance(statement, ast.ImportFrom):
            alias = next(alias for alias in statement.names if (alias.asname or alias.name) == name)
            return find_shown(_absolute(statement, module, path), alias.name, root)
        if isinstance(statement, ast.Import):
            raise LookupError(f"{name} is a module that {module} imports, not something it defines")
        first = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", []))])
        source = "\n".join(text.splitlines()[first - 1 : statement.end_lineno])
        is_function = isinstance(statement, ast.FunctionDef)
        return Shown(name, module, source, path, is_function, elsewhere)
    own = [key for key, statement in elsewhere.items() if statement == f"from {module} import {key}"]
    raise LookupError(f"{module} has no {name}. It has: {', '.join(own) or 'nothing'}")


def stub_of(source):
    """A function's signature and docstring, with three dots where the answer goes."""
    function = ast.parse(source).body[0]
    lines, first = source.splitlines(), function.body[0]
    start = min([first.lineno, *(d.lineno for d in getattr(first, "decorator_list", []))]) - 1
    signature_end = lines[start][: first.col_offset].rstrip()  # not empty in `def f(x): return x`
    if ast.get_docstring(function):
        kept = lines[: first.end_lineno]
    elif signature_end:
        kept = [*lines[:start], signature_end]
    else:
        kept = lines[:start]
    while not kept[-1].strip() or kept[-1].lstrip().startswith("#"):  # a comment there would tell the answer
        kept.pop()
    indent = "    " if signature_end else " " * first.col_offset
    return "\n".join([*kept, f"{indent}return {STUB}"])


def _module_file(module, root):
    base = Path(root).joinpath(*module.split("."))
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    raise LookupError(f"there is no module {module}")


def _absolute(statement, module, path):
    if not statement.level:
        return statement.module
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    return importlib.util.resolve_name("." * statement.level + (statement.module or ""), package)


def _bound_by(statement, module, path):
    """Names that one statement of a module defines -> the import statement that brings each to a notebook."""
    if isinstance(statement, ast.Import):
        return {a.asname or a.name.split(".")[0]: ast.unparse(ast.Import([a])) for a in statement.names}
    if isinstance(statement, ast.ImportFrom):
        source = _absolute(statement, module, path)
        return {a.asname or a.name: ast.unparse(ast.ImportFrom(source, [a], 0)) for a in statement.names}
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        names = [statement.name]
    elif isinstance(statement, (ast.Assign, ast.AnnAssign)):
        names = assigned_names(statement)
    else:
        names = []
    return {name: f"from {module} import {name}" for name in names}


def assigned_names(statement):
    """The plain names on the left of an assignment, in order."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return [node.id for target in targets for node in ast.walk(target) if _stores(node)]


def _stores(node):
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
