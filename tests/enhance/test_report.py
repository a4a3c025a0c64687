"""The report: each photo before and after, what was skipped, and no name becomes code of the page."""

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import unquote

import numpy as np
import pytest
from PIL import Image

from utils.enhance.folder import Run
from utils.enhance.places import result_names
from utils.enhance.previews import DETAIL, WHOLE, most_changed, write_previews
from utils.enhance.records import Record
from utils.enhance.report import link, make_report, printable, text

NAMES = [
    "<script>alert(1)</script>.png",
    "外套 🧥.jpg",
    "a \"quoted\" & 'b'.png",
    "sub/100% #1?.jpg",
    "${title}.png",
]


class Page(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.text = [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]


def record(name, size=(400, 300), detail=False):
    shows = ["before", "after", "confidence"] + ["detail before", "detail after"] * detail
    pictures = {each: (f"0123-{each.replace(' ', '-')}.jpg", *size) for each in shows}
    return Record(name, name, 1, 2, None, size, size, 1.25, 9.75, pictures)


def run(records=(), skipped=(), left=0):
    return Run(restored=list(records), skipped=list(skipped), left=left)


def test_every_photo_has_both_pictures_a_slider_a_map_and_a_link():
    page = Page(make_report("shop", run([record("coat.png", detail=True), record("hat.jpg")])))
    assert [image["alt"] for image in page.all("img")] == [
        "coat.png, before",
        "coat.png, restored",
        "a part of coat.png, before",
        "a part of coat.png, restored",
        "Confidence map of coat.png",
        "hat.jpg, before",
        "hat.jpg, restored",
        "Confidence map of hat.jpg",
    ]
    assert all(image["width"] == "400" and image["loading"] == "lazy" for image in page.all("img"))
    assert len(page.all("input")) == len(page.all("label")) == 3
    assert {(slider["type"], slider["min"], slider["max"]) for slider in page.all("input")} == {
        ("range", "0", "100")
    }
    assert [anchor["href"] for anchor in page.all("a")] == ["coat.png", "hat.jpg"]
    assert "Half of the pixels vary by less than ±1.2 of 255 levels, one in a hundred by more than ±9.8." in (
        page.text
    )


def test_every_slider_has_a_name_of_its_own():
    page = make_report("shop", run([record("coat.png", detail=True), record("hat.jpg")]))
    labels = [re.sub("<[^>]*>", "", label) for label in re.findall("<label>(.*?)</label>", page, re.DOTALL)]
    assert labels == [
        "The whole photo, coat.png: border between before and restored",
        "The part that changed most, pixel by pixel, coat.png: border between before and restored",
        "The whole photo, hat.jpg: border between before and restored",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_no_name_becomes_part_of_the_page(name):
    plain = Page(make_report("shop", run([record("coat.png")], [("notes.txt", "why")])))
    page = Page(make_report(name, run([record(name)], [(name, f"no {name}")])))
    assert [tag for tag, _ in page.elements] == [tag for tag, _ in plain.elements]
    assert [set(attrs) for _, attrs in page.elements] == [set(attrs) for _, attrs in plain.elements]
    assert page.all("img")[0]["alt"] == f"{name}, before" and page.text.count(name) >= 6
    assert unquote(page.all("a")[-1]["href"]) == name
    broken = Page(f'<h2>{name}</h2><img alt="{name}">')  # the planted bug: names as they are
    assert broken.elements != [("h2", {}), ("img", {"alt": name})] or not set(name) & set('<"')


def test_a_link_leads_to_the_file_whatever_its_name(tmp_path):
    for name in NAMES:
        address = unescape(link(name))
        assert not set(address) & set(' "<>?#') and unquote(address) == name
    assert link("a#b") != "a#b"  # planted: a browser would cut this off at the #


def test_what_no_page_can_show_is_a_question_mark():
    assert printable("a\nb\x1b[31m\udce9\u202e.png") == "a?b?[31m??.png"
    assert text("外套 é.png") == "外套 é.png"


def test_skipped_files_are_a_table_with_reasons_and_linked_from_the_top():
    page = Page(make_report("shop", run([record("coat.png")], [("b.txt", "no picture"), ("a.txt", "empty")])))
    assert page.text.index("a.txt") < page.text.index("b.txt") < page.text.index("no picture")
    assert page.all("a")[0]["href"] == "#skipped" and page.all("h2")[-1]["id"] == "skipped"
    assert "1 restored, 2 skipped" in page.text and len(page.all("th")) == 2
    nothing = Page(make_report("shop", run([record("coat.png")])))
    assert not nothing.all("table") and "skipped" not in nothing.text.split("<script>")[0].split("}")[-1]


def test_a_page_of_five_hundred_photos_is_small_and_needs_no_network():
    page = make_report("shop", run([record(f"{number}.jpg", detail=True) for number in range(500)], left=3))
    assert len(page) < 2_000_000 and "3 not reached yet" in page
    assert not re.findall("https?:|//|@import|data:", page)


def test_tiny_pictures_are_enlarged_by_whole_pixels_and_long_ones_are_not():
    page = Page(
        make_report("shop", run([record("a", (64, 48)), record("b", (1, 500)), record("c", (300, 300))]))
    )
    figures = page.all("figure")[::2]
    assert [figure["style"] for figure in figures] == ["--width: 256px", "--width: 1px", "--width: 300px"]
    assert ["squares" in figure["class"] for figure in figures] == [True, False, False]


# Small pictures


def photo(width, height, seed=0):
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def test_small_pictures_fit_and_a_large_photo_has_its_detail(tmp_path):
    before = photo(1600, 800)
    made = write_previews(tmp_path, "x", before, photo(1600, 800, 1), np.ones((800, 1600), "float32"), 100)
    sizes = {shows: size for shows, (_, *size) in made.items()}
    assert sizes["before"] == sizes["after"] == sizes["confidence"] == [WHOLE, WHOLE // 2]
    assert sizes["detail before"] == sizes["detail after"] == [DETAIL, DETAIL]
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 2_000_000
    small = write_previews(tmp_path, "y", photo(40, 20), photo(40, 20, 1), np.ones((20, 40), "float32"), 100)
    assert set(small) == {"before", "after", "confidence"}
    with Image.open(tmp_path / small["before"][0]) as image:
        np.testing.assert_array_equal(image, photo(40, 20))  # tiny ones are seen pixel by pixel


@pytest.mark.parametrize("size", [(1000, 700), (330, 320), (3000, 321), (700, 5), (1, 900)])
def test_the_detail_lies_where_most_has_changed(size):
    before = Image.new("RGB", size)
    for place in [(0, 0), (size[0] - 1, size[1] - 1), (size[0] // 2, size[1] // 2)]:
        after = before.copy()
        left, top = (max(0, min(at - 20, side - 40)) for at, side in zip(place, size, strict=True))
        after.paste("white", (left, top, left + 40, top + 40))
        box = most_changed(before, after, (DETAIL, DETAIL))
        width, height = box[2] - box[0], box[3] - box[1]
        assert (width, height) == (min(DETAIL, size[0]), min(DETAIL, size[1]))
        assert min(box) >= 0 and box[2] <= size[0] and box[3] <= size[1]
        changed = np.asarray(after.crop(box)).sum() / np.asarray(after, int).sum()
        assert changed > 0.3
        assert np.asarray(before.crop(box)).sum() == 0  # planted: nothing has changed there


# Names of results


def test_jpeg_and_png_keep_their_names_and_others_become_png():
    names = ["a.jpg", "b.JPEG", "c.PNG", "d.webp", "e.tar.gif", "f", "sub/g.tiff"]
    wanted = ["a.jpg", "b.JPEG", "c.PNG", "d.webp.png", "e.tar.gif.png", "f.png", "sub/g.tiff.png"]
    assert list(result_names(names).values()) == wanted


def test_no_two_results_are_alike_even_where_case_and_accents_do_not_count():
    names = ["A.png", "a.bmp", "a.bmp.png", "a.png", "e\u0301.png", "\u00e9.png"]
    results = list(result_names(names).values())
    assert results == ["A.png", "a.bmp.png", "a.bmp (2).png", "a (2).png", "e\u0301.png", "\u00e9 (2).png"]
    assert len(set(result_names(names).values())) == len(names)
