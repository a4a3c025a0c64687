"""python -m utils.course handout 02: a lesson on paper, as PDF where a browser can print, and as a page."""

import logging
from pathlib import Path

from utils.course.lesson_source import COURSE
from utils.course.run import PICTURE
from utils.course.sections import learner_notebook, read_sections, solved_notebook
from utils.course.teaching.handout_cells import handout_cells
from utils.course.teaching.print_pdf import find_browser, print_pdf

TEMPLATE = Path(__file__).with_name("handout.html.j2")
BY_HAND = "Most likely fix: open the page in any browser and print it"


def handout(name, *, into=None, course=COURSE, say=print):
    """Write the handout of a lesson; returns the exit code: without a browser the page alone is left."""
    lesson = course.find(name).stem
    folder = Path(into) if into else course.root / "runs" / lesson
    folder.mkdir(parents=True, exist_ok=True)
    page, pdf = folder / f"{lesson}.handout.html", folder / f"{lesson}.handout.pdf"
    page.write_text(make_handout(name, course), encoding="utf-8")
    say(str(page))
    browser = find_browser()
    if browser is None:
        say(f"No PDF: it needs Chromium, Chrome or Edge, and none was found. {BY_HAND}.")
        return 0
    try:
        print_pdf(page, pdf, browser)
    except RuntimeError as error:
        say(f"No PDF: {error}. {BY_HAND}.")
        return 1
    say(str(pdf))
    return 0


def make_handout(name, course=COURSE):
    """Return the page to print, with style for paper."""
    from nbconvert import HTMLExporter

    logging.getLogger("traitlets").setLevel(logging.ERROR)
    solved = solved_notebook(name, course)
    exporter = HTMLExporter(
        raw_template=TEMPLATE.read_text("utf-8") + PICTURE,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        embed_images=True,
    )
    metadata = {"name": course.find(name).stem, "title": read_sections(solved)[0].title}
    notebook = handout_cells(solved, learner_notebook(name, course))
    page, _ = exporter.from_notebook_node(notebook, resources={"metadata": metadata})
    return page
