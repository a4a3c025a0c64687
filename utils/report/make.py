"""From pictures to a report card: collect them, load the real ones, measure, judge."""

import os
import pathlib
from dataclasses import dataclass

from utils.data.products import check_count, check_seed
from utils.data.storage import write_atomic
from utils.metrics.features import SUPPORTED
from utils.report.card import Card, measure
from utils.report.findings import findings
from utils.report.folder import read_folder, shape_in
from utils.report.page import make_page, make_summary
from utils.report.pictures import Pictures, collect, resized
from utils.report.reference import Reference, check_name, fitting_reference, load_reference


@dataclass(frozen=True, eq=False, repr=False)
class ReportCard:
    """What was measured and found; shown in short by a notebook, written as a page by save."""

    title: str
    pictures: Pictures
    reference: Reference
    card: Card
    findings: list

    @property
    def numbers(self):
        """Return {name: Interval(value, low, high)}."""
        return {name: reading.found for name, reading in self.card.readings.items() if reading.found}

    def save(self, path):
        """Write the report as one HTML page with all pictures inside; returns its path."""
        path, page = pathlib.Path(path).expanduser(), make_page(self)
        write_atomic(path, lambda temporary: temporary.write_text(page, encoding="utf-8"))
        return path

    def __repr__(self):
        numbers = ", ".join(f"{name} {found.value:.3g}" for name, found in self.numbers.items())
        keys = ", ".join(found.key for found in self.findings) or "no warnings"
        return f"ReportCard({self.card.count} pictures: {keys}; {numbers})"

    def _repr_html_(self):
        return make_summary(self)


def make_report(source, reference=None, count=None, seed=0, step=lambda words: None):
    """Return the ReportCard of an array, a generator or a folder; `step` is told what is being done."""
    check_count(count)
    check_seed(seed)
    step("collecting pictures")
    if isinstance(source, (str, os.PathLike)):
        name = fitting_reference(shape_in(source)) if reference is None else reference
        check_name(name)
        size, channels = SUPPORTED[0] if name == "fashion-mnist" else SUPPORTED[1]
        pictures = read_folder(source, size, channels, count, seed)
        title = pathlib.Path(source).expanduser().resolve().name
    else:
        pictures = collect(source, count, seed)
        channels = pictures.images.shape[-1]
        name = fitting_reference(pictures.images.shape[1:]) if reference is None else reference
        title = "generated pictures"
    step("loading real pictures")
    reference = load_reference(name, channels)
    pictures = resized(pictures, reference.network.image_size)
    card = measure(pictures.images, reference, seed, step)
    return ReportCard(title, pictures, reference, card, findings(pictures, card, reference))
