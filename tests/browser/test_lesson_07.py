"""Lesson 07 in a browser: it runs to its end, a latent is turned and a photo is restored by keyboard."""

import re

import numpy as np
from PIL import Image

PATH = "notebooks/07_vae_enhancement.ipynb"


def test_lesson_07_runs_and_a_photo_is_restored(lab, tmp_path):
    lab.run_lesson(PATH, errors=4)
    page, latents = lab.page, lab.find(lab.cell_with("explore_active_latents(vae"))
    assert "was" not in latents.locator("img").get_attribute("alt")
    latents.get_by_label(re.compile("Latent")).first.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    latents.get_by_alt_text(re.compile(r"latent \d+ at .* \(was ")).wait_for()

    photo = tmp_path / "shoe.jpg"
    pixels = np.random.default_rng(0).integers(60, 200, (48, 60, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(photo)
    widget = lab.find(lab.cell_with("enhance_widget(enhance)"))
    widget.get_by_label("or its path").focus()
    page.keyboard.type(str(photo))
    page.keyboard.press("Enter")
    widget.get_by_alt_text(re.compile("shoe.jpg.*left 50% before")).wait_for()
    lab.screenshot("07_restored")
    widget.get_by_label("Border").first.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    widget.get_by_alt_text(re.compile("left 51% before")).wait_for()
    assert lab.errors == [] and lab.foreign == []
