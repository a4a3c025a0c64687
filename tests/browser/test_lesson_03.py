"""Lesson 03 in a browser: it runs to its end, its slider steps through the race, an answer is judged."""

import re

PATH = "notebooks/03_stable_gan_training.ipynb"
WRONG = "return ops.mean(ops.relu(1.0 - fake_logits)) + ops.mean(ops.relu(1.0 + real_logits))"
RIGHT = "return ops.mean(ops.relu(1.0 - real_logits)) + ops.mean(ops.relu(1.0 + fake_logits))"


def test_lesson_03_runs_and_three_trainings_are_stepped_through(lab):
    lab.run_lesson(PATH, errors=0)
    cells = lab.state()["cells"]
    wanted = {cell["id"]: len(re.findall("^show", cell["source"], re.MULTILINE)) for cell in cells}
    wanted[lab.cell_with("train(gans[name]")] = 3  # one live view per training
    assert {cell: len(lab.pictures_of(cell)) for cell in wanted} == wanted and sum(wanted.values()) >= 10

    slider_steps(lab)

    wrong = lab.type_answer("exercise-3-6", WRONG, "check-3-6")
    assert wrong.startswith("✗ 3.6 real and fake are swapped: "), wrong
    right = lab.type_answer("exercise-3-6", RIGHT, "check-3-6")
    assert right.startswith("✓ 3.6 "), right
    lab.screenshot("03_solved")
    assert lab.errors == [] and lab.foreign == []


def slider_steps(lab):
    """The arrow keys move through the recorded moments, and the picture with them."""
    page, cell = lab.page, lab.find(lab.cell_with("step_through(recordings)"))
    picture = cell.locator("img").first
    first = picture.get_attribute("src")
    assert "moment 0 of" in picture.get_attribute("alt")
    cell.locator(".noUi-handle").first.focus()
    page.keyboard.press("ArrowRight")
    cell.get_by_alt_text(re.compile("moment 1 of")).wait_for()
    assert picture.get_attribute("src") != first
    lab.screenshot("03_stepped")
