"""Which names a piece of code defines, and which it takes from around it; nothing is run."""

import builtins
import symtable

ALWAYS = {*dir(builtins), "__name__", "__file__", "display", "get_ipython"}


def defined_names(source):
    """Names that the code binds at top level."""
    table = symtable.symtable(source, "cell", "exec")
    return {symbol.get_name() for symbol in table.get_symbols() if _is_bound(symbol)}


def free_names(source):
    """Names that the code uses, inside functions too, without defining them."""
    table = symtable.symtable(source, "cell", "exec")
    used = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
    waiting = list(table.get_children())
    while waiting:
        inner = waiting.pop()
        used |= {s.get_name() for s in inner.get_symbols() if s.is_referenced() and s.is_global()}
        waiting += inner.get_children()
    return used - defined_names(source) - ALWAYS


def _is_bound(symbol):
    return symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()
