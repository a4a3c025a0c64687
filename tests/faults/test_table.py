"""The table of faults is true: each test is there, each message is in the code, the README counts right."""

import ast
import re
from pathlib import Path

import pytest

from tests.faults.table import load_faults
from tests.faults.test_kills import BUILDS, TRAININGS

FAULTS = load_faults()
ROOT = Path(__file__).parents[2]
README = Path(__file__).with_name("README.md")


def has_test(name):
    """Tell whether a test, file::function, is there."""
    file, _, function = name.partition("::")
    if not (ROOT / file).is_file():
        return False
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.kind}: {fault.broken}")
def test_a_fault_has_its_test(fault):
    assert has_test(fault.test)


@pytest.mark.parametrize("name", ["tests/faults/test_kills.py::test_none", "tests/none.py::test_none"])
def test_a_test_that_is_not_there_is_found(name):
    assert not has_test(name)


def test_every_message_stands_in_the_code():
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "utils").rglob("*.py"))
    assert [fault.reads for fault in FAULTS if fault.reads not in code] == []
    assert "Most likely fix: buy a disk" not in code  # planted


def test_no_fault_stands_twice():
    assert len({fault[:2] for fault in FAULTS}) == len({fault.test for fault in FAULTS}) == len(FAULTS)


def test_the_readme_counts_right():
    numbers = re.findall(r"\*\*(\d+) (faults|kills)\*\*", README.read_text(encoding="utf-8"))
    assert numbers == [(str(len(FAULTS)), "faults"), (str(TRAININGS + BUILDS), "kills")]
