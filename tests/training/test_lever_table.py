"""The table of levers: what is stored is what is shown, and a run that was stopped goes on."""

import json

import numpy as np
import pytest

from utils.training import lever_table as table
from utils.training.lever_table import FOLDER, SCORES, key_of, read_trainings, rows_of, spread


def trainings(kids):
    """Return stored trainings of one lever with these KIDs, one per seed."""
    row = {"CPU s": 8.0, "FID": 20.0, "KID": 0.0, "precision": 0.5, "recall": 0.1}
    return {key_of("baseline", 500, 600, seed): row | {"KID": kid, "last": row | {"KID": 9.0}}
            for seed, kid in enumerate(kids)}  # fmt: skip


def test_the_spread_is_half_of_the_range():
    assert spread([1.0, 2.0, 6.0]) == "3.00 ± 2.50"
    assert spread([1.0, 2.0, 6.0]) != f"3.00 ± {np.std([1, 2, 6]):.2f}"  # planted: a standard deviation


def test_a_line_holds_the_means_and_the_last_weights_stand_below():
    head, line, last = table.lever_table(trainings([1.0, 2.0, 6.0]), ["baseline", "never trained"])
    assert head.split() == ["lever", "photos", *SCORES, "CPU", "s"]
    assert "3.00 ± 2.50" in line and line.startswith("baseline ") and line.endswith(" 8")
    assert "9.00 ± 0.00" in last and last.startswith("last weights, no average")


def test_every_row_of_the_lesson_is_stored_with_three_seeds():
    from utils.training.levers import FEW, LEVERS

    stored = read_trainings()
    for lever in LEVERS:
        assert len(rows_of(stored, lever)) == 3, lever
    for lever in FEW:
        for count in table.FEW_PHOTOS:
            assert len(rows_of(stored, lever, count, table.FEW_STEPS)) == 3, (lever, count)
    assert not rows_of(stored, "baseline", steps=601)  # planted: of another length


def test_a_run_that_was_stopped_goes_on_where_it_was(tmp_path, monkeypatch, capsys):
    import utils.training.levers as levers

    asked = []

    def one_training(lever, make, count, steps, seed):
        asked.append((lever, count, steps, seed))
        if len(asked) == 3:
            raise KeyboardInterrupt
        return trainings([1.0])[key_of("baseline", 500, 600, 0)]

    monkeypatch.setattr(levers, "one_training", one_training)
    arguments = ["--levers", "baseline", "ADA", "--seeds", "0", "1", "--into", str(tmp_path)]
    with pytest.raises(KeyboardInterrupt):
        table.main(arguments)
    assert len(json.loads((tmp_path / "trainings.json").read_text("utf-8"))) == 2
    table.main(arguments)
    assert asked[2:] == [("baseline", 500, 600, 1)] * 2 + [("ADA", 500, 600, 1)]
    assert "ADA" in capsys.readouterr().out
    table.main(arguments)
    assert len(asked) == 5  # nothing is missing
    table.main([*arguments, "--fresh"])
    assert len(asked) == 9  # planted: all again


def test_the_stored_file_says_how_it_was_made():
    assert "lever_table" in (FOLDER / "README.md").read_text("utf-8")
