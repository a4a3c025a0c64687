"""A handout has everything but the answers, asks nothing of the network, and becomes a PDF where it can."""

import re
import shutil

import pytest

from utils.course.__main__ import main
from utils.course.needed_cells import tags_of
from utils.course.sections import learner_notebook, solved_notebook
from utils.course.teaching import handout as handouts
from utils.course.teaching.handout import handout, make_handout
from utils.course.teaching.handout_cells import LINE, handout_cells
from utils.course.teaching.print_pdf import find_browser, print_pdf


@pytest.fixture(scope="module")
def page():
    """The handout of lesson 02."""
    return make_handout("02")


def told_answers(text):
    """Lines of the course's answers to lesson 02 that stand in a text and in no learner's cell."""
    solved, learner = solved_notebook("02"), learner_notebook("02")
    given = "\n".join(cell.source for cell in learner.cells)
    answers = [cell.source for cell in solved.cells if "exercise" in tags_of(cell)]
    lines = {line.strip() for source in answers for line in source.splitlines()}
    return [line for line in lines if len(line) > 12 and line in text and line not in given]


def test_no_line_of_an_answer_is_on_paper():
    solved = solved_notebook("02")
    paper = "\n".join(cell.source for cell in handout_cells(solved, learner_notebook("02")).cells)
    assert told_answers(paper) == []
    assert len(told_answers("\n".join(cell.source for cell in solved.cells))) > 20  # planted: the solved one


def test_each_exercise_has_room_for_the_courses_answer():
    solved, learner = solved_notebook("02"), learner_notebook("02")
    cells = handout_cells(solved, learner).cells
    rooms = [int(found) // LINE for cell in cells for found in re.findall(r"height:(\d+)mm", cell.source)]
    answers = [cell.source for cell in solved.cells if "exercise" in tags_of(cell)]
    stubs = [cell.source for cell in learner.cells if "exercise" in tags_of(cell)]
    needed = [
        len(answer.splitlines()) - len(stub.splitlines()) for answer, stub in zip(answers, stubs, strict=True)
    ]
    assert len(rooms) == len(answers) == 7
    assert all(room > lines for room, lines in zip(rooms, needed, strict=True))


def test_question_answers_listings_pictures_and_sources_are_there(page):
    for words in ("Write a simple GAN", "请手写一个简单的 GAN", "The answer in 30 seconds", "in 3 minutes",
                  "Exercise 2.7", "Sources", "100 generated product images, not picked"):  # fmt: skip
        assert words in page
    assert page.count("<details open") == 7 and page.count('class="equation"') > 10
    assert "discriminator_step" in page  # a listing
    assert "start_lesson" not in page and "progress()" not in page  # set-up and widgets say nothing on paper


def test_it_can_be_printed_without_a_network_and_read_aloud(page):
    assert not re.search(r'(src|href)="(https?:)?//', page) and "mathjax" not in page.lower()
    assert '<html lang="en">' in page and "<title>02 · Code a GAN: handout</title>" in page
    assert all('alt="' in picture and 'alt=""' not in picture for picture in re.findall(r"<img[^>]*>", page))
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels[0] == 1 and all(
        after - before <= 1 for before, after in zip(levels, levels[1:], strict=False)
    )


@pytest.mark.skipif(find_browser() is None, reason="no Chromium, Chrome or Edge to print with")
def test_a_page_becomes_a_pdf_of_several_pages_without_a_cut_figure(tmp_path):
    page = tmp_path / "页 one.html"
    page.write_text("<p style='height:200mm'>a</p><p style='height:200mm;break-inside:avoid'>b</p>", "utf-8")
    pdf = tmp_path / "out.pdf"
    print_pdf(page, pdf, find_browser())
    content = pdf.read_bytes()
    assert content.startswith(b"%PDF-") and len(re.findall(rb"/Type\s*/Page\b", content)) == 2


def test_without_a_browser_the_page_is_left_and_the_cure_is_said(tmp_path, monkeypatch):
    said = []
    monkeypatch.setattr(handouts, "find_browser", lambda: None)
    assert handout("00", into=tmp_path, say=said.append) == 0
    assert (tmp_path / "00_start_here.handout.html").is_file() and not list(tmp_path.glob("*.pdf"))
    assert (
        "No PDF: it needs Chromium, Chrome or Edge" in said[1] and "open the page in any browser" in said[1]
    )


def test_a_browser_that_prints_nothing_is_a_failure(tmp_path, monkeypatch):
    said, nothing = [], shutil.which("true")
    if nothing is None:
        pytest.skip("no program that does nothing")
    monkeypatch.setattr(handouts, "find_browser", lambda: nothing)
    (tmp_path / "00_start_here.handout.pdf").write_text("an old one")
    assert handout("00", into=tmp_path, say=said.append) == 1
    assert "printed no PDF" in said[1] and not list(tmp_path.glob("*.pdf"))  # the old one would be mistaken


@pytest.mark.parametrize("command", ["handout", "slides"])
def test_an_unknown_lesson_is_one_line(command, capsys):
    assert main([command, "99"]) == 2
    assert "Received: '99'" in capsys.readouterr().err
