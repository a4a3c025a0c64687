"""python -m utils.course slides 02: a solved lesson as slides, in one file that needs no network.

Arrow keys: right is the next chapter, down the next slide, the space bar simply goes on. An exercise stands
alone on its slide; the answer comes after it. Key S opens the speaker's window with the minutes.
"""

import logging
from pathlib import Path

from utils.course.lesson_source import COURSE
from utils.course.run import PICTURE
from utils.course.sections import learner_notebook, solved_notebook
from utils.course.teaching.minutes import timed_sections
from utils.course.teaching.slide_cells import slide_cells

TEMPLATE = Path(__file__).with_name("slides.html.j2")
REVEAL = Path(__file__).with_name("reveal")  # reveal.js 5.2.1, as it is on npm


def slides(name, *, into=None, course=COURSE, say=print):
    """Write the slides of a lesson; returns the exit code."""
    lesson = course.find(name).stem
    folder = Path(into) if into else course.root / "runs" / lesson
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / f"{lesson}.slides.html"
    page.write_text(make_slides(name, course), encoding="utf-8")
    say(str(page))
    return 0


def make_slides(name, course=COURSE):
    """Return the page with the slides of a lesson."""
    from nbconvert import SlidesExporter

    logging.getLogger("traitlets").setLevel(logging.ERROR)
    timed = timed_sections(name, course)
    notes = [speaker_note(one) for one in timed]
    deck = slide_cells(solved_notebook(name, course), learner_notebook(name, course), notes)
    exporter = SlidesExporter(
        raw_template="{%- extends 'reveal/index.html.j2' -%}\n" + TEMPLATE.read_text("utf-8") + PICTURE,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        embed_images=True,
    )
    files = {
        "css": (REVEAL / "reveal.css").read_text("utf-8"),
        "js": "\n".join((REVEAL / file).read_text("utf-8") for file in ("reveal.js", "notes.js")),
    }
    title = timed[0].section.title
    resources = {"metadata": {"name": course.find(name).stem, "title": title}, "deck": files}
    page, _ = exporter.from_notebook_node(deck, resources=resources)
    return page


def speaker_note(timed):
    """What the speaker's window says at a heading."""
    parts = {"talk": timed.talk, "run": timed.run, "exercise": timed.exercise}
    told = ", ".join(f"{name} {minutes}" for name, minutes in parts.items() if minutes)
    return f"{timed.minutes} minutes: {told}"
