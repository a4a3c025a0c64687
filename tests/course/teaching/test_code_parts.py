"""Long code is cut where a reader would cut it, and nothing is lost."""

from utils.course.teaching.code_parts import MOST_CODE, code_parts


def test_long_code_is_cut_between_functions_and_nothing_is_lost():
    functions = [f"def f{at}():\n" + "    pass\n" * 9 for at in range(5)]
    parts = code_parts("\n\n".join(functions))
    assert len(parts) == 3 and all(part.count("\n") < MOST_CODE and part.startswith("def") for part in parts)
    assert "\n".join(parts).split() == "\n".join(functions).split()


def test_code_is_never_cut_inside_a_description():
    text = '    """Say it.\n\n' + "    more\n" * 14 + '\n    more\n    """\n'  # with two empty lines in it
    first, second = code_parts("def f(x):\n" + text + "    x += 1\n" * 9)
    assert first.count('"""') == 2 and second.startswith("    x += 1")
    assert code_parts("x = (\n\ny") == ["x = (\n\ny"]  # a draft that is no Python
