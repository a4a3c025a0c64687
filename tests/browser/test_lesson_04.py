"""Lesson 04 in a browser: it runs to its end, and its playground is used by keyboard alone."""

import re

PATH = "notebooks/04_text_to_product.ipynb"


def test_lesson_04_runs_and_a_caption_is_typed(lab):
    lab.run_lesson(PATH, errors=4)
    page, cell = lab.page, lab.find(lab.cell_with("explore_captions(\n"))
    first = cell.locator("img").get_attribute("src")
    lab.screenshot("04_playground")
    cell.get_by_label("Caption").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("a blue velvet mug <b>")
    page.keyboard.press("Enter")
    cell.get_by_alt_text(re.compile("a blue velvet mug <b>.*seed 0")).wait_for()
    status = cell.get_by_role("status")
    assert "does not know: velvet" in status.inner_text()
    second = cell.locator("img").get_attribute("src")
    cell.get_by_label("Seed").first.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    cell.get_by_alt_text(re.compile("seed 1,")).wait_for()
    lab.screenshot("04_typed")
    assert len({first, second, cell.locator("img").get_attribute("src")}) == 3
    assert lab.errors == [] and lab.foreign == []
