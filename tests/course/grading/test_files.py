"""CSV and JUnit hold what was given, and nothing in them is a formula or breaks the XML."""

import csv
import io
from pathlib import Path
from xml.etree import ElementTree

import pytest

from utils.course.grading.files import as_csv, as_junit, harmless
from utils.course.grading.marks import Mark, Result
from utils.course.grading.submissions import Submission

MARKS = [
    Mark("2.1", "right", "well done"),
    Mark("2.2", "wrong", "=cmd|' /C calc'!A0: <b>&\x00\x1b"),
    Mark("2.3", "open", "not attempted yet"),
]


def graded(learner):
    """One graded submission."""
    submission = Submission(learner, "02_code_a_gan", Path("x"), "", None)
    return [(submission, Result(MARKS, ["the kernel died\x0b"], 90.0))]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", "  =1", '=HYPERLINK("http://x")']
)
def test_no_cell_is_a_formula(text):
    assert harmless(text).startswith("'") and harmless(f"a{text}").startswith("a")


def test_csv_has_a_row_per_exercise_and_reads_back():
    rows = list(csv.DictReader(io.StringIO(as_csv(graded('=Ada, "the" first\nof all')))))
    assert [row["exercise"] for row in rows] == ["2.1", "2.2", "2.3"]
    assert rows[0]["learner"] == '\'=Ada, "the" first of all' and rows[0]["minutes"] == "1.50"
    assert rows[1]["text"].startswith("'=cmd") and rows[1]["mistake"] == "'=cmd|' /C calc'!A0"


def test_junit_counts_as_test_tools_do():
    root = ElementTree.fromstring(as_junit(graded("<script>\x00")).encode())
    (suite,) = root.findall("testsuite")
    assert suite.attrib | {"name": ""} == {
        "name": "", "tests": "3", "failures": "1", "skipped": "1", "errors": "0", "time": "90.0"
    }  # fmt: skip
    cases = suite.findall("testcase")
    assert [case.get("name") for case in cases] == ["2.1", "2.2", "2.3"]
    assert {case.get("classname") for case in cases} == {"02_code_a_gan.<script>"}
    assert [[child.tag for child in case] for case in cases] == [[], ["failure"], ["skipped"]]
    assert suite.find("system-err").text == "the kernel died"
