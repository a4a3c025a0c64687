"""Lesson 02 in a browser: it runs to its end, its explorer answers, a training can be stopped."""

import os
import re

import pytest

PATH = "notebooks/02_code_a_gan.ipynb"
ANSWER = "return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))"
SWAPPED = "return ops.mean(ops.softplus(-fake_logits)) + ops.mean(ops.softplus(real_logits))"
LONG = "train(gan, dataset, 99_999, callbacks=[LiveTraining(lambda: gan.draw(fixed_latents), 99_999)]);"


@pytest.fixture
def ran(lab):
    """Lesson 02, opened and run to its end."""
    lab.open(PATH)
    lab.run_all()
    return lab


def test_lesson_02_runs_answers_and_stops(ran):
    lab, page = ran, ran.page
    cells = lab.state()["cells"]
    runs = [cell["count"] for cell in cells]
    assert runs == list(range(1, len(runs) + 1)), "each cell ran, in order"
    broken = [cell["id"] for cell in cells if "broken" in cell["tags"]]
    assert lab.cells_with_errors() == broken and len(broken) == 2
    training, last = lab.cell_with("history = train("), lab.cell_with("progress()")
    wanted = {cell["id"]: len(re.findall("^show", cell["source"], re.MULTILINE)) for cell in cells}
    wanted[training] = 1  # redrawn in place
    assert {cell: len(lab.pictures_of(cell)) for cell in wanted} == wanted and sum(wanted.values()) >= 9
    if os.environ.get("SCREENSHOTS"):  # all of it, to be looked at
        for at, cell in enumerate(cells):
            lab.find(cell["id"])
            lab.screenshot(f"02_{at:02d}")

    explorer_answers(lab)

    wrong = lab.type_answer("exercise-2-1", SWAPPED, "check-2-1")
    assert wrong.startswith("✗ 2.1 real and fake are swapped: "), wrong
    right = lab.type_answer("exercise-2-1", ANSWER, "check-2-1")
    assert right.startswith("✓ 2.1 "), right
    lab.screenshot("02_solved")

    stopped = lab.start_new_cell(last, LONG)
    page.wait_for_function(STEP_OF, arg=[stopped, 61])
    lab.screenshot("02_training")
    page.locator("jp-button[data-command='notebook:interrupt-kernel']").click()
    lab.wait_run(stopped, None)
    lab.screenshot("02_stopped")
    step = int(re.search(r"Stopped at step (\d+) of 99999: the model is kept", lab.said(stopped))[1])
    assert step > 60 and lab.cells_with_errors() == broken
    kept = lab.run_new_cell(
        last, "print(int(gan.d_optimizer.iterations), gan.draw(fixed_latents).std() > 0.1)"
    )
    assert kept == f"{step} True\n"
    assert lab.errors == [] and lab.foreign == []

    lab.find("exercise-2-1")
    lab.save()
    page.reload()
    page.get_by_text("(ipykernel) | Idle").wait_for()
    assert lab.said("check-2-1") == right and len(lab.pictures_of(training)) == 1
    lab.find(lab.cell_with("explore_latents(gan.draw")).get_by_alt_text("latents of pair 1").wait_for()
    lab.screenshot("02_reloaded")
    print("after reload:", lab.errors)


def explorer_answers(lab):
    """The slider moves by keyboard and by mouse, and the picture with it."""
    page, cell = lab.page, lab.find(lab.cell_with("explore_latents(gan.draw"))
    picture, handle = cell.locator("img"), cell.locator(".noUi-handle")
    first = picture.get_attribute("src")
    assert "position 0 of 20" in picture.get_attribute("alt")
    lab.screenshot("02_explorer")
    handle.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    cell.get_by_alt_text("position 2 of 20").wait_for()
    second = picture.get_attribute("src")
    box = cell.locator(".noUi-base").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.98, box["y"] + box["height"] / 2)
    cell.get_by_alt_text(re.compile("position (19|20) of 20")).wait_for()
    lab.screenshot("02_explorer_moved")
    assert len({first, second, picture.get_attribute("src")}) == 3
    cell.get_by_role("button", name="New pair").click()
    cell.get_by_alt_text("latents of pair 1").wait_for()


STEP_OF = """([id, least]) => {
    const cells = window.jupyterapp.shell.currentWidget.content.model.cells;
    const cell = [...cells].find(cell => cell.id === id);
    const shown = cell.outputs.toJSON().find(output => output.metadata?.['image/png']);
    return Number(shown?.metadata['image/png'].alt.match(/step (\\d+)/)[1]) >= least;
}"""
