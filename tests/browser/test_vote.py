"""The voting box in a browser: votes by key, by Tab and Enter, and by mouse; after a restart it goes on."""

import csv

import nbformat

SOURCE = """
import numpy as np
from utils.show.vote import vote
pictures = {"dark": np.full((5, 8, 8, 3), 30, "uint8"), "light": np.full((5, 8, 8, 3), 220, "uint8")}
vote(pictures, "browser", count=8, folder="votes")
"""


def test_votes_by_key_and_mouse_are_saved_and_a_restart_goes_on(lab, lab_root):
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SOURCE.strip())])
    made.metadata.kernelspec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(made, lab_root / "notebooks" / "vote.ipynb")
    file = lab_root / "notebooks" / "votes" / "browser-me.csv"

    def saved():
        with open(file, encoding="utf-8", newline="") as rows:
            return [row["choice"] for row in csv.DictReader(rows)]

    def box():
        lab.open("notebooks/vote.ipynb")
        lab.run_all()
        return lab.find(lab.cell_with("vote(pictures"))

    def shown(place):
        page.get_by_alt_text(f"left picture of pair {place}", exact=True).wait_for()
        page.wait_for_timeout(500)  # no vote before anybody can have seen it

    page, cell = lab.page, box()
    shown(1)
    keys = cell.get_by_label("Keys")
    keys.focus()
    for place, key in enumerate("2f1j", start=1):
        shown(place)
        page.keyboard.press(key)
    shown(5)
    assert keys.input_value() == "" and saved() == ["right", "left", "left", "right"]
    lab.screenshot("08_vote")
    page.keyboard.press("Shift+Tab")  # back to the right button
    page.keyboard.press("Enter")
    shown(6)
    cell.get_by_role("button", name="The left one").click()
    shown(7)
    assert cell.get_by_role("status").inner_text() == "Saved. Pair 7 of 10."
    assert saved()[4:] == ["right", "left"]
    lab.end_kernels()
    cell = box()
    shown(7)
    for place in range(7, 11):
        shown(place)
        cell.get_by_role("button", name="The right one").click()
    cell.get_by_text("All 10 votes are saved in browser-me.csv. Thank you!").wait_for()
    assert saved()[6:] == ["right"] * 4 and len(saved()) == 10
    assert lab.errors == [] and lab.foreign == []
