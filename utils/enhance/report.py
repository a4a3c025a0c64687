"""report.html: each photo before and after with a slider, its confidence map, and why files were skipped."""

import os
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import quote

from utils.data.photo_folders import printable
from utils.data.storage import write_atomic
from utils.enhance.records import FILES
from utils.show.confidence import confidence_words

REPORT = "report.html"
PAGE = Path(__file__).with_name("report_page.html")  # the look of the page and the few lines of its sliders
ENLARGED = 256  # pixels: about the width at which a smaller picture is shown, each pixel a square


def write_report(out, title, run):
    """Write the report of a run; it links to the small pictures, so that it stays small itself."""
    page = make_report(title, run)
    write_atomic(out / REPORT, lambda path: path.write_text(page, encoding="utf-8"))


def make_report(title, run):
    """Return the report as a page."""
    counts = [f"{len(run.records)} restored"] + [f"{run.left:d} not reached yet"] * bool(run.left)
    counts += [f'<a href="#skipped">{len(run.skipped)} skipped</a>'] * bool(run.skipped)
    return Template(PAGE.read_text(encoding="utf-8")).substitute(
        title=text(title),
        counts=", ".join(counts),
        photos="\n".join(map(photo, run.records)),
        skipped=skipped_files(sorted(run.skipped)),
        files=FILES,
    )


def photo(record):
    """Return one photo as a part of the page: its pairs of pictures, its map, a link to the result."""
    name, size, small = text(record.name), pixels(record.shape), pixels(record.restored_shape)
    figures = [pair(record, "before", "after", "The whole photo", name)]
    if "detail before" in record.pictures:
        title = "The part that changed most, pixel by pixel"
        figures.append(pair(record, "detail before", "detail after", title, name, "a part of "))
    shown = picture(record, "confidence", f"Confidence map of {name}")
    words = f"<b>Confidence map.</b> {confidence_words(record.typical, record.worst)}"
    figures.append(figure(record, "confidence", shown, words))
    return (
        f"<article>\n<h2><bdi>{name}</bdi></h2>\n"
        f"<p>{size}{'' if small == size else f', made smaller: {small}'}. "
        f'<a href="{link(record.result)}">Open the restored photo'
        f'<span class="unseen"> {name}</span></a></p>\n'
        '<div class="figures">\n' + "\n".join(figures) + "\n</div>\n</article>"
    )


def pair(record, before, after, title, name, part=""):
    """Return two pictures, one over the other, and the slider that moves the border between them."""
    both = picture(record, before, f"{part}{name}, before") + picture(
        record, after, f"{part}{name}, restored"
    )
    control = (
        f'<label><input type="range" min="0" max="100" value="50">{title}'
        f'<span class="unseen">, {name}: border between before and restored</span></label>'
    )
    return figure(record, before, f"{both}<span>before</span><span>restored</span>", control, " pair")


def figure(record, shows, inside, caption, kind=""):
    """Return pictures with their caption, as wide as they are; they shrink with the page."""
    _, width, height = record.pictures[shows]
    zoom = max(1, ENLARGED // max(width, height))
    squares = " squares" * (zoom > 1)
    return (
        f'<figure class="{kind}{squares}" style="--width: {width * zoom:d}px">'
        f'<div class="frame">{inside}</div><figcaption>{caption}</figcaption></figure>'
    )


def picture(record, shows, alt):
    """Return one small picture; the browser loads it when it is scrolled to."""
    file, width, height = record.pictures[shows]
    size = f'width="{width:d}" height="{height:d}"'
    return f'<img src="{link(f"{FILES}/{file}")}" {size} alt="{alt}" loading="lazy" draggable="false">'


def skipped_files(skipped):
    """Return the files that were skipped, with their reasons, as a table."""
    if not skipped:
        return ""
    rows = "\n".join(
        f"<tr><td><bdi>{text(name)}</bdi></td><td>{text(why)}</td></tr>" for name, why in skipped
    )
    head = '<h2 id="skipped">Skipped files</h2>\n<table>\n<tr><th scope="col">File</th>'
    return f'{head}<th scope="col">Why</th></tr>\n{rows}\n</table>'


def pixels(shape):
    """Return a size in words."""
    return f"{shape[0]:d} x {shape[1]:d} pixels"


def text(name):
    """Return a name as text of the page; it can be no part of the page's code."""
    return escape(printable(name))


def link(name):
    """Return the address of a file beside the page."""
    return escape(quote(os.fsencode(name)))
