"""Lesson 08 in a browser: a vote by keyboard is counted below, and the report card shows itself."""

PATH = "notebooks/08_measure_image_quality.ipynb"


def test_lesson_08_runs_and_votes_are_counted(lab):
    lab.run_lesson(PATH, errors=0)
    counted = lab.cell_with('read_votes("repairs")')
    assert "No vote yet" in lab.said(counted)
    page, cell = lab.page, lab.find(lab.cell_with('vote(repairs, "repairs"'))
    keys = cell.get_by_label("Keys")
    for place, key in enumerate("1212ffjj", start=1):
        cell.get_by_alt_text(f"left picture of pair {place}", exact=True).wait_for()
        page.wait_for_timeout(500)  # no vote before anybody can have seen it
        keys.focus()
        page.keyboard.press(key)
    cell.get_by_alt_text("left picture of pair 9", exact=True).wait_for()
    lab.screenshot("08_vote_in_lesson")
    before = lab.count(counted)
    lab.find(counted).locator(".jp-InputPrompt").click()
    page.keyboard.press("Control+Enter")
    lab.wait_run(counted, before)
    shares = [float(line.split()[-1]) for line in lab.said(counted).splitlines()]
    assert len(shares) == 4 and abs(sum(shares) - 1) < 0.03 and shares == sorted(shares, reverse=True)
    card = lab.find(lab.cell_with("report(gan, count"))
    assert card.get_by_role("table").count() >= 1
    lab.screenshot("08_report_card")
    assert lab.errors == [] and lab.foreign == []
