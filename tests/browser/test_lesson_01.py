"""Lesson 01 in a browser: it runs to its end, and its games are moved through by keyboard alone."""

import re

PATH = "notebooks/01_what_is_a_gan.ipynb"


def test_lesson_01_runs_and_a_game_is_moved_through(lab):
    lab.run_lesson(PATH, errors=0)
    page, cell = lab.page, lab.find(lab.cell_with("step_through(recorded)"))
    picture = cell.locator("img")
    assert re.search("moment 0 of 24: plain, step 0.*cured, step 0", picture.get_attribute("alt"))
    first = picture.get_attribute("src")
    cell.get_by_label("Moment").first.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    cell.get_by_alt_text(re.compile("moment 1 of 24")).wait_for()
    second = picture.get_attribute("src")
    cell.locator(".noUi-handle").focus()
    page.keyboard.press("End")
    cell.get_by_alt_text(re.compile("moment 24 of 24: .*25 modes")).wait_for()
    lab.screenshot("01_last_moment")
    assert "25 modes" in cell.get_by_role("status").inner_text()
    assert len({first, second, picture.get_attribute("src")}) == 3

    own = lab.find(lab.cell_with("step_through(games)"))
    own.get_by_label("Moment").first.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    own.get_by_alt_text(re.compile("moment 1 of ")).wait_for()
    lab.screenshot("01_own_game")
    assert lab.errors == [] and lab.foreign == []
