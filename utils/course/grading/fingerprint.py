"""Tells what the course's library is made of as it is loaded, so that a changed function shows.

This file is run inside the learner's kernel from its text, never imported there: it uses the standard library
alone, and a learner who changes a loaded module does not change it.
"""

import builtins
import dataclasses
import functools
import hashlib
import sys
import types

PACKAGE, CHECKED_WHOLE = "utils.", "utils.exercises"


def fingerprint():
    """Each name of the loaded library -> a short digest of what it stands for."""
    found, known = {}, {}
    for name, module in sorted(sys.modules.items()):
        if not name.startswith(PACKAGE):
            continue
        for key, value in sorted(vars(module).items()):
            is_code = isinstance(value, types.FunctionType | type | functools.partial)
            is_code = is_code or hasattr(value, "__wrapped__")
            if not key.startswith("__") and (is_code or name.startswith(CHECKED_WHOLE)):
                found[f"{name}.{key}"] = digest(content(value, known))
    for key, value in vars(builtins).items():
        if isinstance(value, types.FunctionType):  # as print never is
            found[f"builtins.{key}"] = "a function in Python"
    return found


def content(value, known):
    """A text that is the same wherever the same files were loaded."""
    if isinstance(value, str | int | float | bool | bytes | type(None)):
        return repr(value)
    if isinstance(value, types.ModuleType):
        return f"module {value.__name__}"
    if id(value) not in known:  # the value is kept, so that no other one gets its id
        known[id(value)] = f"again {type(value).__name__}", value  # a function may hold itself
        known[id(value)] = digest(describe(value, known)), value
    return known[id(value)][0]


def describe(value, known):
    """What a value is made of."""
    if isinstance(value, types.CodeType):
        parts = sorted(content(part, known) for part in value.co_consts)
        return f"code {value.co_code.hex()} {value.co_names} {value.co_varnames} {parts}"
    if isinstance(value, types.FunctionType):
        if not value.__module__.startswith(PACKAGE):
            return f"function {value.__module__}.{value.__qualname__}"
        held = [cell_content(cell, known) for cell in value.__closure__ or ()]
        given = [content(part, known) for part in (value.__defaults__, value.__kwdefaults__)]
        return f"function {content(value.__code__, known)} {given} {held}"
    if isinstance(value, type):
        ours = value.__module__.startswith(PACKAGE)
        parts = sorted((key, content(part, known)) for key, part in vars(value).items() if is_method(part))
        return f"class {value.__module__}.{value.__qualname__} {parts if ours else ''}"
    if isinstance(value, dict):
        return f"dict {[(content(key, known), content(part, known)) for key, part in value.items()]}"
    if isinstance(value, list | tuple):
        return f"row {[content(part, known) for part in value]}"
    if isinstance(value, set | frozenset):
        return f"set {sorted(content(part, known) for part in value)}"
    if dataclasses.is_dataclass(value):
        fields = [(field.name, getattr(value, field.name, None)) for field in dataclasses.fields(value)]
        return f"{type(value).__qualname__} {content(fields, known)}"
    if isinstance(value, functools.partial):
        return f"partial {content([value.func, value.args, value.keywords], known)}"
    if isinstance(value, property):
        return f"property {content([value.fget, value.fset], known)}"
    inner = getattr(value, "__func__", None) or getattr(value, "__wrapped__", None)
    if inner is not None:
        return f"{type(value).__qualname__} {content(inner, known)}"
    if type(value).__name__ == "ndarray":
        return f"array {value.shape} {value.tobytes().hex()}"
    return f"a {type(value).__qualname__}"


def is_method(part):
    """Whether something in a class is code."""
    return isinstance(part, types.FunctionType | staticmethod | classmethod | property)


def cell_content(cell, known):
    """What a function has kept from around it; nothing yet, where it is still being made."""
    try:
        return content(cell.cell_contents, known)
    except ValueError:
        return "empty"


def digest(text):
    """Sixteen letters that stand for a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
