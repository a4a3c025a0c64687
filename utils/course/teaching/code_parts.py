"""Cuts code that is too long for one slide where a reader would: never inside a description."""

import io
import itertools
import tokenize

MOST_CODE = 22  # lines on one slide


def code_parts(source):
    """Cut code into parts of at most MOST_CODE lines, at empty lines and after descriptions."""
    lines, parts, start = source.splitlines(), [], 0
    for at, after in itertools.pairwise([*cut_points(source), len(lines)]):
        if "\n".join(lines[start:after]).rstrip().count("\n") >= MOST_CODE and at > start:
            parts.append("\n".join(lines[start:at]).rstrip())
            start = at
    return [*parts, "\n".join(lines[start:])]


def cut_points(source):
    """Where a part of code may begin: after an empty line or a long string, never inside one."""
    empty = {at for at, line in enumerate(source.splitlines(), start=1) if not line.strip()}
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return sorted(empty)
    spans = [(token.start[0], token.end[0]) for token in tokens if token.type == tokenize.STRING]
    inside = {row for first, last in spans for row in range(first, last)}
    ends = {last for first, last in spans if last > first}
    return sorted(ends | empty - inside)
