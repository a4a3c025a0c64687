"""Clocks that are set back, and zones that change: order comes from what was done, never from the time."""

import os
import time
from datetime import UTC, datetime, timedelta

import pytest

from utils.data.storage import sweep
from utils.interview import store
from utils.interview.room import Room, utc_now
from utils.interview.schedule import Review, schedule

LATER = time.time() + 30 * 86_400  # files from a time when the clock was a month ahead


class Counter:
    """Stands in for a model: one number, which is also its step."""

    def __init__(self, step):
        self.step, self.variables = step, []


def saved_after_the_clock_was_set_back(folder, state, patch):
    """Save two steps, let the clock go back a month, save a third; return the step that is gone on from."""
    patch.setattr(state, "steps_done", lambda model: model.step)
    patch.setattr(state, "variables_of", lambda model: [])
    for step in (10, 20):
        os.utime(state.save_state(Counter(step), folder), (LATER + step, LATER + step))
    state.save_state(Counter(30), folder)
    return state.resume(Counter(0), folder)


def test_the_checkpoint_that_was_written_last_is_the_one_to_go_on_from(tmp_path, monkeypatch):
    from utils.training import state

    assert saved_after_the_clock_was_set_back(tmp_path, state, monkeypatch) == 30
    by_time = max(state.checkpoints(tmp_path), key=lambda path: path.stat().st_mtime)
    assert state.step_of(by_time) == 20  # planted: who asks the clock loses ten steps


def test_steps_that_were_undone_are_not_gone_on_from(tmp_path, monkeypatch):
    from utils.training import state

    monkeypatch.setattr(state, "steps_done", lambda model: model.step)
    monkeypatch.setattr(state, "variables_of", lambda model: [])
    for step in (10, 20, 30, 25):  # after step 30 the numbers were none, and those of step 25 came back
        state.save_state(Counter(step), tmp_path)
    assert [state.step_of(path) for path in state.checkpoints(tmp_path)] == [25, 20]


@pytest.mark.parametrize(
    "age", [-LATER, -3600, 3600], ids=["from the future", "an hour ahead", "an hour old"]
)
def test_what_was_left_half_written_goes_whatever_the_clock_said(tmp_path, age):
    old, young, other = tmp_path / ".1a2b3c4d-a.npz", tmp_path / ".5e6f7a8b-a.npz", tmp_path / "a.npz"
    for file in (old, young, other):
        file.touch()
    for file in (old, other):
        os.utime(file, (time.time() - age,) * 2)
    sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([young, other])  # young: somebody is writing it


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows has one zone per machine")
def test_a_card_is_due_at_the_same_moment_in_every_zone(monkeypatch, learner_folder):
    due, local = set(), set()
    now = datetime(2026, 11, 26, 9, tzinfo=UTC)
    review = Review("one", "gan-1", 3, now - timedelta(days=2))
    store.in_transaction(lambda connection: store.add_reviews(connection, [review]))
    try:
        for zone in ("UTC0", "KIR-14", "HST10", "CET-1CEST,M3.5.0,M10.5.0/3"):
            monkeypatch.setenv("TZ", zone)
            time.tzset()
            due.add(schedule(store.load_reviews(), now)["gan-1"].due)
            local.add(datetime.fromtimestamp(0).hour)
            assert abs(utc_now().timestamp() - time.time()) < 60 and utc_now().tzinfo is UTC
            assert len(Room().reviews) == 1
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()
    assert len(due) == 1 and len(local) > 2  # planted: a local hour differs, so the zones did change
