"""Words of a stranger in every report and widget, in a real browser: they are read, they never run."""

import base64
import dataclasses
import html
import io

import nbformat
import pytest
from PIL import Image

from tests.browser.widgets_of_a_stranger import BY_ESCAPE, BY_OTHERS, FIRST, PLANTED, PLANTED_DOOR
from utils.course import run as course_run
from utils.data import load_products, scale_images
from utils.enhance import report as enhance_report
from utils.enhance.folder import Run
from utils.enhance.records import Record
from utils.interview import anki
from utils.interview.cards import Point, Text
from utils.interview.deck import load_deck
from utils.report import page as report_page
from utils.report.card import measure
from utils.report.findings import findings
from utils.report.make import ReportCard
from utils.report.pictures import cleaned
from utils.report.reference import seen

HACKED = "window.hacked = []; window.ran = name => hacked.push(name)"  # what a stranger's script would call
AS_TEXT = "one => one.textContent + [...one.querySelectorAll('img')].map(image => image.alt).join()"


def attack(name):
    """Return a text that breaks out of text, of an attribute, of a title, and runs in two ways."""
    return f"""</title>"'><img src=x onerror="ran('{name}')"><script>ran('{name}')</script>"""


def as_it_is(text, quote=True):
    """The planted bug in the place of html.escape."""
    return str(text)


def enhance_page(name):
    """The report of restored photos: the folder, a photo, a skipped file with its reason."""
    pictures = dict.fromkeys(("before", "after", "confidence"), ("a.png", 8, 8))
    record = Record(name, name, 1, 2, None, (8, 8), (8, 8), 1.0, 2.0, pictures)
    return enhance_report.make_report(name, Run(restored=[record], skipped=[(name, f"no {name}")]))


@pytest.fixture(scope="module")
def card():
    """A report card of few pictures."""
    reference = seen("catalogue", "catalogue", 3, count=40)
    pictures = cleaned(scale_images(load_products("catalogue", "test", count=40).images), 40, 0)
    measured = measure(pictures.images, reference)
    return ReportCard("title", pictures, reference, measured, findings(pictures, measured, reference))


def named(card, name):
    """The report card with a stranger's words for its folder, its reference and a skipped file."""
    pictures = card.pictures._replace(skipped=(f"{name}: no picture",))
    reference = card.reference._replace(name=name, instead_of=name)
    found = findings(pictures, card.card, reference)
    return dataclasses.replace(card, title=name, pictures=pictures, reference=reference, findings=found)


def anki_page(name):
    """Both sides of a card as Anki shows them."""
    text, point = Text(name, name), (Point(Text(name, name)),)
    made = dataclasses.replace(
        next(iter(load_deck().values())),
        **{"question": text, "short": text, "long": text, "code": name, "proof": (name,)},
        **{"must": point, "bonus": point, "red_flags": point},
    )
    return anki.front(made, "en") + anki.back(made, "en")


def lesson_page(name):
    """The page of a lesson that was run: a picture's words, something printed, an error."""
    target = io.BytesIO()
    Image.new("RGB", (4, 4)).save(target, "PNG")
    shown = {"image/png": base64.b64encode(target.getvalue()).decode(), "text/plain": name}
    outputs = [
        nbformat.v4.new_output("display_data", shown, metadata={"image/png": {"alt": name}}),
        nbformat.v4.new_output("stream", text=name),
        nbformat.v4.new_output("error", ename="ValueError", evalue=name, traceback=[name]),
    ]
    cell = nbformat.v4.new_code_cell(f"caption = {name!r}", outputs=outputs)
    return course_run.make_page(nbformat.v4.new_notebook(cells=[cell]), name)


def visit(page, folder, pages):
    """Open pages as files; return what ran in them, and {name: (its text, the words of its pictures)}."""
    ran, read = set(), {}
    page.add_init_script(HACKED)
    page.route("**/*", lambda route: route.continue_() if "file:" in route.request.url else route.abort())
    for name, content in pages.items():
        (folder / f"{name}.html").write_text(content, encoding="utf-8")
        page.goto((folder / f"{name}.html").as_uri(), wait_until="load")
        page.wait_for_timeout(100)  # an error of a picture is told a moment later
        ran |= set(page.evaluate("hacked"))
        alts = page.locator("img").evaluate_all("all => all.map(one => one.alt)")
        read[name] = page.locator("body").inner_text(), alts
    return ran, read


def all_pages(card):
    """Every page that the course writes, each with its own stranger."""
    return {
        "restored": enhance_page(attack("restored")),
        "card": report_page.make_page(named(card, attack("card"))),
        "summary": report_page.make_summary(named(card, attack("summary"))),
        "anki": anki_page(attack("anki")),
        "lesson": lesson_page(attack("lesson")),
    }


def test_in_a_page_a_strangers_words_are_read_and_never_run(page, card, tmp_path, monkeypatch):
    pages = all_pages(card)
    ran, read = visit(page, tmp_path, pages)
    assert ran == set()
    for name, (text, alts) in read.items():
        assert attack(name) in text, f"{name} does not show the words"
        assert any(attack(name) in alt for alt in alts) == (name in ("restored", "card", "lesson"))
    monkeypatch.setattr(html, "escape", as_it_is)
    for module in (enhance_report, report_page):
        monkeypatch.setattr(module, "escape", as_it_is)
    monkeypatch.setattr(course_run, "PAGE", course_run.PAGE.replace("| escape_html", ""))
    ran, _ = visit(page, tmp_path, all_pages(card))
    assert ran == set(pages), "the planted bug must be seen in each"


def test_in_a_widget_a_strangers_words_are_read_and_never_run(lab, lab_root):
    lab.page.add_init_script(HACKED)
    cells = BY_ESCAPE | BY_OTHERS

    def ran_in(name, first):
        made = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(source.strip()) for source in (first, *cells.values())],
            metadata={"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
        )
        nbformat.write(made, lab_root / "notebooks" / f"{name}.ipynb")
        lab.open(f"notebooks/{name}.ipynb")
        lab.run_all()
        assert lab.cells_with_errors() == []
        for cell in lab.state()["cells"]:  # Lab draws a cell when it is scrolled to
            lab.find(cell["id"])
            lab.page.wait_for_timeout(300)
        return set(lab.page.evaluate("hacked"))

    assert ran_in("escaped", FIRST) == set()
    for name, source in cells.items():
        cell = lab.find(lab.cell_with(source.strip()))
        cell.locator(".jp-OutputArea-output").first.wait_for()
        shown = cell.locator(".jp-Cell-outputWrapper").evaluate(AS_TEXT)
        assert f'ran("{name}")' in shown, f"{name} does not show the words"
    lab.screenshot("escaping")
    lab.end_kernels()
    ran = ran_in("planted", PLANTED + PLANTED_DOOR + FIRST)
    assert ran == {*BY_ESCAPE, "broken", "card"}, "the planted bug must be seen in each"
