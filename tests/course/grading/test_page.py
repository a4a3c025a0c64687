"""The page shows every learner and every mistake, and a stranger's words stay words."""

import re
from html.parser import HTMLParser
from pathlib import Path

from utils.course.grading.marks import Mark, Result
from utils.course.grading.page import as_page
from utils.course.grading.similar import Pair
from utils.course.grading.submissions import Submission

SCRIPT = "<script>alert(1)</script>"


def graded(learner, *outcomes, incidents=()):
    """One graded submission of lesson 02."""
    texts = {"right": "well done", "wrong": "real and fake are swapped: look", "open": "not attempted yet"}
    marks = [Mark(f"2.{at}", outcome, texts[outcome]) for at, outcome in enumerate(outcomes, start=1)]
    return Submission(learner, "02_code_a_gan", Path("x"), "", None), Result(marks, list(incidents), 60.0)


def page(*rows, pairs=(), skipped=(), closed=True):
    """The page of some submissions."""
    return as_page(list(rows), list(pairs), list(skipped), {"2.1": f"the loss {SCRIPT}"}, closed)


class Tags(HTMLParser):
    """Every tag of a page with its attributes."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_nothing_that_a_stranger_wrote_becomes_a_tag():
    pair = Pair("02_code_a_gan", (SCRIPT, "b"), {"2.1": 0.97})
    row = graded(SCRIPT, "wrong", "open", incidents=[SCRIPT])
    text = page(row, pairs=[pair], skipped=[(SCRIPT, SCRIPT)])
    assert "script" not in {tag for tag, _ in Tags(text).found}
    assert text.count("&lt;script&gt;") >= 6  # learner, title, incident, pair, skipped file and reason


def test_each_cell_says_in_words_what_the_sign_says():
    text = page(graded("Ada", "right", "wrong", "open"))
    for words in (
        "✓ solved",
        "✗ real and fake are swapped",
        "· not attempted",
        "2.2 real and fake are swapped",
    ):
        assert words in text
    assert "1 of 3" in text and "1.0" in text


def test_what_to_teach_again_begins_with_what_most_people_missed():
    rows = [graded("Ada", "right", "wrong"), graded("Bob", "wrong", "wrong"), graded("Cem", "right", "open")]
    again = page(*rows).partition("What to teach again")[2]
    first, second = re.findall(r"<li>(.*?)</li>", again)[:2]
    assert first == "<b>2.2</b>: 2 learners: real and fake are swapped; 1 learner: not attempted"
    assert "2.1" in second and "1 learner: real and fake are swapped" in second


def test_the_page_is_readable_without_eyes():
    tags = Tags(page(graded("Ada", "right"))).found
    assert ("html", {"lang": "en"}) in tags and sum(tag == "title" for tag, _ in tags) == 1
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1 and all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False))
    assert all(attrs.get("scope") in ("col", "row") for tag, attrs in tags if tag == "th")


def test_the_page_says_whether_there_was_a_network():
    assert "No run had a network" in page(graded("Ada", "right"), closed=True)
    assert "lends no namespaces" in page(graded("Ada", "right"), closed=False)
