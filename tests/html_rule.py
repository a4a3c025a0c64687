"""The rule for HTML that Python writes: each value in it is a constant, a number, or went through escape.

    unescaped({"page.py": source}) -> ["page.py:7 puts name into HTML", ...]

A value is followed back: through variables and comprehensions to where it was made, into functions to what
they return, and out of functions to what every call passes. What cannot be followed counts as text of users.
"""

import ast
import re

TAG = re.compile(r"</?[a-zA-Z][\w-]*[\s>/]|<!(--|doctype)", re.I)
ESCAPES = {"escape", "html.escape", "text", "link", "escape_html"}
NUMBERS = {"len", "round", "int", "float", "bool", "sum"}
NUMERIC = re.compile(r",|,?(\.\d+)?[dfg%]")  # formats at which a text raises
CODED = {"base64.b64encode"}  # letters and digits come out, whatever goes in
GATHERING = {"zip", "sorted", "list", "tuple", "max", "min"}


def unescaped(sources, known=()):
    """Name every value that enters HTML unescaped; `known` holds (file, expression) pairs that may."""
    project = {file: ast.parse(source) for file, source in sources.items()}
    found = []
    for file, tree in project.items():
        rule = Rule(project, file)
        for node in ast.walk(tree):
            for value in entering(node, in_notebooks="tqdm.auto" in sources[file]):
                if not rule.is_safe(value) and (file, ast.unparse(value)) not in known:
                    found.append(f"{file}:{value.lineno} puts {ast.unparse(value)} into HTML")
    return sorted(set(found))


def entering(node, in_notebooks=False):
    """Yield the values that a node puts into HTML; tqdm's bar for notebooks escapes no description."""
    name = called(node)
    if isinstance(node, ast.JoinedStr) and any(is_tag(part) for part in node.values):
        yield from (part for part in node.values if isinstance(part, ast.FormattedValue))
    elif isinstance(node, ast.BinOp) and (is_tag(node.left) or is_tag(node.right)):
        yield from (node.left, node.right)
    elif name.endswith(".substitute"):  # of string.Template: the pages of the reports
        yield from (keyword.value for keyword in node.keywords)
    elif name.endswith((".format", ".join")) and is_tag(node.func.value):
        yield from [*node.args, *(keyword.value for keyword in node.keywords)]
    elif name == "tqdm" and in_notebooks:
        yield from (keyword.value for keyword in node.keywords if keyword.arg == "desc")
    elif name.split(".")[-1] in ("HTML", "Markdown"):
        yield from node.args
    elif isinstance(node, ast.FunctionDef) and node.name in ("_repr_html_", "_repr_markdown_"):
        yield from (inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return))


def is_tag(node):
    """Tell whether a node is a constant with a tag in it."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(TAG.search(node.value))


def called(node):
    """Return the name of what a node calls, "" if it calls nothing."""
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


class Rule:
    """Follows the values of one file of a project."""

    def __init__(self, project, file):
        self.project, self.file, self.open = project, file, set()
        self.functions = {node.name: node for node in ast.walk(project[file]) if is_function(node)}
        self.around = {}  # node -> the innermost function it stands in
        for function in ast.walk(project[file]):
            if is_function(function):
                self.around.update(dict.fromkeys(ast.walk(function), function))

    def is_safe(self, node):
        """Tell whether a value can be no text of a user."""
        if node in self.open:  # a loop: decided by the values that enter it
            return True
        self.open.add(node)
        try:
            return self.follow(node)
        finally:
            self.open.discard(node)

    def follow(self, node):
        """Decide by the kind of the expression."""
        match node:
            case ast.Constant():
                return True
            case ast.FormattedValue(value=value, format_spec=form):
                form = ast.unparse(form)[2:-1] if form else ""
                return bool(NUMERIC.fullmatch(form)) or self.is_safe(value)
            case ast.JoinedStr(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts):
                return all(map(self.is_safe, parts))
            case ast.BinOp(left=left, right=right):
                return self.is_safe(left) and self.is_safe(right)
            case ast.BoolOp(values=parts):
                return all(map(self.is_safe, parts))
            case ast.IfExp(body=body, orelse=other):
                return self.is_safe(body) and self.is_safe(other)
            case ast.GeneratorExp(elt=made) | ast.ListComp(elt=made) | ast.Starred(value=made):
                return self.is_safe(made)
            case ast.Compare():
                return True
            case ast.Subscript(value=value):
                return self.is_safe(value)
            case ast.Call():
                return self.call(node)
            case ast.Name(id=name):
                return name.isupper() or self.variable(node, name)
        return False

    def call(self, node):
        """Decide by what is called: an escape, a number, a function of the project, a method of a text."""
        name = called(node)
        if name in ESCAPES | NUMBERS | CODED:
            return True
        if name in GATHERING:
            return all(map(self.is_safe, node.args))
        if name == "map":
            made = ast.Call(node.args[0], [], [])
            return ast.unparse(node.args[0]) in ESCAPES or self.returns(made, ast.unparse(node.args[0]))
        if name.endswith(".join"):
            return self.is_safe(node.func.value) and self.is_safe(node.args[0])
        if name.endswith((".replace", ".decode", ".strip")):
            return self.is_safe(node.func.value) and all(map(self.is_safe, node.args))
        return self.returns(node, name)

    def returns(self, node, name):
        """Decide by all that a function of the project returns."""
        name = name.removeprefix("self.")
        rule, function = self, self.functions.get(name)
        for other in self.imported(name) if function is None else ():
            rule = Rule(self.project, other)
            rule.open, function = self.open, rule.functions.get(name)
        if function is None:
            return False
        values = [inner.value for inner in ast.walk(function) if isinstance(inner, ast.Return)]
        return bool(values) and all(map(rule.is_safe, values))

    def imported(self, name):
        """Return the file of the project that a name comes from, as a list of one or none."""
        for node in ast.walk(self.project[self.file]):
            if isinstance(node, ast.ImportFrom) and name in (alias.name for alias in node.names):
                return [
                    file for file in self.project if file == f"{(node.module or '').replace('.', '/')}.py"
                ]
        return []

    def variable(self, node, name):
        """Decide by everything that a variable is given, where it is a parameter by what all calls pass."""
        function = self.around.get(node)
        scope = function or self.project[self.file]
        given = [value for inner in ast.walk(scope) for value in bound(inner, name)]
        if function and name in (names := [one.arg for one in function.args.args]):
            given += self.passed(function, names, name)
        return bool(given) and all(value is not None and self.is_safe(value) for value in given)

    def passed(self, function, names, name):
        """Return what every call in this file passes for a parameter, [None] where nobody here calls it."""
        place = names.index(name) - (names[0] == "self")
        defaults = dict(zip(reversed(names), reversed(function.args.defaults), strict=False))
        given = []
        for node in ast.walk(self.project[self.file]):
            if called(node).removeprefix("self.") == function.name:
                keywords = {keyword.arg: keyword.value for keyword in node.keywords}
                at = node.args[place] if place < len(node.args) else None
                given.append(keywords.get(name, at or defaults.get(name)))
        return given or [None]


def is_function(node):
    """Tell whether a node is a function with a name."""
    return isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))


def bound(node, name):
    """Yield the values that a node gives to a name; a part of a collection is as good as all of it."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=known), attr="append" | "extend"), args=[value]):
            target = ast.Name(known)
        case ast.Assign(targets=[target], value=value) | ast.AugAssign(target=target, value=value):
            pass
        case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
            pass
        case _:
            return
    names = [one.id for one in ast.walk(target) if isinstance(one, ast.Name)]
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(names) == len(value.elts):
        yield from (part for one, part in zip(names, value.elts, strict=True) if one == name)
    elif isinstance(target, (ast.Name, ast.Tuple)) and name in names:
        yield value
