"""Writes all marks as CSV for a spreadsheet and as JUnit XML for tools that read test reports."""

import csv
import io
from xml.etree import ElementTree

from utils.course.grading.marks import SIGNS, clean

COLUMNS = ("learner", "lesson", "exercise", "outcome", "mistake", "text", "minutes", "incidents")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(graded):
    """One row per learner and exercise; a text that a spreadsheet would compute gets a ' in front."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for submission, result in graded:
        for mark in result.marks:
            row = (
                submission.learner,
                submission.lesson,
                mark.exercise,
                mark.outcome,
                mark.mistake,
                mark.text,
            )
            odd = "; ".join(result.incidents)
            writer.writerow([harmless(part) for part in (*row, f"{result.seconds / 60:.2f}", odd)])
    return file.getvalue()


def harmless(text):
    """A cell's text that no spreadsheet takes for a formula."""
    text = clean(text)
    return f"'{text}" if text.startswith(FORMULA) else text


def as_junit(graded):
    """One suite per submission, one case per exercise: wrong is a failure, not attempted is skipped."""
    root = ElementTree.Element("testsuites", name="course")
    for submission, result in graded:
        count = {outcome: sum(mark.outcome == outcome for mark in result.marks) for outcome in SIGNS}
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=f"{clean(submission.learner)}: {submission.lesson}",
            tests=str(len(result.marks)),
            failures=str(count["wrong"]),
            skipped=str(count["open"]),
            errors="0",
            time=f"{result.seconds:.1f}",
        )
        for mark in result.marks:
            place = f"{submission.lesson}.{clean(submission.learner)}"
            case = ElementTree.SubElement(suite, "testcase", classname=place, name=mark.exercise, time="0")
            if mark.outcome == "wrong":
                failure = ElementTree.SubElement(case, "failure", message=clean(mark.mistake), type="mistake")
                failure.text = clean(mark.text)
            elif mark.outcome == "open":
                ElementTree.SubElement(case, "skipped", message=clean(mark.text))
        if result.incidents:
            ElementTree.SubElement(suite, "system-err").text = "\n".join(map(clean, result.incidents))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8").decode("utf-8") + "\n"
