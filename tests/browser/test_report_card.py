"""The report card in a real browser: on a phone, in the dark, printed, and with nothing fetched."""

import numpy as np
import pytest

from utils.data import load_products
from utils.report import make, report
from utils.report.reference import seen

WORDS = ["h1", "header p", ".findings li", "th", "th small", "td", "figcaption", "main > p"]


@pytest.fixture(scope="module")
def card(tmp_path_factory):
    """The page of a generator that draws ten pictures only, and thirty copies."""
    reference = seen("catalogue", "catalogue", 3, count=150)
    images = load_products("catalogue", "test", count=160).images[-10:].repeat(15, axis=0)
    images[:30] = reference.train[:30]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(make, "load_reference", lambda name, channels: reference)
        made = report(images)
    assert [found.key for found in made.findings] == ["too few samples", "memorised", "collapsed"]
    return made.save(tmp_path_factory.mktemp("card") / "card.html")


def test_every_picture_is_seen_and_nothing_is_fetched(page, card):
    errors, asked = [], []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(card.as_uri())
    widths = page.locator("img").evaluate_all("all => all.map(at => at.complete && at.naturalWidth)")
    assert len(widths) == 4 and min(widths) > 200
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == [] and errors == []
    assert page.locator("table tbody tr").count() == 9 and page.locator(".findings li").count() == 3


@pytest.mark.parametrize("width", [320, 400, 640, 1280])  # 640: a laptop at 200 %
def test_nothing_is_wider_than_the_screen_and_every_cell_has_its_head(page, card, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(card.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    head = page.locator("tbody td").first.evaluate("at => getComputedStyle(at, '::before').content")
    assert ("these pictures" in head) == (width <= 640)
    assert page.get_by_role("row").count() == 10 and page.get_by_role("cell").count() == 36
    assert page.get_by_role("columnheader").count() == 5 and page.get_by_role("rowheader").count() == 9


@pytest.mark.parametrize("look", ["light", "dark", "print"])
def test_words_stand_out_from_the_page(page, card, look):
    page.emulate_media(**{"media": "print"} if look == "print" else {"color_scheme": look})
    page.goto(card.as_uri())
    pairs = page.evaluate(
        """names => names.map(name => {
            const at = document.querySelector(name);
            const back = at.closest(".findings") ?? document.body;
            return [getComputedStyle(at).color, getComputedStyle(back).backgroundColor];
        })""",
        WORDS,
    )
    assert all(contrast(ink, paper) >= 4.5 for ink, paper in pairs), pairs
    assert contrast("rgb(119, 119, 119)", "rgb(244, 244, 246)") < 4.5  # planted: the usual light grey


def contrast(ink, paper):
    """The contrast of two colours as WCAG defines it."""

    def light(colour):
        parts = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return np.dot(parts, [0.2126, 0.7152, 0.0722])

    high, low = sorted((light(ink), light(paper)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_it_prints_on_few_pages(page, card):
    page.goto(card.as_uri())
    assert 1 <= page.pdf(format="A4").count(b"/Type /Page\n") <= 4
