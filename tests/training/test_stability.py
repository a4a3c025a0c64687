"""The methods differ in what they are named for; a cell repeats; the command resumes."""

import numpy as np
import pytest

from utils.metrics.outcome import image_outcome, outcome
from utils.training import stability_map
from utils.training.failures import DIAGNOSE, FAILURES
from utils.training.methods import METHODS, PLAIN, at_rate
from utils.training.stability import MODES, build_setting, run_cell
from utils.training.stability_images import IMAGE_METHODS, judged_images


@pytest.mark.parametrize("name", METHODS)
def test_every_method_takes_a_step_and_only_its_own_networks_move(name):
    gan = build_setting(METHODS[name], width=8)
    before = [network.get_weights() for network in (gan.generator, gan.discriminator)]
    losses = gan.train_step(MODES.draw(16, 0))
    assert all(np.isfinite(float(loss)) for loss in losses.values())
    for network, old in zip((gan.generator, gan.discriminator), before, strict=True):
        assert any(np.any(a != b) for a, b in zip(old, network.get_weights(), strict=True))


def test_no_two_methods_are_the_same():
    settings = list(METHODS.values())
    assert all(one != other for at, one in enumerate(settings) for other in settings[:at])


def test_another_rate_keeps_the_ratio():
    faster = at_rate(METHODS["TTUR, 4 to 1"], 0.01)
    assert (faster.d_learning_rate, faster.g_learning_rate) == pytest.approx((0.04, 0.01))
    assert at_rate(PLAIN, 1e-3) == PLAIN


def test_a_cell_of_a_few_steps_has_all_that_the_table_stores():
    row, curves, gan = run_cell("R1", 1e-3, 0, steps=4)
    assert tuple(row) == stability_map.POINT_COLUMNS
    assert {len(values) for values in curves.values()} == {4} and curves["step"] == [1, 2, 3, 4]
    assert int(gan.g_optimizer.iterations) == 4
    assert curves["d_loss"][0] == pytest.approx(1.386, abs=0.3)


def test_the_decay_reaches_the_optimizers():
    _, _, gan = run_cell("pairs, R1, R2, decay", 1e-3, 0, steps=10)
    assert 0 < float(gan.g_optimizer.learning_rate) < 0.5e-3
    _, _, gan = run_cell("pairs, R1, R2", 1e-3, 0, steps=10)
    assert float(gan.g_optimizer.learning_rate) == pytest.approx(1e-3)


def test_the_stored_map_is_whole():
    rows = stability_map.read_rows("points")
    keys = {stability_map.key_of(row) for row in rows}
    assert keys == {(m, rate, seed) for m in METHODS for rate in stability_map.RATES for seed in range(3)}
    assert len(rows) == len(keys) and len(METHODS) >= 8
    table = stability_map.outcome_table(rows, lambda row: outcome(row["ema_modes"], 25, row["ema_quality"]))
    assert list(table) == list(METHODS)
    told = {one for cells in table.values() for runs in cells.values() for one in runs}
    assert {"trains", "blurs", "collapses"} <= told


def test_the_stored_map_of_pictures_is_whole():
    rows = stability_map.read_rows("images")
    keys = {stability_map.key_of(row) for row in rows}
    rates, seeds = stability_map.IMAGE_RATES, range(stability_map.IMAGE_SEEDS)
    assert keys == {(m, rate, seed) for m in IMAGE_METHODS for rate in rates for seed in seeds}
    assert len({image_outcome(row["kinds"], 16, row["fid"]) for row in rows}) > 1


def test_the_recorded_runs_show_what_their_names_say():
    runs = stability_map.read_runs()
    assert set(runs) == set(FAILURES) | set(DIAGNOSE)
    for name in ("penalty far too strong", *(key for key, cause in DIAGNOSE.items() if "penalty" in cause)):
        assert runs[name]["slope"][-1] < 0.01 and runs[name]["modes"][-1] > 18
        assert runs[name]["d_loss"][-1] == pytest.approx(1.386, abs=0.01)
    for name in ("generator far too fast", *(key for key, cause in DIAGNOSE.items() if "fast" in cause)):
        assert np.mean(runs[name]["modes"]) < 8 and np.mean(runs[name]["slope"]) > 0.01
        assert np.median(runs[name]["d_loss"]) == pytest.approx(1.386, abs=0.05)
    for name in ("critic without a bound", *(key for key, cause in DIAGNOSE.items() if "bound" in cause)):
        assert np.abs(runs[name]["d_loss"]).max() > 1e4 and max(runs[name]["slope"]) > 1e4
    assert runs["healthy"]["modes"][-1] >= 23
    assert max(runs["rates far too large"]["g_loss"]) > 10
    assert np.mean(runs["momentum"]["modes"]) < 10 < np.mean(runs["healthy"]["modes"])


def test_the_answer_of_the_exercise_is_what_was_recorded():
    from utils.exercises.lesson_03.answers import diagnose
    from utils.exercises.lesson_03.runs import SIGNS

    assert diagnose() == DIAGNOSE and set(SIGNS) == set(FAILURES)


def test_the_command_writes_each_cell_at_once_and_goes_on_where_it_was(tmp_path):
    told = []

    def run(name, rate, seed):
        told.append((name, rate, seed))
        if len(told) == 2:
            raise KeyboardInterrupt  # stopped in its second cell
        return {"method": name, "learning_rate": rate, "seed": seed, "steps": 1, "kinds": 3, "fid": 1.5}, None

    cells = [("minimax, as written", 3e-4, seed) for seed in range(3)]
    with pytest.raises(KeyboardInterrupt):
        stability_map.fill("images", stability_map.IMAGE_COLUMNS, cells, run, tmp_path)
    assert [row["seed"] for row in stability_map.read_rows("images", tmp_path)] == [0]
    stability_map.fill("images", stability_map.IMAGE_COLUMNS, cells, run, tmp_path)
    assert told == [cells[0], cells[1], cells[1], cells[2]]
    rows = stability_map.read_rows("images", tmp_path)
    assert [stability_map.key_of(row) for row in rows] == cells
    assert isinstance(rows[0]["kinds"], int) and rows[0]["fid"] == 1.5


def test_pictures_that_are_none_are_told_as_such():
    broken = np.full((4, 32, 32, 3), np.nan, "float32")
    assert image_outcome(judged_images(broken, broken)["kinds"], 16, float("nan")) == "diverges"
