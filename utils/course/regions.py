"""Exercises written out in a lesson: the text between the solution markers becomes three dots."""

import ast
import re
import textwrap

from utils.course.library import STUB, assigned_names, stub_of

BEGIN = re.compile(r"^\s*# BEGIN SOLUTION\s*$")
END = re.compile(r"^\s*# END SOLUTION\s*$")
ANY = re.compile(r"#\s*(BEGIN|END)\s+SOLUTION", re.IGNORECASE)


def marker_problems(source):
    """Yield (line offset, message) for each marker that has no partner or is written in another way."""
    begin = None
    for at, line in enumerate(source.splitlines()):
        if BEGIN.match(line):
            if begin is not None:
                yield at, "a second # BEGIN SOLUTION before the first one ended"
            begin = at
        elif END.match(line):
            if begin is None:
                yield at, "# END SOLUTION without a # BEGIN SOLUTION before it"
            begin = None
        elif ANY.search(line):
            yield at, f"a marker stands alone on its line, as `# BEGIN SOLUTION`. Received: {line.strip()!r}"
    if begin is not None:
        yield begin, "# BEGIN SOLUTION without an # END SOLUTION after it"


def has_markers(source):
    """Whether a cell holds anything that looks like a marker."""
    return bool(ANY.search(source))


def solved_code(source):
    """The cell with its answers, without the markers."""
    return "\n".join(line for line in source.splitlines() if not BEGIN.match(line) and not END.match(line))


def learner_code(source):
    """The cell with three dots for each answer; ValueError (offset, message) for half a statement."""
    kept, region, begin = [], None, 0
    for at, line in enumerate(source.splitlines()):
        if BEGIN.match(line):
            region, begin = [], at
            indent = line[: len(line) - len(line.lstrip())]
        elif END.match(line):
            kept += [indent + stub if stub else stub for stub in _stubs(region, begin)]
            region = None
        else:
            (kept if region is None else region).append(line)
    return "\n".join(kept)


def _stubs(region, begin):
    code = textwrap.dedent("\n".join(region))
    try:
        whole = ast.parse("def region():\n" + textwrap.indent(code, "    ") + "\n    pass")
    except SyntaxError:
        raise ValueError(begin, "a solution holds whole statements, indented as its markers are") from None
    statements = whole.body[0].body[:-1]  # without the pass
    if not statements:
        raise ValueError(begin, "there is no solution between the markers")
    if _returns(statements):
        return [f"return {STUB}"]
    stubs, seen = [], set()
    for statement in statements:
        if isinstance(statement, ast.FunctionDef):
            first = min([statement.lineno, *(d.lineno for d in statement.decorator_list)]) - 1  # def region()
            text = "\n".join(code.splitlines()[first - 1 : statement.end_lineno - 1])
            stubs += stub_of(text).splitlines()
            continue
        names = assigned_names(statement) if isinstance(statement, (ast.Assign, ast.AnnAssign)) else []
        names += [statement.name] if isinstance(statement, ast.ClassDef) else []
        stubs += [f"{name} = {STUB}" for name in names if name not in seen]
        seen.update(names)
    return stubs or [STUB]


def _returns(statements):
    """Whether the statements themselves return, not a function defined in them."""
    waiting = list(statements)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Return):
            return True
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            waiting += ast.iter_child_nodes(node)
    return False
