"""The profile of a step: times without what they contain, other work left out, rows that add up."""

import re

import pytest
import tensorflow as tf

from utils.training import peak
from utils.training import step_profile as module
from utils.training.step_profile import (
    BETWEEN,
    PYTHON,
    StepProfile,
    own_durations,
    print_step_profile,
    profile_lines,
    rows_of,
    step_parts,
    step_profile,
)

MILLISECOND = 10**9  # picoseconds


class Products:
    """A model whose step is two matrix products, and a root that costs little."""

    def __init__(self):
        self.weights = tf.Variable(tf.ones((512, 512)))

    def train_step(self, batch):
        return {"loss": tf.reduce_mean(tf.sqrt(batch @ self.weights @ self.weights))}


def test_an_event_is_charged_for_its_own_time_only():
    events = [(0, 10, "outer"), (2, 3, "inner"), (6, 2, "inner"), (6, 1, "innermost"), (12, 4, "next")]
    own = own_durations(events)
    assert own == [["outer", 5], ["inner", 3], ["inner", 1], ["innermost", 1], ["next", 4]]
    assert sum(duration for _, duration in own) == 14
    assert sum(duration for _, duration, _ in events) != 14  # planted: what is inside is counted twice


def test_the_names_that_onednn_gives_are_those_of_the_operation():
    names = [
        "a/b:_MklNativeFusedConv2D",
        "a/c:Conv2D",
        "g:_MklNativeConv2DBackpropFilterWithBias",
        "d:_FusedMatMul",
    ]
    parts = step_parts({name: [1.0] for name in names}, 1)
    assert parts == {"Conv2D": (2.0, 2.0), "Conv2DBackpropFilter": (1.0, 1.0), "MatMul": (1.0, 1.0)}


def test_a_step_that_other_work_interrupted_does_not_count():
    times = [2.0] * 6 + [90.0] * 4
    parts = step_parts({"a:MatMul": times}, 10)
    assert parts["MatMul"] == (2.0, 1.0)
    assert parts["MatMul"][0] != sum(times) / 10  # planted: the mean


def test_rows_add_up_to_the_step():
    parts = {"MatMul": (2 * MILLISECOND, 1.0), PYTHON: (MILLISECOND, 1.0), BETWEEN: (9 * MILLISECOND, 5.0)}
    rows = {row.operation: row for row in rows_of(parts, 8.0)}
    assert {name: row.milliseconds for name, row in rows.items()} == {"MatMul": 2, PYTHON: 1, BETWEEN: 5}
    assert rows[BETWEEN].calls == 5.0 and rows["MatMul"].share == 0.25
    assert next(iter(rows)) == BETWEEN  # the largest first


def test_a_trace_longer_than_the_step_is_shortened():
    parts = {"MatMul": (6 * MILLISECOND, 1.0), "Sqrt": (2 * MILLISECOND, 1.0)}
    rows = {row.operation: row.milliseconds for row in rows_of(parts, 4.0)}
    assert rows == {"MatMul": 3.0, "Sqrt": 1.0, BETWEEN: 0.0}


def test_a_trace_without_operations_is_refused():
    with pytest.raises(ValueError, match="run on the CPU. Received: a trace without any"):
        step_parts({"train_step": [1.0], "ExecutorState::Process": [2.0]}, 1)


@pytest.fixture(scope="module")
def profile():
    with tf.device("CPU:0"):
        return step_profile(Products(), tf.ones((512, 512)), steps=12)


def test_the_largest_cost_of_products_is_the_product(profile):
    rows = {row.operation: row for row in profile.rows}
    assert rows["MatMul"].calls == 2 and rows["Sqrt"].calls == 1
    assert rows["MatMul"].milliseconds > 3 * rows["Sqrt"].milliseconds > 0
    assert sum(row.milliseconds for row in profile.rows) == pytest.approx(profile.milliseconds)
    assert sum(row.share for row in profile.rows) == pytest.approx(1)


def test_the_profiler_is_free_again_after_a_step_that_failed(profile, monkeypatch):
    def broken(*_):
        raise RuntimeError("planted")

    with monkeypatch.context() as patched:
        patched.setattr(module, "read_trace", broken)
        with pytest.raises(RuntimeError, match="planted"):
            step_profile(Products(), tf.ones((8, 512)), steps=2)
    assert step_profile(Products(), tf.ones((8, 512)), steps=2).rows


def test_the_table_says_how_near_the_peak_is():
    rows = rows_of({"MatMul": (5 * MILLISECOND, 2.0), "Sqrt": (MILLISECOND, 1.0)}, 10.0)
    lines = profile_lines(StepProfile(1.5, 10.0, rows), {"MatMul": 4e6}, 1e9, most=2)
    assert re.match(r"MatMul +2 +5\.00 +50\.0% +80%$", lines[1])
    assert re.match(r"all others +1\.00 +10\.0%$", lines[3])
    assert re.match(r"a step +10\.00 +100\.0% +40%$", lines[4])
    assert lines[-1] == "The first step compiles: 1.5 CPU seconds."


def test_a_lesson_prints_it(capsys, monkeypatch):
    monkeypatch.setattr(peak, "matmul_peak", lambda: 1e11)
    print_step_profile(Products(), tf.ones((64, 512)), steps=4)
    head, *rows, _, step, last = capsys.readouterr().out.splitlines()
    assert head.split() == ["operation", "calls", "CPU", "ms", "share", "of", "the", "peak"]
    assert any(row.startswith("MatMul ") and row.endswith("%") for row in rows)
    assert step.startswith("a step") and last.startswith("The first step compiles")
