"""Lesson 09 in a browser: processes are started from a notebook, and an answer is judged."""

PATH = "notebooks/09_train_on_gpus.ipynb"


def test_lesson_09_runs_and_an_answer_is_judged(lab):
    lab.run_lesson(PATH, errors=0)
    dead = lab.cell_with('"--die-after"')
    assert "Worker 1 was killed by signal 9" in lab.said(dead) and "went on from step 3" in lab.said(dead)
    assert len(lab.pictures_of(lab.cell_with("gan.draw(gan.draw_latents(40))"))) == 1
    assert "float16 ends at 65504" in lab.said(lab.cell_with("class Careless"))
    lab.screenshot("09_broken")
    answer, checked = lab.cell_with("def replica_loss"), lab.cell_with('check("9.1"')
    line = lab.type_answer(answer, "return ops.sum(costs) / global_batch_size", checked)
    assert line.startswith("✓ 9.1 "), line
    assert lab.errors == [] and lab.foreign == []
