"""The report in a real browser: sliders by keyboard and by hand, on a phone, in the dark, without scripts."""

import re
import runpy
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from utils.enhance.__main__ import main

STAND_IN = Path(__file__).resolve().parents[1] / "enhance" / "stand_in.py"


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The report of a shop whose names try to break it."""
    shop = tmp_path_factory.mktemp("shop")
    names = {
        "<script>document.title=1</script>.png".replace("/", "_"): (64, 48),
        '外套 "#1" & 100%.jpg': (900, 700),
    }
    for name, size in names.items():
        noise = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
        Image.fromarray(noise).save(shop / name)
    (shop / "notes.txt").write_text("no photo")
    assert main([str(shop)], runpy.run_path(str(STAND_IN))["smooth"]) == 0
    return shop.with_name(f"{shop.name}-enhanced") / "report.html"


def clip(page, number=0):
    """How much of the restored picture is cut off from the left, in percent."""
    style = page.locator(".pair img:nth-child(2)").nth(number).evaluate("at => getComputedStyle(at).clipPath")
    return float(re.fullmatch(r"inset\(0px 0px 0px ([\d.]+)%\)", style)[1])


def test_sliders_obey_keyboard_and_hand_and_every_link_works(page, report):
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("requestfailed", lambda request: errors.append(request.url))
    page.goto(report.as_uri())
    assert page.locator("article").count() == 2 and page.locator(".pair").count() == 3
    slider = page.get_by_label("The whole photo, 外套")
    number = 1
    assert clip(page, number) == 50
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    assert clip(page, number) == 45 and slider.get_attribute("aria-valuetext") == "45% before, 55% restored"
    page.keyboard.press("Home")
    assert clip(page, number) == 0
    frame = page.locator(".pair .frame").nth(number)
    box = frame.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + 20)
    page.mouse.down()
    page.mouse.up()
    assert abs(clip(page, number) - 80) <= 1 and slider.input_value() == "80"
    assert clip(page, 0) == 50  # another photo's slider stays
    for picture in page.locator("img").all():
        picture.scroll_into_view_if_needed()
        page.wait_for_function("at => at.complete && at.naturalWidth > 0", arg=picture.element_handle())
    title, links = page.title(), page.locator("article a").evaluate_all("all => all.map(at => at.href)")
    for address, width in zip(links, (64, 900), strict=True):
        page.goto(address)
        assert page.locator("img").evaluate("at => at.naturalWidth") == width
    assert errors == [] and title.startswith("Restored photos")


@pytest.mark.parametrize("width", [320, 390, 640, 1280])  # 640: a laptop at 200 %
def test_nothing_is_wider_than_the_screen(page, report, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(report.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_the_page_by_day_and_by_night(page, report, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(report.as_uri())
    colours = page.evaluate(
        """() => ["body", "article p", "figcaption", "article a"].map(name => {
            const at = document.querySelector(name);
            const back = at.closest("article") ?? document.body;
            return [getComputedStyle(at).color, getComputedStyle(back).backgroundColor];
        })"""
    )
    assert all(contrast(ink, paper) >= 4.5 for ink, paper in colours)
    assert contrast("rgb(119, 119, 119)", "rgb(244, 244, 246)") < 4.5  # planted: the usual light grey


def contrast(ink, paper):
    """The contrast of two colours as WCAG defines it."""

    def light(colour):
        parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((light(ink), light(paper)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_without_scripts_both_pictures_stand_side_by_side(chromium, report):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report.as_uri())
    before, after = (page.locator(".pair img").nth(number).bounding_box() for number in (0, 1))
    assert after["x"] >= before["x"] + before["width"] - 1 and not page.locator("input").first.is_visible()
    context.close()
