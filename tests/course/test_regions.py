"""Three dots stand where the answer was, at its indentation; the rest stays."""

import pytest

from utils.course.library import STUB, stub_of
from utils.course.regions import learner_code, solved_code


@pytest.mark.parametrize(
    ("source", "learner"),
    [
        ("<\nx = 1\ny = x + 2\n>", "x = ...\ny = ..."),
        ("<\na, (b, *c) = 1, (2, 3)\n>", "a = ...\nb = ...\nc = ..."),
        ("<\nx = 1\nx = x + 1\n>", "x = ..."),
        ("<\nvalues[0] = 1\n>", "..."),
        ("<\nprint(1)\n>", "..."),
        ("def f(x):\n    <\n    return x\n    >", "def f(x):\n    return ..."),
        ("def f(x):\n    <\n    y = x\n    >\n    return y", "def f(x):\n    y = ...\n    return y"),
        (
            "class A:\n    def f(self):\n        <\n        if 1:\n            return 2\n        >",
            "class A:\n    def f(self):\n        return ...",
        ),
        (
            "<\ndef f(x):\n    'Say.'\n    return x\n\nz = 1\n>",
            "def f(x):\n    'Say.'\n    return ...\nz = ...",
        ),
        ("<\nx = 1\n>\nk = 5\n<\ny = 2\n>", "x = ...\nk = 5\ny = ..."),
    ],
)
def test_an_answer_becomes_three_dots(source, learner):
    source = source.replace("<", "# BEGIN SOLUTION").replace(">", "# END SOLUTION")
    learner = learner.replace("...", STUB)
    assert learner_code(source) == learner
    compile(learner, "learner", "exec")
    assert "SOLUTION" not in solved_code(source)
    compile(solved_code(source), "solved", "exec")


@pytest.mark.parametrize(
    ("source", "stub"),
    [
        ('def f(x):\n    """Say."""\n    return x', f'def f(x):\n    """Say."""\n    return {STUB}'),
        ("def f(x):\n    # the trick\n\n    return x", f"def f(x):\n    return {STUB}"),
        ("@a\ndef f(\n    x,\n):\n    return x", f"@a\ndef f(\n    x,\n):\n    return {STUB}"),
        ("def f(x): return x", f"def f(x):\n    return {STUB}"),
        ("def f(x):\n    @a\n    def g():\n        pass\n    return g", f"def f(x):\n    return {STUB}"),
    ],
)
def test_a_stub_keeps_signature_and_docstring_and_no_hint_of_the_answer(source, stub):
    assert stub_of(source) == stub
    compile(stub, "stub", "exec")
