"""A newcomer's first minutes: lesson 00 opens by itself, runs, and its exercise answers."""

EXERCISE, CHECK = "exercise-0-1", "check-0-1"
FIRST = "notebooks/00_start_here.ipynb"


def test_a_newcomer_runs_lesson_00_and_solves_its_exercise(lab, lab_server):
    page = lab.go(lab_server.address)  # the printed address, as it is
    assert page.evaluate("window.jupyterapp.shell.currentWidget.context.path") == FIRST
    training = lab.cell_with("history = train(")
    lab.screenshot("00_opened")
    stored = lab.pictures_of(training)

    lab.run_all()
    assert lab.cells_with_errors() == []
    assert len(lab.pictures_of(training)) == 1, "one live picture, redrawn in place"
    assert lab.pictures_of(training) != stored, "drawn by this run"
    alt = lab.outputs(training)[0]["metadata"]["image/png"]["alt"]
    assert alt.startswith("Training at step 20 of 20: d_loss "), alt
    lab.find(training)
    lab.screenshot("00_trained")
    assert lab.said(CHECK) == "· 0.1 not attempted yet\n"
    assert page.locator(".jp-Dialog, .Toastify__toast").count() == 0

    wrong = lab.type_answer(EXERCISE, "return images.astype('float32') / 255", CHECK)
    assert wrong.startswith("✗ 0.1 the images end in [0, 1]:"), wrong
    lab.screenshot("00_wrong")
    right = lab.type_answer(EXERCISE, "return images.astype('float32') / 127.5 - 1", CHECK)
    assert right.startswith("✓ 0.1 "), right

    assert lab.run_new_cell(CHECK, 'hint("0.1")').startswith("Hint 1 of 2 for 0.1: ")
    lab.screenshot("00_solved")
    told = lab.run_new_cell(lab.cell_with("progress()"), "progress()")
    row = next(line for line in told.splitlines() if line.startswith("00 "))
    assert row.split()[-4:] == ["1", "0", "0", "1"], told  # solved, tried, open, hints
    lab.screenshot("00_progress")
    assert lab.errors == [] and lab.foreign == []
