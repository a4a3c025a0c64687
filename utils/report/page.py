"""The report as one page: warnings, numbers beside those of real pictures, and what to look at."""

import base64
from html import escape
from pathlib import Path
from string import Template

import numpy as np

from utils.data import scale_images
from utils.enhance.report import text
from utils.show.grids import checked_pixels, mosaic
from utils.show.style import encoded

PAGE = Path(__file__).with_name("page.html")  # the look of the page
SHOWN, PAIRS = 40, 8  # pictures of the grids; of copies and of strange ones
MEANING = {
    "FID": "Distance of the two crowds, lower is better. Never 0: few pictures alone make it larger.",
    "KID": "The same question with another formula that few pictures do not make larger; it may be below 0.",
    "precision": "Share of the pictures that look like a real one.",
    "recall": "Share of the real pictures that look like one of these.",
    "density": "How deep among the real pictures these lie. Above 1: only the most usual ones are drawn.",
    "coverage": "Share of the real pictures that have one of these beside them.",
    "diversity": "How far two pictures differ, of what two real ones do.",
    "twins": "Share with another one of these nearer than one in a hundred real pictures has.",
    "copies": "Share as near to a training picture as hardly a real one is. Below 0 is right, and no merit.",
}


def make_page(report):
    """Return the whole page; equal pictures give equal bytes."""
    card, reference, pictures = report.card, report.reference, report.pictures
    return Template(PAGE.read_text(encoding="utf-8")).substitute(
        title=text(report.title),
        measured=measured(report),
        findings=warnings(report.findings),
        numbers=table(card.readings, MEANING),
        count=f"{card.count:,}",
        pictures="\n".join(
            [
                grid(card.images[:SHOWN], "What was measured", "the pictures of this report"),
                grid(reference.held_out[:SHOWN], "Real ones, held out", f"real pictures of {reference.name}"),
            ]
        ),
        copies=pairs(card, reference, card.copies[:PAIRS], "most like a copy"),
        strange=pairs(card, reference, card.strange[:PAIRS], "least like a real one"),
        skipped=skipped_files(pictures.skipped),
    )


def make_summary(report):
    """Return the short form for a notebook: what was measured, warnings, the table of numbers."""
    return (
        f"<p><b>{text(report.title)}</b>: {measured(report)}</p>\n{warnings(report.findings)}\n"
        f'{table(report.card.readings, {})}\n<p>With all pictures: <code>.save("report.html")</code></p>'
    )


def measured(report):
    """Say what was measured against what."""
    card, reference, came = report.card, report.reference, report.pictures.came
    size, channels = reference.network.image_size, reference.network.channels
    part = "" if came <= card.count else f" of {came:,}, chosen by lot"
    colours = "grey" if channels == 1 else "colour"
    return (
        f"{card.count:,} pictures{part}, against as many real ones of {text(reference.name)}, "
        f"{size:d} x {size:d} in {colours}; "
        f"{len(reference.train):,} training pictures were searched for copies."
    )


def warnings(found):
    """Return all warnings, each with its reason and its cure."""
    if not found:
        return (
            "<p><b>No warnings.</b> What this page cannot see, it cannot warn of: look at the pictures.</p>"
        )
    items = "\n".join(
        f"<li><b>{text(each.key.capitalize())}.</b> {text(each.seen)} {text(each.why)} "
        f"<i>What to do:</i> {text(each.cure)}</li>"
        for each in found
    )
    return f"<p><b>{len(found)} {'warning' if len(found) == 1 else 'warnings'}:</b></p>\n<ul>\n{items}\n</ul>"


def table(readings, meaning):
    """Return the numbers with their intervals, beside those of real pictures.

    On a narrow page each number is a block of lines; the roles keep it a table for those who hear it.
    """
    head = ["number", "these pictures", "95 % interval", "real, held out", "good is"]
    rows = ["".join(f'<th scope="col" role="columnheader">{title}</th>' for title in head)]
    for reading in readings.values():
        said = f"<br><small>{escape(meaning[reading.name])}</small>" if reading.name in meaning else ""
        cells = ["not measured", "too few pictures"]
        if reading.found:
            value, low, high = (digits(end) for end in reading.found)
            cells = [value, f"{low} to {high}"]
        cells = zip(head[1:], [*cells, digits(reading.real), reading.good], strict=True)
        row = f'<th scope="row" role="rowheader">{escape(reading.name)}{said}</th>'
        shown = (f'<td role="cell" data-head="{escape(name)}">{escape(cell)}</td>' for name, cell in cells)
        rows.append(row + "".join(shown))
    first, *others = (f'<tr role="row">{row}</tr>' for row in rows)
    body = "\n".join(others)
    return f'<table role="table">\n<thead>{first}</thead>\n<tbody>\n{body}\n</tbody>\n</table>'


def digits(value):
    """Return a number as short as it is worth: three digits, no more than three behind the point."""
    places = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 3
    return f"{round(value, places) + 0.0:.{places}f}"  # no "-0.000"


def grid(images, title, what):
    """Return pictures in rows, not chosen, as one figure."""
    count, height, width, _ = images.shape
    return figure(mosaic(checked_pixels(images), 8, 2), f"{title}, none is picked", f"{count} of {what}")


def pairs(card, reference, places, what):
    """Return pictures above the training pictures nearest to them, as one figure."""
    rows = [card.images[places[:, 0]], scale_images(reference.train[places[:, 1]])]
    caption = f"Above, the {len(places)} pictures {what}; below, the training picture nearest to it"
    alt = f"{len(places)} pairs: the pictures {what}, each above the training picture nearest to it"
    return figure(mosaic(checked_pixels(np.concatenate(rows)), len(places), 2), caption, alt)


def figure(pixels, caption, alt):
    """Return one picture with its caption, its bytes inside the page, each pixel a sharp square."""
    height, width, _ = pixels.shape
    address = "data:image/png;base64," + base64.b64encode(encoded(pixels)).decode()
    return (
        f'<figure><img src="{address}" width="{width:d}" height="{height:d}" alt="{text(alt)}">'
        f"<figcaption>{text(caption)}.</figcaption></figure>"
    )


def skipped_files(skipped):
    """Return the files that could not be read, with their reasons."""
    if not skipped:
        return ""
    items = "\n".join(f"<li><bdi>{text(each)}</bdi></li>" for each in skipped)
    return f'<h2 id="skipped">Skipped files</h2>\n<ul>\n{items}\n</ul>'
