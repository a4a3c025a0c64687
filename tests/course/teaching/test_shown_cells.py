"""Set-up, checks and mere imports say nothing away from the notebook; long outputs end early."""

import nbformat
import pytest

from utils.course.teaching.shown_cells import is_shown, short_output

v4 = nbformat.v4
PICTURE = v4.new_output("display_data", {"image/png": "iVBORw0KGgo="})


@pytest.mark.parametrize(
    ("source", "tags", "shown"),
    [
        ("x = 1", [], True),
        ("x = 1", ["listing"], True),
        ("import x\nx.go()", [], True),
        ("x = 1", ["setup"], False),
        ("x = check('7.1', x)", ["check"], False),
        ("explore()", ["widget"], False),
        ("import x  # why\n\nfrom y import z", [], False),
    ],
)
def test_what_says_something_away_from_the_notebook_is_shown(source, tags, shown):
    assert is_shown(v4.new_code_cell(source, metadata={"tags": tags})) == shown


def test_an_error_is_its_last_line_and_a_long_print_ends_early():
    error = v4.new_output("error", ename="ValueError", evalue="no shape", traceback=["long"] * 90)
    assert short_output(error).text == "ValueError: no shape\n"
    long = short_output(v4.new_output("stream", text="line\n" * 99)).text
    assert long.count("\n") == 19 and long.endswith("… (more in the notebook)\n")
    wide = short_output(v4.new_output("execute_result", {"text/plain": "x" * 999})).text
    assert max(map(len, wide.splitlines())) == 110
    assert short_output(PICTURE) is PICTURE
