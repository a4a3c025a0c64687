"""Slides in a real Chromium without a network: everything is there, and nothing is cut off."""

import pytest

from utils.course.teaching.slides import slides

SIZES = """async () => {
    const found = [];
    for (const slide of Reveal.getSlides()) {
        const {h, v} = Reveal.getIndices(slide);
        Reveal.slide(h, v, 99);
        await fit();
        const box = slide.getBoundingClientRect();
        found.push({
            text: slide.innerText.slice(0, 60), height: slide.scrollHeight, width: slide.scrollWidth,
            size: Number(slide.style.getPropertyValue("--fit")), scrolls: slide.classList.contains("scrolls"),
            seen: box.height > 0 && box.width > 300 && getComputedStyle(slide).visibility === "visible",
        });
    }
    return found;
}"""


@pytest.fixture(scope="module")
def deck(tmp_path_factory):
    """The slides of lesson 09: code, tables, equations, pictures and outputs."""
    folder = tmp_path_factory.mktemp("deck")
    assert slides("09", into=folder) == 0
    return folder / "09_train_on_gpus.slides.html"


def cut_off(sizes):
    """The slides on which something cannot be seen or read without scrolling."""
    return [
        each
        for each in sizes
        if each["scrolls"] or each["height"] > 720 or each["width"] > 1280 or not each["seen"]
    ]


def test_every_slide_fits_at_a_size_to_read_and_nothing_is_asked_of_the_network(page, deck):
    errors, foreign = [], []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: foreign.append(request.url))
    page.context.set_offline(True)
    page.goto(deck.as_uri())
    page.wait_for_function("Reveal.isReady()")
    sizes = page.evaluate(SIZES)
    assert len(sizes) > 40 and cut_off(sizes) == []
    assert min(each["size"] for each in sizes) >= 0.8 - 1e-9
    assert [url for url in foreign if not url.startswith(("data:", deck.as_uri()))] == [] and errors == []
    assert (
        page.title() == "09 · Train on GPUs, and on many: slides"
        and page.locator("html[lang=en]").count() == 1
    )

    page.evaluate(
        "Reveal.getSlides()[3].insertAdjacentHTML('beforeend', '<p>too much</p>'.repeat(99))"
    )  # planted
    assert [each["scrolls"] for each in cut_off(page.evaluate(SIZES))] == [True]


def test_the_keyboard_leads_through_the_slides(page, deck):
    page.goto(deck.as_uri())
    page.wait_for_function("Reveal.isReady()")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("[Reveal.getIndices().h, Reveal.getIndices().v]") == [1, 1]
    with page.expect_popup() as speaker:
        page.keyboard.press("s")
    assert "Speaker" in speaker.value.title()
