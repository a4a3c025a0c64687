"""The page: every picture has its words, no name becomes code, nothing is fetched from anywhere."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from utils.report.card import measure
from utils.report.findings import findings
from utils.report.make import ReportCard
from utils.report.page import MEANING, digits, make_page, make_summary
from utils.report.pictures import cleaned


def card_of(images, reference, title="generated pictures", **came):
    pictures = cleaned(images, 5_000, 0)._replace(**came)
    card = measure(pictures.images, reference)
    return ReportCard(title, pictures, reference, card, findings(pictures, card, reference))


@pytest.fixture(scope="session")
def found(planted, reference):
    return card_of(planted["memoriser"][:150], reference, came=9_000)


def test_every_picture_is_inside_and_described(found):
    page = make_page(found)
    pictures = re.findall(
        r'<img src="data:image/png;base64,([^"]+)" width="(\d+)" height="(\d+)" alt="([^"]+)"', page
    )
    assert len(pictures) == page.count("<img") == page.count("<figcaption>") == 4
    for data, width, height, alt in pictures:
        assert Image.open(io.BytesIO(base64.b64decode(data))).size == (int(width), int(height))
        assert len(alt) > 20 and alt in [other[3] for other in pictures]
    assert len({alt for *_, alt in pictures}) == 4
    assert not re.findall(r"https?:|src=\"(?!data:)|@import|<script|<link", page)
    assert len(page) < 500_000


def test_the_first_picture_of_the_page_is_the_first_that_was_measured(found):
    data = re.search('base64,([^"]+)', make_page(found))[1]
    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(data))))
    wanted = np.rint((found.card.images[0] + 1) * 127.5)
    np.testing.assert_array_equal(pixels[:64:2, :64:2], wanted)
    assert (pixels[:64:2, 68 : 68 + 64 : 2] != wanted).any()  # planted: the second one


def test_it_says_how_many_against_what_and_every_number_has_its_meaning(found):
    page = make_page(found)
    assert "150 pictures of 9,000, chosen by lot, against as many real ones of catalogue" in page
    assert "400 training pictures were searched for copies" in page
    assert "measured with 150 pictures on each side" in page
    assert list(MEANING) == list(found.card.readings)
    for name, reading in found.card.readings.items():
        assert f">{name}<br><small>{MEANING[name]}" in page
        assert f'data-head="real, held out">{digits(reading.real)}<' in page
        assert f">{digits(reading.found.low)} to {digits(reading.found.high)}<" in page


def test_pictures_that_could_not_be_used_are_not_said_to_be_left_out_by_lot(planted, reference):
    spoiled = planted["fresh"][:40].copy()
    spoiled[3, 0, 0, 0] = np.nan
    assert "39 pictures, against as many" in make_page(card_of(spoiled, reference))


def test_warnings_come_before_numbers_and_say_what_to_do(found):
    page = make_page(found)
    assert "<b>2 warnings:</b>" in page and page.count("<i>What to do:</i>") == 2
    assert page.index("Too few samples.") < page.index("Memorised.") < page.index("<h2>Numbers")


def test_a_clean_card_does_not_promise_too_much(planted, reference):
    page = make_page(card_of(planted["fresh"], reference))
    assert "No warnings." in page and "What this page cannot see" in page


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "a \"quoted\" & 'b'", "${title}", "外套"])
def test_no_name_becomes_part_of_the_page(name, planted, reference):
    spoiled = card_of(planted["fresh"][:30], reference, title=name, skipped=(f"{name}.txt: no picture",))
    plain = card_of(planted["fresh"][:30], reference, title="name", skipped=("name.txt: no picture",))
    for make in (make_page, make_summary):
        tags, wanted = (re.findall("<[^>]*>", make(card)) for card in (spoiled, plain))
        assert tags == wanted
    assert '<h2 id="skipped">' in make_page(spoiled)
    assert re.findall("<[^>]*>", f"<p>{name}</p>") != ["<p>", "</p>"] or "<" not in name  # planted


def test_a_number_not_measured_is_said_so(planted, reference):
    page = re.sub('base64,[^"]+', "", make_page(card_of(planted["fresh"][:30], reference)))
    assert (
        ">not measured<" in page and ">too few pictures<" in page and "None" not in page and "nan" not in page
    )


def test_numbers_are_as_long_as_they_are_worth():
    values = {0.12345: "0.123", -0.0028: "-0.003", 12.345: "12.3", 159.61: "160", -6e-7: "0.000"}
    assert [digits(value) for value in values] == list(values.values())
