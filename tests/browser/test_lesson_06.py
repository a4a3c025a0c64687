"""Lesson 06 in a browser: it runs to its end, and a typed answer is judged."""

PATH = "notebooks/06_better_product_images.ipynb"


def test_lesson_06_runs_and_an_answer_is_judged(lab):
    lab.run_lesson(PATH, errors=0)
    wrong = lab.type_answer("exercise-6-3", "return ops.einsum('bhwi,bhwj->bij', maps, maps)", "check-6-3")
    assert wrong.startswith("✗ 6.3 the places are not counted: "), wrong
    lab.screenshot("06_gram")
    assert lab.errors == [] and lab.foreign == []
