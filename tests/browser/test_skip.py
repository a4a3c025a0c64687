"""Who comes late opens a lesson, names a section in a new cell, and goes on from there."""

PATH = "notebooks/02_code_a_gan.ipynb"
LATE = 'from utils.course.skip import skip_to; skip_to("02", "The result")'


def test_a_late_learner_joins_lesson_02_at_its_result(lab):
    lab.open(PATH)
    first = lab.state()["cells"][0]["id"]
    assert lab.run_new_cell(first, 'print("gan" in globals())').strip() == "False"  # nothing is made yet
    said = lab.run_new_cell(first, LATE)
    assert "Go on with: The result" in said and "Error" not in said
    assert lab.run_new_cell(first, "print(gan.draw(gan.draw_latents(3)).shape)").strip() == "(3, 28, 28, 1)"
    assert lab.foreign == []
